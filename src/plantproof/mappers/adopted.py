"""Which gaps were adopted: known on the day somebody took the plant over, and not worse since.

Adoption changes the gate, never the finding: an adopted gap stays a gap in every report.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence

import msgspec

from plantproof.mappers.bindings import Key
from plantproof.mappers.distances import distances, steps_between
from plantproof.mappers.identity import canonical, living
from plantproof.model.adopted import Adopted, AdoptedGap
from plantproof.model.assessment import AdoptionState, Gap


def with_adoption(
    gaps: Iterable[Gap], adopted: Adopted | None, ids: Mapping[str, str], on: str, asked: Container[Key]
) -> list[Gap]:
    """The gaps, each with its state of adoption on a date: `adopted`, `overdue` (its review was due before), `worse`
    (more was found than was adopted, or farther from what is expected), or nothing.

    They meet by identity: the gap's id, or the same policy with the same parameters on the same subject by its living
    id, so that a rename or a merger of assets makes no new gap of an old one. Nor does another limit of the policy,
    where that takes the place of the one that was adopted; a limit that is asked beside it is another question. `ids`
    maps merged asset ids to living ones; `asked` are the policies with parameters that control parts ask.
    """
    if adopted is None:
        return list(gaps)
    by_id = {entry.id: entry for entry in adopted.gaps}
    by_question = {(_key(entry), living(entry.subject, ids)): entry for entry in adopted.gaps}
    by_subject = {
        (entry.policy, living(entry.subject, ids)): entry for entry in adopted.gaps if _key(entry) not in asked
    }
    found = []
    for gap in gaps:
        entry = by_id.get(gap.id) or by_question.get((_key(gap), gap.subject))
        entry = entry or by_subject.get((gap.policy, gap.subject))
        found.append(gap if entry is None else msgspec.structs.replace(gap, adopted=_state(entry, gap, on)))
    return found


def adoption_state(
    gaps: Sequence[Gap],
    adopted: Adopted | None,
    ids: Mapping[str, str],
    unknown: Collection[str],
    asked: Container[Key],
) -> AdoptionState | None:
    """What became of what was adopted, from the gaps with their states; `unknown` as of `still_open`, `asked` as of
    `with_adoption`."""
    if adopted is None:
        return None
    left = still_open(adopted, gaps, ids, asked)
    silent = {*unknown}.difference(entry.id for entry in left)
    return AdoptionState(
        by=adopted.head.by,
        on=adopted.head.on,
        adopted=len(adopted.gaps),
        open=len(left),
        worse=sum(gap.adopted == "worse" for gap in gaps),
        overdue=sum(gap.adopted == "overdue" for gap in gaps),
        unknown=sum(entry.id in silent for entry in adopted.gaps),
        new=sum(not gap.adopted and gap.waiver_state != "in-force" for gap in gaps),
    )


def still_open(
    known: Adopted,
    gaps: Iterable[Gap],
    ids: Mapping[str, str],
    asked: Container[Key],
    unknown: Collection[str] = (),
) -> list[AdoptedGap]:
    """The adopted gaps that are still there, by id or by what is asked of the living subject (as of `with_adoption`),
    in their order; with those of the ids `unknown`, which nobody can call closed."""
    present: set[str] = set()
    questions: set[tuple[Key, str]] = set()
    subjects: set[tuple[str, str]] = set()
    for gap in gaps:
        present.add(gap.id)
        questions.add((_key(gap), gap.subject))
        subjects.add((gap.policy, gap.subject))

    def is_there(entry: AdoptedGap) -> bool:
        key, subject = _key(entry), living(entry.subject, ids)
        return (key, subject) in questions or (key not in asked and (entry.policy, subject) in subjects)

    return [entry for entry in known.gaps if entry.id in present or entry.id in unknown or is_there(entry)]


def closed_or_silent(
    known: Adopted | None, gaps: Iterable[Gap], ids: Mapping[str, str], asked: Container[Key]
) -> list[AdoptedGap]:
    """The adopted gaps that are not there any more, for whatever reason."""
    if known is None:
        return []
    there = {entry.id for entry in still_open(known, gaps, ids, asked)}
    return [entry for entry in known.gaps if entry.id not in there]


def _key(each: AdoptedGap | Gap) -> Key:
    return Key(each.policy, canonical(each.parameters))


def _state(entry: AdoptedGap, gap: Gap, on: str) -> str:
    if len(gap.violations) > entry.violations or _farther(entry, gap):
        return "worse"
    return "overdue" if entry.review[:10] < on else "adopted"


def _farther(entry: AdoptedGap, gap: Gap) -> bool:
    """Whether as many things were found, farther from what is expected and none of them nearer. Under another limit the
    distances are others, and say nothing."""
    if not entry.distances or len(gap.violations) != entry.violations or _key(entry) != _key(gap):
        return False
    steps = steps_between(entry.distances, distances(gap.violations)) or {0.0}
    return max(steps) > 0 and min(steps) >= 0
