"""Where assets belong: member, subnet, claimed, parent, anywhere."""

from __future__ import annotations

import pytest
from tests.support.plant_world import (
    CELL,
    DMZ,
    OFFICE,
    conduit,
    disputed,
    identities,
    plant,
    project,
    site,
    source,
    value,
    zone,
    zones_of,
)

from plantproof.errors import InputError
from plantproof.model.plant import NO_METHOD, Plant
from plantproof.model.site import ExpectedAsset, SharedSystem
from plantproof.model.vocabulary import Method

EVERY = ("cell", "dmz", "office")


def test_a_named_member_stands_where_it_is_named_whatever_its_address() -> None:
    at = site(CELL, zone("lab", members=["MIXER"]))
    built = plant(source("s", {"asset": [{"id": "a", "names": ["mixer"], "ips": ["10.1.0.1"], "zone": "cell"}]}), at=at)
    assert (zones_of(built, "a"), built.placement["a"]) == (("lab",), "member")
    assert value(built, "asset", "a", "zone") == "lab"


def test_an_address_decides_before_a_claimed_zone() -> None:
    built = plant(source("s", {"asset": [{"id": "a", "ips": ["10.1.0.1"], "zone": "office"}]}, method="active"))
    assert (zones_of(built, "a"), built.placement["a"]) == (("cell",), "subnet")
    assert built.tables["asset"].columns["zone"].methods[0] == Method.ACTIVE


def test_an_asset_with_legs_in_two_zones_counts_in_both_and_its_zone_is_disputed() -> None:
    built = plant(source("s", {"asset": [{"id": "a", "ips": ["10.9.0.1", "10.1.0.1", "172.16.0.1"]}]}))
    assert zones_of(built, "a") == ("cell", "office")
    assert disputed(built, "asset", "a", "zone") == ["cell", "office"]


def test_the_addresses_of_its_interfaces_are_an_assets_own() -> None:
    records = {
        "asset": [{"id": "fw", "ips": ["10.1.0.1"]}],
        "interface": [{"id": "i", "asset": "fw", "name": "wan", "ips": ["10.9.0.1/16"]}],
    }
    assert zones_of(plant(source("s", records, method="config")), "fw") == ("cell", "office")


def test_a_claimed_zone_counts_where_no_address_does() -> None:
    built = plant(source("s", {"asset": [{"id": "a", "zone": "dmz"}]}, method="declared"))
    assert (zones_of(built, "a"), built.placement["a"]) == (("dmz",), "claimed")
    assert built.tables["asset"].columns["zone"].methods[0] == Method.DECLARED


def test_two_claimed_zones_both_count() -> None:
    first = source("s", {"asset": [{"id": "a", "zone": "dmz"}]})
    second = source("t", {"asset": [{"id": "a", "zone": "cell"}]})
    assert zones_of(plant(first, second), "a") == ("cell", "dmz")


def test_a_claimed_zone_that_is_not_declared_places_nobody_and_is_remarked() -> None:
    built = plant(
        source("s", {"asset": [{"id": "a", "zone": "Line 3"}, {"id": "b", "zone": "Line 3", "ips": ["10.1.0.1"]}]})
    )
    assert zones_of(built, "a") == EVERY
    (remark,) = built.remarks
    assert (remark.path, remark.line) == ("evidence/works/s/records/asset.jsonl", 1)
    assert remark.message.startswith("2 assets are said to be in zone `Line 3`, which is not declared")


def test_a_claim_of_one_asset_is_told_of_one() -> None:
    (remark,) = plant(source("s", {"asset": [{"id": "a", "zone": "Line 3"}]})).remarks
    assert remark.message == "`a` is said to be in zone `Line 3`, which is not declared"
    assert remark.hint.endswith("or place it by subnet")


def test_a_module_is_where_its_rack_is() -> None:
    records = [{"id": "rack", "ips": ["10.1.0.1"]}, {"id": "slot", "parent": "rack"}, {"id": "card", "parent": "slot"}]
    built = plant(source("s", {"asset": records}))
    assert [zones_of(built, name) for name in ("slot", "card")] == [("cell",), ("cell",)]
    assert built.placement["card"] == "parent"


