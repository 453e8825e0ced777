"""The one module that knows every stage. Reads like the diagram in the README:

collect -> evidence (git) -> plant -> policies -> mappers -> reports, with controls saying what must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import Any

import msgspec

from plantproof.bulk import collector_paused
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
from plantproof.mappers.turns import turns_of_conclusions
from plantproof.model.assessment import Assessment, Provenance
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.draft import Draft
from plantproof.model.evidence import Claims
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.programme import Programme
from plantproof.model.project_file import ProjectFile
from plantproof.model.steady import steady_around
from plantproof.plant.build import build_plant
from plantproof.plant.draft import draft
from plantproof.plant.turns import turns_of_plant
from plantproof.policies.bundle import load_bundle
from plantproof.policies.evaluate import Binding, evaluate
from plantproof.policies.needs import needs_of, only
from plantproof.policies.protocol import Engine
from plantproof.policies.turns import turns_of_ages
from plantproof.policies.worker import Workers
from plantproof.project import Project
from plantproof.review.judged import JudgedSite
from plantproof.tree import Tree

Progress = Callable[[str, int, int], None]
Conclude = Callable[[Sequence[str]], Iterable[SiteConclusions]]


class Judge(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold and how it is decided: everything that judges a site, and nothing of the site."""

    intent: Intent
    bundle: Bundle
    mappings: tuple[Mapping, ...]
    crosswalks: tuple[Crosswalk, ...] = ()


def load_judge(project: Project, workers: Workers | None = None, only: Collection[str] | None = None) -> Judge:
    """Read controls, policies and mappers of a project. Raises InputError with every mistake in them.

    `workers` parse the policies; where there are none, one is started for it. `only`: the sites whose intent is read.
    """
    intent = load_intent(project, only)
    bundle = load_bundle(project, workers)
    mappings = load_mappings(project, intent, bundle)
    return Judge(intent=intent, bundle=bundle, mappings=mappings, crosswalks=load_crosswalks(project, intent))


class Seen:
    """The evidence of one site, read once, and the plant that was built of it last: judges that ask for the same of it
    share it."""

    def __init__(self, tree: Tree, site: str) -> None:
        self._tree, self.site = tree, site
        self._built: tuple[Any, Plant] | None = None

    @cached_property
    def claims(self) -> Claims:
        """What the sources say. Raises InputError where that is wrong."""
        return read_claims(self._tree, self.site)

    def plant(self, *wanted: Any) -> Plant:
        """What `build_plant` makes of the claims."""
        if self._built is None or self._built[0] != wanted:
            self._built = wanted, build_plant(self.claims, *wanted)
        return self._built[1]


def assess_site(tree: Tree, file: ProjectFile, judge: Judge, site: str, *, on: str, engine: Engine) -> SiteConclusions:
    """What one site comes to: see `judge_site`."""
    return judge_site(tree, file, judge, site, on=on, engine=engine).conclusions


@collector_paused()
def judge_site(
    tree: Tree,
    file: ProjectFile,
    judge: Judge,
    site: str,
    *,
    on: str,
    engine: Engine,
    bindings: Sequence[Binding] | None = None,
    seen: Seen | None = None,
) -> JudgedSite:
    """Judge one site: claims and intent become a plant, the plant observations, the observations findings,
    and every gap is traced to the lines behind it.

    `on` is the date of the assessment, YYYY-MM-DD. Nothing of another site enters. `bindings` limits what is asked to
    some policies with parameters; what is not asked is not assessed, and what only others read is not in the plant.
    `seen` is the site as it was read for another judge.
    """
    intent = intent_of_site(judge.intent, site)
    seen = seen or Seen(tree, site)
    claims = seen.claims
    plant = plant_asked_of(seen, file, judge, on=on, bindings=bindings)
    if bindings is None:
        bindings = bindings_of(judge.mappings, judge.intent, judge.bundle)
    observations = evaluate(judge.bundle, bindings, plant, engine, on)
    found = conclude_site(intent, judge.mappings, judge.bundle, plant, observations, on)
    gaps = trace(found.gaps, plant, judge.bundle, partial(raw_places, claims))
    turns = chain(
        turns_of_plant(plant.sources, claims.identities),
        turns_of_ages(judge.bundle, bindings, plant),
        turns_of_conclusions(intent, site, plant.attestations),
    )
    return JudgedSite(
        claims=claims,
        plant=plant,
        observations=observations,
        conclusions=msgspec.structs.replace(found, gaps=gaps, steady=steady_around(on, turns)),
        canonical=claims.identities.canonical,
        retired=claims.identities.retired,
    )


