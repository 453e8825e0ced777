"""Columns of a table: what to do where a field is unknown, and the weakest method of several."""

from __future__ import annotations

from functools import cache

from plantproof.model.plant import NO_METHOD, Column

STALE = b""
"""In a projected column: only stale sources say it. Never a JSON value."""

_SHIFT = bytes((value + 1) % 256 for value in range(256))
_UNSHIFT = bytes((value - 1) % 256 for value in range(256))


def empty_column(size: int) -> Column:
    """A field that no source brings."""
    return Column(values=[None] * size, methods=bytearray([NO_METHOD]) * size, disputed={}, stale=set())


def weakest(columns: list[bytearray], size: int) -> bytearray:
    """Row by row the weakest of several methods; NO_METHOD where none of the columns has one (verdicts.md 4)."""
    result = bytes(size)
    for column in columns:
        shifted = bytes(column.translate(_SHIFT))  # NO_METHOD becomes 0, so that it never wins
        if not any(result):
            result = shifted
        elif shifted != result:
            result = _greater(result, shifted)
    return bytearray(result.translate(_UNSHIFT))


@cache
def _at_least(least: int) -> bytes:
    """The table that raises every number to `least`."""
    return bytes(max(value, least) for value in range(256))


def _greater(one: bytes, other: bytes) -> bytes:
    """The greater of two numbers, place by place. A source reports all with one method, so one side mostly is the same
    throughout."""
    for same, varying in ((one, other), (other, one)):
        if same.count(same[:1]) == len(same):
            return varying.translate(_at_least(same[0]))
    return bytes(map(max, one, other))