def test_a_parent_is_found_by_a_merged_id_too() -> None:
    records = [{"id": "rack", "ips": ["10.1.0.1"]}, {"id": "slot", "parent": "old"}]
    built = plant(source("s", {"asset": records}), known=identities(["rack"], merged={"old": "rack"}))
    assert zones_of(built, "slot") == ("cell",)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"ips": ["192.168.0.1"]},
        {"ips": ["169.254.0.1"]},
        {"parent": "nobody"},
        {"parent": "a"},
    ],
)
def test_an_asset_that_cannot_be_placed_counts_in_every_zone(record: dict[str, object]) -> None:
    built = plant(source("s", {"asset": [{"id": "a", **record}]}))
    assert (zones_of(built, "a"), built.placement["a"]) == (EVERY, "unplaced")
    assert value(built, "asset", "a", "zone") is None
    assert built.tables["asset"].columns["zone"].methods[0] == NO_METHOD


def test_an_asset_that_only_a_stale_source_knows_counts_where_it_was_last_seen() -> None:
    built = plant(source("s", {"asset": [{"id": "a", "ips": ["10.1.0.1"]}]}, collected="2026-01-01"))
    assert zones_of(built, "a") == ("cell",)
    column = built.tables["asset"].columns["zone"]
    assert (column.values, column.stale) == ([None], {0})


def test_records_count_in_the_zones_of_their_asset_and_those_it_serves() -> None:
    at = site(CELL, OFFICE, DMZ, shared=[SharedSystem(asset="AD", serves=["cell"])])
    records = {
        "asset": [{"id": "ad", "ips": ["10.9.0.1"]}, {"id": "pc", "ips": ["10.9.0.2"]}],
        "account": [
            {"id": "k1", "asset": "ad", "principal": "x"},
            {"id": "k2", "asset": "pc", "principal": "x"},
            {"id": "k3", "principal": "x"},
        ],
    }
    built = plant(source("s", records), at=at, needs={"account": {"enabled"}})
    assert zones_of(built, "ad") == ("office",)
    assert zones_of(built, "k1", "account") == ("cell", "office")
    assert zones_of(built, "k2", "account") == ("office",)
    assert zones_of(built, "k3", "account") == EVERY
    assert built.names["k1"] == "account x on ad"


def test_records_without_an_asset_of_their_own_count_where_what_they_name_is() -> None:
    records = {
        "asset": [{"id": "a", "ips": ["10.1.0.1"]}],
        "flow": [{"id": "f", "src": "a", "dst_ip": "10.9.0.7"}, {"id": "g", "src_ip": "192.0.2.1"}],
        "incident": [{"id": "i", "assets": ["a"]}, {"id": "j"}],
    }
    built = plant(source("s", records), needs={"incident": set()})
    assert zones_of(built, "f", "flow") == ("cell", "office")
    assert zones_of(built, "g", "flow") == EVERY
    assert zones_of(built, "i", "incident") == ("cell",)
    assert zones_of(built, "j", "incident") == EVERY


def test_an_enforcement_point_and_its_records_count_in_its_conduits() -> None:
    at = site(CELL, OFFICE, conduits=[conduit("c1", "cell", "office", points=["FW"])])
    records = {
        "asset": [{"id": "fw", "ips": ["10.1.0.1"]}],
        "setting": [{"id": "s", "asset": "fw", "key": "k", "value": 1}],
    }
    built = plant(source("s", records), at=at, needs={"setting": {"value"}})
    assert built.tables["asset"].conduits == [("c1",)]
    assert built.tables["setting"].conduits == [("c1",)]
    assert value(built, "setting", "s", "value") == 1


PLACED = [{"id": "a", "ips": ["10.1.0.1"]}, {"id": "b", "ips": ["10.9.0.1"]}]


def differing(kind: str, one: dict[str, object], other: dict[str, object], first: str) -> Plant:
    """Two sources that say different things of one record: `a` stands in the cell and enforces c1, `b` in the office
    and enforces c2; of the module `slot` and the rest only the record says where they are."""
    at = site(
        CELL,
        OFFICE,
        DMZ,
        conduits=[conduit("c1", "cell", "dmz", points=["a"]), conduit("c2", "dmz", "office", points=["b"])],
    )
    assets = source("assets", {"asset": PLACED})
    sources = [source(name, {kind: [{"id": "x", **said}]}) for name, said in (("s", one), ("t", other))]
    return plant(assets, *sources, at=at, needs={kind: set()}, by=project(source_precedence=[first]))


