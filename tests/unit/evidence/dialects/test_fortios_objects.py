"""FortiOS policies with their objects resolved: addresses, groups, services, zones; what cannot be told is any."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from tests.support.fortios_text import ANY, GLOBAL, INTERFACES, OBJECTS, policy

from plantproof.evidence.collectors import fortios
from plantproof.evidence.collectors.protocol import Draft, Export
from plantproof.evidence.dialects.fortios_objects import all_but
from plantproof.model.project_file import SourceSettings

ANY_OF_BOTH = [*ANY, "::/0"]


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


@pytest.mark.parametrize("group", ["without one", "around it", "empty"])
def test_a_group_that_leaves_members_out_is_not_resolved(group: str) -> None:
    """Its members alone are more than it matches: a denial of them all would hide the one that passes."""
    groups = """config firewall addrgrp
        edit "without one"
            set member "some"
            set exclude enable
            set exclude-member "plc-1"
        next
        edit "around it"
            set member "plc-1" "without one"
        next
        edit "empty"
        next
    end
    """
    (found,) = rules(GLOBAL + OBJECTS + groups + policy("set action deny", f'set srcaddr "{group}"'))
    assert found.fields["src_networks"] == ANY
    assert found.fields["unresolved"] == ["empty" if group == "empty" else "without one"]
    negated = policy("set action accept", f'set srcaddr "{group}"', "set srcaddr-negate enable")
    (found,) = rules(GLOBAL + OBJECTS + groups + negated)
    assert (found.fields["src_networks"], "srcaddr-negate" in found.fields["unresolved"]) == (ANY, True)


def test_a_group_of_services_without_members_is_not_resolved() -> None:
    group = 'config firewall service group\nedit "none yet"\nnext\nend\n'
    (found,) = rules(GLOBAL + group + policy("set action deny", 'set service "none yet"'))
    assert (found.fields["services"], found.fields["unresolved"]) == (["ip"], ["none yet"])


def test_a_zone_without_interfaces_is_not_any_interface() -> None:
    zone = 'config system zone\nedit "spare"\nnext\nend\n'
    (found,) = rules(GLOBAL + zone + policy("set action deny", 'set srcintf "spare"'))
    assert found.fields["src_interfaces"] == ["spare"]


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
        ('"lite"', ["ip"], ["lite"]),
        ('"modbus" "unheard of"', ["ip"], ["unheard of"]),
    ],
)
def test_services(service: str, services: list[str], unresolved: list[str] | None) -> None:
    found = rule('set srcaddr "plc-1"', 'set dstaddr "plc-1"', f"set service {service}")
    assert (found["services"], found.get("unresolved")) == (services, unresolved)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("set service-negate enable", "services", ["ip"]),
        ("set internet-service enable", "dst_networks", ANY),
        ("set internet-service-src enable", "src_networks", ANY),
    ],
)
def test_what_cannot_be_turned_round_or_is_named_by_the_maker_is_any(line: str, field: str, value: list[str]) -> None:
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
        (("set action learn",), "action", "accept"),
        (("set action ssl-vpn",), "action", "accept"),
        (('set srcintf "any"',), "src_interfaces", None),
        (('set srcintf "port1"', 'append srcintf "port3"'), "src_interfaces", ["port1", "port3"]),
        (('set srcintf "port1"', 'set srcintf "port2"'), "src_interfaces", ["port2"]),
        (('append srcintf "port4"',), "src_interfaces", ["port4"]),
        (("set logtraffic utm",), "log", False),
    ],
)
def test_one_line_decides(lines: tuple[str, ...], field: str, value: Any) -> None:
    assert rule(*lines).get(field) == value


@pytest.mark.parametrize(("switch", "inbound"), [("set inbound enable", True), ("set inbound disable", False)])
def test_a_policy_of_a_tunnel_may_let_the_other_end_in(switch: str, inbound: bool) -> None:
    lines = ('set srcintf "port1"', 'set dstintf "wan"', 'set srcaddr "plc-1"', 'set dstaddr "some"', switch)
    found = [draft.fields for draft in rules(GLOBAL + OBJECTS + policy("set action ipsec", *lines))]
    names = ("order", "action", "src_interfaces", "dst_interfaces", "src_networks", "dst_networks")
    out = [1, "accept", ["port1"], ["wan"], ["192.0.2.10/32"], ["192.0.2.20/30"]]
    back = [2, "accept", ["wan"], ["port1"], ["192.0.2.20/30"], ["192.0.2.10/32"]]
    assert [[fields[name] for name in names] for fields in found] == [out, back][: 1 + inbound]


def test_policies_stand_in_the_order_of_the_file() -> None:
    text = GLOBAL + policy("set action accept", number=9) + policy("set action deny", number=2)
    found = [(draft.local, draft.fields["order"]) for draft in rules(text)]
    assert found == [("policy/9", 1), ("policy/2", 2)]


@pytest.mark.parametrize("end", ["src", "dst"])
def test_what_is_negated_is_every_other_address(end: str) -> None:
    found = rule('set srcaddr "plc-1"', 'set dstaddr "plc-1"', 'set service "modbus"', f"set {end}addr-negate enable")
    networks = [ip_network(text) for text in found[f"{end}_networks"]]
    assert "unresolved" not in found
    assert sum(network.num_addresses for network in networks) == 2**32 - 1
    assert not any(ip_address("192.0.2.10") in network for network in networks)


def test_what_is_negated_and_not_known_is_any() -> None:
    found = rule('set srcaddr "by name"', 'set dstaddr "all"', 'set service "modbus"', "set srcaddr-negate enable")
    assert (found["src_networks"], found["unresolved"]) == (ANY, ["by name", "srcaddr-negate"])
    found = rule('set srcaddr "all"', 'set dstaddr "all"', 'set service "modbus"', "set srcaddr-negate enable")
    assert (found["src_networks"], found["unresolved"]) == (ANY, ["srcaddr-negate"])
    scattered = [f"10.0.{number}.1/32" for number in range(0, 200, 2)]
    assert all_but(scattered) is None
    assert all_but(ANY) == []


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ('set schedule "nights"', "conditions", ["schedule nights"]),
        ('set schedule "always"', "conditions", None),
        ('set groups "vendors" "staff"', "conditions", ["groups vendors staff"]),
        ("set application 15832", "conditions", ["application 15832"]),
        ("set policy-expiry enable", "conditions", ["policy-expiry"]),
        ('set service "from 1024"', "conditions", ["source ports of from 1024"]),
        ("set nat enable", "nat", ["source"]),
        ("set nat disable", "nat", None),
        ('set dstaddr "published"', "nat", ["destination"]),
    ],
)
def test_what_narrows_or_translates(line: str, field: str, value: list[str] | None) -> None:
    assert rule('set srcaddr "plc-1"', 'set service "modbus"', line).get(field) == value


@pytest.mark.parametrize(
    ("line", "condition"),
    [
        ("set reputation-minimum 3", "reputation-minimum 3"),
        ("set reputation-minimum 0", None),
        ("set sgt-check enable", "sgt-check"),
        ("set sgt 5", "sgt 5"),
        ("set geoip-match registered-ip", "geoip-match registered-ip"),
        ("set geoip-match physical-location", None),
        ("set tos-mask 0xff", "tos-mask"),
        ("set of-a-later-release strict", "of-a-later-release strict"),
        ("set of-a-later-release disable", None),
        ("set label ''", None),
        ("set comments stop", None),
        ("config identity-based-policy\nend", "config identity-based-policy"),
    ],
)
def test_a_denial_with_a_setting_that_may_narrow_it_is_conditional(line: str, condition: str | None) -> None:
    (found,) = rules(GLOBAL + policy("set action deny", 'set srcaddr "all"', line))
    assert found.fields.get("conditions") == ([condition] if condition else None)


def test_what_is_not_known_of_an_acceptance_does_not_narrow_it() -> None:
    assert "conditions" not in rule('set srcaddr "all"', "set of-a-later-release strict")


WEEK = "set day sunday monday tuesday wednesday thursday friday saturday"


@pytest.mark.parametrize(
    ("schedules", "condition"),
    [
        (f"recurring\nedit always\n{WEEK}\nnext", None),
        (f"recurring\nedit always\n{WEEK}\nset start 00:00\nset end 00:00\nnext", None),
        ("recurring\nedit always\nset day monday\nnext", "schedule always"),
        ("recurring\nedit always\nnext", "schedule always"),
        (f"recurring\nedit always\n{WEEK}\nset start 08:00\nnext", "schedule always"),
        ("onetime\nedit always\nnext", "schedule always"),
        ("recurring\nedit nights\nset day monday\nnext", None),
    ],
)
def test_always_is_what_the_file_makes_of_it(schedules: str, condition: str | None) -> None:
    text = f"config firewall schedule {schedules}\nend\n"
    (found,) = rules(GLOBAL + text + policy("set action deny", 'set srcaddr "all"', 'set schedule "always"'))
    assert found.fields.get("conditions") == ([condition] if condition else None)


@pytest.mark.parametrize(
    ("lines", "services", "conditions"),
    [
        ("set tcp-portrange 502\nset iprange 10.1.0.9", ["tcp/502"], ["iprange of narrow"]),
        ("set tcp-portrange 502\nset iprange 0.0.0.0", ["tcp/502"], None),
        ('set tcp-portrange 502\nset fqdn "hist.example"', ["tcp/502"], ["fqdn of narrow"]),
        ("set protocol ICMP\nset icmptype 3\nset icmpcode 4", ["icmp/3"], ["icmpcode of narrow"]),
        ("set protocol ICMP\nset icmptype 3\nset icmpcode 0", ["icmp/3"], ["icmpcode of narrow"]),
        ("set tcp-portrange 502\nset session-ttl 300", ["tcp/502"], None),
        ("set protocol IP\nset tcp-portrange 502", ["ip"], ["ports beside another protocol of narrow"]),
        ("set tcp-portrange 80\nset app-service-type app-id", ["tcp/80"], ["app-service-type of narrow"]),
    ],
)
def test_a_service_that_asks_for_more_than_ports_is_conditional(
    lines: str, services: list[str], conditions: list[str] | None
) -> None:
    text = f'config firewall service custom\nedit "narrow"\n{lines}\nnext\nend\n'
    (found,) = rules(GLOBAL + text + policy("set action deny", 'set srcaddr "all"', 'set service "narrow"'))
    assert (found.fields["services"], found.fields.get("conditions")) == (services, conditions)


@pytest.mark.parametrize(
    ("lines", "networks", "unresolved"),
    [
        ("set uuid 1-2", ANY_OF_BOTH, None),
        ('set comment "everything"\nset color 3', ANY_OF_BOTH, None),
        ("set type geography\nset country NL", ANY_OF_BOTH, ["all"]),
        ("set of-a-later-release x", ANY_OF_BOTH, ["all"]),
        ("set uuid 1-2\nnext\nedit all\nset uuid 1-2", ANY_OF_BOTH, ["all"]),
    ],
)
def test_an_address_that_says_nothing_but_its_name_is_every_address(
    lines: str, networks: list[str], unresolved: list[str] | None
) -> None:
    """The vendor's default; every release writes a `uuid` into `all`."""
    text = "".join(f"config firewall {table}\nedit all\n{lines}\nnext\nend\n" for table in ("address", "address6"))
    (found,) = rules(GLOBAL + text + policy("set action deny", "set srcaddr all", "set srcaddr6 all"))
    assert (found.fields["src_networks"], found.fields.get("unresolved")) == (networks, unresolved)


