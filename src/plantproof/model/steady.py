"""Between which days nothing turns: what is concluded on one of them holds on each of them.

A *turn* is the first day on which something is otherwise than on the day before: an age is over its limit, evidence is
stale, a statement or a waiver begins or has expired, an asset is retired, a review is overdue. Too many turns cost a
second look; one that is missing would let an old verdict stand. So whatever is no day of the calendar turns every day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

FIRST_DAY, LAST_DAY = date.min.isoformat(), date.max.isoformat()

EVERY_DAY = ""
"""The turn of what cannot be placed in the calendar."""


class Steady(NamedTuple):
    """The first and the last day on which the same holds, both YYYY-MM-DD."""

    first: str
    last: str

    def holds(self, on: str) -> bool:
        """Whether the day `on` is one of them."""
        return self.first <= on <= self.last


def steady_around(on: str, turns: Iterable[str]) -> Steady:
    """The days around `on` (YYYY-MM-DD) without a turn between them."""
    first, after = FIRST_DAY, ""
    for turn in turns:
        if turn == EVERY_DAY:
            return Steady(on, on)
        if turn <= on:
            first = max(first, turn)
        elif not after or turn < after:
            after = turn
    return Steady(first, _day_before(after) if after else LAST_DAY)


def turn_at(text: str) -> str:
    """The turn of what begins on a day: the day itself."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return EVERY_DAY


def turn_after(text: str, days: int = 0) -> str:
    """The turn of what ends with a day, or so many days after it: the day that follows. What outlasts the calendar
    turns on its last day, on which nobody will be left to ask."""
    try:
        start = date.fromisoformat(text[:10])
    except ValueError:
        return EVERY_DAY
    try:
        return (start + timedelta(days=days + 1)).isoformat()
    except OverflowError:
        return LAST_DAY if days >= 0 else FIRST_DAY


def _day_before(text: str) -> str:
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat()
