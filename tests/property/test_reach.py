"""What the rules of a device let pass, held against packets that are walked through them one by one: from records, and
from the text of configurations on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.packet_walk import Ground, Packet, covered, edges, passes, rows_of, sampled, walk
from tests.support.plant_world import plant, site, source, zone

from plantproof.model.plant import Plant
from plantproof.model.reach import Reach

SUBNETS = {"cell": "10.1.0.0/28", "office": "10.9.0.0/28", "line": "10.1.0.16/28"}
AT = site(*(zone(name, subnet) for name, subnet in SUBNETS.items()))
INTERFACES = {"cell": "lan", "office": "wan", "line": "lan2"}
RECORDS = [
    {"id": f"if/{name}", "asset": "fw", "name": name, "ips": [f"{SUBNETS[zone].replace('.0/', '.1/')}"]}
    for zone, name in INTERFACES.items()
    if zone != "line"
] + [{"id": "if/lan2", "asset": "fw", "name": "lan2", "ips": ["10.1.0.17/28"]}]
ASSET = {"id": "fw", "role": "firewall"}
PACKETS: list[tuple[str, int | None]] = [
    ("tcp", 1), ("tcp", 21), ("tcp", 22), ("tcp", 23), ("tcp", 502), ("tcp", 503), ("tcp", 65535),
    ("udp", 53), ("udp", 161), ("icmp", 0), ("icmp", 8), ("icmp", 9), ("gre", None), ("esp", None),
]  # fmt: skip
NETWORKS = [
    "0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/28", "10.9.0.0/28", "10.1.0.16/28", "10.1.0.0/27", "10.1.0.4/30",
    "10.1.0.5/32", "10.1.0.20/31", "10.9.0.0/29", "10.9.0.7/32", "10.9.0.8/29",
]  # fmt: skip
SERVICES = [
    "ip", "tcp", "tcp/22", "tcp/502", "tcp/1-1023", "tcp/0-65535", "tcp/23-502", "udp", "udp/53", "icmp", "icmp/8",
    "gre", "tcp/503-65535",
]  # fmt: skip


def some(items: Sequence[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), min_size=1, max_size=most, unique=True).map(sorted)


RULES = st.fixed_dictionaries(
    {
        "action": st.sampled_from(["accept", "deny"]),
        "enabled": st.sampled_from([True, True, True, False]),
        "src_networks": some(NETWORKS),
        "dst_networks": some(NETWORKS),
        "services": some(SERVICES),
    },
    optional={
        "src_interfaces": some([*INTERFACES.values()], 2),
        "dst_interfaces": some([*INTERFACES.values()], 2),
        "conditions": st.just(["established"]),
    },
)
DOUBTS = st.fixed_dictionaries(
    {},
    optional={
        "conditions": st.lists(st.sampled_from(["schedule nights", "users vendors", "established"]), min_size=1),
    },
)


def world(rules: Sequence[Mapping[str, Any]]) -> tuple[Plant, list[dict[str, Any]]]:
    """The plant with these rules in this order, and the rules as numbered."""
    numbered = [{"id": f"r{number:02}", "asset": "fw", "order": number, **rule} for number, rule in enumerate(rules)]
    records = {"asset": [ASSET], "interface": RECORDS, "firewall_rule": numbered}
    return plant(source("config", records, method="config"), at=AT), numbered


def ground_of(rules: Sequence[Mapping[str, Any]]) -> Ground:
    networks = {text for rule in rules for end in ("src", "dst") for text in rule[f"{end}_networks"]}
    return Ground(INTERFACES, edges(networks, SUBNETS))


def check(rows: Sequence[Reach], rules: Sequence[Mapping[str, Any]], ground: Ground) -> None:
    """Whatever passes has a row; a row that is decided has a sample that passes; and where all is decided, nothing is
    said to pass that never does."""
    by_pair: dict[tuple[str, str], list[Reach]] = {}
    for row in rows:
        by_pair.setdefault((row.src_zone, row.dst_zone), []).append(row)
        if not row.undecided:
            assert passes(rules, sampled(row, ground)), row
    seen: dict[tuple[str, str], set[Packet]] = {}
    for source_zone, target, packet in walk(ground, PACKETS):
        pair = by_pair.get((source_zone, target), [])
        if passes(rules, packet, hopeful=True):
            assert any(covered(row, packet) for row in pair), (packet, pair)
            seen.setdefault((source_zone, target), set()).add(packet)
    for ends, pair in by_pair.items():
        if any(row.undecided for row in pair):
            continue
        passing = {(packet.protocol, packet.port, packet.opens) for packet in seen.get(ends, ())}
        for row in pair:
            for protocol, port in PACKETS:
                probe = Packet("", "", protocol, port, "", "", opens=not row.answers)
                assert not covered(row, probe) or (protocol, port, probe.opens) in passing, (row, probe)


@settings(max_examples=30)
@given(st.lists(RULES, min_size=1, max_size=7))
def test_rules_let_pass_what_packets_pass(rules: list[dict[str, Any]]) -> None:
    built, numbered = world(rules)
    check(rows_of(built), numbered, ground_of(numbered))


ANY = {"src_networks": ["0.0.0.0/0"], "dst_networks": ["0.0.0.0/0"], "services": ["ip"], "enabled": True}
NIGHTS = {"conditions": ["schedule nights"]}


@settings(max_examples=30)
@given(st.lists(st.tuples(RULES, DOUBTS), min_size=1, max_size=6))
@example([({**ANY, "action": "deny", "src_networks": ["10.9.0.0/29"]}, NIGHTS), ({**ANY, "action": "accept"}, {})])
def test_what_is_not_certain_may_pass_and_denies_nothing(rules: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    built, numbered = world([rule | doubt for rule, doubt in rules])
    check(rows_of(built), numbered, ground_of(numbered))


LISTS = st.lists(
    st.tuples(st.sampled_from(["in", "out"]), some([*INTERFACES.values()], 3), st.lists(RULES, min_size=1, max_size=4)),
    min_size=1,
    max_size=3,
)


def bound(lists: list[tuple[str, list[str], list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    """The rules of lists as a collector writes them, interface by interface and direction by direction."""
    rules = []
    taken: set[tuple[str, str]] = set()
    for number, (direction, names, listed) in enumerate(lists):
        bound = sorted(name for name in names if (direction, name) not in taken)
        taken |= {(direction, name) for name in bound}
        side = "src_interfaces" if direction == "in" else "dst_interfaces"
        for rule in listed if bound else ():
            # A list has no entries that are switched off: they are not there.
            own = {key: value for key, value in rule.items() if not key.endswith("_interfaces")} | {"enabled": True}
            rules.append({**own, side: bound, "direction": direction, "rule_list": f"L{number}"})
    free = [name for name in INTERFACES.values() if ("in", name) not in taken]
    for name in free:  # as a collector writes it: an interface without a list lets in whatever comes
        rules.append(
            {"action": "accept", "enabled": True, "src_networks": ["0.0.0.0/0"], "dst_networks": ["0.0.0.0/0"],
             "services": ["ip"], "src_interfaces": [name], "direction": "in", "rule_list": "no access list"}
        )  # fmt: skip
    return rules


@settings(max_examples=30)
@given(LISTS)
def test_lists_of_interfaces_let_pass_what_both_ends_let_pass(
    lists: list[tuple[str, list[str], list[dict[str, Any]]]],
) -> None:
    built, numbered = world(bound(lists))
    check(rows_of(built), numbered, ground_of(numbered))


@settings(max_examples=30)
@given(
    st.lists(RULES, min_size=1, max_size=5) | LISTS.map(bound), st.sampled_from([*INTERFACES.values()]), st.booleans()
)
def test_nothing_passes_unseen_from_a_zone_that_lies_nobody_knows_where(
    rules: list[dict[str, Any]], way: str, default: bool
) -> None:
    """The line's way is learned from other routers: no interface of the records tells of it, or a default route leads
    elsewhere."""
    told = [{**record, "unknown_routes": True} for record in RECORDS if record["name"] != INTERFACES["line"]]
    told[0] |= {"routes": ["0.0.0.0/0"]} if default else {}
    numbered = [{"id": f"r{number:02}", "asset": "fw", "order": number, **rule} for number, rule in enumerate(rules)]
    records = {"asset": [ASSET], "interface": told, "firewall_rule": numbered}
    rows = rows_of(plant(source("config", records, method="config"), at=AT))
    ground = ground_of(numbered)
    for source_zone, target, packet in walk(ground._replace(interfaces={**INTERFACES, "line": way}), PACKETS):
        if passes(numbered, packet, hopeful=True):
            ends = (source_zone, target)
            assert any(covered(row, packet) for row in rows if (row.src_zone, row.dst_zone) == ends), packet
