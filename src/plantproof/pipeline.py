"""The one module that knows every stage. Reads like the diagram in the README:

collect -> evidence (git) -> plant -> policies -> mappers -> reports, with controls saying what must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from plantproof.controls.intent import load_intent
from plantproof.errors import refuse
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.tracing import raw_places
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import SiteConclusions, conclude_site
from plantproof.mappers.crosswalks import load_crosswalks
from plantproof.mappers.fold import fold
from plantproof.mappers.mapping import load_mappings
from plantproof.mappers.tracing import trace
from plantproof.model.assessment import Assessment, Provenance
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping
from plantproof.model.policy import Bundle
from plantproof.plant.build import build_plant
from plantproof.policies.bundle import load_bundle
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of
from plantproof.policies.protocol import Engine
from plantproof.project import Project

Progress = Callable[[str, int, int], None]


class Judge(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold and how it is decided: everything that judges a site, and nothing of the site."""

    intent: Intent
    bundle: Bundle
    mappings: tuple[Mapping, ...]
    crosswalks: tuple[Crosswalk, ...] = ()


def load_judge(project: Project) -> Judge:
    """Read controls, policies and mappers of a project. Raises InputError with every mistake in them."""
    intent = load_intent(project)
    bundle = load_bundle(project)
    mappings = load_mappings(project, intent, bundle)
    return Judge(intent=intent, bundle=bundle, mappings=mappings, crosswalks=load_crosswalks(project, intent))


def assess_site(project: Project, judge: Judge, site: str, *, on: str, engine: Engine) -> SiteConclusions:
    """Judge one site: claims and intent become a plant, the plant observations, the observations findings,
    and every gap is traced to the lines behind it.

    `on` is the date of the assessment, YYYY-MM-DD. Nothing of another site enters.
    """
    claims = read_claims(project.tree, site)
    plant = build_plant(claims, judge.intent.sites[site], project.file, needs_of(judge.bundle), on)
    bindings = bindings_of(judge.mappings, judge.intent, judge.bundle)
    observations = evaluate(judge.bundle, bindings, plant, engine, on)
    found = conclude_site(judge.intent, judge.mappings, judge.bundle, plant, observations, on)
    gaps = trace(found.gaps, plant, judge.bundle, lambda links: raw_places(claims, links))
    return msgspec.structs.replace(found, gaps=gaps)


def assess(
    project: Project,
    *,
    on: str,
    engine: Engine,
    provenance: Provenance,
    sites: Sequence[str] = (),
    judge: Judge | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Assessment:
    """Assess a project at a commit (its tree) on a date: the same input gives the same bytes, on any machine.

    `sites` limits the assessment; empty means all. `judge` is what `load_judge` gave for this project, where the caller
    has asked already. Raises InputError where the input is wrong or nothing would be
    assessed: zero sites, policies or subjects is never green.
    """
    judge = judge or load_judge(project)
    wanted = sorted(sites or judge.intent.sites)
    unknown = [site for site in wanted if site not in judge.intent.sites]
    if unknown or not wanted:
        raise refuse(
            f"no such site: {', '.join(unknown) or '(none)'}", f"there are: {', '.join(sorted(judge.intent.sites))}"
        )
    if not judge.bundle.policies:
        raise refuse("no policies: nothing would be judged", "policies/ is empty and the installed content has none")
    conclusions = []
    for done, site in enumerate(wanted):
        progress("sites assessed", done, len(wanted))
        conclusions.append(assess_site(project, judge, site, on=on, engine=engine))
    progress("sites assessed", len(wanted), len(wanted))
    return fold(
        judge.intent,
        judge.mappings,
        conclusions,
        title=project.file.title,
        provenance=provenance,
        crosswalks=judge.crosswalks,
    )
