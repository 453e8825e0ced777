"""Every file of a project, read as strictly as an assessment reads it, and stricter: nothing is judged.

A module beside the pipeline: it knows every stage that reads files, and none that concludes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeVar

from plantproof.controls.intent import load_intent
from plantproof.errors import InputError, Problem
from plantproof.evidence.collectors.generic_csv import mapping_mistakes
from plantproof.evidence.layout import seen_folder
from plantproof.evidence.ledger import read_claims, validate_records
from plantproof.files import YamlDocument, parse_yaml
from plantproof.mappers.crosswalks import load_crosswalks
from plantproof.mappers.mapping import load_mappings
from plantproof.model.attestation_state import flaws_of
from plantproof.model.evidence import Attestation, Claims
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping
from plantproof.model.policy import Bundle
from plantproof.model.waiver import Waiver
from plantproof.plant.attested import names_of_nobody
from plantproof.policies.bundle import load_bundle
from plantproof.project import Project
from plantproof.reports.narrative import load_narrative
from plantproof.reports.pack_definitions import load_pack_definitions
from plantproof.spelling import did_you_mean

WAIVERS = "controls/waivers"
PACKS, TEXTS = "reports/packs", "reports/templates"

T = TypeVar("T")


class Validation(NamedTuple):
    """`problems` are mistakes, `warnings` are allowed and deserve a word, `counted` is what was read."""

    problems: list[Problem]
    warnings: list[Problem]
    counted: dict[str, int]


def validate(project: Project) -> Validation:
    """Read everything that an assessment reads, and every record of evidence line by line. Raises nothing: a mistake
    in one room does not hide those of another."""
    reading = _Reading(project)
    intent = reading.step(lambda: load_intent(project))
    bundle = reading.step(lambda: load_bundle(project))
    mappings = reading.step(lambda: load_mappings(project, intent, bundle)) if intent and bundle else None
    if intent:
        reading.step(lambda: load_crosswalks(project, intent))
        reading.warnings += intent.warnings
    reading.step(lambda: load_pack_definitions(_files(project, PACKS, ".yaml")))
    reading.step(lambda: load_narrative(_files(project, TEXTS, ".md")))
    claims: dict[str, Claims | None] = {}
    for site in project.file.sites:
        claims[site] = found = reading.step(partial(read_claims, project.tree, site))
        if found:
            reading.problems += validate_records(found)
    reading.problems += _unread_sites(project)
    reading.problems += _column_problems(project)
    if intent and mappings is not None:
        reading.problems += _attestation_problems(project, intent, mappings, claims)
    if intent and bundle:
        reading.problems += _waiver_problems(project, intent, bundle)
    reading.warnings += _without_evidence(project, claims)
    return Validation(
        sorted(set(reading.problems), key=_place),
        sorted(set(reading.warnings), key=_place),
        _counted(intent, bundle, mappings, [found for found in claims.values() if found]),
    )


class _Reading:
    """The mistakes so far."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def step(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with its mistakes kept."""
        try:
            return read()
        except InputError as error:
            self.problems += error.problems
            return None


def _files(project: Project, folder: str, suffix: str) -> dict[str, bytes]:
    return {path: project.read(path) for path in project.list(folder) if path.endswith(suffix)}


def _unread_sites(project: Project) -> Iterator[Problem]:
    """Evidence of a site that plantproof.yaml does not name: nobody would ever read it."""
    declared = project.file.sites
    for site in sorted({path.split("/")[1] for path in project.tree.paths("evidence") if path.count("/") > 1}):
        if site not in declared:
            hint = did_you_mean(site, declared) or "name the site in plantproof.yaml, or remove the folder"
            yield Problem(f"evidence/{site}", 0, f"plantproof.yaml does not name the site `{site}`", hint)


