"""The days around a day: no turn between them, and none left out that need not be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plantproof.model.steady import EVERY_DAY, FIRST_DAY, LAST_DAY, Steady, steady_around, turn_after, turn_at

DAYS = [(date(2026, 2, 20) + timedelta(days=number)).isoformat() for number in range(20)]


@given(some.sampled_from(DAYS), some.lists(some.sampled_from(DAYS)))
def test_a_day_is_within_exactly_where_no_turn_lies_between(on: str, turns: list[str]) -> None:
    steady = steady_around(on, turns)
    for day in DAYS:
        between = (min(on, day), max(on, day))
        assert steady.holds(day) == (not any(between[0] < turn <= between[1] for turn in turns))


def test_without_a_turn_it_holds_for_ever() -> None:
    assert steady_around("2026-06-30", []) == Steady(FIRST_DAY, LAST_DAY)


def test_what_is_in_no_calendar_turns_every_day() -> None:
    assert turn_at("2026-02-30") == turn_after("soon") == EVERY_DAY
    assert steady_around("2026-06-30", ["2026-01-01", EVERY_DAY]) == Steady("2026-06-30", "2026-06-30")


@pytest.mark.parametrize(
    ("text", "days", "turn"),
    [
        ("2026-02-28", 0, "2026-03-01"),
        ("2024-02-28T23:59:59Z", 0, "2024-02-29"),
        ("2026-12-31", 90, "2027-04-01"),
        ("2026-12-31", -1, "2026-12-31"),
        ("2026-12-31", 10**12, LAST_DAY),
        ("9999-12-31", 0, LAST_DAY),
    ],
)
def test_what_ends_turns_on_the_day_after(text: str, days: int, turn: str) -> None:
    assert turn_after(text, days) == turn