@pytest.mark.parametrize("first", ["s", "t"])
@pytest.mark.parametrize(
    ("kind", "one", "other", "zones", "conduits"),
    [
        ("account", {"asset": "a"}, {"asset": "b"}, ("cell", "office"), ("c1", "c2")),
        ("account", {"asset": "a"}, {"asset": "nobody"}, EVERY, ("c1", "c2")),
        ("incident", {"assets": ["a"]}, {"assets": ["b"]}, ("cell", "office"), ()),
        ("flow", {"src": "a"}, {"src": "b"}, ("cell", "office"), ()),
        ("flow", {"src": "a", "src_ip": "10.5.0.1"}, {"src": "nobody"}, ("cell", "dmz"), ()),
        ("flow", {"src_ip": "10.1.0.1"}, {"src_ip": "10.9.0.1"}, ("cell", "office"), ()),
        ("asset", {"parent": "a"}, {"parent": "b"}, ("cell", "office"), ()),
        ("asset", {"parent": "a"}, {"parent": "nobody"}, EVERY, ()),
        ("asset", {"parent": "a"}, {"parent": "x"}, EVERY, ()),
    ],
)
def test_what_sources_differ_on_counts_wherever_it_may_be(
    kind: str,
    one: dict[str, object],
    other: dict[str, object],
    zones: tuple[str, ...],
    conduits: tuple[str, ...],
    first: str,
) -> None:
    """Whichever of them is shown first."""
    table = differing(kind, one, other, first).tables[kind]
    row = table.rows["x"]
    assert (table.zones[row], table.conduits[row]) == (zones, conduits)


@pytest.mark.parametrize("first", ["s", "t"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"asset": "slot", "ips": ["10.1.0.9/16"]}, {"asset": "slot", "ips": ["10.9.0.9/16"]}),
        ({"asset": "slot", "ips": ["10.1.0.9/16"]}, {"asset": "b", "ips": ["10.9.0.9/16"]}),
    ],
)
def test_an_asset_is_where_any_claimed_interface_of_it_is(
    one: dict[str, object], other: dict[str, object], first: str
) -> None:
    records = {"asset": [*PLACED, {"id": "slot"}]}
    sources = [
        source(name, {"interface": [{"id": "x", "name": "1", **said}]}) for name, said in (("s", one), ("t", other))
    ]
    built = plant(source("assets", records), *sources, by=project(source_precedence=[first]))
    assert zones_of(built, "slot") == ("cell", "office")


def test_a_module_of_a_module_is_where_any_claimed_rack_is() -> None:
    """The card is in the slot, the slot in `a` or in the rack, the rack in `b`."""
    shared = [*PLACED, {"id": "rack", "parent": "b"}, {"id": "card", "parent": "slot"}]
    one, other = (
        source(name, {"asset": [{"id": "slot", "parent": said}]}) for name, said in (("s", "a"), ("t", "rack"))
    )
    built = plant(source("assets", {"asset": shared}), one, other)
    assert [zones_of(built, name) for name in ("rack", "slot", "card")] == [("office",), *[("cell", "office")] * 2]
    assert disputed(built, "asset", "card", "zone") == ["cell", "office"]


def test_a_record_of_nobody_who_is_known_counts_in_every_conduit() -> None:
    """Its asset may be the one that enforces it. A flow belongs to no asset, and to no conduit by that."""
    at = site(CELL, OFFICE, conduits=[conduit("c1", "cell", "office"), conduit("c2", "office", "cell")])
    records = {"account": [{"id": "k"}, {"id": "l", "asset": "nobody"}], "flow": [{"id": "f"}]}
    built = plant(source("s", records), at=at, needs={"account": set()})
    assert built.tables["account"].conduits == [("c1", "c2"), ("c1", "c2")]
    assert built.tables["flow"].conduits == [()]
    stale = plant(source("s", records, collected="2026-01-01"), at=at, needs={"account": set()})
    assert stale.tables["account"].conduits == [(), ()]


def test_every_undeclared_zone_in_the_site_file_is_named() -> None:
    at = site(
        CELL,
        conduits=[conduit("c1", "cell", "attic", permitted=[("cell", "roof", "tcp/1")])],
        expected=[ExpectedAsset(name="x", zone="barn")],
        shared=[SharedSystem(asset="y", serves=["shed"])],
    )
    with pytest.raises(InputError) as caught:
        plant(at=at)
    assert [problem.message for problem in caught.value.problems] == [
        "conduit `c1` names zone `attic`, which is not declared",
        "conduit `c1` names zone `roof`, which is not declared",
        "expected asset `x` names zone `barn`, which is not declared",
        "shared system `y` names zone `shed`, which is not declared",
    ]
