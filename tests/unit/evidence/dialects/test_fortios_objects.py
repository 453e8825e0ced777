"""FortiOS policies with their objects resolved: addresses, groups, services, zones; what cannot be told is any."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.fortios_text import ANY, GLOBAL, INTERFACES, OBJECTS, policy

from plantproof.evidence.collectors import fortios
from plantproof.evidence.collectors.protocol import Draft, Export
from plantproof.model.project_file import SourceSettings


def rules(text: str) -> list[Draft]:
    collected = fortios.collect([Export("fw.conf", text.encode())], SourceSettings())
    return [draft for draft in collected.drafts if draft.kind == "firewall_rule"]


def rule(*lines: str) -> dict[str, Any]:
    (found,) = rules(GLOBAL + OBJECTS + INTERFACES + policy("set action accept", *lines))
    return dict(found.fields)


def test_a_policy_with_its_objects_resolved() -> None:
    found = rule(
        'set name "Cell to historian"', 'set srcintf "cell"', 'set dstintf "office vlan"', 'set srcaddr "outer"',
        'set dstaddr "plc-1"', 'set service "both"', "set logtraffic all",
    )  # fmt: skip
    assert found == {
        "order": 1, "name": "Cell to historian", "enabled": True, "action": "accept", "log": True,
        "src_interfaces": ["port1", "port2"], "dst_interfaces": ["office vlan"],
        "src_networks": ["192.0.2.10/32", "192.0.2.20/30"], "dst_networks": ["192.0.2.10/32"],
        "services": ["tcp/2222", "tcp/502"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "networks", "unresolved"),
    [
        ("all", ANY, None),
        ("loop", ["192.0.2.10/32"], None),
        ("by name", ANY, ["by name"]),
        ("backwards", ANY, ["backwards"]),
        ("published", ANY, ["published"]),
        ("nowhere", ANY, ["nowhere"]),
    ],
)
def test_an_address_that_cannot_be_told_counts_as_any(
    address: str, networks: list[str], unresolved: list[str] | None
) -> None:
    found = rule('set srcaddr "plc-1"', f'set dstaddr "{address}"', 'set service "modbus"')
    assert (found["dst_networks"], found.get("unresolved")) == (networks, unresolved)
    assert found["src_networks"] == ["192.0.2.10/32"]


@pytest.mark.parametrize(
    ("service", "services", "unresolved"),
    [
        ('"from 1024"', ["tcp/8080", "udp/53-54"], None),
        ('"ping"', ["icmp"], None),
        ('"number"', ["gre"], None),
        ('"everything"', ["ip"], None),
        ('"ALL"', ["ip"], None),
        ('"DNS" "HTTPS"', ["tcp/443", "tcp/53", "udp/53"], None),
        ('"wrong"', ["ip"], ["wrong"]),
        ('"modbus" "unheard of"', ["ip"], ["unheard of"]),
    ],
)
def test_services(service: str, services: list[str], unresolved: list[str] | None) -> None:
    found = rule('set srcaddr "plc-1"', 'set dstaddr "plc-1"', f"set service {service}")
    assert (found["services"], found.get("unresolved")) == (services, unresolved)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("set srcaddr-negate enable", "src_networks", ANY),
        ("set dstaddr-negate enable", "dst_networks", ANY),
        ("set service-negate enable", "services", ["ip"]),
        ("set internet-service enable", "dst_networks", ANY),
        ("set internet-service-src enable", "src_networks", ANY),
    ],
)
def test_what_is_negated_or_named_by_the_maker_is_any(line: str, field: str, value: list[str]) -> None:
    found = rule('set srcaddr "plc-1"', 'set dstaddr "plc-1"', 'set service "modbus"', line)
    assert found[field] == value
    assert found["unresolved"] == [line.split()[1]]


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (("set status disable",), "enabled", False),
        (("set action deny",), "action", "deny"),
        (("set action ipsec",), "action", "accept"),
        (("unset action",), "action", "deny"),
        (('set srcintf "any"',), "src_interfaces", None),
        (('set srcintf "port1"', 'append srcintf "port3"'), "src_interfaces", ["port1", "port3"]),
        (('set srcintf "port1"', 'set srcintf "port2"'), "src_interfaces", ["port2"]),
        (('append srcintf "port4"',), "src_interfaces", ["port4"]),
        (("set logtraffic utm",), "log", False),
    ],
)
def test_one_line_decides(lines: tuple[str, ...], field: str, value: Any) -> None:
    assert rule(*lines).get(field) == value


def test_policies_stand_in_the_order_of_the_file() -> None:
    text = GLOBAL + policy("set action accept", number=9) + policy("set action deny", number=2)
    found = [(draft.local, draft.fields["order"]) for draft in rules(text)]
    assert found == [("policy/9", 1), ("policy/2", 2)]
