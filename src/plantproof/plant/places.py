"""From which zones to which: the ends of flows, and what firewall rules open between zones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from plantproof.model.plant import Table
from plantproof.model.site import Site
from plantproof.plant.subnets import Network, SubnetIndex, parse_address, parse_network, placeable
from plantproof.plant.zones import DRAFTED, NOWHERE_CERTAIN, SUBNET, UNPLACED, Placement, claims_of

UNKNOWN = "unknown"
JOINING = frozenset({b'"firewall"', b'"gateway"', b'"router"'})
ANY_INTERFACE = frozenset({"any", "all", ""})


class Places:
    """Addresses, networks and interfaces of one site -> zones."""

    def __init__(self, site: Site, subnets: SubnetIndex, assets: Table, placement: Placement) -> None:
        self.every = tuple(sorted(zone.id for zone in site.zones))
        self.subnets = subnets
        self._assets = assets
        self._placement = placement
        self.confirmed = frozenset(zone.id for zone in site.zones if not zone.unconfirmed)
        external = [zone for zone in site.zones if zone.kind == "external" and not zone.subnets]
        outside = [zone.id for zone in external if not zone.unconfirmed] or [zone.id for zone in external]
        self.outside = outside[0] if len(outside) == 1 else UNKNOWN
        self._networks: dict[str, tuple[str, ...]] = {}
        self.elsewhere = self._placed_elsewhere()
        placed = zip(assets.zones, placement.how, strict=True)
        self.inhabited = frozenset(zone for zones, how in placed if how not in NOWHERE_CERTAIN for zone in zones)
        self.inhabited |= {zone for zones in placement.drafted.values() for zone in zones}
        """The zones in which assets of the plant stand."""

    def _placed_elsewhere(self) -> list[tuple[int, int, tuple[str, ...]]]:
        """(version, address, zones) of assets whose zone does not follow from their address: named members and such."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        decode = msgspec.json.Decoder(list[str]).decode
        ips, roles = self._assets.columns["ips"].values, self._assets.columns["role"]
        for row, how in enumerate(self._placement.how):
            listed = ips[row]
            if listed is None or how in (SUBNET, UNPLACED):
                continue
            for text in decode(listed):
                address = parse_address(text)
                if address is None or not placeable(address):
                    continue
                # What joins networks has a foot in each: such an address is where its network is.
                joins = any(role in JOINING for role in claims_of(roles, row))
                here = self.subnets.zones_of_address(address)
                if not (here and (joins or how == DRAFTED)):
                    found.append((address.version, int(address), self._stands(row)))
        return found

    def _stands(self, row: int) -> tuple[str, ...]:
        """The zones of an asset, for one that only a draft places those of the draft."""
        return self._placement.drafted.get(row) or self._assets.zones[row]

    def of_address(self, text: str) -> tuple[str, ...]:
        """The zone of an address: by subnet, else by the asset that has it, else the one outside, else "unknown".

        Only a public address is outside: a private one that no zone declares is a network nobody drew. Group and
        link-local addresses are no place at all: nothing.
        """
        address = parse_address(text)
        if address is None:
            return (UNKNOWN,)
        if not placeable(address):
            return ()
        named = {
            zone
            for version, number, zones in self.elsewhere
            if version == address.version and number == int(address)
            for zone in zones
        }
        return (
            tuple(sorted(named))
            or self.subnets.zones_of_address(address)
            or ((self.outside,) if address.is_global else (UNKNOWN,))
        )

    def of_end(self, asset_row: int, address: str | None) -> tuple[str, ...]:
        """The zones of one end of a flow. The asset says; its address decides where it stands in several zones."""
        by_address = self.of_address(address) if address is not None else ()
        if asset_row < 0 or self._placement.how[asset_row] == UNPLACED:
            return by_address or ((UNKNOWN,) if address is None else ())
        own = self._stands(asset_row)
        if len(own) > 1:
            return tuple(zone for zone in own if zone in by_address) or own
        return own

    def of_network(self, text: str) -> tuple[str, ...]:
        """All zones with an address in the network; the one outside, or "unknown", where none has."""
        found = self._networks.get(text)
        if found is None:
            network = parse_network(text)
            found = self._networks[text] = (UNKNOWN,) if network is None else self._of_network(network)
        return found

    def _of_network(self, network: Network) -> tuple[str, ...]:
        first, last = int(network.network_address), int(network.broadcast_address)
        named = {
            zone
            for version, number, zones in self.elsewhere
            if version == network.version and first <= number <= last
            for zone in zones
        }
        found = named if named and first == last else {*named, *self.subnets.zones_of_network(network)}
        if found:
            return tuple(sorted(found))
        if not placeable(network.network_address):
            return ()
        return (self.outside,) if network.is_global else (UNKNOWN,)

    def attached(self, networks: Iterable[str]) -> frozenset[str]:
        """The declared zones that the networks touch."""
        found: set[str] = set()
        for text in networks:
            network = parse_network(text)
            if network is not None and network.prefixlen:
                found.update(self._of_network(network))
        return frozenset(found) & frozenset(self.every)


