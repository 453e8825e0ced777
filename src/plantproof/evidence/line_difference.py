"""Where two files of lines differ: most of two states of a file of records is the same."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple


class Between(NamedTuple):
    """The lines of two files between those that stand the same at the beginning and at the end of both."""

    before: list[bytes]
    after: list[bytes]

    def only_in_one(self) -> set[bytes]:
        """The lines that only one of the files has, or has more often."""
        once = set(self.before), set(self.after)
        if len(once[0]) == len(self.before) and len(once[1]) == len(self.after):
            return once[0] ^ once[1]
        counts = Counter(self.before), Counter(self.after)
        return {*(counts[0] - counts[1]), *(counts[1] - counts[0])}


def between(before: bytes, after: bytes) -> Between:
    """The lines in which two files may differ, in their order; none for files that are the same."""
    if before == after:
        return Between([], [])
    start = before.rfind(b"\n", 0, alike(before, after)) + 1
    first, second = before[start:], after[start:]
    whole = alike_at_end(first, second)
    if not all(len(each) == whole or each.endswith(b"\n", 0, len(each) - whole) for each in (first, second)):
        # The end that is the same begins with a part of a line, which is not left out.
        line_break = first.find(b"\n", len(first) - whole)
        whole = len(first) - line_break - 1 if line_break >= 0 else 0
    return Between(_lines(first[: len(first) - whole]), _lines(second[: len(second) - whole]))


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def alike(one: bytes, other: bytes) -> int:
    """How many bytes both begin with, by bisection: comparing slices is faster than comparing bytes."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def alike_at_end(one: bytes, other: bytes) -> int:
    """How many bytes both end with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
