"""What rules really let pass, construct by construct. Cell 10.1/16, office 10.9/16, dmz 10.5/16."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.packet_walk import rows_of
from tests.support.plant_world import CELL, DMZ, OFFICE, conduit, plant, project, site, source, value, zone

from plantproof.model.plant import Plant
from plantproof.model.reach import Reach, Sample
from plantproof.model.site import Site
from plantproof.model.vocabulary import Method
from plantproof.plant.weighing import NOT_ATTACHED

AT = site(CELL, OFFICE, DMZ, conduits=[conduit("o-c", "office", "cell", permitted=[("office", "cell", "tcp/502")])])
INTERFACES = (
    {"id": "i1", "asset": "fw", "name": "cell", "ips": ["10.1.0.1/16"]},
    {"id": "i2", "asset": "fw", "name": "office", "ips": ["10.9.0.1/16"]},
    {"id": "i3", "asset": "fw", "name": "dmz", "ips": ["10.5.0.1/16"]},
    {"id": "i4", "asset": "fw", "name": "loop", "ips": ["10.1.255.1/32"]},
)
ANY = "0.0.0.0/0"


def world(*records: Mapping[str, Any], at: Site = AT) -> Plant:
    numbered = [
        {"id": f"r{number}", "asset": "fw", "order": number, "action": "accept", "enabled": True, **item}
        for number, item in enumerate(records)
    ]
    given = {"asset": [{"id": "fw", "role": "firewall"}], "firewall_rule": numbered, "interface": INTERFACES}
    return plant(source("config", given, method="config"), at=at)


def rule(src: str = "10.9.0.0/16", dst: str = "10.1.0.0/16", service: str = "tcp/502", **more: Any) -> dict[str, Any]:
    return {"src_networks": [src], "dst_networks": [dst], "services": [service], **more}


def deny(src: str = "10.9.0.0/16", dst: str = "10.1.0.0/16", service: str = "tcp/502", **more: Any) -> dict[str, Any]:
    return rule(src, dst, service, action="deny", **more)


def rows(*records: Mapping[str, Any], at: Site = AT) -> list[Reach]:
    return rows_of(world(*records, at=at))


def ways(found: list[Reach]) -> list[str]:
    return [row.id.removeprefix("reach:fw:") for row in found]


def test_one_row_says_who_lets_what_pass_and_shows_a_packet() -> None:
    built = world(rule("10.9.4.0/24", "10.1.2.3/32", log=True))
    (row,) = rows_of(built)
    assert row == Reach(
        id="reach:fw:office>cell:tcp/502", asset="fw", src_zone="office", dst_zone="cell", src_zone_kind="business",
        dst_zone_kind="control", src_title="Zone office", dst_title="Zone cell", src_purdue=4.0, dst_purdue=2.0,
        service="tcp/502", conduit="o-c", rules=["r0"],
        sample=Sample(src="10.9.4.0", dst="10.1.2.3", protocol="tcp", port=502), src_addresses=256, dst_addresses=1,
        incoming=["office"], outgoing=["cell"], logged=True,
    )  # fmt: skip
    table = built.tables["reach"]
    assert (table.zones, table.conduits, table.asset_rows) == ([("cell", "office")], [("o-c",)], [0])
    assert table.methods[0] == Method.CONFIG
    assert table.origins[0][0].records_path == "evidence/works/config/records/firewall_rule.jsonl"
    assert built.names[row.id] == "tcp/502 from Zone office to Zone cell through fw"


def test_without_rules_nothing_is_said_to_pass() -> None:
    assert rows() == []
    assert world().tables["reach"].ids == []


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([deny(), rule()], []),
        ([rule(), deny()], ["office>cell:tcp/502"]),
        ([deny(enabled=False), rule()], ["office>cell:tcp/502"]),
        ([deny(ANY, ANY, "ip"), rule()], []),
        ([deny(service="tcp/5-9"), rule(service="tcp/1-99")], ["office>cell:tcp/1-4", "office>cell:tcp/10-99"]),
        ([deny("10.9.0.0/17"), rule()], ["office>cell:tcp/502"]),
        ([deny("10.9.0.0/17"), deny("10.9.128.0/17"), rule()], []),
        ([deny(src_interfaces=["dmz"]), rule()], ["office>cell:tcp/502"]),
        ([deny(src_interfaces=["office"]), rule()], []),
        ([deny(service="icmp/8"), rule(service="icmp")], ["office>cell:icmp/0-7", "office>cell:icmp/9-255"]),
        ([deny(service="udp"), rule()], ["office>cell:tcp/502"]),
        ([deny("10.9.0.0/16", "10.1.0.0/16", "ip"), rule(ANY, ANY)], [
            "cell>dmz:tcp/502", "cell>office:tcp/502", "dmz>cell:tcp/502", "dmz>office:tcp/502", "office>dmz:tcp/502",
        ]),
    ],
)  # fmt: skip
def test_the_first_rule_that_matches_decides(records: list[dict[str, Any]], expected: list[str]) -> None:
    found = rows(*records)
    assert ways(found) == expected
    assert all(not row.undecided for row in found)


def test_of_everything_what_never_passes_is_named() -> None:
    (row,) = rows(deny(service="tcp/22"), deny(service="udp/53"), rule(service="ip"))
    assert (row.service, row.without) == ("ip", ["tcp/22", "udp/53"])
    (row,) = rows(deny("10.9.0.7/32", service="tcp/22"), rule(service="ip"))
    assert row.without == []


def test_a_rule_that_never_decides_is_shadowed_and_opens_no_crossing() -> None:
    built = world(rule(service="tcp/1-1023"), rule("10.9.3.0/24"), rule(service="udp/53"))
    found = {row.service: row for row in rows_of(built)}
    assert found.keys() == {"tcp/1-1023", "udp/53"}
    assert found["tcp/1-1023"].rules == ["r0"]
    assert (found["tcp/1-1023"].shadowed, found["udp/53"].shadowed) == (["r1"], [])
    assert built.tables["crossing"].ids == [
        "crossing:office>cell:tcp/1-1023:permitted",
        "crossing:office>cell:udp/53:permitted",
    ]
    assert value(built, "crossing", "crossing:office>cell:udp/53:permitted", "approximate") is None


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"conditions": ["schedule nights"]}, "only with schedule nights"),
        ({"unresolved": ["plc.example"], "dst_networks": [ANY]}, "`plc.example` is not resolved"),
        ({"nat": ["destination"]}, "destination addresses are translated"),
        ({"services": ["tcp/502", "tcp/x"]}, "service `tcp/x` cannot be read"),
    ],
)
def test_what_is_not_certain_may_pass_and_says_why(more: dict[str, Any], word: str) -> None:
    built = world({**rule(), **more})
    assert {row.undecided[0] for row in rows_of(built)} == {word}
    assert value(built, "crossing", "crossing:office>cell:tcp/502:permitted", "approximate") is True


@pytest.mark.parametrize(
    "more",
    [{"conditions": ["schedule nights"]}, {"conditions": ["from eq 179"]}, {"unresolved": ["plc.example"]}],
)
def test_a_denial_that_is_not_certain_denies_nothing_and_leaves_a_doubt(more: dict[str, Any]) -> None:
    (row,) = rows({**deny(ANY, ANY), **more}, rule())
    assert row.id == "reach:fw:office>cell:tcp/502"
    assert row.undecided[0].startswith("an earlier rule may deny it: ")


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("src_networks", "source networks are not said"),
        ("dst_networks", "destination networks are not said"),
        ("services", "services are not said"),
    ],
)
@pytest.mark.parametrize("said", [None, []])
def test_a_denial_that_does_not_say_what_it_denies_denies_nothing(
    field: str, word: str, said: list[str] | None
) -> None:
    denial = {name: value for name, value in deny().items() if name != field} | ({} if said is None else {field: said})
    assert [row.undecided for row in rows(denial, rule())] == [[f"an earlier rule may deny it: {word}"]]


@pytest.mark.parametrize("service", ["https", "tcp 502", "tcp:502", "6/502", "ip/502", "esp/502"])
def test_a_service_that_is_none_may_be_any(service: str) -> None:
    word = f"service `{service}` cannot be read"
    assert [row.undecided for row in rows(rule(service=service))] == [[word]]
    assert [row.undecided for row in rows(deny(service=service), rule())] == [[f"an earlier rule may deny it: {word}"]]


@pytest.mark.parametrize("service", ["any", "ALL", "*"])
def test_a_word_for_any_service_is_every_service(service: str) -> None:
    assert ways(rows(rule(service=service))) == ["office>cell:ip"]
    assert rows(deny(service=service), rule()) == []


def test_a_doubt_about_some_packets_is_none_about_the_service() -> None:
    (row,) = rows(deny("10.9.3.0/24", conditions=["schedule nights"]), rule())
    assert row.undecided == []


def test_a_denial_of_which_nobody_knows_whether_it_is_on_denies_nothing() -> None:
    off = {"id": "r0", "asset": "fw", "order": 0, **deny()}
    on = {"id": "r1", "asset": "fw", "order": 1, "action": "accept", "enabled": True, **rule()}
    built = plant(source("c", {"asset": [{"id": "fw"}], "firewall_rule": [off, on]}), at=AT)
    assert [row.rules for row in rows_of(built)] == [["r1"]]


def test_rules_with_the_same_number_and_rules_of_two_sources_do_not_take_from_each_other() -> None:
    first, second = {"id": "r0", **deny()}, {"id": "r1", **rule()}
    same = [{"asset": "fw", "order": 1, "enabled": True, "action": "accept", **each} for each in (first, second)]
    one = plant(source("c", {"asset": [{"id": "fw"}], "firewall_rule": same}), at=AT)
    apart = [{**each, "order": number} for number, each in enumerate(same)]
    two = plant(
        source("c", {"asset": [{"id": "fw"}], "firewall_rule": apart[:1]}),
        source("d", {"firewall_rule": apart[1:]}),
        at=AT,
    )
    assert [len(rows_of(each)) for each in (one, two)] == [1, 1]


def test_answers_are_told_from_openings_and_open_no_crossing() -> None:
    built = world(rule(service="tcp/1-65535", conditions=["established"]), rule(service="tcp/502"))
    found = rows_of(built)
    assert [(row.service, row.answers) for row in found] == [("tcp/1-65535", True), ("tcp/502", False)]
    assert found[0].id == "reach:fw:office>cell:tcp/1-65535:answers"
    assert built.tables["crossing"].ids == ["crossing:office>cell:tcp/502:permitted"]
    assert built.names[found[0].id].endswith("(answers)")


def test_a_denial_of_answers_stops_no_opening() -> None:
    assert [row.answers for row in rows(deny(conditions=["established"]), rule())] == [False]


def test_with_directions_both_lists_must_let_it_pass() -> None:
    inward = {"direction": "in", "rule_list": "A", "src_interfaces": ["office"]}
    outward = {"direction": "out", "rule_list": "B", "dst_interfaces": ["cell"]}
    both = rows({**rule(service="tcp"), **inward}, {**rule(service="tcp/502"), **outward})
    assert [(row.id, row.rules) for row in both] == [("reach:fw:office>cell:tcp/502", ["r0", "r1"])]
    assert rows({**rule(service="tcp"), **inward}, {**rule(service="udp"), **outward}) == []
    unguarded = rows({**rule(dst="10.5.0.0/16"), **inward}, {**deny(), **outward})
    assert [(row.dst_zone, row.rules) for row in unguarded] == [("dmz", ["r0"])]
    outward_only = rows({**rule(), **outward})
    assert [(row.src_zone, row.rules) for row in outward_only] == [("office", ["r0"])]


def test_lists_of_two_domains_are_weighed_apart() -> None:
    found = rows({**deny(), "rule_list": "north"}, {**rule(), "rule_list": "south"})
    assert [row.rules for row in found] == [["r1"]]


def test_a_network_that_lies_elsewhere_than_the_interfaces_is_believed_and_marked() -> None:
    (row,) = rows(rule(src_interfaces=["dmz"]))
    assert (row.src_zone, row.undecided) == ("office", ["routing: the zone lies behind none of the rule's interfaces"])


@pytest.mark.parametrize(
    ("ends", "decided", "undecided"),
    [
        ({"src_interfaces": ["office"]}, ["office>cell", "office>far"], ["far>cell", "far>office"]),
        ({"src_interfaces": ["office"], "dst_interfaces": ["cell"]}, ["office>cell"], ["far>cell", "office>far"]),
        ({"dst_interfaces": ["cell"]}, ["far>cell", "office>cell"], ["cell>far", "office>far"]),
    ],
)
def test_a_zone_behind_no_interface_may_lie_behind_each(
    ends: dict[str, list[str]], decided: list[str], undecided: list[str]
) -> None:
    """Routes that are learned from others stand in no configuration."""
    assert undecided_ways(ends, {"unknown_routes": True}) == (decided, undecided)


def test_a_default_route_may_be_passed_by_where_routes_are_learned() -> None:
    ends = {"src_interfaces": ["cell"], "dst_interfaces": ["office"]}
    known = {"id": "i9", "asset": "fw", "name": "cell", "routes": [ANY]}
    learned = {**known, "unknown_routes": True}
    assert undecided_ways(ends, {}, known) == (["cell>office", "far>office"], [])
    assert undecided_ways(ends, {}, learned) == (["cell>office", "far>office"], ["cell>far"])


def test_where_all_routes_are_known_no_zone_lies_nobody_knows_where() -> None:
    assert undecided_ways({"src_interfaces": ["office"], "dst_interfaces": ["cell"]}, {}) == (["office>cell"], [])


def undecided_ways(
    ends: dict[str, list[str]], more: dict[str, Any], *also: dict[str, Any]
) -> tuple[list[str], list[str]]:
    """From where to where a rule for any address lets something pass, decided and not, with a third zone that is
    attached nowhere."""
    given = {
        "asset": [{"id": "fw", "role": "firewall"}],
        "interface": [*({**interface, **more} for interface in INTERFACES[:2]), *also],
        "firewall_rule": [{"id": "r", "asset": "fw", "order": 1, "action": "accept", "enabled": True,
                           **rule(ANY, ANY, "tcp/22", **ends)}],
    }  # fmt: skip
    at = site(CELL, OFFICE, zone("far", "10.50.0.0/16"))
    found = rows_of(plant(source("config", given, method="config"), at=at))
    assert {word for row in found for word in row.undecided} <= {NOT_ATTACHED}
    ways = [(f"{row.src_zone}>{row.dst_zone}", bool(row.undecided)) for row in found]
    return sorted(way for way, doubt in ways if not doubt), sorted(way for way, doubt in ways if doubt)


def test_a_network_over_several_zones_means_those_behind_the_interfaces() -> None:
    found = rows(rule("10.0.0.0/8", src_interfaces=["dmz"]))
    assert [(row.src_zone, row.undecided) for row in found] == [("dmz", [])]


def test_a_published_address_is_reached_past_earlier_denials() -> None:
    found = rows(deny(ANY, ANY, "ip"), {**rule(dst=ANY), "nat": ["destination"], "unresolved": ["VIP"]})
    assert {row.dst_zone for row in found} == {"cell", "dmz"}
    assert all(row.undecided for row in found)


def test_a_zone_without_addresses_is_met_by_any_network_alone() -> None:
    at = site(CELL, OFFICE, zone("guest"))
    found = rows(rule(ANY, "10.1.0.0/16"), at=at)
    assert {row.src_zone: row.sample.src for row in found} == {"guest": "", "office": "10.9.0.1"}
    assert rows(deny(ANY, ANY), rule(ANY, "10.1.0.0/16"), at=at) == []


def test_ipv6_is_weighed_apart_from_ipv4() -> None:
    at = site(CELL, OFFICE, zone("cell6", "2001:db8:1::/64"), zone("office6", "2001:db8:9::/64"))
    six = rule("2001:db8:9::/64", "2001:db8:1::/64")
    (row,) = rows(deny(ANY, ANY), six, at=at)
    assert (row.src_zone, row.sample.src) == ("office6", "2001:db8:9::1")
    assert rows({**deny(ANY, ANY), "src_networks": ["::/0"], "dst_networks": ["::/0"]}, six, at=at) == []
    wide = {row.dst_zone: row.undecided for row in rows(rule(ANY, ANY), at=at) if row.src_zone == "office6"}
    assert wide == {"cell6": ["the rule says nothing of IPv6"]}


def test_a_rule_for_all_of_ipv6_lets_no_ipv4_pass() -> None:
    six = (zone("cell6", "2001:db8:1::/64"), zone("office6", "2001:db8:9::/64"))
    found = rows(rule("::/0", "::/0", "ip"), at=site(CELL, OFFICE, *six))
    assert {(row.src_zone, row.dst_zone) for row in found} == {("office6", "cell6"), ("cell6", "office6")}


def test_a_network_of_no_zone_is_weighed_too() -> None:
    outside = "192.168.7.0/24"
    assert ways(rows(rule(outside))) == ["unknown>cell:tcp/502"]
    assert rows(deny("192.168.0.0/16"), rule(outside)) == []
    assert rows(deny(ANY, ANY), rule(outside)) == []


def test_rules_without_a_device_stand_for_themselves() -> None:
    records = [{"id": "r0", "order": 0, **deny()}, {"id": "r1", "order": 1, "action": "accept", **rule()}]
    built = plant(
        source("c", {"firewall_rule": [{"asset": "lost", "enabled": True, **each} for each in records]}), at=AT
    )
    assert [row.rules for row in rows_of(built)] == [["r1"]]


@pytest.mark.parametrize("first", ["s", "t"])
@pytest.mark.parametrize(
    ("said", "found"),
    [
        (deny(), ["reach:fw:office>cell:tcp/502"]),
        (rule(service="tcp/22"), ["reach::office>cell:tcp/22", "reach:fw:office>cell:tcp/502"]),
    ],
)
def test_a_rule_on_whose_device_sources_differ_denies_nothing_and_may_let_pass_on_any(
    said: dict[str, Any], found: list[str], first: str
) -> None:
    """Both sources know the rule that permits; they have the one before it on two devices."""
    assets = [{"id": name, "role": "firewall"} for name in ("fw", "fw-2")]
    both = {"id": "r1", "asset": "fw", "order": 2, "action": "accept", "enabled": True, **rule()}
    one = {"id": "r0", "asset": "fw", "order": 1, "action": "accept", "enabled": True, **said}
    sources = [
        source("s", {"asset": assets, "firewall_rule": [one, both], "interface": INTERFACES}, method="config"),
        source("t", {"firewall_rule": [{**one, "asset": "fw-2"}, both]}, method="config"),
    ]
    built = plant(*sources, at=AT, by=project(source_precedence=[first]))
    assert [row.id for row in rows_of(built)] == found
