"""On which days a plant turns, from the same evidence and intent: freshness, retirement (verdicts.md 7 and 15)."""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.model.evidence import Custody, Identities
from plantproof.model.plant import SourceState
from plantproof.model.steady import EVERY_DAY, turn_after, turn_at
from plantproof.text import says_something


def turns_of_plant(states: tuple[SourceState, ...], identities: Identities) -> Iterator[str]:
    """Every day on which `build_plant` may give another plant than on the day before, in no order."""
    for state in states:
        yield from _custody(state.custody)
        for last in set(state.fresh_until.values()):
            yield turn_after(last)
    for left, approver, _ in identities.retired.values():
        # Without date or approver it retires nothing, on no day.
        if left and says_something(approver):
            # Texts are compared there, not dates: another notation of a day would sort elsewhere.
            yield turn_at(left) if turn_at(left) == left[:10] else EVERY_DAY


def _custody(custody: Custody) -> Iterator[str]:
    """Evidence that is dated after the assessment is refused: before these days there is no plant at all."""
    for text in (custody.collected_at, custody.observed_from, custody.observed_to):
        if text is not None:
            yield turn_at(text)
