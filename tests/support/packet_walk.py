"""Packets walked through rules one by one, as a device does it: slow, plain, and nothing shared with what it checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any, NamedTuple

import msgspec

from plantproof.model.plant import Plant
from plantproof.model.reach import Reach, Sample
from plantproof.plant.subnets import parse_network


class Packet(NamedTuple):
    """A packet on its way through a device; `opens`: it opens a connection, and answers none."""

    src: str
    dst: str
    protocol: str
    port: int | None
    incoming: str
    outgoing: str
    opens: bool = True


def rows_of(plant: Plant) -> list[Reach]:
    """The rows of the table, as they were before they became columns."""
    table = plant.tables["reach"]
    found = []
    for row in range(len(table.ids)):
        fields = {
            name: msgspec.json.decode(value) for name, column in table.columns.items() if (value := column.values[row])
        }
        found.append(msgspec.convert(fields, Reach))
    return found


def in_service(service: str, protocol: str, port: int | None) -> bool:
    """Whether a service comprises a packet."""
    word, slash, ports = service.partition("/")
    if word == "ip":
        return True
    if word != protocol:
        return False
    if not slash:
        return True
    low, _, high = ports.partition("-")
    return port is not None and int(low) <= port <= int(high or low)


def in_networks(networks: Sequence[str], address: str) -> bool:
    """Whether an address lies in one of the networks."""
    return _in_networks(tuple(networks), address)


@cache
def _in_networks(networks: tuple[str, ...], address: str) -> bool:
    given = ip_address(address)
    return any(network is not None and given in network for network in map(parse_network, networks))


def matches(rule: Mapping[str, Any], packet: Packet) -> bool:
    """Whether a record of a rule matches a packet, by all that it says plainly."""
    sources, destinations = rule.get("src_interfaces"), rule.get("dst_interfaces")
    answers = "established" in rule.get("conditions", ())
    if (packet.opens and answers) or (sources and packet.incoming not in sources):
        return False
    if destinations and packet.outgoing not in destinations:
        return False
    if not in_networks(rule["src_networks"], packet.src) or not in_networks(rule["dst_networks"], packet.dst):
        return False
    return any(in_service(service, packet.protocol, packet.port) for service in rule["services"])


def doubtful(rule: Mapping[str, Any]) -> bool:
    """Whether a record says that the rule is not all that it looks like."""
    return bool(rule.get("unresolved") or [one for one in rule.get("conditions", ()) if one != "established"])


def first_match(rules: Sequence[Mapping[str, Any]], packet: Packet, *, hopeful: bool) -> bool:
    """Whether a list lets the packet pass; at its end stands a denial. Of what is not certain, the hopeful walk takes
    what lets it pass, the other what stops it."""
    for rule in sorted(rules, key=lambda each: each["order"]):
        accepts = rule["action"] == "accept"
        if not rule["enabled"] or not matches(rule, packet):
            continue
        if doubtful(rule) and accepts is not hopeful:
            continue
        return accepts
    return False


def passes(rules: Sequence[Mapping[str, Any]], packet: Packet, *, hopeful: bool = False) -> bool:
    """Whether a device lets the packet pass: by its only list, or by those of the interfaces on its way."""
    for direction, side, here in (("in", "src", packet.incoming), ("out", "dst", packet.outgoing)):
        listed = [rule for rule in rules if rule.get("direction") == direction]
        bound = [rule for rule in listed if here in rule[f"{side}_interfaces"]]
        if bound and not first_match(bound, packet, hopeful=hopeful):
            return False
        if listed and not bound and direction == "in":
            return False
    plain = [rule for rule in rules if "direction" not in rule]
    return first_match(plain, packet, hopeful=hopeful) if plain else bool(rules)


class Ground(NamedTuple):
    """Zone -> the interface behind which it lies, and the addresses of it that are tried."""

    interfaces: Mapping[str, str]
    addresses: Mapping[str, Sequence[str]]


def edges(networks: Iterable[str], zones: Mapping[str, str]) -> dict[str, list[str]]:
    """Zone -> first and last addresses of the zone and of every network, and their neighbours, as far as they lie in
    it: between two of them nothing changes."""
    found: dict[str, set[str]] = {zone: set() for zone in zones}
    for network in [ip_network(text) for text in {*networks, *zones.values()}]:
        for number in (int(network.network_address), int(network.broadcast_address)):
            for near in (number - 1, number, number + 1):
                if 0 <= near <= 2**32 - 1:
                    address = ip_address(near)
                    for zone, subnet in zones.items():
                        if address in ip_network(subnet):
                            found[zone].add(str(address))
    return {zone: sorted(addresses) for zone, addresses in found.items()}


def walk(ground: Ground, services: Sequence[tuple[str, int | None]]) -> Iterator[tuple[str, str, Packet]]:
    """Every packet of every service between two zones, from and to each of their addresses."""
    for source, target in product(ground.addresses, repeat=2):
        if source != target:
            for src, dst, (protocol, port), opens in product(
                ground.addresses[source], ground.addresses[target], services, (True, False)
            ):
                ways = ground.interfaces[source], ground.interfaces[target]
                yield source, target, Packet(src, dst, protocol, port, *ways, opens=opens)


def covered(row: Reach, packet: Packet) -> bool:
    """Whether a row speaks of the packet."""
    if row.answers and packet.opens:
        return False
    if any(in_service(service, packet.protocol, packet.port) for service in row.without):
        return False
    return in_service(row.service, packet.protocol, packet.port)


def sampled(row: Reach, ground: Ground) -> Packet:
    """The sample of a row as a packet on its way."""
    sample: Sample = row.sample
    ways = ground.interfaces[row.src_zone], ground.interfaces[row.dst_zone]
    return Packet(sample.src, sample.dst, sample.protocol, sample.port, *ways, opens=not row.answers)
