"""All addresses as intervals, held against the places that single addresses have."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.plant_world import plant, site, source, zone

from plantproof.plant.address_space import NOWHERE, SPECIAL, AddressSpace, read_networks
from plantproof.plant.places import UNKNOWN, Places
from plantproof.plant.subnets import SubnetIndex
from plantproof.plant.zones import MEMBER, Placement

AT = site(
    zone("wide", "10.0.0.0/8"),
    zone("inner", "10.1.0.0/16", "2001:db8::/32"),
    zone("shared", "10.1.0.0/16"),
    zone("world", kind="external", level=5),
    zone("guest", kind="temporary"),
)


def places() -> Places:
    """With an asset that stands in the zone of guests, whatever its address."""
    built = plant(source("s", {"asset": [{"id": "a", "ips": ["10.1.0.9"]}]}), at=AT)
    assets = built.tables["asset"]
    column = assets.columns["ips"]
    placement = Placement(zones=[("guest",)], how=[MEMBER], column=column, remarks=[])
    assets.zones = [("guest",)]
    return Places(AT, SubnetIndex(AT), assets, placement)


PLACES = places()
SPACE = AddressSpace(AT, PLACES)
BORDERS = sorted(
    {number for net in SPECIAL for number in (int(net.network_address), int(net.broadcast_address) + 1)}
    - {2**32, 2**128}
)


@given(
    st.integers(0, 2**32 - 1)
    | st.sampled_from([each for each in BORDERS if each < 2**32])
    | st.integers(10 << 24, (10 << 24) + 2**18)
)
def test_an_address_of_ipv4_is_where_its_place_is(number: int) -> None:
    assert SPACE.zones_of(4, (number, number)) == set(PLACES.of_address(str(IPv4Address(number))))


@given(st.integers(0, 2**128 - 1) | st.sampled_from([each for each in BORDERS if each < 2**128]))
def test_an_address_of_ipv6_is_where_its_place_is(number: int) -> None:
    assert SPACE.zones_of(6, (number, number)) == set(PLACES.of_address(str(IPv6Address(number))))


@pytest.mark.parametrize("version", [4, 6])
def test_the_intervals_of_a_zone_hold_its_addresses_and_no_others(version: int) -> None:
    for name, known in SPACE.addresses.items():
        for first, last in known.get(version, ()):
            ends = (SPACE.zones_of(version, (number, number)) for number in {first, last} - {NOWHERE})
            assert all(name in found for found in ends)


def test_an_interval_over_zones_is_theirs_and_unknown_only_if_it_is_nobodys() -> None:
    assert SPACE.zones_of(4, (10 << 24, (11 << 24) - 1)) == {"wide", "inner", "shared", "guest"}
    assert SPACE.zones_of(4, (192 << 24 | 168 << 16, 192 << 24 | 168 << 16 | 255)) == {UNKNOWN}
    assert SPACE.zones_of(4, (224 << 24, (225 << 24) - 1)) == set()
    assert (SPACE.ipv6, len(SPACE.no_host)) == (True, 3)


def test_a_zone_of_which_nobody_knows_an_address_is_nowhere() -> None:
    at = site(zone("wide", "10.0.0.0/8"), zone("guest"), zone("other"))
    assets = plant(at=at).tables["asset"]
    nobody = Places(at, SubnetIndex(at), assets, Placement(zones=[], how=[], column=assets.columns["ips"], remarks=[]))
    assert AddressSpace(at, nobody).addresses["guest"] == {4: [(NOWHERE, NOWHERE)], 6: [(NOWHERE, NOWHERE)]}


@pytest.mark.parametrize(
    ("texts", "anything", "versions", "unreadable"),
    [
        (None, {4, 6}, set(), False),
        ([], {4, 6}, set(), False),
        (["any"], {4, 6}, set(), False),
        (["0.0.0.0/0"], {4}, set(), False),
        (["::/0", "10.0.0.0/8"], {6}, {4}, False),
        (["plc-1", "2001:db8::1"], {4, 6}, {6}, True),
    ],
)
def test_a_side_of_a_rule_is_read(
    texts: list[str] | None, anything: set[int], versions: set[int], unreadable: bool
) -> None:
    found = read_networks(texts)
    assert (found.anything, found.intervals.keys(), found.unreadable) == (anything, versions, unreadable)
