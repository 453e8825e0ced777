"""Laws that hold for any claims: order never matters, less evidence never helps, saying it twice changes nothing."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.plant_world import CELL, DMZ, OFFICE, conduit, identities, plant, project, site, source

from plantproof.model.evidence import Covers, Source, Vantage
from plantproof.model.plant import Plant
from plantproof.model.site import ExpectedAsset

IDS = ["a", "b", "c", "d"]
KNOWN = identities(["a", "c", "d", "e"], merged={"b": "a"}, names={"e": ["echo"]})
AT = site(
    CELL,
    OFFICE,
    DMZ,
    conduits=[conduit("c1", "cell", "office", permitted=[("office", "cell", "tcp/502")], points=["a"])],
    expected=[ExpectedAsset(name="plc", zone="cell")],
)
FEW = settings(max_examples=25)
ADDRESSES = ["10.1.0.1", "10.9.0.1", "10.5.0.1", "192.168.0.1"]
NEEDS = {"asset": {"serial", "macs"}, "account": {"enabled"}}

assets = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["config", "active", "passive", "declared"]),
        "names": st.lists(st.sampled_from(["plc", "PLC", "hmi"]), max_size=2),
        "ips": st.lists(st.sampled_from(ADDRESSES), max_size=2),
        "firmware": st.sampled_from(["1", "2"]),
        "zone": st.sampled_from(["cell", "dmz", "nowhere"]),
        "parent": st.sampled_from(IDS),
        "role": st.sampled_from(["plc", "firewall"]),
    },
)
accounts = st.fixed_dictionaries(
    {"principal": st.just("x")}, optional={"asset": st.sampled_from(IDS), "enabled": st.booleans()}
)
flows = st.fixed_dictionaries(
    {"src_ip": st.sampled_from(ADDRESSES), "dst_ip": st.sampled_from(ADDRESSES), "port": st.just(502)},
    optional={"src": st.sampled_from(IDS), "protocol": st.just("tcp")},
)
rules = st.fixed_dictionaries(
    {"asset": st.sampled_from(IDS), "order": st.integers(1, 3)},
    optional={
        "action": st.sampled_from(["accept", "deny"]),
        "src_networks": st.lists(st.sampled_from(["0.0.0.0/0", "10.9.0.0/16"]), max_size=1),
        "dst_networks": st.lists(st.sampled_from(["0.0.0.0/0", "10.1.0.0/16"]), max_size=1),
        "log": st.booleans(),
    },
)
scopes = st.builds(
    Covers,
    kind=st.sampled_from(["account", "flow", "asset"]),
    zones=st.lists(st.sampled_from(["cell", "office", "dmz"]), max_size=3, unique=True),
)


def of_kind(records: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.dictionaries(st.sampled_from(IDS), records, max_size=4).map(
        lambda given: [{"id": identifier, **record} for identifier, record in given.items()]
    )


@st.composite
def some_sources(draw: st.DrawFn) -> list[Source]:
    return [
        source(
            name,
            {
                "asset": draw(of_kind(assets)),
                "account": draw(of_kind(accounts)),
                "flow": draw(of_kind(flows)),
                "firewall_rule": draw(of_kind(rules)),
            },
            collected=draw(st.sampled_from(["2026-06-01", "2026-01-01"])),
            covers=draw(st.lists(scopes, max_size=2)),
            vantage=draw(st.sampled_from([None, Vantage(sensor="tap", loss_percent=0.0)])),
        )
        for name in draw(st.lists(st.sampled_from(["s", "t", "u"]), unique=True, max_size=3))
    ]


def built(sources: list[Source], *precedence: str) -> Plant:
    return plant(*sources, at=AT, known=KNOWN, needs=NEEDS, by=project(source_precedence=list(precedence)))


def without_lines(made: Plant) -> bytes:
    """Everything in a plant but where the records lie."""
    tables = {
        kind: {
            "ids": table.ids,
            "columns": {
                name: [column.values, column.methods, sorted(column.disputed.items()), sorted(column.stale)]
                for name, column in table.columns.items()
            },
            "rest": [table.fresh, table.zones, table.conduits, table.asset_rows, table.methods],
        }
        for kind, table in made.tables.items()
    }
    rest = [made.uncovered, made.covered_assets, made.names, made.placement, made.lapses]
    return msgspec.json.encode([tables, rest], order="sorted")


def shuffled(given: Source, chance: Random) -> Source:
    records = {}
    for kind, files in given.records.items():
        lines = b"".join(data for _, data in files).splitlines(keepends=True)
        chance.shuffle(lines)
        cut = chance.randint(0, len(lines))
        folder = f"evidence/works/{given.name}/records/{kind}"
        records[kind] = [(f"{folder}/1.jsonl", b"".join(lines[:cut])), (f"{folder}/2.jsonl", b"".join(lines[cut:]))]
    return msgspec.structs.replace(given, records=records)


@FEW
@given(some_sources(), st.randoms(use_true_random=False))
def test_the_order_of_sources_files_and_lines_never_matters(sources: list[Source], chance: Random) -> None:
    mixed = [shuffled(item, chance) for item in sources]
    chance.shuffle(mixed)
    assert without_lines(built(mixed)) == without_lines(built(sources))


@settings(max_examples=100)
@given(some_sources())
def test_who_is_shown_first_moves_nothing_to_another_place(sources: list[Source]) -> None:
    """Where sources differ on where something is, it counts wherever it may be."""
    one, other = built(sources, "s", "t", "u"), built(sources, "u", "t", "s")
    assert one.placement == other.placement
    assert one.covered_assets == other.covered_assets
    for kind, table in one.tables.items():
        same = other.tables[kind]
        assert (kind, table.ids, table.zones, table.conduits) == (kind, same.ids, same.zones, same.conduits)


@FEW
@given(some_sources())
def test_the_same_sources_give_the_same_plant(sources: list[Source]) -> None:
    one, other = built(sources), built(sources)
    assert without_lines(one) == without_lines(other)
    assert [list(table.origins) for table in one.tables.values()] == [
        list(table.origins) for table in other.tables.values()
    ]


@FEW
@given(some_sources())
def test_removing_a_source_makes_nothing_fresh_or_known(sources: list[Source]) -> None:
    whole = built(sources)
    for gone in sources:
        less = built([item for item in sources if item is not gone])
        for kind in ("asset", "account", "flow", "firewall_rule"):
            after, before = less.tables[kind], whole.tables[kind]
            for row, identifier in enumerate(after.ids):
                if identifier.startswith("declared:"):
                    continue
                assert after.fresh[row] <= before.fresh[before.rows[identifier]]
        assert {identifier for identifier in less.tables["asset"].ids if not identifier.startswith("declared:")} <= set(
            whole.tables["asset"].ids
        )
        watched = {item.subject for item in less.uncovered["crossing"]}
        assert watched >= {item.subject for item in whole.uncovered["crossing"]}


@FEW
@given(some_sources())
def test_identities_keep_every_asset_expected_whatever_is_deleted(sources: list[Source]) -> None:
    assert {"a", "c", "d", "e"} <= set(built(sources).tables["asset"].ids)
    assert {"a", "c", "d", "e"} <= set(built([]).tables["asset"].ids)


@FEW
@given(some_sources())
def test_repeating_all_claims_in_another_source_changes_no_value(sources: list[Source]) -> None:
    copies = [msgspec.structs.replace(item, name=f"z-{item.name}") for item in sources]
    once, twice = built(sources), built([*sources, *copies])
    for kind, table in once.tables.items():
        for field, column in table.columns.items():
            other = twice.tables[kind].columns[field]
            assert (column.values, column.methods, column.disputed, column.stale) == (
                other.values,
                other.methods,
                other.disputed,
                other.stale,
            )


@FEW
@given(some_sources())
def test_every_disputed_value_is_claimed_and_the_accepted_one_comes_first(sources: list[Source]) -> None:
    for table in built(sources).tables.values():
        for column in table.columns.values():
            for row, claims in column.disputed.items():
                assert claims[0] == column.values[row]
                assert len(set(claims)) == len(claims) > 1