def plant_asked_of(
    seen: Seen, file: ProjectFile, judge: Judge, *, on: str, bindings: Sequence[Binding] | None = None
) -> Plant:
    """The plant of a site as far as a judge asks about it, or only by some bindings. Raises InputError where the
    evidence is wrong."""
    intent = intent_of_site(judge.intent, seen.site)
    asked = judge.bundle if bindings is None else only(judge.bundle, {policy for policy, _ in bindings})
    if bindings is None:
        bindings = bindings_of(judge.mappings, judge.intent, judge.bundle)
    judged = {judge.bundle.policies[policy].metadata.subject for policy, _ in bindings}
    approved = intent.approved.get(seen.site, ())
    return seen.plant(intent.sites[seen.site], file, needs_of(asked), on, judged, approved)


def draft_site(tree: Tree, file: ProjectFile, site: str) -> Draft:
    """Propose the design intent of a site from the evidence under evidence/<site>/, whether it has a site file or not.

    Pure: the same evidence and plantproof.yaml, the same draft. Raises InputError where there is nothing to draft from.
    """
    settings = file.sites[site].sources.values() if site in file.sites else ()
    named = sorted({zone for source in settings for cover in source.covers for zone in cover.zones})
    return draft(read_claims(tree, site), precedence=file.source_precedence, named=named)


def intent_of_site(intent: Intent, site: str) -> Intent:
    """The intent as far as it has a say in one site. What is left out here is left out of the names of kept results
    too (cli/kept_sites.py): what a conclusion is to rest on has to be added in both."""
    return msgspec.structs.replace(
        intent,
        sites={site: intent.sites[site]},
        adopted={site: intent.adopted[site]} if site in intent.adopted else {},
        approved={site: intent.approved[site]} if site in intent.approved else {},
        programme=Programme(),
        changes=(),
        warnings=(),
    )


def wanted_sites(judge: Judge, sites: Sequence[str] = ()) -> list[str]:
    """The sites to assess, sorted: those named, or all. Raises InputError for one that is not there, and for none."""
    wanted = sorted(set(sites) or judge.intent.sites)
    unknown = [site for site in wanted if site not in judge.intent.sites]
    if unknown or not wanted:
        raise refuse(
            f"no such site: {', '.join(unknown) or '(none)'}", f"there are: {', '.join(sorted(judge.intent.sites))}"
        )
    return wanted


def assess(
    project: Project,
    *,
    on: str,
    engine: Engine,
    provenance: Provenance,
    sites: Sequence[str] = (),
    judge: Judge | None = None,
    progress: Progress = lambda what, done, total: None,
    conclude: Conclude | None = None,
) -> Assessment:
    """Assess a project at a commit (its tree) on a date: the same input gives the same bytes, on any machine.

    `sites` limits the assessment; empty means all. `judge` is what `load_judge` gave for this project, where the caller
    has asked already; `conclude` concludes on the sites elsewhere, in the order given. Raises InputError where the
    input is wrong or nothing would be assessed: zero sites, policies or subjects is never green.
    """
    judge = judge or load_judge(project)
    wanted = wanted_sites(judge, sites)
    if not judge.bundle.policies:
        raise refuse("no policies: nothing would be judged", "policies/ is empty and the installed content has none")
    here = (assess_site(project.tree, project.file, judge, site, on=on, engine=engine) for site in wanted)
    found = conclude(wanted) if conclude else here
    conclusions = []
    progress("sites assessed", 0, len(wanted))
    for each in found:
        conclusions.append(each)
        progress("sites assessed", len(conclusions), len(wanted))
    if [each.site.id for each in conclusions] != wanted:
        raise RuntimeError("not every site was concluded on")
    return fold(
        judge.intent,
        judge.mappings,
        conclusions,
        title=project.file.title,
        provenance=provenance,
        crosswalks=judge.crosswalks,
    )
