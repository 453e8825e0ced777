"""Shares and words: never 100 % unless it is all, never 0 % unless it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.reports.words import CONCLUSIONS, counted, percent, purdue_label, status_of


@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [
        (0, 0, "–"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (1, 3, "33 %"),
        (2, 3, "67 %"),
        (1, 1000, "<1 %"),
        (1, 200, "1 %"),
        (199, 200, ">99 %"),
        (999, 1000, ">99 %"),
        (198, 200, "99 %"),
    ],
)
def test_share_in_words(count: int, total: int, expected: str) -> None:
    assert expected == percent(count, total)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_all_and_none_are_said_only_when_so(count: int, total: int) -> None:
    count = min(count, total)
    said = percent(count, total)
    assert (said == "100 %") == (count == total)
    assert (said == "0 %") == (count == 0)


def test_one_gap_and_two_gaps() -> None:
    assert [counted(n, "gap") for n in (1, 2, 12000)] == ["1 gap", "2 gaps", "12,000 gaps"]


def test_an_unknown_word_is_never_shown_as_good() -> None:
    assert status_of(CONCLUSIONS, "fine").tone == "warn"


@pytest.mark.parametrize(
    ("level", "label"), [(None, "No Purdue level"), (2.5, "Level 2.5"), (0.0, "Level 0 · Process")]
)
def test_purdue_levels_in_plant_words(level: float | None, label: str) -> None:
    assert label == purdue_label(level)