def is_any(text: str) -> bool:
    """Whether the network is every address: `0.0.0.0/0`, `::/0`, or the word."""
    network = parse_network(text)
    return text.lower() in ANY_INTERFACE or (network is not None and network.prefixlen == 0)


def is_host(text: str) -> bool:
    """Whether the network is one address."""
    network = parse_network(text)
    return network is not None and network.prefixlen == network.max_prefixlen


class Attachments:
    """Which zones lie behind which interface of which device, by its addresses and static routes.

    A default route leads to every zone that is not attached elsewhere on the device. An interface without address or
    route says nothing of what lies behind it: every zone may.
    """

    def __init__(self, interfaces: Table | None, places: Places) -> None:
        self._places = places
        self._zones: dict[tuple[int, str], frozenset[str]] = {}
        self._names: dict[int, set[str]] = {}
        self._hosts: set[tuple[int, str]] = set()
        self._learning: set[int] = set()
        self._told: dict[int, frozenset[str]] = {}
        if interfaces is None:
            return
        defaults = []
        for row, asset_row in enumerate(interfaces.asset_rows):
            names = [msgspec.json.decode(name, type=str) for name in claims_of(interfaces.columns["name"], row)]
            listed = _strings(interfaces, "ips", row) + _strings(interfaces, "routes", row)
            if asset_row < 0 or not interfaces.fresh[row]:
                continue
            if b"true" in claims_of(interfaces.columns["unknown_routes"], row):
                self._learning.add(asset_row)
            zones = places.attached(listed)
            default = {text for text in listed if is_any(text)}
            self._told[asset_row] = self._told.get(asset_row, frozenset()) | zones
            for name in names:
                key = (asset_row, name)
                self._zones[key] = self._zones.get(key, frozenset()) | zones
                self._names.setdefault(asset_row, set()).add(name)
                if listed and all(map(is_host, listed)):
                    self._hosts.add(key)
                if default:
                    defaults.append((key, default == {"::/0"}))
        attached = dict(self._zones)
        whole = {key[0] for key, of_ipv6 in defaults if not of_ipv6}
        for key, of_ipv6 in defaults:
            if of_ipv6 and key[0] not in whole:
                continue  # Nobody knows by which interface the same zones are reached over IPv4.
            elsewhere = {
                zone for other, zones in attached.items() if other[0] == key[0] and other != key for zone in zones
            }
            self._zones[key] |= frozenset(places.every) - elsewhere

    def of_device(self, asset_row: int) -> dict[str, frozenset[str]]:
        """The interfaces of a device behind which there are zones. One that has nothing but an address of its own (a
        loopback) has nobody behind it."""
        return {
            name: zones
            for name in sorted(self._names.get(asset_row, ()))
            if (zones := self._zones[asset_row, name]) and (asset_row, name) not in self._hosts
        }

    def lost(self, asset_row: int) -> frozenset[str]:
        """The zones that may lie behind any interface of the device: no address and no exact route leads to them, and
        not all its routes are known."""
        every = frozenset(self._places.every)
        return every - self._told.get(asset_row, frozenset()) if asset_row in self._learning else frozenset()

    def behind(self, asset_row: int, interfaces: Sequence[str] | None) -> frozenset[str]:
        """The zones that packets on these interfaces may come from or go to."""
        every = frozenset(self._places.every)
        if not interfaces:
            return every
        found: frozenset[str] = frozenset()
        for name in interfaces:
            zones = self._zones.get((asset_row, name))
            if name.lower() in ANY_INTERFACE or not zones:
                return every
            # A draft alone narrows nothing down: what people have confirmed may all lie behind it.
            found |= zones if zones & self._places.confirmed else zones | self._places.confirmed
        return found


def _strings(table: Table, field: str, row: int) -> list[str]:
    """All strings that any fresh source lists in the field."""
    decode = msgspec.json.Decoder(list[str]).decode
    return sorted({text for claim in claims_of(table.columns[field], row) for text in decode(claim)})


def widest(table: Table, field: str, row: int) -> list[str] | None:
    """What a rule lists in the field, or None where nothing is said. Disputed lists are taken together: the wider
    one."""
    return _strings(table, field, row) if claims_of(table.columns[field], row) else None
