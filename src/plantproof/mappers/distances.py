"""How far what was seen is from what is expected, where that can be measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plantproof.model.policy import Violation


def distances(violations: Iterable[Violation]) -> dict[str, float] | None:
    """The distance by field; None where one of them cannot be measured, or two are of one field."""
    found: dict[str, float] = {}
    for each in violations:
        distance = _distance(each.seen, each.expected)
        if distance is None or each.field in found:
            return None
        found[each.field] = distance
    return found


def steps_between(before: Mapping[str, float] | None, after: Mapping[str, float] | None) -> set[float] | None:
    """By how much each distance grew; None where they cannot be compared."""
    if before is None or after is None or before.keys() != after.keys():
        return None
    return {after[field] - before[field] for field in before}


def _distance(seen: Any, expected: Any) -> float | None:
    """Between numbers that far, between lists as many entries as one has and the other has not."""
    if isinstance(seen, bool) or isinstance(expected, bool):
        return None
    if isinstance(seen, (int, float)) and isinstance(expected, (int, float)):
        return float(abs(seen - expected))
    if isinstance(seen, list) and isinstance(expected, list):
        return float(sum(each not in expected for each in seen) + sum(each not in seen for each in expected))
    return None
