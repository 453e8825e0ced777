"""Static routes of a Cisco IOS configuration, and the interfaces through which they lead."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from plantproof.evidence.dialects.cisco_interfaces import Interface
from plantproof.evidence.dialects.indented import Node

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NO_DESTINATION = ("static", "profile")
"""What follows `ip route` where it is a setting of routes, and none itself."""
Span = tuple[int, int, int]
"""A network: IP version, length of the prefix, first address."""
MOST_STEPS = 32
"""So many next hops are followed, each found by the route before. Where more would be, nobody knows the way."""


class Route(NamedTuple):
    """One static route: through a port, to a next hop, or to a next hop behind a port."""

    network: Network
    port: str
    hop: Address | None
    vrf: str


class Routing(NamedTuple):
    """Interface -> networks that static routes reach through it; and the commands of which it is not known where they
    lead."""

    through: dict[str, set[str]]
    unknown: list[Node]


def static_routes(top: list[Node], found: list[Interface]) -> Routing:
    """Where the static routes lead: through the port that they name, else through the interface in whose network the
    next hop lies, else the way on which a route leads to the next hop."""
    read = [
        (node, read_route(node.words))
        for node in top
        if node.words[:2] in (("ip", "route"), ("ipv6", "route"))
        and node.words[2:3] not in [(word,) for word in NO_DESTINATION]
    ]
    ways = Ways(found, (route for _, route in read if route))
    routing = Routing({}, [])
    for node, route in read:
        names = ways.of(route) if route else None
        if route and names:
            for name in names:
                routing.through.setdefault(name, set()).add(str(route.network))
        elif names is None:
            routing.unknown.append(node)
    return routing


def read_route(words: tuple[str, ...]) -> Route | None:
    """A route from `ip route [vrf NAME] NETWORK MASK [PORT] [NEXT-HOP] ...`, or `ipv6 route [vrf NAME]
    NETWORK/LENGTH ...`; None for what is none."""
    vrf, rest = (words[3], words[4:]) if words[2:3] == ("vrf",) and len(words) > 3 else ("", words[2:])
    try:
        span = 2 if words[0] == "ip" else 1
        network = ipaddress.ip_network("/".join(rest[:span]), strict=False)
    except ValueError:
        return None
    ahead = rest[span:]
    if not ahead:
        return None
    hop = _address(ahead[0])
    port = "" if hop else ahead[0]
    return Route(network, port, hop or _address(ahead[1] if len(ahead) > 1 else ""), "" if "global" in rest else vrf)


def _address(word: str) -> Address | None:
    try:
        return ipaddress.ip_address(word)
    except ValueError:
        return None


class Ways:
    """Through which interfaces a route leads."""

    def __init__(self, found: Iterable[Interface], routes: Iterable[Route]) -> None:
        self._names: set[str] = set()
        self._assigned: set[str] = set()
        self._connected: dict[Span, set[str]] = {}
        for interface in found:
            self._names.add(interface.name)
            if any(child.words[2:3] == ("dhcp",) for child in interface.node.below("ip", "address")):
                self._assigned.add(interface.name)
            for ip in interface.ips:
                self._connected.setdefault(_key(ipaddress.ip_interface(ip).network), set()).add(interface.name)
        self._routes: dict[tuple[str, Span], dict[tuple[str, Address | None], Route]] = {}
        for route in routes:
            alike = self._routes.setdefault((route.vrf, _key(route.network)), {})
            alike.setdefault((route.port, route.hop), route)
        spans = {*self._connected, *(span for _, span in self._routes)}
        self._lengths = {
            wanted: sorted({length for version, length, _ in spans if version == wanted}, reverse=True)
            for wanted in (4, 6)
        }

    def of(self, route: Route) -> set[str] | None:
        """The interfaces; none for a route that drops what it matches; None where it is not known."""
        if route.port.lower().startswith("null"):
            return set()
        found: set[str] = set()
        followed: set[Span] = set()
        ahead = [route]
        for _ in range(MOST_STEPS):
            if not ahead:
                break
            here = ahead.pop()
            if here.port:
                found |= {here.port} & self._names if here.port != "dhcp" else self._assigned
            elif here.hop:
                connected = {name for key in self._spans(here.hop) for name in self._connected.get(key, ())}
                found |= connected
                ahead += [] if connected else self._onward(here.hop, here.vrf, followed)
        return None if ahead else found or None

    def _onward(self, hop: Address, vrf: str, followed: set[Span]) -> list[Route]:
        """The most exact routes to a next hop that were not followed before: those lead around in a circle."""
        for key in self._spans(hop):
            if key not in followed and (vrf, key) in self._routes:
                followed.add(key)
                return list(islice(self._routes[vrf, key].values(), 2 * MOST_STEPS))
        return []

    def _spans(self, address: Address) -> Iterator[Span]:
        """The networks of routes and interfaces in which an address may lie, the most exact first."""
        for length in self._lengths[address.version]:
            free = address.max_prefixlen - length
            yield (address.version, length, int(address) >> free << free)


def _key(network: Network) -> Span:
    return (network.version, network.prefixlen, int(network.network_address))
