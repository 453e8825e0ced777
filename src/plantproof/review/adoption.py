"""Adoption: today's gaps by identity, with owner and day of review; and how much of what was adopted is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from plantproof.model.adopted import Adopted, AdoptedGap
from plantproof.model.assessment import Cause, Gap

MOST_OF_ALL = 0.9
"""The share of all gaps that the causes named in one line must explain."""


class BurnDown(NamedTuple):
    """What became of the adopted gaps of one site, and what came besides. `adopted == open + closed`."""

    adopted: int
    open: int
    closed: int
    worse: int
    overdue: int
    new: int


def adopt(
    gaps: Iterable[Gap], known: Adopted | None, *, on: str, review: str, owner: str = ""
) -> tuple[list[AdoptedGap], list[AdoptedGap]]:
    """The gaps to be adopted: those adopted before, and those that are new, each in the order of policy and subject.

    What was adopted keeps its day, its owner and its review: adopting again never resets a clock. A gap under a waiver
    in force needs no adoption.
    """
    before = list(known.gaps) if known else []
    ids = {entry.id for entry in before}
    new = [
        AdoptedGap(
            id=gap.id,
            policy=gap.policy,
            parameters=gap.parameters,
            subject=gap.subject,
            name=gap.name,
            severity=gap.severity,  # type: ignore[arg-type]  # a severity is one of the four words
            violations=len(gap.violations),
            owner=owner or gap.owner,
            adopted=on,
            review=review,
        )
        for gap in gaps
        if gap.id not in ids and not gap.adopted and gap.waiver_state != "in-force"
    ]
    return before, sorted(new, key=lambda entry: (entry.policy, entry.subject, entry.id))


def still_open(known: Adopted, gaps: Iterable[Gap], canonical: Mapping[str, str] | None = None) -> list[AdoptedGap]:
    """The adopted gaps that are still there, by id or by the living subject."""
    living = canonical or {}
    present = {gap.id for gap in gaps}
    subjects = {(gap.policy, gap.subject) for gap in gaps}
    return [
        entry
        for entry in known.gaps
        if entry.id in present or (entry.policy, _living(entry.subject, living)) in subjects
    ]


def burn_down(known: Adopted | None, gaps: Sequence[Gap]) -> BurnDown:
    """How much of what was adopted is left."""
    adopted = len(known.gaps) if known else 0
    left = len(still_open(known, gaps)) if known else 0
    return BurnDown(
        adopted=adopted,
        open=left,
        closed=adopted - left,
        worse=sum(gap.adopted == "worse" for gap in gaps),
        overdue=sum(gap.adopted == "overdue" for gap in gaps),
        new=sum(not gap.adopted and gap.waiver_state != "in-force" for gap in gaps),
    )


def causes_words(causes: Sequence[Cause]) -> str:
    """`17 causes explain 92 % of 4,000 gaps`: the fewest causes, the largest first, behind most of them."""
    total = sum(cause.gaps for cause in causes)
    if not total:
        return "no gaps"
    explained = 0
    ordered = sorted(causes, key=lambda cause: (-cause.gaps, cause.key))
    for number, cause in enumerate(ordered, 1):
        explained += cause.gaps
        if explained >= MOST_OF_ALL * total:
            share = 100 * explained // total
            behind = "1 cause explains" if number == 1 else f"{number:,} causes explain"
            return f"{behind} {share} % of {total:,} {'gap' if total == 1 else 'gaps'}"
    raise AssertionError("all causes together explain every gap")


def burn_down_words(burned: BurnDown) -> str:
    """One line: `4,000 adopted: 900 closed, 3,100 open (2 worse, 14 past their review); 5 new`."""
    notes = [
        f"{many:,} {word}" for many, word in ((burned.worse, "worse"), (burned.overdue, "past their review")) if many
    ]
    noted = f" ({', '.join(notes)})" if notes else ""
    return f"{burned.adopted:,} adopted: {burned.closed:,} closed, {burned.open:,} open{noted}; {burned.new:,} new"


def _living(subject: str, canonical: Mapping[str, str]) -> str:
    asset, slash, rest = subject.partition("/")
    return canonical.get(asset, asset) + slash + rest
