"""Violations of a gap that stays: more is worse, farther from what is expected is worse, the rest has changed."""

from __future__ import annotations

from typing import Any

import pytest

from plantproof.model.delta import MIRRORED
from plantproof.model.policy import Violation
from plantproof.review.violations import violations_moved


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
