"""From the text of a configuration to what passes: written from a plan of rules, read by the collector, weighed, and
held against the plan itself, walked packet by packet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.fortios_text import GLOBAL, HEAD
from tests.support.packet_walk import Ground, Packet, covered, rows_of, sampled, walk
from tests.support.plant_world import plant, site, source, zone

from plantproof.evidence.collectors import cisco_ios, fortios
from plantproof.evidence.collectors.protocol import Collector, Export
from plantproof.model.project_file import SourceSettings
from plantproof.model.reach import Reach
from plantproof.plant.weighing import NOT_ATTACHED

SUBNETS = {"cell": "10.1.0.0/24", "office": "10.9.0.0/24", "line": "10.2.0.0/24"}
INTERFACES = {"cell": "GigabitEthernet1", "office": "GigabitEthernet2", "line": "GigabitEthernet3"}
AT = site(*(zone(name, subnet) for name, subnet in SUBNETS.items()))
HOSTS = (1, 4, 5, 6, 200)
GROUND = Ground(
    INTERFACES, {name: [subnet.replace(".0/24", f".{host}") for host in HOSTS] for name, subnet in SUBNETS.items()}
)
PACKETS: list[tuple[str, int | None]] = [
    ("tcp", 22), ("tcp", 79), ("tcp", 80), ("tcp", 443), ("tcp", 502), ("udp", 53), ("udp", 80),
    ("icmp", 0), ("icmp", 8),
]  # fmt: skip
Matches = Callable[[Packet], bool]


def rows(module: Collector, text: str) -> list[Reach]:
    """What passes by a configuration."""
    drafts = module.collect([Export("device.cfg", text.encode())], SourceSettings()).drafts
    records: dict[str, list[dict[str, Any]]] = {"asset": [{"id": "fw", "role": "firewall"}]}
    for draft in drafts:
        if draft.kind in ("interface", "firewall_rule"):
            records.setdefault(draft.kind, []).append({"id": draft.local, "asset": "fw", **draft.fields})
    return rows_of(plant(source("config", records, method="config"), at=AT))


def check(found: Sequence[Reach], passes: Matches) -> None:
    """Nothing passes without a row, and of the services of a row some packet passes."""
    by_pair: dict[tuple[str, str], list[Reach]] = {}
    for row in found:
        if "unknown" in (row.src_zone, row.dst_zone) or row.undecided == [NOT_ATTACHED]:
            continue  # networks of the plan that lie in no zone, or behind another interface than the rule's
        by_pair.setdefault((row.src_zone, row.dst_zone), []).append(row)
        assert passes(sampled(row, GROUND)), row
        assert not row.undecided
    for source_zone, target, packet in walk(GROUND, PACKETS):
        if passes(packet):
            assert any(covered(row, packet) for row in by_pair.get((source_zone, target), [])), packet


@cache
def number(address: str) -> int:
    return int(ip_address(address))


def bits_match(address: str, wildcard: str) -> Matches:
    """A test of an address by wildcard bits, as a router does it."""
    base, free = number(address), number(wildcard)

    def test(packet: Packet) -> bool:
        return (number(packet.src) ^ base) & ~free == 0

    return test


def of_destination(test: Matches) -> Matches:
    return lambda packet: test(packet._replace(src=packet.dst))


IOS_ADDRESSES: list[tuple[str, Matches]] = [
    ("any", lambda packet: True),
    ("host 10.1.0.5", bits_match("10.1.0.5", "0.0.0.0")),  # noqa: S104  a wildcard mask
    ("10.1.0.0 0.0.0.127", bits_match("10.1.0.0", "0.0.0.127")),
    ("10.9.0.0 0.0.0.255", bits_match("10.9.0.0", "0.0.0.255")),
    ("10.0.0.4 0.15.0.3", bits_match("10.0.0.4", "0.15.0.3")),
    ("10.2.0.1 0.0.0.254", bits_match("10.2.0.1", "0.0.0.254")),
    ("object-group HOSTS", lambda packet: packet.src in ("10.1.0.5", "10.2.0.4", "10.2.0.5")),
]  # fmt: skip
IOS_SERVICES: list[tuple[str, str, Matches]] = [
    ("ip", "", lambda packet: True),
    ("tcp", "", lambda packet: packet.protocol == "tcp"),
    ("tcp", "eq www 443", lambda packet: packet.protocol == "tcp" and packet.port in (80, 443)),
    ("tcp", "neq 22", lambda packet: packet.protocol == "tcp" and packet.port != 22),
    ("tcp", "range 79 80", lambda packet: packet.protocol == "tcp" and packet.port in (79, 80)),
    ("tcp", "gt 443", lambda packet: packet.protocol == "tcp" and (packet.port or 0) > 443),
    ("tcp", "established", lambda packet: packet.protocol == "tcp" and not packet.opens),
    ("udp", "lt 80", lambda packet: packet.protocol == "udp" and (packet.port or 0) < 80),
    ("icmp", "echo", lambda packet: (packet.protocol, packet.port) == ("icmp", 8)),
    ("icmp", "", lambda packet: packet.protocol == "icmp"),
    ("object-group WEB", "", lambda packet: (packet.protocol, packet.port) in (("tcp", 80), ("udp", 53))),
]  # fmt: skip
ENTRIES = st.tuples(
    st.booleans(), st.sampled_from(IOS_SERVICES), st.sampled_from(IOS_ADDRESSES), st.sampled_from(IOS_ADDRESSES)
)
BOUND = st.lists(ENTRIES, min_size=1, max_size=5) | st.none()
GROUPS = """object-group network HOSTS
 host 10.1.0.5
 10.2.0.4 255.255.255.254
