"""What would move at one site if the policies that a change edits judged already: one evidence under two judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from plantproof.ask_again import places
from plantproof.bulk import collector_paused
from plantproof.mappers.conclude import conclude_site
from plantproof.mappers.tracing import trace
from plantproof.model.moves import Counts, GapMove, LostSight
from plantproof.model.plant import Plant
from plantproof.model.project_file import ProjectFile
from plantproof.model.vocabulary import Outcome
from plantproof.pipeline import Judge, Seen, intent_of_site, judge_site
from plantproof.policies.evaluate import Binding, evaluate
from plantproof.policies.protocol import Engine
from plantproof.review.gap_moves import gap_moves
from plantproof.review.judged import Judged, Key
from plantproof.review.rebound import Rebound
from plantproof.tree import Tree


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """The judge of the base, for sites as the head designs them, the judge of the head, and what they ask otherwise;
    the project file under which both judge, and the date."""

    ours: Judge
    theirs: Judge
    asked: Rebound
    file: ProjectFile
    on: str


class Otherwise(msgspec.Struct, frozen=True, kw_only=True):
    """What would move at one site. `counts`, `dropped` and `new` have a place for each binding of the question: what
    would move, and how many gaps would no longer be looked at or be found for the first time."""

    gaps: list[GapMove]
    lost: list[LostSight]
    counts: list[Counts]
    dropped: list[int]
    new: list[int]


AskAll = Callable[[Question, Sequence[str]], Iterable[Otherwise]]
"""What would move at each of some sites, in the order given."""


@collector_paused()
def asked_otherwise(
    question: Question, tree: Tree, site: str, *, engine: Engine, plant: Plant | None = None
) -> Otherwise:
    """Ask what the two judges of a question ask otherwise, of the evidence of one site in `tree`.

    `plant` is that of the site for everything that both judges ask, where it is known. Raises InputError where the
    evidence is wrong.
    """
    asked = question.asked
    judges = (
        (question.ours, [*(each.base for each in asked.moved), *asked.dropped]),
        (question.theirs, [*(each.head for each in asked.moved), *asked.new]),
    )
    seen = Seen(tree, site)
    before, after = (
        _judged_of_plant(judge, _bindings(keys), plant, tree, question.on, engine)
        if plant
        else judge_site(
            tree, question.file, judge, site, on=question.on, engine=engine, bindings=_bindings(keys), seen=seen
        )
        for judge, keys in judges
    )
    policies = question.theirs.bundle.policies
    found = [gap_moves(before, after, policies, because="judge", bindings=[matched]) for matched in asked.moved]
    return Otherwise(
        gaps=[gap for each in found for gap in each.gaps],
        lost=[lost for each in found for lost in each.lost],
        counts=[each.counts for each in found],
        dropped=[_failing(before, key) for key in asked.dropped],
        new=[_failing(after, key) for key in asked.new],
    )


def _judged_of_plant(
    judge: Judge, bindings: Sequence[Binding], plant: Plant, tree: Tree, on: str, engine: Engine
) -> Judged:
    observations = evaluate(judge.bundle, bindings, plant, engine, on)
    intent = intent_of_site(judge.intent, plant.site.id)
    found = conclude_site(intent, judge.mappings, judge.bundle, plant, observations, on)
    gaps = trace(found.gaps, plant, judge.bundle, places(tree, plant))
    return Judged(
        plant=plant,
        observations=observations,
        conclusions=msgspec.structs.replace(found, gaps=gaps),
        # Of one plant every subject is its own: no identity is looked up.
        canonical={},
        retired={},
    )


def _bindings(keys: Iterable[Key]) -> list[Binding]:
    return [(key.policy, msgspec.json.decode(key.parameters)) for key in sorted(set(keys))]


def _failing(judged: Judged, key: Key) -> int:
    found = judged.asked().get(key)
    return found.outcomes.count(Outcome.FAIL) if found else 0
