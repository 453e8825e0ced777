"""Whom a changed record concerns: policies on an asset alone, and what the others read of it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.mapper_world import policy
from tests.support.policy_world import column, plant_of, table

from plantproof.model.plant import Origin, Plant
from plantproof.model.policy import Bundle, Join
from plantproof.policies.local import (
    follows_parents,
    is_local,
    joined_by_others,
    read_of_others,
    same_files,
    same_for_others,
)

SETTINGS = {"setting": Join(fields=["value?"], where={"key": ["x"]})}


def bundle(**declared: Any) -> Bundle:
    subject = declared.pop("subject", "asset")
    return Bundle(policies={"f/x": policy("f/x", subject, **declared)}, libraries={})


@pytest.mark.parametrize(
    ("declared", "local"),
    [
        ({"reads": {"vendor": "required"}}, True),
        ({"joins": SETTINGS}, True),
        ({"follow": {"parent": ["vendor"]}}, True),
        ({"subject": "account", "for_": {"asset.role": ["server"]}}, True),
        ({"follow": {"zone": ["kind"]}}, False),
        ({"for_": {"zone.kind": ["control"]}}, False),
        ({"joins": {"flow": Join(fields=["port"])}}, False),
        ({"subject": "zone"}, False),
        ({"subject": "firewall_rule"}, False),
    ],
)
def test_local_is_what_reads_the_asset_and_what_it_is_a_part_of(declared: dict[str, Any], local: bool) -> None:
    assert is_local(bundle(**declared).policies["f/x"]) is local


@pytest.mark.parametrize(
    ("declared", "follows"),
    [
        ({}, False),
        ({"follow": {"parent": ["vendor"]}}, True),
        ({"for_": {"parent.role": ["server"]}}, True),
        ({"follow": {"zone": ["kind"]}}, False),
    ],
)
def test_whether_any_policy_reads_parents(declared: dict[str, Any], follows: bool) -> None:
    assert follows_parents(bundle(**declared)) is follows


@pytest.mark.parametrize(
    ("declared", "read"),
    [
        ({"reads": {"vendor": "required"}}, {}),
        ({"follow": {"parent": ["vendor?"]}}, {"asset": {"vendor"}}),
        ({"for_": {"parent.role": ["server"]}}, {"asset": {"role"}}),
        ({"follow": {"zone": ["kind"]}, "reads": {"vendor": "required"}}, {"asset": {"vendor", "zone"}}),
        ({"subject": "zone", "joins": SETTINGS}, {"setting": {"value", "key"}}),
        ({"subject": "flow", "follow": {"src": ["role"]}}, {"asset": {"role"}}),
    ],
)
def test_what_is_read_of_others(declared: dict[str, Any], read: dict[str, set[str]]) -> None:
    assert read_of_others(bundle(**declared), ["f/x"]) == read
    assert read_of_others(bundle(**declared), []) == {}


def test_records_that_something_else_joins() -> None:
    assert joined_by_others(bundle(joins=SETTINGS), ["f/x"]) == set()
    other = bundle(subject="zone", joins={**SETTINGS, "flow": Join(fields=["port"])})
    assert joined_by_others(other, ["f/x"]) == {"setting"}
    assert joined_by_others(other, []) == set()


def assets(**given: Any) -> Plant:
    columns = {"vendor": column(given.pop("vendor", ["a", "b"])), "model": column(["m", None], stale={1})}
    return plant_of(table("asset", 2, columns, **given))


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({}, True),
        ({"vendor": ["a", "c"]}, False),
        ({"vendor": ["a", None]}, False),
        ({"fresh": [1, 0]}, False),
        ({"zones": [("cell",), ("office",)]}, False),
        ({"conduits": [(), ("x",)]}, False),
        ({"ids": ["asset-0", "asset-9"]}, False),
        ({"asset_rows": [0, -1]}, False),
    ],
)
def test_the_same_to_whoever_reads_a_field(given: dict[str, Any], same: bool) -> None:
    assert same_for_others(assets(), assets(**given), {"asset": ["vendor"]}) is same


def test_a_field_that_nobody_reads_and_a_subject_out_of_date() -> None:
    assert same_for_others(assets(), assets(vendor=["a", "c"]), {"asset": ["firmware"]})
    unseen, stale = assets(fresh=[1, 0]), assets(fresh=[1, 0], origins=[(), (Origin("scan", "asset.jsonl", 1),)])
    assert not same_for_others(unseen, stale, {"asset": ["vendor"]})
    assert same_for_others(stale, stale, {"asset": ["vendor"]})


def test_other_names_and_tables_that_are_not_there() -> None:
    named = assets()
    named.names["asset-1"] = "plc"
    assert not same_for_others(assets(), named, {"asset": []})
    more = plant_of(assets().tables["asset"], table("setting", 1))
    assert same_for_others(assets(), assets(), {"setting": []})
    assert not same_for_others(assets(), more, {"setting": []})


def test_the_files_behind_records() -> None:
    def settings(*origins: tuple[str, int]) -> Plant:
        found = table("setting", 1)
        found.origins = [tuple(Origin(source, f"{source}.jsonl", line) for source, line in origins)]
        return plant_of(found)

    one = settings(("a", 1))
    assert same_files(one, settings(("a", 7)), ["setting"])
    assert not same_files(one, settings(("a", 1), ("b", 1)), ["setting"])
    assert not same_files(one, settings(("b", 1)), ["setting"])
    assert same_files(one, settings(("b", 1)), ["account"])
