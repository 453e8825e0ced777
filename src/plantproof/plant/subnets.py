"""Addresses and networks -> zones: a dict for each prefix length, so that 100,000 addresses cost a fraction of a
second."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from plantproof.errors import InputError, Problem
from plantproof.model.site import Site, Zone

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def parse_address(text: str) -> Address | None:
    """An address, with or without prefix length or scope, or None for what is none."""
    try:
        return ip_address(text.partition("/")[0].partition("%")[0].strip())
    except ValueError:
        return None


@lru_cache(maxsize=1 << 15)
def parse_network(text: str) -> Network | None:
    """A network in CIDR notation, host bits allowed, or None for what is none."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def placeable(address: Address) -> bool:
    """Whether the address says anything of where its owner is: a loopback, link-local or group address does not."""
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or (address.version == 4 and int(address) == 0xFFFFFFFF)
    )


def quick_ipv4(text: str) -> int | None:
    """The number of a plain IPv4 address, or None for anything else, which `parse_address` may still know. Ten times as
    fast, for the case that is nearly every asset's."""
    try:
        first, second, third, fourth = text.split(".")
        return _OCTETS[first] << 24 | _OCTETS[second] << 16 | _OCTETS[third] << 8 | _OCTETS[fourth]
    except (KeyError, ValueError):
        return None


_OCTETS = {str(number): number for number in range(256)}
"""Written in one way only: int() would take signs, spaces, leading zeros and other digits, which no address allows."""


class SubnetIndex:
    """The subnets of a site's zones. A longer prefix wins; one subnet may belong to several zones.

    An address that a confirmed zone holds is that zone's, whatever nobody has confirmed: a draft takes nothing away.
    """

    def __init__(self, site: Site, zones: Sequence[Zone] | None = None) -> None:
        """The index of all zones, or of those given. Raises InputError naming every subnet that is none."""
        drafted = [zone for zone in site.zones if zone.unconfirmed] if zones is None else []
        self._drafted = SubnetIndex(site, drafted) if drafted else None
        problems = []
        self.networks: list[tuple[Network, str]] = []
        self._tables: dict[tuple[int, int], dict[int, tuple[str, ...]]] = {}
        for zone in [zone for zone in site.zones if not zone.unconfirmed] if zones is None else zones:
            for text in zone.subnets:
                network = parse_network(text)
                if network is None:
                    message = f"`{text}`, a subnet of zone `{zone.id}`, is no network"
                    problems.append(Problem(f"controls/sites/{site.id}.yaml", 0, message, "write it as 10.1.2.0/24"))
                    continue
                self.networks.append((network, zone.id))
                table = self._tables.setdefault((network.version, network.prefixlen), {})
                key = int(network.network_address)
                table[key] = tuple(sorted({*table.get(key, ()), zone.id}))
        if problems:
            raise InputError(*problems)
        self._lengths = {
            version: sorted((length for other, length in self._tables if other == version), reverse=True)
            for version in (4, 6)
        }
        longest = max(self._lengths[4], default=0)
        self._longest_ipv4: int = max(longest, self._drafted._longest_ipv4 if self._drafted else 0)
        self._by_24: dict[str, tuple[str, ...]] = {}
        """The first three numbers of addresses that were asked -> their zones: one network's addresses are many."""
        self._no_ipv6: bool = not self._lengths[6] and (self._drafted is None or self._drafted._no_ipv6)

    def zones_of_text(self, text: str) -> tuple[str, ...]:
        """The zones of an address as records write it; none for text that is no address, or one without a place."""
        if ":" in text:
            if self._no_ipv6 and ":" in text.partition("/")[0].partition("%")[0]:
                return ()  # nothing but an IPv6 address has a colon, and no zone has one of those
        else:
            network, _, host = text.rpartition(".")
            known = self._by_24.get(network)
            if known is not None and host in _OCTETS:
                return known
            number = quick_ipv4(text)
            if number is not None and (number >> 24 not in (0, 127, 169, 255)) and number >> 28 != 14:
                found = self._look_up(4, 32, number)
                if self._longest_ipv4 <= 24:
                    self._by_24[network] = found
                return found
        address = parse_address(text)
        return self.zones_of_address(address) if address is not None and placeable(address) else ()

    def zones_of_address(self, address: Address) -> tuple[str, ...]:
        """The zones of the longest subnet that holds the address; none where no subnet does."""
        return self._look_up(address.version, address.max_prefixlen, int(address))

    def _look_up(self, version: int, width: int, number: int) -> tuple[str, ...]:
        for length in self._lengths[version]:
            zones = self._tables[version, length].get(number >> (width - length) << (width - length))
            if zones:
                return zones
        return self._drafted._look_up(version, width, number) if self._drafted else ()

    def zones_of_network(self, network: Network) -> tuple[str, ...]:
        """All zones with a subnet that shares an address with `network`.

        A network inside a subnet belongs to the zones of the longest one around it, as its addresses do; and to the
        zones of all subnets inside it.
        """
        touching = [
            (subnet.prefixlen, zone)
            for subnet, zone in self.networks
            if subnet.version == network.version and network.overlaps(subnet)
        ]
        inside = {zone for length, zone in touching if length >= network.prefixlen}
        closest = max((length for length, _ in touching if length <= network.prefixlen), default=-1)
        drafted = self._drafted.zones_of_network(network) if self._drafted else ()
        return tuple(sorted(inside | {zone for length, zone in touching if length == closest} | {*drafted}))
