"""One site that a change touches: everything that moved, each with what moved it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from plantproof.model.delta import IntentChange, SiteDelta, ValueChange
from plantproof.model.moves import Counts, GapMove, LostSight
from plantproof.model.policy import Policy
from plantproof.review.control_moves import control_moves, level_moves
from plantproof.review.gap_moves import Moves, gap_moves
from plantproof.review.judged import JudgedSite
from plantproof.review.statements import statement_moves
from plantproof.review.subjects import mergers, retirements


class Revisions(NamedTuple):
    """One site as the judge of the base sees it.

    `base` and `head` on the common date; `base_then` the base on its own date, None where the dates are one; `evidence`
    the head's evidence under the base's intent, None where the intent is the same. Where both sides hold only the
    assets that changed, `beside` counts what the others come to, on both sides the same.
    """

    base: JudgedSite
    head: JudgedSite
    base_then: JudgedSite | None = None
    evidence: JudgedSite | None = None
    intent_path: str = ""
    intent_values: Sequence[ValueChange] = ()
    beside: Counts | None = None


def site_delta(revisions: Revisions, policies: Mapping[str, Policy], *, proposed: bool = False) -> SiteDelta:
    """Compare a site at two revisions. What the calendar alone moved stands apart, and what the edit of the intent
    moved is marked: neither is the doing of the evidence.

    `proposed`: the head holds configurations that are on no device yet. They never count as tested, which is no move.
    """
    base, head = revisions.base, revisions.head
    moves = gap_moves(base, head, policies)
    gaps, lost, intent = moves.gaps, moves.lost, None
    if revisions.evidence is not None:
        alone = gap_moves(base, revisions.evidence, policies)
        gaps, lost = _because_of_intent(gaps, alone.gaps), _lost_by_intent(lost, alone.lost)
        intent = _intent_change(revisions, gaps, lost, alone)
    calendar = gap_moves(revisions.base_then, base, policies, because="calendar") if revisions.base_then else None
    return SiteDelta(
        site=head.plant.site.id,
        title=head.plant.site.title,
        counts=moves.counts + (revisions.beside or Counts()),
        gaps=gaps,
        lost=lost,
        controls=control_moves(base.conclusions, head.conclusions, gaps),
        levels=[
            move for move in level_moves(base.conclusions, head.conclusions) if not (proposed and move.view == "tested")
        ],
        calendar=calendar.gaps if calendar else [],
        calendar_lost=calendar.lost if calendar else [],
        statements=statement_moves(base.plant, head.plant, head.plant.date),
        retired=retirements(base, head),
        merged=mergers(base, head),
        intent=intent,
        errors=sorted({each.policy for each in head.conclusions.policies if each.totals.error}),
        policies=len(head.conclusions.policies),
        subjects=head.conclusions.standing.subjects if head.conclusions.standing else 0,
    )


def _identity(move: GapMove) -> tuple[str, str, str]:
    return move.gap.id, move.was, move.now


def _because_of_intent(gaps: Iterable[GapMove], alone: Iterable[GapMove]) -> list[GapMove]:
    by_evidence = {_identity(move) for move in alone}
    return [
        move if _identity(move) in by_evidence else msgspec.structs.replace(move, because="intent") for move in gaps
    ]


def _lost_by_intent(lost: Iterable[LostSight], alone: Iterable[LostSight]) -> list[LostSight]:
    by_evidence = {(each.policy, each.subject) for each in alone}
    return [
        each if (each.policy, each.subject) in by_evidence else msgspec.structs.replace(each, because="intent")
        for each in lost
    ]


def _intent_change(
    revisions: Revisions, gaps: Sequence[GapMove], lost: Sequence[LostSight], alone: Moves
) -> IntentChange:
    """What the edit of the intent moves by itself, and what it hides: what the evidence alone would open or take out of
    sight, and what neither fails at the head nor is told as unknown there; what it would make worse, and is not told as
    worse."""
    told = {move.gap.id for move in gaps if move.status == "unknown-now"}
    told |= {gap.id for gap in revisions.head.conclusions.gaps}
    worse = {move.gap.id for move in gaps if move.status == "worse"}
    unseen = {(each.policy, each.subject) for each in lost}
    failing = {(gap.policy, gap.subject) for gap in revisions.head.conclusions.gaps}
    # A zone that only the head has is nothing that its evidence could be judged by before.
    designed = revisions.base.plant.site
    known = {*(zone.id for zone in designed.zones), *(conduit.id for conduit in designed.conduits)}
    masked = [
        move
        for move in alone.gaps
        if move.status in ("opened", "worse", "known-now", "unknown-now")
        and move.gap.id not in (worse if move.status == "worse" else told)
        and (move.gap.subject_kind not in ("zone", "conduit") or move.gap.subject in known)
    ]
    masked_lost = [
        each
        for each in alone.lost
        if (each.policy, each.subject) not in unseen and (each.policy, each.subject) not in failing
    ]
    moved = [move for move in gaps if move.because == "intent"]
    return IntentChange(
        site=revisions.head.plant.site.id,
        path=revisions.intent_path,
        values=list(revisions.intent_values),
        opened=sum(move.status in ("opened", "known-now") for move in moved),
        closed=sum(move.status == "closed" for move in moved),
        masked=masked,
        masked_lost=masked_lost,
    )


def totals(sites: Iterable[SiteDelta]) -> Counts:
    """The counts of all sites. Totals add."""
    return sum((site.counts for site in sites), Counts())
