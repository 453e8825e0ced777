"""One change reviewed with the engine that the options name: what `diff` and `check --against REF` share."""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.asked_otherwise import AskAll
from plantproof.cache import open_cache
from plantproof.change_review import Review, review_change, touches, wanted_sites
from plantproof.cli.assessing import EngineChoice, now, provenance_of, start_evaluating, started_engine, workers_of
from plantproof.cli.kept_base import KeptBase
from plantproof.cli.output import progress
from plantproof.cli.revisions import Sides
from plantproof.evidence.layout import site_folder
from plantproof.evidence.stored_site import StoredSite, read_soon
from plantproof.git import Entry, GitTree
from plantproof.model.approvals import ForgeApprovals
from plantproof.policies.protocol import Engine
from plantproof.project import PROJECT_FILE
from plantproof.reports.delta_gate import refuse_nothing_judged

ASKING = ("controls/profiles", "mappers", "policies", PROJECT_FILE)
"""What asks: what differs elsewhere asks nothing otherwise."""

FEW = 3
"""Sites of which the evidence is read ahead: of more it would be memory."""


def reviewed(
    sides: Sides,
    choice: EngineChoice,
    *,
    sites: Sequence[str] = (),
    given: ForgeApprovals | None = None,
    quiet: bool = False,
) -> Review:
    """The review of a change. Raises InputError where a side is wrong, and where nothing was judged: never green."""
    with started_engine(choice, sides.base.project.file.limits) as engine, progress(quiet) as report:
        start_evaluating(engine)  # a change that touches nothing is rare
        cache = open_cache(choice.cache)
        kept = KeptBase(cache, sides.opened.project, (engine.name, engine.version)) if cache.enabled else None
        wanted = wanted_sites(sides.base, sides.head, sites)
        ask_all = _asking(sides, choice, engine, kept, wanted)
        _read_ahead(sides, wanted, kept)
        review = review_change(
            sides.base,
            sides.head,
            on=sides.on,
            engine=engine,
            provenance=provenance_of(sides.opened, engine),
            workers=workers_of(engine),
            sites=sites,
            given=given,
            now=now(),
            progress=report,
            memory=kept,
            ask_all=ask_all,
        )
        if kept:
            kept.keep_all_found()
    refuse_nothing_judged(review.delta)
    return review


def _asking(
    sides: Sides, choice: EngineChoice, engine: Engine, kept: KeptBase | None, sites: Sequence[str]
) -> AskAll | None:
    """What asks all sites about what the change edits of its own judge, if it may edit any of it."""
    base, head = sides.base.tree, sides.head.tree
    if all(base.id(part) == head.id(part) for part in ASKING):
        return None
    from plantproof.cli.asking_otherwise import AskingOtherwise

    asking = AskingOtherwise(sides, choice, engine, kept)
    asking.get_ready(sites)
    return asking.ask_all


def _read_ahead(sides: Sides, sites: Sequence[str], kept: KeptBase | None) -> None:
    """Let git bring the evidence of the sites that the change touches while what judges them is read: of both sides at
    once, for most of it is the same. Of a site whose base is known, only what differs."""
    trees = [each for each in (sides.base.tree, sides.head.tree) if isinstance(each, GitTree)]
    touched = [site for site in sites if len(trees) == 2 and touches(sides.base, sides.head, site)]
    if not 0 < len(touched) <= FEW:
        return
    entries: list[Entry] = []
    for site in touched:
        if kept and kept.knows(site, sides.on):
            blobs = kept.blobs(site)
            entries += read_soon(*(StoredSite(tree, site, blobs) for tree in trees))
        else:
            entries += [entry for tree in trees for entry in tree.list(site_folder(site)) if "/raw/" not in entry.path]
    trees[0].ahead(entries)
