"""What became of the violations of one gap that fails on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from plantproof.mappers.distances import distances, steps_between
from plantproof.model.assessment import Gap
from plantproof.model.moves import Status
from plantproof.model.policy import Violation


def violations_moved(before: Sequence[Violation], after: Sequence[Violation]) -> tuple[Status | None, str]:
    """More violations are worse, fewer better. Of the same number: worse where what is seen moves away from what is
    expected and nowhere comes nearer, better the other way round, else changed. None where they are the same."""
    was = {msgspec.json.encode(each, order="sorted"): each for each in before}
    now = {msgspec.json.encode(each, order="sorted"): each for each in after}
    if was.keys() == now.keys():
        return None, ""
    came = [now[key] for key in sorted(now.keys() - was.keys())]
    went = [was[key] for key in sorted(was.keys() - now.keys())]
    if len(now) > len(was):
        return "worse", f"now also: {_told(came)}"
    if len(now) < len(was):
        return "better", f"no longer: {_told(went)}"
    return _farther(went, came), f"was: {_told(went)}"


def compensation_moved(before: Gap | None, after: Gap | None) -> tuple[Status, str] | None:
    """Whether what stood in for a gap's control stands in no more, or does now (verdicts.md 13); None where it is as it
    was. Parameters of a gap make another gap: only the same one is compared."""
    if before is None or after is None or before.compensated == after.compensated:
        return None
    if before.compensated:
        return "worse", f"the countermeasure of waiver {before.waiver} does not pass any more"
    return "better", f"the countermeasure of waiver {after.waiver} passes now"


def _farther(went: Sequence[Violation], came: Sequence[Violation]) -> Status:
    """By the distance between seen and expected, field by field; `changed` where one of them cannot be measured."""
    steps = steps_between(distances(went), distances(came))
    if steps is None:
        return "changed"
    if all(step >= 0 for step in steps):
        return "worse" if any(steps) else "changed"
    return "better" if all(step <= 0 for step in steps) else "changed"


def _told(violations: Iterable[Violation]) -> str:
    return "; ".join(each.message for each in violations)
