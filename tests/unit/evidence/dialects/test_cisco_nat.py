"""Translations of Cisco IOS: an entry that permits a standing-in address lets packets through to what it stands for."""

from __future__ import annotations

from typing import Any

import pytest

from plantproof.evidence.dialects.cisco_nat import comprises
from plantproof.evidence.dialects.cisco_rules import rule_drafts
from plantproof.evidence.dialects.indented import parse_indented
from plantproof.evidence.dialects.lines import split_lines

ROUTER = """interface Gi0
 ip address 203.0.113.1 255.255.255.0
 ip nat outside
 ip access-group FROM-OUTSIDE in
interface Gi1
 ip address 10.1.0.1 255.255.0.0
 ip nat inside
 ip access-group FROM-CELL in
ip access-list extended FROM-CELL
 permit ip any host 192.0.2.7
ip access-list extended FROM-OUTSIDE
 {entry}
 deny ip any any
{nat}
"""


STATIC = "ip nat inside source static 10.1.0.5 203.0.113.5"


def translated(entry: str, nat: str) -> list[dict[str, Any]]:
    """The rules of what is let through to another address than the entry names."""
    top, _ = parse_indented(split_lines(ROUTER.format(entry=entry, nat=nat).encode(), "x"))
    fields = [dict(draft.fields) for draft in rule_drafts(top, "rt", "x")]
    return [each for each in fields if each.get("nat") == ["destination"]]


@pytest.mark.parametrize(
    ("entry", "nat", "networks", "services", "unresolved"),
    [
        (
            "permit tcp any host 203.0.113.5 eq 80",
            "ip nat inside source static tcp 10.1.0.5 502 203.0.113.5 80 extendable",
            ["10.1.0.5/32"], ["tcp/502"], None,
        ),
        ("permit tcp any host 203.0.113.5 eq 80", "ip nat inside source static 10.1.0.5 203.0.113.5",
         ["10.1.0.5/32"], ["tcp/80"], None),
        ("permit tcp any 203.0.113.0 0.0.0.255 range 70 90",
         "ip nat inside source static tcp 10.1.0.5 22 interface Gi0 www", ["10.1.0.5/32"], ["tcp/22"], None),
        ("permit udp any host 203.0.113.5", "ip nat inside source static udp 10.1.0.5 161 203.0.113.5 161",
         ["10.1.0.5/32"], ["udp/161"], None),
        ("permit ip any host 203.0.113.9", "ip nat inside source static network 10.1.0.0 203.0.113.0 /24",
         ["10.1.0.0/24"], ["ip"], None),
        ("permit tcp any any eq 8022", "ip nat inside source static tcp 10.1.0.5 22 203.0.113.5 8022",
         ["10.1.0.5/32"], ["tcp/22"], None),
        ("permit esp any any", "ip nat inside source static esp 10.1.0.5 interface Gi0", None, None, None),
        ("permit ip any any", "ip nat inside source static tcp 10.1.0.5 22 203.0.113.5 8022", None, None, None),
        ("permit tcp any host 203.0.113.5 eq 81", "ip nat inside source static tcp 10.1.0.5 502 203.0.113.5 80",
         None, None, None),
        ("permit tcp any host 203.0.113.6 eq 80", "ip nat inside source static tcp 10.1.0.5 502 203.0.113.5 80",
         None, None, None),
        ("permit tcp any host 203.0.113.5 eq 80", "ip nat inside source list 1 interface Gi0 overload",
         None, None, None),
        ("permit tcp any host 203.0.113.5 eq 80", "ip nat inside source list 1 pool P overload", None, None, None),
        (
            "permit tcp any host 203.0.113.5 eq 80",
            "ip nat pool P 203.0.113.4 203.0.113.7 prefix-length 24\nip nat inside source list 1 pool P",
            ["0.0.0.0/0"], ["tcp/80"], ["ip nat inside source list 1 pool P"],
        ),
        (
            "permit tcp any host 203.0.113.50 eq 80",
            "ip nat pool P 203.0.113.4 203.0.113.7 prefix-length 24\nip nat inside source list 1 pool P",
            None, None, None,
        ),
        ("permit tcp any host 203.0.113.5 eq 80", "ip nat inside source static tcp 10.1.0.5",
         ["0.0.0.0/0"], ["tcp/80"], ["ip nat inside source static tcp 10.1.0.5"]),
    ],
)  # fmt: skip
def test_a_permission_of_a_standing_in_address(
    entry: str, nat: str, networks: list[str] | None, services: list[str] | None, unresolved: list[str] | None
) -> None:
    found = [(each["dst_networks"], each["services"], each.get("unresolved")) for each in translated(entry, nat)]
    assert found == ([] if networks is None else [(networks, services, unresolved)])


def test_a_denial_of_the_real_address_stops_nobody_who_names_the_other() -> None:
    (found,) = translated("deny ip any 10.0.0.0 0.255.255.255\n permit ip any any", STATIC)
    assert (found["dst_networks"], found["services"]) == (["10.1.0.5/32"], ["ip"])
    assert translated("permit ip any any", STATIC) == []


def test_an_address_that_stands_for_one_outside_is_met_from_inside() -> None:
    (found,) = translated("deny ip any any", "ip nat outside source static 198.51.100.7 192.0.2.7")
    assert (found["src_interfaces"], found["dst_networks"]) == (["Gi1"], ["198.51.100.7/32"])


@pytest.mark.parametrize(
    ("service", "wanted", "expected"),
    [("ip", "tcp/80", True), ("tcp/1-65535", "tcp/80", True), ("tcp/81-90", "tcp/80", False), ("esp", "esp", True),
     ("udp/80", "tcp/80", False), ("icmp/8", "tcp/80", False)],
)  # fmt: skip
def test_whether_a_service_comprises_another(service: str, wanted: str, expected: bool) -> None:
    assert comprises(service, wanted) is expected