OBJECTS6 = """config firewall address6
    edit "cell6"
        set ip6 2001:db8:1::/64
    next
    edit "hosts6"
        set type iprange
        set start-ip 2001:db8::4
        set end-ip 2001:db8::7
    next
    edit "name6"
        set type fqdn
    next
end
config firewall addrgrp6
    edit "both6"
        set member "cell6" "hosts6"
    next
end
"""


def test_networks_of_ipv6_stand_beside_those_of_ipv4_or_alone() -> None:
    def networks(*lines: str) -> tuple[list[str], list[str]]:
        (found,) = rules(GLOBAL + OBJECTS + OBJECTS6 + policy("set action accept", *lines))
        return found.fields["src_networks"], found.fields["dst_networks"]

    assert networks('set srcaddr6 "both6"', 'set dstaddr6 "all"') == (["2001:db8:1::/64", "2001:db8::4/126"], ["::/0"])
    assert networks('set srcaddr "plc-1"', 'set srcaddr6 "cell6"', 'set dstaddr6 "name6"') == (
        ["192.0.2.10/32", "2001:db8:1::/64"],
        ANY_OF_BOTH,
    )


@pytest.mark.parametrize(
    ("lines", "networks", "unresolved"),
    [
        (('set srcaddr "by name"', 'set srcaddr6 "cell6"'), [*ANY, "2001:db8:1::/64"], ["by name"]),
        (('set srcaddr "plc-1"', 'set srcaddr6 "name6"'), ANY_OF_BOTH, ["name6"]),
        (('set srcaddr6 "cell6"', "set srcaddr6-negate enable"), ANY_OF_BOTH, ["srcaddr6-negate"]),
        (('set srcaddr6 "cell6"', "set srcaddr6-negate disable"), ["2001:db8:1::/64"], None),
        (('set srcaddr "plc-1"', 'set srcaddr6 "cell6"', "set srcaddr-negate enable"), ANY_OF_BOTH, ["srcaddr-negate"]),
        (('set srcaddr "plc-1"', "set internet-service6-src enable"), ANY_OF_BOTH, ["internet-service6-src"]),
        (("set internet-service-src enable", 'set srcaddr6 "cell6"'), [*ANY, "2001:db8:1::/64"],
         ["internet-service-src"]),
        (('set srcaddr "itself"',), ANY, ["itself"]),
    ],
)  # fmt: skip
def test_what_is_not_known_of_one_version_takes_nothing_from_the_other(
    lines: tuple[str, ...], networks: list[str], unresolved: list[str] | None
) -> None:
    itself = 'config firewall addrgrp\nedit "itself"\nset member "itself"\nnext\nend\n'
    (found,) = rules(GLOBAL + OBJECTS + OBJECTS6 + itself + policy("set action accept", *lines))
    assert (found.fields["src_networks"], found.fields.get("unresolved")) == (networks, unresolved)


def test_a_published_address_of_ipv6_is_translated() -> None:
    text = 'config firewall vip6\nedit "out6"\nset extip 2001:db8::9\nnext\nend\n'
    (found,) = rules(GLOBAL + text + policy("set action accept", 'set dstaddr6 "out6"'))
    assert (found.fields["nat"], found.fields["unresolved"]) == (["destination"], ["out6"])


def test_a_zone_that_lets_its_interfaces_talk_is_a_rule() -> None:
    zone = 'config system zone\nedit "cell"\nset intrazone allow\nset interface "b" "a"\nnext\nend\n'
    (found,) = rules(GLOBAL + zone)
    assert (found.local, found.fields["src_interfaces"], found.fields["action"]) == ("zone/cell", ["a", "b"], "accept")
    assert rules(GLOBAL + zone.replace("allow", "deny")) == []


def test_rules_of_a_virtual_domain_stand_in_a_list_of_their_own() -> None:
    domain = policy("set action accept")
    text = GLOBAL + f'config vdom\nedit "north"\n{domain}next\nedit "south"\n{domain}next\nend\n'
    assert [(rule.local, rule.fields["rule_list"]) for rule in rules(text)] == [
        ("north/policy/1", "north"),
        ("south/policy/1", "south"),
    ]
