"""What a record is called never depends on which other kinds are read."""

from __future__ import annotations

from itertools import permutations

from plantproof.plant.naming import add_names

RECORDS = {
    "account": {"sw-1/backup": "account backup on SW-1", "sw-1/admin": "account admin on SW-1"},
    "backup": {"sw-1/backup": "backup backup on SW-1"},
    "setting": {"sw-1/backup": "backup on SW-1", "sw-1/ntp": "ntp on SW-1"},
}


def test_a_record_keeps_its_name_beside_those_of_other_kinds_with_its_id() -> None:
    for many in range(1, len(RECORDS) + 1):
        for kinds in permutations(RECORDS, many):
            names, own = {"sw-1": "SW-1"}, dict[tuple[str, str], str]()
            for kind in kinds:
                add_names(names, own, kind, RECORDS[kind])
            for kind in kinds:
                for identifier, name in RECORDS[kind].items():
                    assert own.get((kind, identifier), names[identifier]) == name


def test_an_asset_is_never_called_by_a_record_with_its_id() -> None:
    names, own = {"sw-1": "SW-1"}, dict[tuple[str, str], str]()
    add_names(names, own, "metric", {"sw-1": "uptime on SW-1"})
    assert names == {"sw-1": "SW-1"}
    assert own == {("metric", "sw-1"): "uptime on SW-1"}


def test_names_that_nothing_else_has_are_no_names_by_kind() -> None:
    names, own = dict[str, str](), dict[tuple[str, str], str]()
    add_names(names, own, "account", RECORDS["account"])
    assert names == RECORDS["account"]
    assert own == {}
