"""Paths and shards."""

from __future__ import annotations

import json

import pytest

from plantproof.errors import InputError
from plantproof.evidence import layout


def lines(count: int, size: int = 100) -> dict[str, bytes]:
    return {f"r-{n:06d}": json.dumps({"id": f"r-{n:06d}", "x": "y" * size}).encode() for n in range(count)}


def test_a_small_kind_is_one_file_sorted_by_id() -> None:
    stored = layout.store("records", "asset", dict(reversed(lines(3).items())))
    assert list(stored.files) == ["records/asset.jsonl"]
    data = stored.files["records/asset.jsonl"]
    assert data == b"".join(line + b"\n" for line in lines(3).values())
    assert stored.entries[0].sha256 == layout.sha256(data)
    assert stored.entries[0].rows == 3


def test_a_large_kind_is_split_by_a_hash_that_stays() -> None:
    many = lines(6000)
    stored = layout.store("records", "flow", many)
    assert len(stored.files) > 2
    assert all(len(data) <= layout.LARGEST for data in stored.files.values())
    assert sum(entry.rows for entry in stored.entries) == 6000
    assert sorted(b"".join(stored.files.values()).splitlines()) == sorted(many.values())
    assert {layout.kind_of(path) for path in stored.files} == {"flow"}
    changed = layout.store("records", "flow", {**many, "r-000007": b'{"id":"r-000007"}'})
    moved = [path for path in stored.files if stored.files[path] != changed.files.get(path)]
    assert len(moved) == 1


def test_one_line_that_is_too_long_does_not_split_for_ever() -> None:
    stored = layout.store("records", "asset", {"a": b"x" * 300_000, "b": b"y" * 300_000})
    assert len(stored.files) == 2


def test_nothing_is_no_file() -> None:
    assert layout.store("records", "asset", {}).files == {}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", ".hidden", "con", "NUL.txt", "a:b", "a\nb", "\x1b[2J", "x.", "x ", "y" * 200]
)
def test_names_that_some_system_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(InputError) as refused:
        layout.check_name(name, "a source")
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("name", ["netbox", "Users.csv", "fw-01 backup (2).conf", "anlage-süd"])
def test_ordinary_names_pass(name: str) -> None:
    assert layout.check_name(name, "a source") == name
