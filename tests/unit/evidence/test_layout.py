"""Paths and shards."""

from __future__ import annotations

import json

import pytest

from plantproof.errors import InputError
from plantproof.evidence import layout
from plantproof.evidence.layout import may_be_written_otherwise, shard, shard_of, store


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


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("records/asset.jsonl", 0),
        ("records/asset.00.jsonl", 0),
        ("evidence/a/b/records/asset.1f.jsonl", 31),
        ("records/asset.x.jsonl", -1),
        ("records/assets.jsonl", -1),
    ],
)
def test_the_number_in_the_name_of_a_file_of_records(path: str, number: int) -> None:
    assert shard_of(path, "asset") == number


def test_each_line_is_in_the_file_that_its_id_names() -> None:
    lines = {f"a-{number}": b"x" * 1000 for number in range(900)}
    files = store("records", "asset", lines).files
    assert len(files) == 4
    assert [shard_of(path, "asset") for path in sorted(files)] == [0, 1, 2, 3]
    for path, data in files.items():
        mine = [each for each in lines if shard(each, 4) == shard_of(path, "asset")]
        assert data.count(b"\n") == len(mine)
    assert shard("a-1", 1) == 0


@pytest.mark.parametrize(
    ("line", "odd"),
    [
        (b'{"asset":"a","id":"a/x","value":"\\"id\\" : 1 \\u001b"}', False),
        (b'{"asset":"a","id":"a/x","title": "x"}', False),
        (b'{"asset": "a","id":"a/x"}', True),
        (b'{"asset":"a","id"\t:"a/x"}', True),
        (b'{"asset":"a","id":"a\\/x"}', True),
        (b'{"asset":"\\u0061","id":"a/x"}', True),
    ],
)
def test_whether_a_field_may_be_written_in_another_way(line: bytes, odd: bool) -> None:
    assert may_be_written_otherwise(line, ("id", "asset")) is odd
