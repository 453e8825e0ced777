"""All addresses there are, and whose: the zones of a site as intervals, exactly, with what lies in none of them."""

from __future__ import annotations

from bisect import bisect_right
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple

from plantproof.model.site import Site
from plantproof.plant.packets import Interval
from plantproof.plant.places import UNKNOWN, Places
from plantproof.plant.subnets import Network, parse_network, placeable

LAST = {4: 2**32 - 1, 6: 2**128 - 1}
"""IP version -> its last address. Versions are kept apart: no packet has a source of one and a destination of the
other."""

NOWHERE = -1
"""An address that nobody knows, that of a zone without subnets and members: any network holds it, no other does."""

WHOLE = {version: (NOWHERE, last) for version, last in LAST.items()}

SPECIAL = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/32", "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.0.9/32", "192.0.0.10/32", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
        "::/128", "::1/128", "::ffff:0:0/96",
        "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:1::1/128", "2001:1::2/128", "2001:3::/32", "2001:4:112::/48",
        "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
"""Where the meaning of an address changes (IANA special-purpose address registries): between two of these borders
all addresses are public, or none is."""


class Networks(NamedTuple):
    """What one side of a rule names, by IP version: intervals; whether it is any network; what is no network."""

    intervals: dict[int, list[Interval]]
    anything: frozenset[int]
    """Versions of which the rule says that any address will do."""
    unreadable: bool


class AddressSpace:
    """Zone -> its addresses, and address -> its zones; the longest subnet wins, and an asset placed by name has its
    address with it."""

    def __init__(self, site: Site, places: Places) -> None:
        self._firsts: dict[int, list[int]] = {4: [], 6: []}
        self._zones: dict[int, list[tuple[str, ...]]] = {4: [], 6: []}
        self.addresses: dict[str, dict[int, list[Interval]]] = {zone: {} for zone in places.every}
        """Zone -> IP version -> intervals, in order. A declared zone of which no address is known is `NOWHERE`."""
        drawn = [
            network for zone in site.zones for text in zone.subnets if (network := parse_network(text)) is not None
        ]
        self.ipv6 = any(each.version == 6 for each in drawn) or any(version == 6 for version, _, _ in places.elsewhere)
        """Whether any zone has addresses of IPv6 that somebody named."""
        self.no_host = frozenset(int(each.network_address) for each in drawn if each.prefixlen < each.max_prefixlen - 1)
        """Addresses that are a subnet's own name, by which no host goes."""
        for version in LAST:
            self._cut(version, places, [each for each in (*SPECIAL, *drawn) if each.version == version])
        for zone, known in self.addresses.items():
            if not known and zone != UNKNOWN:
                known.update({version: [(NOWHERE, NOWHERE)] for version in LAST})

    def _cut(self, version: int, places: Places, borders: list[Network]) -> None:
        make = IPv4Address if version == 4 else IPv6Address
        edges = {0}
        named: dict[int, tuple[str, ...]] = {}
        for other, number, zones in places.elsewhere:
            if other == version:
                named[number] = tuple(sorted({*named.get(number, ()), *zones}))
                edges.update((number, number + 1))
        for network in borders:
            edges.update((int(network.network_address), int(network.broadcast_address) + 1))
        firsts = sorted(edges - {LAST[version] + 1})
        for first, after in zip(firsts, [*firsts[1:], LAST[version] + 1], strict=True):
            address = make(first)
            zones = named.get(first) or places.subnets.zones_of_address(address)
            if not zones and placeable(address):
                zones = (places.outside if address.is_global else UNKNOWN,)
            self._firsts[version].append(first)
            self._zones[version].append(zones)
            for zone in zones:
                held = self.addresses.setdefault(zone, {}).setdefault(version, [])
                if held and held[-1][1] == first - 1:
                    held[-1] = (held[-1][0], after - 1)
                else:
                    held.append((first, after - 1))

    def zones_of(self, version: int, interval: Interval) -> set[str]:
        """The declared zones that share an address with the interval; "unknown" where it has a place, and none does."""
        begin = bisect_right(self._firsts[version], interval[0]) - 1
        end = bisect_right(self._firsts[version], interval[1])
        found = {zone for zones in self._zones[version][begin:end] for zone in zones}
        return found - {UNKNOWN} or found


def read_networks(texts: list[str] | None) -> Networks:
    """One side of a rule. No list at all is any network; `0.0.0.0/0` is any of IPv4, a word such as `any` of both;
    so is what cannot be read."""
    intervals: dict[int, list[Interval]] = {}
    anything: set[int] = set() if texts else set(LAST)
    unreadable = False
    for text in texts or ():
        network = parse_network(text)
        if network is None:
            # What cannot be read may be any of them, as an object that cannot be resolved may.
            anything.update(LAST)
            unreadable = unreadable or text.lower() not in ("any", "all", "")
        elif network.prefixlen == 0:
            anything.add(network.version)
        else:
            span = (int(network.network_address), int(network.broadcast_address))
            intervals.setdefault(network.version, []).append(span)
    return Networks(intervals, frozenset(anything), unreadable)
