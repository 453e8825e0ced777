"""Static translations of a Cisco IOS configuration: addresses that stand for others, to which packets go on.

A list looks at what comes in before it is translated: an entry that permits the address that stands for a controller
lets packets through to the controller. Source: Cisco, "NAT order of operation".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from plantproof.evidence.dialects.acl import Entry
from plantproof.evidence.dialects.acl_words import ANY, PORTS
from plantproof.evidence.dialects.cisco_interfaces import Interface
from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import number

COMES_IN = {"inside": ("outside", "enable"), "outside": ("inside", "enable"), "source": ("enable",)}
"""The word after `ip nat` -> the sides of NAT on which packets for the standing-in address come in."""


class Standing(NamedTuple):
    """Addresses that stand for others. `unresolved`: what could not be read of it; then it may be any on both sides."""

    comes_in: tuple[str, ...]
    seen: list[str]
    seen_service: str
    real: list[str]
    real_service: str
    unresolved: list[str]

    def lets_through(self, entry: Entry, *, denied: bool) -> Entry | None:
        """What an entry that permits the standing-in address lets through to the others; None where it does not, or
        lets it through by its own words. `denied`: earlier entries deny something; of the others, perhaps."""
        if entry.action != "permit" or not meet(entry.destination, self.seen):
            return None
        if (
            not denied
            and ANY in entry.destination
            and (entry.services == ["ip"] or self.real_service == self.seen_service)
        ):
            return None
        if self.seen_service and not any(comprises(service, self.seen_service) for service in entry.services):
            return None
        services = [self.real_service] if self.real_service else entry.services
        unresolved = [*entry.unresolved, *self.unresolved]
        return entry._replace(destination=self.real, services=services, unresolved=unresolved)


def sides_of(interface: Interface) -> set[str]:
    """On which sides of NAT an interface stands: inside, outside, enable."""
    return {child.words[2] for child in interface.node.below("ip", "nat") if len(child.words) > 2}


def standing_in(top: list[Node], found: list[Interface]) -> list[Standing]:
    """Every translation by which packets from elsewhere reach an address that they do not name, in file order."""
    addresses = {interface.name: [ip.split("/")[0] for ip in interface.ips if ":" not in ip] for interface in found}
    pools = {node.words[3]: node for node in top if node.starts("ip", "nat", "pool") and len(node.words) > 5}
    return [
        standing
        for node in top
        if node.starts("ip", "nat") and node.words[2:3] and node.words[2] in COMES_IN
        for standing in _read(node, addresses, pools)
    ]


def _read(node: Node, addresses: dict[str, list[str]], pools: dict[str, Node]) -> Iterator[Standing]:
    comes_in = COMES_IN[node.words[2]]
    rest = list(node.words[3 if node.words[2] == "source" else 4 :])
    if node.words[3:4] == ("destination",):
        yield Standing(("inside", "outside"), [ANY], "", [ANY], "", [node.text])
    elif rest[:1] == ["static"]:
        yield _static(rest[1:], comes_in, addresses) or Standing(comes_in, [ANY], "", [ANY], "", [node.text])
    elif rest[:1] in (["list"], ["route-map"]) and "pool" in rest[:-1] and "overload" not in rest:
        # Who was translated once has an address of his own in the pool, by which others reach him.
        seen = _range(pools.get(rest[rest.index("pool") + 1]))
        yield Standing(comes_in, seen, "", [ANY], "", [node.text])


def _range(pool: Node | None) -> list[str]:
    """The addresses of `ip nat pool NAME FIRST LAST ...`; any where that cannot be read."""
    try:
        ends = [ipaddress.IPv4Address(word) for word in pool.words[4:6]] if pool else []
        return [str(network) for network in ipaddress.summarize_address_range(*ends)] if ends else [ANY]
    except (ValueError, TypeError):
        return [ANY]


def _static(words: list[str], comes_in: tuple[str, ...], addresses: dict[str, list[str]]) -> Standing | None:
    """`[tcp|udp] A [PORT] B|interface NAME [PORT]`, or `network A B MASK`: B stands for A. None for what is none."""
    try:
        if words[0] == "network":
            mask = words[3].removeprefix("/")
            real, seen = (str(ipaddress.IPv4Network(f"{word}/{mask}", strict=False)) for word in words[1:3])
            return Standing(comes_in, [seen], "", [real], "", [])
        protocol = words.pop(0) if words[0].isalpha() else ""
        real = str(ipaddress.IPv4Network(words.pop(0)))
        real_port = _port(words.pop(0)) if protocol in ("tcp", "udp") else None
        if words[0] == "interface":
            seen_networks = [f"{address}/32" for address in addresses.get(words[1], ())] or [ANY]
            words = words[2:]
        else:
            seen_networks = [str(ipaddress.IPv4Network(words.pop(0)))]
        seen_port = _port(words[0]) if protocol in ("tcp", "udp") else None
    except (ValueError, IndexError):
        return None
    services = [f"{protocol}/{port}" if port is not None else protocol for port in (seen_port, real_port)]
    return Standing(comes_in, seen_networks, services[0], [real], services[1], [])


def _port(word: str) -> int:
    found = PORTS.get(word, number(word, 65535))
    if found is None:
        raise ValueError(word)
    return found


def meet(one: list[str], other: list[str]) -> bool:
    """Whether networks of IPv4 have an address in common."""
    return any(
        _span(left)[0] <= _span(right)[1] and _span(right)[0] <= _span(left)[1] for left in one for right in other
    )


@lru_cache(maxsize=1 << 14)
def _span(text: str) -> tuple[int, int]:
    network = ipaddress.IPv4Network(text)
    return int(network.network_address), int(network.broadcast_address)


def comprises(service: str, wanted: str) -> bool:
    """Whether a service, a range of ports perhaps, comprises one of a single port, or of a protocol."""
    protocol, _, ports = service.partition("/")
    wanted_protocol, _, port = wanted.partition("/")
    if protocol == "ip" or not (ports and port):
        return protocol in ("ip", wanted_protocol)
    low, _, high = ports.partition("-")
    return protocol == wanted_protocol and int(low) <= int(port) <= int(high or low)
