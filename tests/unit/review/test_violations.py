"""Violations of a gap that stays: more is worse, farther from what is expected is worse, the rest has changed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.delta_example import gap, move, quiet_delta

from plantproof.model.moves import MIRRORED
from plantproof.model.policy import Violation
from plantproof.reports.delta_gate import gate, limits_of
from plantproof.reports.marks import mark_of_move
from plantproof.review.violations import compensation_moved, violations_moved


def seen(value: Any, expected: Any = None, field: str = "value") -> Violation:
    return Violation("wrong", field, value, expected)


@pytest.mark.parametrize(
    ("was", "now", "status"),
    [
        ([seen(10, 5)], [seen(1000, 5)], "worse"),
        ([seen(3, 5)], [seen(0, 5)], "worse"),
        ([seen(10, 5)], [seen(0, 5)], "changed"),
        ([seen(["telnet"], ["ssh"])], [seen(["http", "telnet"], ["ssh"])], "worse"),
        ([seen("telnet", "ssh")], [seen("http", "ssh")], "changed"),
        ([seen(10, 5), seen(10, 5, "other")], [seen(11, 5), seen(9, 5, "other")], "changed"),
        ([seen(True, 5)], [seen(False, 5)], "changed"),
        ([seen(10, 5)], [seen(10, 5), seen(1, 0, "other")], "worse"),
        ([seen(10, 5)], [seen(10, 5)], None),
    ],
)
def test_each_way_to_differ_has_its_name_and_its_mirror(
    was: list[Violation], now: list[Violation], status: str | None
) -> None:
    assert violations_moved(was, now)[0] == status
    backwards = violations_moved(now, was)[0]
    assert backwards == (MIRRORED[status] if status else None)


def test_a_countermeasure_that_fails_makes_what_it_stood_in_for_worse() -> None:
    with_it = msgspec.structs.replace(gap(1), waiver="W-1", waiver_state="in-force", compensated=True)
    without = msgspec.structs.replace(with_it, compensated=False)
    assert compensation_moved(with_it, without) == ("worse", "the countermeasure of waiver W-1 does not pass any more")
    assert compensation_moved(without, with_it) == ("better", "the countermeasure of waiver W-1 passes now")
    assert compensation_moved(with_it, with_it) is None


def test_a_waiver_whose_countermeasure_the_change_breaks_does_not_open_the_gate() -> None:
    with_it = msgspec.structs.replace(gap(1), waiver="W-1", waiver_state="in-force", compensated=True)
    broken = msgspec.structs.replace(with_it, compensated=False)
    found = msgspec.structs.replace(move(broken, "worse"), before=with_it)
    assert gate(quiet_delta(found), limits_of((), "low"))
    assert not mark_of_move(found).waived
    still = msgspec.structs.replace(found, before=broken)
    assert not gate(quiet_delta(still), limits_of((), "low"))
    assert mark_of_move(still).waived
