"""The subnets of a plant from what its devices are configured with, and a guess for the addresses that are left."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from ipaddress import ip_network

import msgspec

from plantproof.plant.draft_evidence import Device, Leg
from plantproof.plant.subnets import Address, Network

GUESSED_PREFIX = {4: 24, 6: 64}
"""The size of a subnet of which no device tells the mask: what plants are mostly built of."""
LINK_PREFIX = {4: 30, 6: 126}
"""From here on a network has room for a link between two devices and nothing else."""


class Subnet(msgspec.Struct):
    """One subnet. `legs` are the interfaces in it, as (device, leg); `members` the devices with an address in it."""

    network: Network
    legs: list[tuple[int, Leg]] = []
    members: list[int] = []

    @property
    def guessed(self) -> bool:
        """Whether no device tells that the subnet ends where it does."""
        return not self.legs

    @property
    def link(self) -> bool:
        """Whether there is room for a link between two devices and nothing else."""
        return self.network.prefixlen >= LINK_PREFIX[self.network.version]


class Subnets:
    """Subnets that do not overlap, found by address in the time that a search takes."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self.found = [Subnet(network) for network in sorted(set(networks), key=_order)]
        self._first = {version: [first_of(each.network) for each in self._of(version)] for version in (4, 6)}
        self._start = {4: 0, 6: len(self._first[4])}

    def _of(self, version: int) -> list[Subnet]:
        return [each for each in self.found if each.network.version == version]

    def number_of(self, address: Address) -> int:
        """The place in `found` of the subnet that holds the address, -1 for none."""
        place = bisect_right(self._first[address.version], int(address)) - 1
        if place < 0:
            return -1
        number = self._start[address.version] + place
        return number if address in self.found[number].network else -1

    def touched(self, network: Network) -> range:
        """The places of the subnets that share an address with a network."""
        firsts = self._first[network.version]
        low, high = first_of(network), int(network.broadcast_address)
        start, end = bisect_left(firsts, low), bisect_right(firsts, high)
        if start and int(self.found[self._start[network.version] + start - 1].network.broadcast_address) >= low:
            start -= 1
        return range(self._start[network.version] + start, self._start[network.version] + end)


class Drawn(msgspec.Struct):
    """The subnets, and what was left out: networks that hold others (`wide`), and addresses of the world outside."""

    subnets: Subnets
    wide: dict[Network, list[tuple[int, Leg]]]
    outside: int


def draw_subnets(devices: Sequence[Device]) -> Drawn:
    """The subnets in which the devices stand. Of networks that overlap the narrower ones count: a summary or a wrong
    mask is wide, and a site file gives each address to one zone."""
    legs: dict[Network, list[tuple[int, Leg]]] = {}
    for number, device in enumerate(devices):
        for leg in device.legs:
            if not (leg.network.is_loopback or leg.network.is_link_local or leg.network.is_multicast):
                legs.setdefault(leg.network, []).append((number, leg))
    wide = wide_of(legs)
    known = Subnets(network for network in legs if network not in wide)
    guessed: set[Network] = set()
    outside = 0
    for device in devices:
        for address in device.addresses:
            if known.number_of(address) >= 0:
                continue
            if address.is_global:
                outside += 1
            else:
                guessed.add(_guess(address, known))
    subnets = Subnets([*(each.network for each in known.found), *guessed])
    for each in subnets.found:
        each.legs = legs.get(each.network, [])
    for number, device in enumerate(devices):
        places = {subnets.number_of(address) for address in device.addresses} - {-1}
        for place in sorted(places):
            subnets.found[place].members.append(number)
    return Drawn(subnets, {network: legs[network] for network in sorted(wide, key=_order)}, outside)


def wide_of(networks: Iterable[Network]) -> set[Network]:
    """The networks that hold another one. Networks nest or are apart, so neighbours in order tell."""
    wide: set[Network] = set()
    open_: list[Network] = []
    for network in sorted(set(networks), key=_order):
        while open_ and (open_[-1].version != network.version or int(open_[-1].broadcast_address) < first_of(network)):
            open_.pop()
        if open_:
            wide.add(open_[-1])
        open_.append(network)
    return wide


def first_of(network: Network) -> int:
    """The first address of a network as a number."""
    return int(network.network_address)


def _order(network: Network) -> tuple[int, int, int]:
    return network.version, first_of(network), network.prefixlen


def _guess(address: Address, known: Subnets) -> Network:
    """The widest usual subnet around an address that overlaps none that is known."""
    for length in range(GUESSED_PREFIX[address.version], address.max_prefixlen):
        network = ip_network((address, length), strict=False)
        if not known.touched(network):
            return network
    return ip_network((address, address.max_prefixlen))
