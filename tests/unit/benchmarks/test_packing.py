"""A history in one pack is one that git reads: every object whole, every delta right."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.importing import git, importing
from benchmarks.packing import DEEPEST, delta, packing
from hypothesis import given
from hypothesis import strategies as st

LINES = st.lists(st.sampled_from([b"one\n", b"two\n", b"three" * 40 + b"\n", b"last"]), max_size=12).map(b"".join)


def length(data: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        byte = data[at]
        found, shift, at = found | (byte & 0x7F) << shift, shift + 7, at + 1
        if not byte & 0x80:
            return found, at


def applied(old: bytes, change: bytes) -> bytes:
    """What git makes of a delta, by the words of gitformat-pack."""
    size, at = length(change, 0)
    assert size == len(old)
    size, at = length(change, at)
    found = b""
    while at < len(change):
        instruction, at = change[at], at + 1
        if instruction & 0x80:
            values = []
            for bits in (range(4), range(4, 7)):
                value = 0
                for place, bit in enumerate(bits):
                    if instruction & 1 << bit:
                        value, at = value | change[at] << 8 * place, at + 1
                values.append(value)
            found += old[values[0] : values[0] + values[1]]
        else:
            found, at = found + change[at : at + instruction], at + instruction
    assert size == len(found)
    return found


@given(LINES, LINES)
def test_a_delta_leads_from_the_old_to_the_new(old: bytes, new: bytes) -> None:
    assert applied(old, delta(old, new)) == new


def test_a_delta_of_one_line_is_about_as_long_as_the_line() -> None:
    old = b"".join(b"line %d of many\n" % number for number in range(20_000))
    new = old.replace(b"line 7000 of many", b"line 7000 is another")
    assert applied(old, delta(old, new)) == new
    assert len(delta(old, new)) < 100


def test_git_reads_a_history_longer_than_a_chain_of_deltas(tmp_path: Path) -> None:
    folder = tmp_path / "plant"
    text = b"".join(b"line %d\n" % number for number in range(500))
    with importing(folder) as importer:
        importer.commit("First", 0, [("a/b/long.txt", text), ("a/other.txt", b"other\n")])
    with packing(folder) as packer:
        for number in range(DEEPEST + 5):
            after = text.replace(b"line %d\n" % number, b"LINE\n")
            packer.commit(f"Step {number}", number, [("a/b/long.txt", text, after)])
            text = after
    git(folder, "fsck", "--strict", "--no-dangling")
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "rev-list", "--count", "HEAD") == str(DEEPEST + 6)
    shown = subprocess.run(
        ["git", "-C", str(folder), "show", "HEAD:a/b/long.txt"], check=True, capture_output=True
    ).stdout
    assert shown == text == (folder / "a/b/long.txt").read_bytes()
    assert git(folder, "diff", "--name-only", "HEAD~1", "HEAD") == "a/b/long.txt"


def test_what_came_back_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "plant"
    with importing(folder) as importer:
        importer.commit("First", 0, [("one.txt", b"one\ntwo\n")])
    with packing(folder) as packer:
        packer.commit("There", 1, [("one.txt", b"one\ntwo\n", b"one\n2\n")])
        packer.commit("And back", 2, [("one.txt", b"one\n2\n", b"one\ntwo\n")])
    git(folder, "fsck", "--strict", "--no-dangling")
    assert git(folder, "rev-parse", "HEAD^{tree}") == git(folder, "rev-parse", "HEAD~2^{tree}")
