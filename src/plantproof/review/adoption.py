"""Adoption: today's gaps by identity, with owner and day of review; and how much of what was adopted is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plantproof.mappers.distances import distances
from plantproof.model.adopted import Adopted, AdoptedGap
from plantproof.model.assessment import AdoptionState, Cause, Gap

MOST_OF_ALL = 0.9
"""The share of all gaps that the causes named in one line must explain."""


def adopt(
    gaps: Iterable[Gap], known: Adopted | None, *, on: str, review: str, owner: str = "", by: str = ""
) -> tuple[list[AdoptedGap], list[AdoptedGap]]:
    """The gaps to be adopted: those adopted before, and those that are new, each in the order of policy and subject.

    What was adopted keeps its day, its owner and its review: adopting again never resets a clock. A gap under a waiver
    in force needs no adoption. `by` is who adopts the new ones, where somebody adopted others before.
    """
    first = known.head.by if known else by
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
            distances=distances(gap.violations) or {},
            owner=owner or gap.owner,
            adopted=on,
            review=review,
            by=by if by != first else "",
        )
        for gap in gaps
        if gap.id not in ids and not gap.adopted and gap.waiver_state != "in-force"
    ]
    return before, sorted(new, key=lambda entry: (entry.policy, entry.subject, entry.id))


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


def burn_down_words(state: AdoptionState) -> str:
    """One line: `4,000 adopted: 880 closed, 20 not known any more, 3,100 open (2 worse, 14 past their review); 5 new`.
    What is not known any more is named only where there is any."""
    notes = [
        f"{many:,} {word}" for many, word in ((state.worse, "worse"), (state.overdue, "past their review")) if many
    ]
    noted = f" ({', '.join(notes)})" if notes else ""
    silent = f"{state.unknown:,} not known any more, " if state.unknown else ""
    return f"{state.adopted:,} adopted: {state.closed:,} closed, {silent}{state.open:,} open{noted}; {state.new:,} new"