object-group service WEB
 tcp eq 80
 udp eq domain
"""


@settings(max_examples=30)
@given(st.fixed_dictionaries({(name, way): BOUND for name in ("cell", "office") for way in ("in", "out")}))
def test_access_lists_let_pass_what_a_router_lets_pass(lists: dict[tuple[str, str], list[Any] | None]) -> None:
    text = "version 17.6\nhostname fw\n" + GROUPS
    for place, name in enumerate(SUBNETS):
        subnet = ip_network(SUBNETS[name])
        text += f"interface {INTERFACES[name]}\n ip address {subnet[1]} {subnet.netmask}\n"
        text += "".join(f" ip access-group L{place}-{way} {way}\n" for way in ("in", "out") if lists.get((name, way)))
        for way in ("in", "out"):
            entries = lists.get((name, way)) or []
            text += f"ip access-list extended L{place}-{way}\n remark as planned\n" if entries else ""
            for accepts, (protocol, ports, _), (src, _), (dst, _) in entries:
                text += f" {'permit' if accepts else 'deny'} {protocol} {src} {dst} {ports}\n".replace(" \n", "\n")

    def first(entries: list[Any] | None, packet: Packet) -> bool:
        if entries is None:
            return True
        for accepts, (_, _, service), (_, src), (_, dst) in entries:
            if service(packet) and src(packet) and of_destination(dst)(packet):
                return bool(accepts)
        return False

    zone_of = {interface: name for name, interface in INTERFACES.items()}
    check(
        rows(cisco_ios, text + "end\n"),
        lambda packet: (
            first(lists.get((zone_of[packet.incoming], "in")), packet)
            and first(lists.get((zone_of[packet.outgoing], "out")), packet)
        ),
    )


def within(network: str) -> Matches:
    subnet = ip_network(network)
    return lambda packet: number(packet.src) & int(subnet.netmask) == int(subnet.network_address)


FORTIOS_ADDRESSES: dict[str, Matches] = {
    "all": lambda packet: True,
    "plc": within("10.1.0.5/32"),
    "lower": within("10.1.0.0/25"),
    "office": within("10.9.0.0/24"),
    "some": lambda packet: packet.src.rpartition(".")[0] == "10.2.0" and 4 <= int(packet.src.rpartition(".")[2]) <= 6,
    "both": lambda packet: FORTIOS_ADDRESSES["plc"](packet) or FORTIOS_ADDRESSES["some"](packet),
}
FORTIOS_SERVICES: dict[str, Matches] = {
    "ALL": lambda packet: True,
    "HTTPS": lambda packet: (packet.protocol, packet.port) == ("tcp", 443),
    "PING": lambda packet: (packet.protocol, packet.port) == ("icmp", 8),
    "ALL_ICMP": lambda packet: packet.protocol == "icmp",
    "low": lambda packet: packet.protocol in ("tcp", "udp") and (packet.port or 0) <= 79,
    "web": lambda packet: FORTIOS_SERVICES["HTTPS"](packet) or FORTIOS_SERVICES["low"](packet),
}
OBJECTS = """config firewall address
edit "plc"
set subnet 10.1.0.5 255.255.255.255
next
edit "lower"
set subnet 10.1.0.0/25
next
edit "office"
set subnet 10.9.0.0 255.255.255.0
next
edit "some"
set type iprange
set start-ip 10.2.0.4
set end-ip 10.2.0.6
next
end
config firewall addrgrp
edit "both"
set member "plc" "some"
next
end
config firewall service custom
edit "low"
set tcp-portrange 1-79
set udp-portrange 1-79
next
end
config firewall service group
edit "web"
set member "low" "HTTPS"
next
end
"""
NAMES = [*INTERFACES.values()]
PORTS = st.just([]) | st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True)
POLICIES = st.fixed_dictionaries(
    {
        "accepts": st.booleans(),
        "on": st.sampled_from([True, True, True, False]),
        "src": st.lists(st.sampled_from([*FORTIOS_ADDRESSES]), min_size=1, max_size=2, unique=True),
        "dst": st.lists(st.sampled_from([*FORTIOS_ADDRESSES]), min_size=1, max_size=2, unique=True),
        "service": st.lists(st.sampled_from([*FORTIOS_SERVICES]), min_size=1, max_size=2, unique=True),
        "negated": st.sampled_from(["", "", "src", "dst"]),
        "destinations": PORTS,
    }
)


@settings(max_examples=30)
@given(st.lists(POLICIES, min_size=1, max_size=6))
def test_policies_let_pass_what_a_fortigate_lets_pass(policies: list[dict[str, Any]]) -> None:
    text = HEAD + GLOBAL
    text += "config system interface\n"
    for name, subnet in SUBNETS.items():
        text += f'edit "{INTERFACES[name]}"\nset ip {ip_network(subnet)[1]} 255.255.255.0\nnext\n'
    text += "end\n" + OBJECTS + "config firewall policy\n"
    kept = [policy for policy in policies if not (policy["negated"] and "all" in policy[policy["negated"]])]
    for number, policy in enumerate(kept, 1):
        words = {
            key: " ".join(f'"{name}"' for name in policy[key]) for key in ("src", "dst", "service", "destinations")
        }
        text += f'edit {number}\nset srcintf "any"\nset dstintf {words["destinations"] or "any"}\n'
        text += f"set srcaddr {words['src']}\nset dstaddr {words['dst']}\n"
        text += f'set service {words["service"]}\nset schedule "always"\n'
        text += "set action accept\n" if policy["accepts"] else ""
        text += "" if policy["on"] else "set status disable\n"
        text += f"set {policy['negated']}addr-negate enable\nnext\n" if policy["negated"] else "next\n"

    def passes(packet: Packet) -> bool:
        for policy in kept:
            src = any(FORTIOS_ADDRESSES[name](packet) for name in policy["src"])
            dst = any(of_destination(FORTIOS_ADDRESSES[name])(packet) for name in policy["dst"])
            if (
                policy["on"]
                and src is not (policy["negated"] == "src")
                and dst is not (policy["negated"] == "dst")
                and any(FORTIOS_SERVICES[name](packet) for name in policy["service"])
                and (not policy["destinations"] or packet.outgoing in policy["destinations"])
            ):
                return bool(policy["accepts"])
        return False

    check(rows(fortios, text + "end\n"), passes)
