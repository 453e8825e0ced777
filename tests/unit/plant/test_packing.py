"""A plant that was packed is the same plant."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from tests.support.carried_world import ON, SITES, World
from tests.support.memory_tree import MemoryTree

from plantproof.model.plant import Origins, Plant
from plantproof.pipeline import judge_site
from plantproof.plant.packing import packed, unpacked
from plantproof.policies.embedded import EmbeddedEngine


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


@pytest.fixture(scope="module")
def plants(world: World) -> dict[str, Plant]:
    tree = MemoryTree(world.files)
    return {
        site: judge_site(tree, world.project.file, world.judge, site, on=ON, engine=world.engine).plant
        for site in SITES
    }


@pytest.mark.parametrize("site", SITES)
def test_it_is_the_same_with_everything_in_it(site: str, plants: dict[str, Plant]) -> None:
    found = unpacked(packed(plants[site]))
    assert found == plants[site]
    assert found is not None
    # The order of tables and fields decides the order of what is asked.
    assert list(found.tables) == list(plants[site].tables)
    for kind, table in found.tables.items():
        assert list(table.columns) == list(plants[site].tables[kind].columns)
        assert isinstance(table.origins, Origins)
        assert list(table.rows.items()) == list(plants[site].tables[kind].rows.items())


def test_the_same_plant_gives_the_same_bytes(plants: dict[str, Plant]) -> None:
    for plant in plants.values():
        again = unpacked(packed(plant))
        assert again is not None
        assert packed(again) == packed(plant)


def test_values_that_were_one_are_one_again(plants: dict[str, Plant]) -> None:
    found = unpacked(packed(plants[SITES[0]]))
    assert found is not None
    values = [value for value in found.tables["asset"].columns["role"].values if value]
    assert len({id(value) for value in values}) == len(set(values)) < len(values)


def test_anything_else_is_no_plant(plants: dict[str, Plant]) -> None:
    data = packed(plants[SITES[0]])
    for other in (b"", b"{}", data[:-1], data[1:], msgspec.msgpack.encode([]), msgspec.json.encode({"plant": 1})):
        assert unpacked(other) is None
    fields = msgspec.msgpack.decode(data)
    column = next(iter(next(iter(fields[0].values()))[0].values()))
    column[1] = [1_000_000]
    assert unpacked(msgspec.msgpack.encode(fields)) is None


def test_the_row_of_a_record_is_found_by_its_line(plants: dict[str, Plant]) -> None:
    origins = plants[SITES[0]].tables["asset"].origins
    assert isinstance(origins, Origins)
    expected = {(each.records_path, each.records_line): row for row, of_row in enumerate(origins) for each in of_row}
    assert origins.rows_of(expected) == list(expected.values())
    path, _ = next(iter(expected))
    assert origins.rows_of([(path, 1_000_000), ("no.jsonl", 1), (path, 1 << 32)]) == [-1, -1, -1]
    assert origins.rows_of([]) == []
