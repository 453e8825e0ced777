"""Addresses and networks find their zones."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.plant_world import site, zone

from plantproof.errors import InputError
from plantproof.plant.subnets import SubnetIndex, parse_address, quick_ipv4

NESTED = site(zone("plant", "10.0.0.0/8"), zone("cell", "10.1.0.0/16"), zone("safety", "10.1.2.0/24", "fd00:1::/64"))


@pytest.mark.parametrize(
    ("address", "zones"),
    [
        ("10.9.9.9", ("plant",)),
        ("10.1.9.9", ("cell",)),
        ("10.1.2.3", ("safety",)),
        ("10.1.2.3/24", ("safety",)),
        ("fd00:1::5%eth0", ("safety",)),
        ("192.168.0.1", ()),
        ("127.0.0.1", ()),
        ("169.254.1.1", ()),
        ("224.0.0.5", ()),
        ("not an address", ()),
        ("10.1.2", ()),
        ("010.1.2.3", ()),
    ],
)
def test_the_longest_subnet_wins(address: str, zones: tuple[str, ...]) -> None:
    assert SubnetIndex(NESTED).zones_of_text(address) == zones


def test_one_subnet_may_belong_to_two_zones() -> None:
    index = SubnetIndex(site(zone("b", "10.1.0.0/16"), zone("a", "10.1.0.0/16")))
    assert index.zones_of_text("10.1.0.1") == ("a", "b")


@pytest.mark.parametrize(
    ("network", "zones"),
    [
        ("10.1.2.0/25", ("safety",)),
        ("10.1.2.0/23", ("cell", "safety")),
        ("10.1.0.0/16", ("cell", "safety")),
        ("10.0.0.0/7", ("cell", "plant", "safety")),
        ("192.168.0.0/16", ()),
        ("fd00::/16", ("safety",)),
    ],
)
def test_a_network_touches_what_is_inside_and_the_closest_around(network: str, zones: tuple[str, ...]) -> None:
    assert SubnetIndex(NESTED).zones_of_network(ip_network(network)) == zones


def test_every_subnet_that_is_none_is_named() -> None:
    with pytest.raises(InputError) as caught:
        SubnetIndex(site(zone("a", "10.1.0.0/33", "ten"), zone("b", "10.2.0.0/16")))
    assert [problem.message for problem in caught.value.problems] == [
        "`10.1.0.0/33`, a subnet of zone `a`, is no network",
        "`ten`, a subnet of zone `a`, is no network",
    ]


@given(st.one_of(st.ip_addresses(v=4).map(str), st.text("0123456789.", max_size=16)))
def test_the_quick_reading_of_addresses_agrees_with_the_library(text: str) -> None:
    number = quick_ipv4(text)
    try:
        expected = int(ip_address(text))
    except ValueError:
        expected = None
    assert number == expected


@given(st.ip_addresses(v=4))
def test_both_ways_to_look_up_an_address_agree(address: object) -> None:
    index = SubnetIndex(NESTED)
    slow = parse_address(f" {address}")
    assert slow is not None
    assert index.zones_of_text(str(address)) == index.zones_of_text(f" {address}")
