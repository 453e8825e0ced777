"""One change reviewed with the engine that the options name: what `diff` and `check --against REF` share."""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.cache import open_cache
from plantproof.change_review import Review, review_change
from plantproof.cli.assessing import EngineChoice, now, provenance_of, start_evaluating, started_engine, workers_of
from plantproof.cli.kept_judge import KeptJudge
from plantproof.cli.output import progress
from plantproof.cli.revisions import Sides
from plantproof.model.approvals import ForgeApprovals
from plantproof.pipeline import load_judge
from plantproof.reports.delta_gate import refuse_nothing_judged


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
        kept = KeptJudge(cache, sides.opened.project, (engine.name, engine.version)) if cache.enabled else None
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
            load=kept.of_sites if kept else load_judge,
        )
    refuse_nothing_judged(review.delta)
    return review
