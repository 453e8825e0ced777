"""Which gaps were adopted: known on the day somebody took the plant over, and not worse since.

Adoption changes the gate, never the finding: an adopted gap stays a gap in every report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from plantproof.mappers.identity import living
from plantproof.model.adopted import Adopted, AdoptedGap
from plantproof.model.assessment import AdoptionState, Gap


def with_adoption(gaps: Iterable[Gap], adopted: Adopted | None, canonical: Mapping[str, str], on: str) -> list[Gap]:
    """The gaps, each with its state of adoption on a date: `adopted`, `overdue` (its review was due before), `worse`
    (more was found than was adopted), or nothing.

    They meet by identity: the gap's id, or the same policy on the same subject by its living id, so that a rename, a
    merger of assets or another limit of the policy makes no new gap of an old one. `canonical` maps merged asset ids to
    living ones.
    """
    if adopted is None:
        return list(gaps)
    by_id = {entry.id: entry for entry in adopted.gaps}
    by_subject = {(entry.policy, living(entry.subject, canonical)): entry for entry in adopted.gaps}
    found = []
    for gap in gaps:
        entry = by_id.get(gap.id) or by_subject.get((gap.policy, gap.subject))
        found.append(gap if entry is None else msgspec.structs.replace(gap, adopted=_state(entry, gap, on)))
    return found


def adoption_state(
    gaps: Sequence[Gap], adopted: Adopted | None, canonical: Mapping[str, str], unknown: Collection[str]
) -> AdoptionState | None:
    """What became of what was adopted, from the gaps with their states; `unknown` as of `still_open`."""
    if adopted is None:
        return None
    left = still_open(adopted, gaps, canonical)
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
    known: Adopted, gaps: Iterable[Gap], canonical: Mapping[str, str], unknown: Collection[str] = ()
) -> list[AdoptedGap]:
    """The adopted gaps that are still there, by id or by the living subject, in their order; with those of the ids
    `unknown`, which nobody can call closed."""
    present: set[str] = set()
    subjects: set[tuple[str, str]] = set()
    for gap in gaps:
        present.add(gap.id)
        subjects.add((gap.policy, gap.subject))
    return [
        entry
        for entry in known.gaps
        if entry.id in present or entry.id in unknown or (entry.policy, living(entry.subject, canonical)) in subjects
    ]


def closed_or_silent(known: Adopted | None, gaps: Iterable[Gap], canonical: Mapping[str, str]) -> list[AdoptedGap]:
    """The adopted gaps that are not there any more, for whatever reason."""
    if known is None:
        return []
    there = {entry.id for entry in still_open(known, gaps, canonical)}
    return [entry for entry in known.gaps if entry.id not in there]


def _state(entry: AdoptedGap, gap: Gap, on: str) -> str:
    if len(gap.violations) > entry.violations:
        return "worse"
    return "overdue" if entry.review[:10] < on else "adopted"
