"""Subnets that overlap are found whatever their number, and services are read strictly."""

from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.controls.addresses import Held, Mistake, overlaps, read_subnet, service_mistake

NETWORKS = st.lists(
    st.builds(
        lambda address, prefix: ipaddress.ip_network((address << 26, prefix), strict=False),
        st.integers(0, 63),
        st.integers(0, 8),
    ),
    max_size=8,
)


@pytest.mark.parametrize("text", ["10.0.0.0/24", "10.0.0.1/32", "fd00:20::/64", "0.0.0.0/0"])
def test_a_subnet_is_read(text: str) -> None:
    assert str(read_subnet(text)) == text


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("10.0.0.5/24", "`10.0.0.5/24` has host bits", "10.0.0.0/24"),
        ("10.0.0.0/33", "is no subnet", "CIDR"),
        ("10.0.0", "is no subnet", "CIDR"),
        ("cell", "is no subnet", "CIDR"),
        ("", "is no subnet", "CIDR"),
    ],
)
def test_what_is_no_subnet_is_refused(text: str, message: str, hint: str) -> None:
    mistake = read_subnet(text)
    assert isinstance(mistake, Mistake)
    assert message in mistake.message
    assert hint in mistake.hint


@given(NETWORKS)
def test_an_overlap_is_found_exactly_where_two_networks_share_an_address(
    networks: list[ipaddress.IPv4Network],
) -> None:
    held = [Held(network, number) for number, network in enumerate(networks)]
    found = list(overlaps(held))
    assert all(wide.network.overlaps(narrow.network) for wide, narrow in found)
    inside = {narrow.owner for _, narrow in found}
    for one, other in combinations(held, 2):
        if one.network.overlaps(other.network):
            assert {one.owner, other.owner} & inside


def test_networks_of_both_versions_do_not_overlap() -> None:
    both = [Held(ipaddress.ip_network("0.0.0.0/0"), 4), Held(ipaddress.ip_network("::/0"), 6)]
    assert list(overlaps(both)) == []


@pytest.mark.parametrize("text", ["tcp/502", "udp/161-162", "tcp/1-65535", "icmp", "ip"])
def test_a_service_is_read(text: str) -> None:
    assert service_mistake(text) is None


@pytest.mark.parametrize(
    "text", ["tcp", "tcp/0", "tcp/65536", "tcp/20-10", "modbus", "TCP/502", "tcp/502,503", "", "tcp/0502"]
)
def test_what_is_no_service_is_refused(text: str) -> None:
    assert service_mistake(text) is not None
