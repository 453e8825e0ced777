"""What passes, or may pass, between zones. Cell 10.1/16, office 10.9/16, dmz 10.5/16."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.plant_world import (
    CELL,
    DMZ,
    OFFICE,
    conduit,
    identities,
    plant,
    project,
    site,
    source,
    value,
    zone,
    zones_of,
)

from plantproof.model.plant import Origin, Plant
from plantproof.model.site import Site
from plantproof.model.vocabulary import Method

CONDUITS = [
    conduit("office-cell", "office", "cell", permitted=[("office", "cell", "tcp/500-510")]),
    conduit("any-dmz", "office", "dmz", permitted=[("office", "dmz", "ip")]),
]
AT = site(CELL, OFFICE, DMZ, conduits=CONDUITS)


def flows(*records: Mapping[str, Any], assets: tuple[Mapping[str, Any], ...] = (), at: Site = AT) -> Plant:
    numbered = [{"id": f"f{number}", "protocol": "tcp", "port": 502, **item} for number, item in enumerate(records)]
    return plant(source("sensor", {"asset": list(assets), "flow": numbered}), at=at)


def ways(built: Plant) -> list[str]:
    return [identifier.removeprefix("crossing:") for identifier in built.tables["crossing"].ids]


def test_a_flow_between_zones_is_an_observed_crossing_with_its_conduit() -> None:
    built = flows({"src_ip": "10.9.0.1", "dst_ip": "10.1.0.1"}, {"src_ip": "10.9.0.2", "dst_ip": "10.1.0.9"})
    (identifier,) = built.tables["crossing"].ids
    assert identifier == "crossing:office>cell:tcp/502:observed"
    fields = {name: value(built, "crossing", identifier, name) for name in built.tables["crossing"].columns}
    assert {name: seen for name, seen in fields.items() if seen is not None} == {
        "id": identifier,
        "src_zone": "office",
        "dst_zone": "cell",
        "src_zone_kind": "business",
        "dst_zone_kind": "control",
        "src_title": "Zone office",
        "dst_title": "Zone cell",
        "src_purdue": 4.0,
        "dst_purdue": 2.0,
        "service": "tcp/502",
        "kind": "observed",
        "conduit": "office-cell",
        "via": ["f0", "f1"],
    }
    table = built.tables["crossing"]
    assert (table.zones, table.conduits, table.asset_rows) == ([("cell", "office")], [("office-cell",)], [-1])
    assert table.methods[0] == Method.PASSIVE
    path = "evidence/works/sensor/records/flow.jsonl"
    assert table.origins[0] == (Origin("sensor", path, 1), Origin("sensor", path, 2))
    assert built.names[identifier] == "tcp/502 from Zone office to Zone cell (observed)"


def test_the_other_direction_and_another_service_have_no_permission_but_count_in_the_conduit() -> None:
    back = {"src_ip": "10.1.0.1", "dst_ip": "10.9.0.1"}
    other = {"src_ip": "10.9.0.1", "dst_ip": "10.1.0.1", "port": 22}
    built = flows(back, other)
    assert ways(built) == ["cell>office:tcp/502:observed", "office>cell:tcp/22:observed"]
    assert built.tables["crossing"].columns["conduit"].values == [None, None]
    assert built.tables["crossing"].conduits == [("office-cell",), ("office-cell",)]


def test_between_zones_that_no_conduit_joins_there_is_none() -> None:
    built = flows({"src_ip": "10.1.0.1", "dst_ip": "10.5.0.1"})
    assert built.tables["crossing"].conduits == [()]


@pytest.mark.parametrize(
    "ends",
    [
        {"src_ip": "10.1.0.1", "dst_ip": "10.1.0.2"},
        {"src_ip": "10.1.0.1", "dst_ip": "224.0.0.251"},
        {"src_ip": "10.1.0.1", "dst_ip": "255.255.255.255"},
        {"src_ip": "::", "dst_ip": "10.1.0.1"},
        {"src_ip": "169.254.1.1", "dst_ip": "10.1.0.2"},
    ],
)
def test_what_stays_in_a_zone_or_goes_nowhere_is_no_crossing(ends: Mapping[str, str]) -> None:
    assert ways(flows(ends)) == []


def test_the_asset_says_where_an_end_is_and_its_address_which_leg() -> None:
    moved = {"id": "a", "names": ["a"], "ips": ["10.9.0.1"]}
    two_legs = {"id": "b", "ips": ["10.9.0.2", "10.1.0.2"]}
    at = site(zone("cell", "10.1.0.0/16", members=["a"]), OFFICE, DMZ)
    built = flows(
        {"src": "a", "src_ip": "10.9.0.1", "dst_ip": "10.5.0.1", "port": 1},
        {"src": "b", "src_ip": "10.1.0.2", "dst_ip": "10.5.0.1", "port": 2},
        {"src": "b", "dst_ip": "10.5.0.1", "port": 3},
        {"src": "b", "dst_ip": "10.1.0.7", "port": 4},
        {"src_ip": "10.9.0.1", "dst_ip": "10.5.0.1", "port": 5},
        assets=(moved, two_legs),
        at=at,
    )
    assert ways(built) == [
        "cell>dmz:tcp/1:observed",
        "cell>dmz:tcp/2:observed",
        "cell>dmz:tcp/3:observed",
        "cell>dmz:tcp/5:observed",
        "office>dmz:tcp/3:observed",
    ]


def test_an_address_of_no_zone_is_unknown_and_a_public_one_outside() -> None:
    at = site(CELL, zone("world", kind="external", level=5))
    built = flows({"src_ip": "192.168.7.7", "dst_ip": "10.1.0.1"}, {"src_ip": "8.8.8.8", "dst_ip": "10.1.0.1"}, at=at)
    assert ways(built) == ["unknown>cell:tcp/502:observed", "world>cell:tcp/502:observed"]
    assert value(built, "crossing", "crossing:unknown>cell:tcp/502:observed", "src_zone_kind") == "unknown"
    assert value(built, "crossing", "crossing:unknown>cell:tcp/502:observed", "src_purdue") is None
    assert zones_of(built, "crossing:unknown>cell:tcp/502:observed", "crossing") == ("cell",)
    assert ways(flows({"src_ip": "8.8.8.8", "dst_ip": "10.1.0.1"})) == ["unknown>cell:tcp/502:observed"]


def test_an_unplaced_asset_is_where_its_address_is_or_unknown() -> None:
    built = flows({"src": "a", "dst_ip": "10.1.0.1"}, assets=({"id": "a"},))
    assert ways(built) == ["unknown>cell:tcp/502:observed"]


def test_a_stale_flow_shows_nothing() -> None:
    stale = source("s", {"flow": [{"id": "f", "src_ip": "10.9.0.1", "dst_ip": "10.1.0.1"}]}, collected="2026-01-01")
    assert ways(plant(stale, at=AT)) == []


def test_a_flow_of_unknown_protocol_is_permitted_by_ip_alone() -> None:
    ends = ({"src_ip": "10.9.0.1", "dst_ip": "10.1.0.1"}, {"src_ip": "10.9.0.1", "dst_ip": "10.5.0.1"})
    built = flows(*({**item, "protocol": ""} for item in ends))
    assert ways(built) == ["office>cell:unknown:observed", "office>dmz:unknown:observed"]
    assert built.tables["crossing"].columns["conduit"].values == [None, b'"any-dmz"']


INTERFACES = (
    {"id": "i1", "asset": "fw", "name": "lan", "ips": ["10.1.0.1/16"]},
    {"id": "i2", "asset": "fw", "name": "wan", "ips": ["192.0.2.1/30"], "routes": ["0.0.0.0/0"]},
    {"id": "i3", "asset": "fw", "name": "transfer", "routes": ["10.9.0.0/16"]},
    {"id": "i4", "asset": "fw", "name": "bare"},
)


def rules(*records: Mapping[str, Any], at: Site = AT) -> Plant:
    numbered = [
        {"id": f"r{number}", "asset": "fw", "order": number + 1, "action": "accept", "enabled": True, **item}
        for number, item in enumerate(records)
    ]
    firewall = {"asset": [{"id": "fw", "role": "firewall"}], "firewall_rule": numbered, "interface": INTERFACES}
    return plant(source("config", firewall, method="config"), at=at)


def rule(source_network: str, target_network: str, service: str = "tcp/502", **more: Any) -> dict[str, Any]:
    return {"src_networks": [source_network], "dst_networks": [target_network], "services": [service], **more}


def test_a_rule_permits_what_its_networks_and_services_say() -> None:
    built = rules(rule("10.9.1.0/24", "10.1.0.0/16", log=True), rule("10.9.0.0/16", "10.1.2.3/32", log=False))
    (identifier,) = built.tables["crossing"].ids
    assert identifier == "crossing:office>cell:tcp/502:permitted"
    seen = {
        name: value(built, "crossing", identifier, name) for name in ("conduit", "via", "logged", "asset", "assets")
    }
    assert seen == {"conduit": "office-cell", "via": ["r0", "r1"], "logged": False, "asset": "fw", "assets": ["fw"]}
    assert value(built, "crossing", identifier, "approximate") is None
    assert value(built, "crossing", identifier, "unresolved") is None
    assert built.tables["crossing"].asset_rows == [0]


@pytest.mark.parametrize(
    ("logs", "expected"), [([True, True], True), ([True, None], None), ([False, None], False), ([None], None)]
)
def test_logged_only_where_every_rule_behind_it_logs(logs: list[bool | None], expected: bool | None) -> None:
    given = [
        rule(f"10.9.{number}.0/24", "10.1.0.0/16", **({} if log is None else {"log": log}))
        for number, log in enumerate(logs)
    ]
    assert value(rules(*given), "crossing", "crossing:office>cell:tcp/502:permitted", "logged") is expected


def test_denials_and_disabled_rules_permit_nothing() -> None:
    between = rule("10.9.0.0/16", "10.1.0.0/16")
    assert ways(rules({**between, "action": "deny"}, {**between, "enabled": False})) == []


def test_a_rule_that_does_not_say_what_it_does_may_accept() -> None:
    between = {"id": "r", "asset": "fw", "order": 1, **rule("10.9.0.0/16", "10.1.0.0/16")}
    assert ways(plant(source("c", {"firewall_rule": [between]}), at=AT)) == ["office>cell:tcp/502:permitted"]


def test_any_service_is_more_than_a_permitted_port() -> None:
    built = rules(rule("10.9.0.0/16", "10.1.0.0/16", "ip"), {**rule("10.9.0.0/16", "10.5.0.0/16"), "services": []})
    assert ways(built) == ["office>cell:ip:permitted", "office>dmz:ip:permitted"]
    assert built.tables["crossing"].columns["conduit"].values == [None, b'"any-dmz"']


def pairs(built: Plant) -> set[str]:
    return {way.split(":")[0] for way in ways(built)}


@pytest.mark.parametrize(
    ("source_interfaces", "target_interfaces", "expected"),
    [
        (["transfer"], ["lan"], {"office>cell"}),
        (["lan"], ["wan"], {"cell>dmz"}),
        (["lan", "transfer"], ["wan"], {"cell>dmz", "office>dmz"}),
        (["lan"], ["any"], {"cell>dmz", "cell>office"}),
        (["lan"], None, {"cell>dmz", "cell>office"}),
        (["lan"], ["bare"], {"cell>dmz", "cell>office"}),
        (["lan"], ["no such"], {"cell>dmz", "cell>office"}),
        (["lan"], ["lan"], set()),
    ],
)
def test_any_network_means_the_zones_behind_the_interfaces(
    source_interfaces: list[str] | None, target_interfaces: list[str] | None, expected: set[str]
) -> None:
    sides = {"src_interfaces": source_interfaces, "dst_interfaces": target_interfaces}
    given = {field: names for field, names in sides.items() if names is not None}
    assert pairs(rules(rule("0.0.0.0/0", "0.0.0.0/0", **given))) == expected


def test_a_rule_without_networks_is_for_any() -> None:
    assert pairs(rules({"services": ["ip"]})) == {
        f"{one}>{other}" for one in ("cell", "office", "dmz") for other in ("cell", "office", "dmz") if one != other
    }


def test_what_could_not_be_resolved_is_any_and_marked() -> None:
    built = rules(rule("10.9.0.0/16", "10.1.0.0/16", unresolved=["fqdn x"], src_interfaces=["transfer"]))
    assert ways(built) == ["office>cell:ip:permitted", "office>dmz:ip:permitted"]
    assert built.tables["crossing"].columns["unresolved"].values == [b"true", b"true"]


def test_where_a_list_already_says_any_the_other_lists_are_believed() -> None:
    built = rules(rule("0.0.0.0/0", "10.1.0.0/16", unresolved=["fqdn x"], src_interfaces=["transfer"]))
    assert ways(built) == ["office>cell:tcp/502:permitted"]
    assert built.tables["crossing"].columns["unresolved"].values == [b"true"]


def test_a_network_of_no_zone_is_unknown() -> None:
    assert pairs(rules(rule("192.168.0.0/16", "10.1.0.0/16"))) == {"unknown>cell"}


@pytest.mark.parametrize("text", ["what?", "10.9.0.1,10.9.0.2", "10.9.0.7-10.9.0.9"])
def test_a_network_that_cannot_be_read_may_be_any_and_a_denial_of_it_is_not_relied_on(text: str) -> None:
    built = rules(rule(text, "10.5.0.0/16"))
    assert pairs(built) == {"cell>dmz", "office>dmz", "unknown>dmz"}
    assert set(built.tables["crossing"].columns["approximate"].values) == {b"true"}
    denied = rules({**rule(text, "10.5.0.0/16"), "action": "deny"}, rule("10.9.0.0/16", "10.5.0.0/16"))
    assert pairs(denied) == {"office>dmz"}


def test_a_host_that_stands_elsewhere_than_its_address_is_met_where_it_stands() -> None:
    at = site(zone("cell", "10.1.0.0/16", members=["a"]), OFFICE, DMZ)
    given = {"id": "r", "asset": "fw", "order": 1, **rule("10.9.0.5/32", "10.5.0.0/16")}
    built = plant(source("c", {"asset": [{"id": "a", "ips": ["10.9.0.5"]}], "firewall_rule": [given]}), at=at)
    assert pairs(built) == {"cell>dmz"}


def test_of_disputed_claims_on_a_rule_the_wider_one_counts() -> None:
    between = {"id": "r", "asset": "fw", "order": 1, "action": "accept"}
    first = source("a", {"firewall_rule": [{**between, "enabled": False, **rule("10.9.0.0/16", "10.1.0.0/16")}]})
    second = source("b", {"firewall_rule": [{**between, "enabled": True, **rule("10.5.0.0/16", "10.1.0.0/16")}]})
    assert pairs(plant(first, second, at=AT)) == {"office>cell", "dmz>cell"}


def test_flows_are_called_by_who_sends() -> None:
    """An asset by its name, an address by itself, and one who is neither."""
    records = {
        "asset": [{"id": "a", "names": ["PC-1"], "ips": ["10.9.0.1"]}],
        "flow": [{"id": "f0", "src": "a"}, {"id": "f1", "src_ip": "10.9.0.7"}, {"id": "f2", "dst_ip": "10.1.0.1"}],
    }
    names = plant(source("s", records)).names
    assert [names[flow] for flow in ("f0", "f1", "f2")] == [
        "traffic of PC-1",
        "traffic of 10.9.0.7",
        "traffic of an unknown sender",
    ]


def test_the_address_of_a_firewall_is_where_its_network_is() -> None:
    """The firewall belongs to the office by name and has a foot in the cell. A rule into the cell opens the cell, and
    not the office; a server that stands elsewhere than its address is met where it stands."""
    feet = ["10.9.0.1", "10.1.0.1"]
    at = site(CELL, zone("office", "10.9.0.0/16", kind="business", level=4, members=["box"]), DMZ)
    for role, expected in (("firewall", {"dmz>cell"}), ("server", {"dmz>cell", "dmz>office"})):
        records = {
            "asset": [{"id": "box", "names": ["box"], "role": role, "ips": feet}],
            "firewall_rule": [{"id": "r", "asset": "box", "order": 1, **rule("10.5.0.0/16", "10.1.0.0/16")}],
        }
        assert pairs(plant(source("s", records, method="config"), at=at)) == expected


def test_a_zone_called_external_in_which_assets_stand_is_of_no_known_kind() -> None:
    at = site(zone("cell", "10.1.0.0/16", kind="external"), OFFICE)
    built = flows({"src_ip": "10.9.0.1", "dst_ip": "10.1.0.1"}, at=at)
    assert value(built, "crossing", "crossing:office>cell:tcp/502:observed", "dst_zone_kind") == "external"
    there = flows({"src_ip": "10.9.0.1", "dst_ip": "10.1.0.1"}, assets=({"id": "a", "ips": ["10.1.0.9"]},), at=at)
    assert value(there, "crossing", "crossing:office>cell:tcp/502:observed", "dst_zone_kind") == "unknown"


@pytest.mark.parametrize("first", ["s", "t"])
@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"src_ip": "10.1.0.9"}, []),
        ({"src_ip": "10.5.0.1"}, ["dmz>cell:tcp/502:observed"]),
        ({"src": "a"}, ["dmz>cell:tcp/502:observed"]),
        ({"dst_ip": "10.5.0.1"}, ["office>dmz:tcp/502:observed"]),
        ({"port": 22}, ["office>cell:tcp/22:observed"]),
        ({"protocol": "udp"}, ["office>cell:udp/502:observed"]),
    ],
)
def test_a_flow_on_which_sources_differ_went_each_way_that_one_of_them_says(
    other: Mapping[str, Any], found: list[str], first: str
) -> None:
    """From the office to the cell, says `s`; `t` says otherwise in one field. Whichever is shown first."""
    said = {"id": "f", "src": "b", "src_ip": "10.9.0.1", "dst_ip": "10.1.0.1", "protocol": "tcp", "port": 502}
    assets = [{"id": "a", "ips": ["10.5.0.1"]}, {"id": "b"}]
    sources = [source("s", {"asset": assets, "flow": [said]}), source("t", {"flow": [{**said, **other}]})]
    built = plant(*sources, at=AT, by=project(source_precedence=[first]))
    assert ways(built) == sorted(["office>cell:tcp/502:observed", *found])
    assert set(built.tables["crossing"].columns["approximate"].values) == {b"true"}


def test_a_way_that_another_flow_went_for_certain_is_not_approximate() -> None:
    said = {"id": "f", "src_ip": "10.9.0.1", "dst_ip": "10.1.0.1", "protocol": "tcp", "port": 502}
    sources = [source("s", {"flow": [said, {**said, "id": "g"}]}), source("t", {"flow": [{**said, "port": 22}]})]
    built = plant(*sources, at=AT)
    assert ways(built) == ["office>cell:tcp/22:observed", "office>cell:tcp/502:observed"]
    assert built.tables["crossing"].columns["approximate"].values == [b"true", None]


@pytest.mark.parametrize("end", [{"src": "b", "src_ip": "10.9.0.7"}, {"src": "b"}])
def test_an_end_named_by_an_id_of_before_a_merge_is_the_asset_that_lives_on(end: Mapping[str, str]) -> None:
    """By its address alone it would stand in the office, and nothing would pass."""
    assets = [{"id": "a", "names": ["a"]}, {"id": "b"}]
    flow = {"id": "f", "protocol": "tcp", "port": 502, "dst_ip": "10.9.0.1", **end}
    built = plant(
        source("sensor", {"asset": assets, "flow": [flow]}),
        at=site(zone("cell", "10.1.0.0/16", members=["a"]), OFFICE),
        known=identities(["a"], merged={"b": "a"}),
    )
    assert ways(built) == ["cell>office:tcp/502:observed"]
    assert value(built, "flow", "f", "src") == "a"


def test_sources_that_name_an_end_by_two_ids_of_one_asset_do_not_differ() -> None:
    flow = {"id": "f", "protocol": "tcp", "port": 502, "dst_ip": "10.9.0.1"}
    built = plant(
        source("sensor", {"asset": [{"id": "a", "names": ["a"]}], "flow": [{**flow, "src": "a"}]}),
        source("tap", {"asset": [{"id": "b"}], "flow": [{**flow, "src": "b"}]}),
        at=site(zone("cell", "10.1.0.0/16", members=["a"]), OFFICE),
        known=identities(["a"], merged={"b": "a"}),
    )
    assert ways(built) == ["cell>office:tcp/502:observed"]
    assert value(built, "crossing", "crossing:cell>office:tcp/502:observed", "approximate") is None
