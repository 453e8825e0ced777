"""Where the interfaces of a FortiGate lead: addresses of both versions, static routes by device, object and SD-WAN."""

from __future__ import annotations

import pytest

from plantproof.evidence.dialects.fortios_interfaces import addresses_of, learns_routes, routes_of
from plantproof.evidence.dialects.fortios_tree import Block, parse_fortios
from plantproof.evidence.dialects.lines import split_lines


def tree(text: str) -> Block:
    data = text.encode()
    return parse_fortios(data, split_lines(data, "x"), "x").root


def test_addresses_of_both_versions() -> None:
    text = """config system interface
        edit "port1"
            set ip 192.0.2.1 255.255.255.0
            config ipv6
                set ip6-address 2001:db8:1::1/64
                config ip6-extra-addr
                    edit 2001:db8:2::1/64
                    next
                end
            end
        next
        edit "port2"
            config ipv6
                set ip6-address ::/0
            end
        next
    end
    """
    port1, port2 = tree(text).edits("system interface")
    assert addresses_of(port1) == ["192.0.2.1/24", "2001:db8:1::1/64", "2001:db8:2::1/64"]
    assert addresses_of(port2) == []


OBJECTS = """config firewall address
    edit "far"
        set subnet 10.50.0.0 255.255.0.0
    next
    edit "by name"
        set type fqdn
    next
end
config system sdwan
    config members
        edit 1
            set interface "wan1"
        next
        edit 2
            set interface "wan2"
            set zone "underlay"
        next
        edit 3
            set interface "wan3"
        next
    end
end
"""


@pytest.mark.parametrize(
    ("table", "lines", "routes"),
    [
        ("static", "set dst 10.0.0.0 255.0.0.0\nset device port1", {"port1": ["10.0.0.0/8"]}),
        ("static", "set device port1", {"port1": ["0.0.0.0/0"]}),
        ("static", "set dstaddr far\nset device port1", {"port1": ["10.50.0.0/16"]}),
        ("static", 'set dstaddr "by name"\nset device port1', {"port1": ["0.0.0.0/0"]}),
        ("static", "set sdwan-zone virtual-wan-link", {"wan1": ["0.0.0.0/0"], "wan3": ["0.0.0.0/0"]}),
        ("static", "set dst 10.0.0.0/8\nset sdwan-zone underlay", {"wan2": ["10.0.0.0/8"]}),
        ("static", "set sdwan enable", {"wan1": ["0.0.0.0/0"], "wan3": ["0.0.0.0/0"]}),
        ("static", "set dst 10.0.0.0/8\nset blackhole enable\nset device port1", {}),
        ("static", "set dst 10.0.0.0/8\nset status disable\nset device port1", {}),
        ("static", "set dst somewhere\nset device port1", {"port1": []}),
        ("static6", "set dst 2001:db8:9::/48\nset device port1", {"port1": ["2001:db8:9::/48"]}),
        ("static6", "set device port1", {"port1": ["::/0"]}),
    ],
)
def test_where_a_static_route_leads(table: str, lines: str, routes: dict[str, list[str]]) -> None:
    assert routes_of([tree(f"{OBJECTS}config router {table}\nedit 1\n{lines}\nnext\nend\n")]) == routes


@pytest.mark.parametrize(
    ("dynamic", "learns"),
    [
        ("ospf\nset router-id 192.0.2.1\nconfig network\nedit 1\nset prefix 10.0.0.0/8\nnext\nend", True),
        ("bgp\nconfig neighbor\nedit 192.0.2.9\nnext\nend", True),
        ("policy\nedit 1\nset output-device port2\nnext", True),
        ("ospf\nset router-id 192.0.2.1\nconfig redistribute connected\nend", False),
        ("multicast\nconfig interface\nedit port1\nnext\nend", False),
    ],
)
def test_whether_packets_may_go_elsewhere_than_static_routes_say(dynamic: str, learns: bool) -> None:
    assert learns_routes([tree(f"config router {dynamic}\nend\n")]) is learns