def _attestation_problems(
    project: Project, intent: Intent, mappings: tuple[Mapping, ...], claims: dict[str, Claims | None]
) -> Iterator[Problem]:
    """Statements on zones, conduits, assets and topics that do not exist, by nobody, of nothing, or over files that are
    others now: they answer nothing, and look as if they did."""
    topics = {
        answer.attestation
        for mapping in mappings
        for control in mapping.controls.values()
        for part in control.parts
        for answer in [*part.all_of, *part.any_of]
        if answer.attestation
    }
    for site, declared in intent.sites.items():
        known = {
            "zones": ("zone", [zone.id for zone in declared.zones]),
            "conduits": ("conduit", [conduit.id for conduit in declared.conduits]),
        }
        found = claims.get(site)
        nobodys = names_of_nobody(found, declared) if found else []
        for document, attestation in _attestations(project, site):
            if attestation.topic not in topics:
                hint = did_you_mean(attestation.topic, topics) or "topics are named in mappers/, as `attestation:`"
                yield document.problem(("topic",), f"no mapping asks for the topic `{attestation.topic}`", hint)
            for field, (what, names) in known.items():
                for number, name in enumerate(getattr(attestation.scope, field)):
                    if name not in names:
                        hint = did_you_mean(name, names) or f"declared: {', '.join(sorted(names)) or 'none'}"
                        pointer = ("scope", field, number)
                        yield document.problem(pointer, f"the {what} `{name}` is not declared", hint)
            for number, name in enumerate(attestation.scope.assets):
                if name in nobodys:
                    hint = "name it as the pack does, or by its id"
                    yield document.problem(("scope", "assets", number), f"no asset is called `{name}`", hint)
            for flaw in flaws_of(attestation):
                yield document.problem(flaw.pointer, flaw.message, flaw.hint)
            if found and attestation.id in found.not_as_seen:
                number, why = found.not_as_seen[attestation.id]
                yield document.problem(("seen", number, "path"), why, "look again, and say which file was seen")


def _attestations(project: Project, site: str) -> Iterator[tuple[YamlDocument, Attestation]]:
    for path in project.tree.paths(f"evidence/{site}/attestations"):
        if path.endswith(".yaml") and path.rpartition("/")[0] != seen_folder(site):
            try:
                document = parse_yaml(project.tree.read(path), path)
                yield document, document.convert(Attestation)
            except InputError:
                continue  # its mistakes were told when the evidence was read


def _waiver_problems(project: Project, intent: Intent, bundle: Bundle) -> Iterator[Problem]:
    """Waivers of policies that do not exist: they waive nothing."""
    for path in project.list(WAIVERS):
        if not path.endswith(".yaml"):
            continue
        document = parse_yaml(project.read(path), path)
        waiver = document.convert(Waiver)
        named: list[tuple[tuple[str, ...], str]] = [(("policy",), waiver.policy)]
        if waiver.compensation is not None:
            named.append((("compensation", "policy"), waiver.compensation.policy))
        for pointer, policy in named:
            if policy not in bundle.policies:
                hint = did_you_mean(policy, bundle.policies) or "`plantproof test` lists the policies"
                yield document.problem(pointer, f"there is no policy `{policy}`", hint)


def _column_problems(project: Project) -> Iterator[Problem]:
    """Mappings of tables to fields that no record has: said before there is an export to collect."""
    document = parse_yaml(project.tree.read("plantproof.yaml"), "plantproof.yaml")
    for site, settings in sorted(project.file.sites.items()):
        for name, source in sorted(settings.sources.items()):
            for mistake in mapping_mistakes(source.mapping) if source.mapping else ():
                place = ("sites", site, "sources", name, "mapping", *mistake.key)
                yield document.problem(place, mistake.message, mistake.hint)


def _without_evidence(project: Project, claims: dict[str, Claims | None]) -> Iterator[Problem]:
    """Sources that plantproof.yaml describes and nobody has collected."""
    document = parse_yaml(project.tree.read("plantproof.yaml"), "plantproof.yaml")
    for site, found in claims.items():
        collected = {source.name for source in found.sources} if found else set()
        for source in project.file.sites[site].sources if found else ():
            if source not in collected:
                message = f"the source `{source}` of site `{site}` has no evidence yet"
                hint = f"`plantproof collect --site {site} --source {source} EXPORT...`"
                yield document.problem(("sites", site, "sources", source), message, hint)


def _counted(
    intent: Intent | None, bundle: Bundle | None, mappings: tuple[Mapping, ...] | None, claims: list[Claims]
) -> dict[str, int]:
    records = (lines for one in claims for source in one.sources for lines in source.custody.records)
    return {
        "profiles": len(intent.frameworks) if intent else 0,
        "sites": len(intent.sites) if intent else 0,
        "waivers": len(intent.waivers) if intent else 0,
        "policies": len(bundle.policies) if bundle else 0,
        "mappings": len(mappings or ()),
        "sources": sum(len(one.sources) for one in claims),
        "records": sum(lines.rows for lines in records),
        "attestations": sum(len(one.attestations) for one in claims),
    }


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.path, problem.line, problem.column, problem.message
