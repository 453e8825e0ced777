"""Where two files of lines differ is found as comparing all lines finds it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.evidence.line_difference import between

LINES = st.lists(st.sampled_from([b"", b"a", b"ab", b"ba", b"b", b"aa"]), max_size=7)
ENDS = st.sampled_from([b"", b"\n"])


def whole(data: bytes) -> list[bytes]:
    """The lines of a file, of which the last may be unended."""
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


@given(LINES, LINES, ENDS, ENDS)
def test_the_lines_that_only_one_has(one: list[bytes], other: list[bytes], end: bytes, another: bytes) -> None:
    before, after = b"\n".join(one) + end, b"\n".join(other) + another
    counts = Counter(whole(before)), Counter(whole(after))
    assert between(before, after).only_in_one() == {*(counts[0] - counts[1]), *(counts[1] - counts[0])}


@given(LINES, LINES, ENDS)
def test_what_is_left_out_stands_the_same_in_both(one: list[bytes], other: list[bytes], end: bytes) -> None:
    before, after = b"\n".join(one) + end, b"\n".join(other) + end
    found = between(before, after)
    lines = whole(before), whole(after)
    least = min(map(len, lines))
    outside = len(lines[0]) - len(found.before)
    assert len(lines[1]) - len(found.after) == outside
    start = next((n for n in range(least) if lines[0][n : n + len(found.before)] == found.before), 0)
    assert any(
        lines[0][:n] == lines[1][:n]
        and lines[0][n : n + len(found.before)] == found.before
        and lines[1][n : n + len(found.after)] == found.after
        and lines[0][n + len(found.before) :] == lines[1][n + len(found.after) :]
        for n in range(start, outside + 1)
    )


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (b"a\nb\nc\n", b"a\nx\nc\n", ([b"b"], [b"x"])),
        (b"a\nb\nc\n", b"a\nc\n", ([b"b"], [])),
        (b"", b"a\n", ([], [b"a"])),
        (b"a\nb\n", b"a\nb\n", ([], [])),
        (b"a\nxb\nc\n", b"a\nyb\nc\n", ([b"xb"], [b"yb"])),
    ],
)
def test_few_lines_are_left_of_many(before: bytes, after: bytes, lines: tuple[list[bytes], list[bytes]]) -> None:
    assert between(before, after) == lines
