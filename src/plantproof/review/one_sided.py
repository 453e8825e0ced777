"""A site that only one side of a change has: nothing to compare, and never silence."""

from __future__ import annotations

from plantproof.model.delta import SiteDelta
from plantproof.model.moves import Counts, GapMove, Status
from plantproof.review.gap_moves import ABSENT
from plantproof.review.judged import JudgedSite


def added_site(head: JudgedSite) -> SiteDelta:
    """A site that the change brings: every gap of it was there before and is known now."""
    moves = _moves(head, "known-now", was=ABSENT, now="fail", why="the site is assessed from now on")
    counts = Counts(gaps_now=len(moves), known_failed=len(moves))
    return SiteDelta(
        site=head.plant.site.id,
        title=head.plant.site.title,
        counts=counts,
        gaps=moves,
        added=True,
        policies=len(head.observations),
        subjects=head.plant.subjects,
    )


def removed_site(base: JudgedSite) -> SiteDelta:
    """A site that the change takes out: nothing of it is known any more, whatever was in order."""
    moves = _moves(base, "unknown-now", was="fail", now=ABSENT, why="the site would no longer be assessed")
    passed = sum(policy.totals.passed for policy in base.conclusions.policies if policy.controls)
    counts = Counts(gaps_was=len(moves), unknown_failed=len(moves), unknown_passed=passed)
    return SiteDelta(site=base.plant.site.id, title=base.plant.site.title, counts=counts, gaps=moves, removed=True)


def _moves(judged: JudgedSite, status: Status, *, was: str, now: str, why: str) -> list[GapMove]:
    gaps = sorted(judged.conclusions.gaps, key=lambda gap: (gap.policy, gap.subject, gap.id))
    return [GapMove(status=status, was=was, now=now, gap=gap, why=why) for gap in gaps]
