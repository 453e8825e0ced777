"""What a service such as `tcp/502`, `udp/161-162`, `icmp` or `ip` comprises, and whether a permission comprises it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

EVERYTHING = "ip"
WITH_PORTS = ("tcp", "udp", "sctp")
WITH_TYPES = ("icmp", "icmp6")
"""Protocols whose messages have a type, written where others have a port: `icmp/8` is an echo request."""
FIRST_PORT, LAST_PORT = 1, 65535
ANY_SERVICE = frozenset({"", "*", "all", "any"})
"""Words by which tables of rules say `ip`."""
PROTOCOLS = frozenset({
    "ah", "dccp", "egp", "eigrp", "esp", "etherip", "gre", "hbh", "icmp", "icmp6", "igmp", "igp", "igrp", "ip",
    "ipinip", "ipv6", "l2tp", "nos", "ospf", "pcp", "pim", "rsvp", "sctp", "tcp", "udp", "udplite", "vrrp",
})  # fmt: skip
"""Names of IP protocols, as rules of firewalls write them; others are written `ip-<number>`."""


class Ports(NamedTuple):
    """Ports of one protocol, or types of its messages, both ends included. Protocols without have the whole range."""

    protocol: str
    first: int
    last: int


@lru_cache(maxsize=1 << 14)
def parse_service(text: str) -> Ports | None:
    """The ports that a service means, or None for text that means none that we know.

    `ip` is every protocol; a protocol alone is all of it. What is None is permitted by `ip` alone.
    """
    protocol, slash, ports = text.strip().lower().partition("/")
    if not protocol:
        return None
    least = 0 if protocol in WITH_TYPES else FIRST_PORT
    if not slash:
        return Ports(protocol, least, LAST_PORT)
    first, dash, last = ports.partition("-")
    if not first.isascii() or not first.isdecimal() or (dash and not (last.isascii() and last.isdecimal())):
        return None
    low, high = int(first), int(last or first)
    # Nothing listens on port 0: `tcp/0-65535`, `tcp/1-65535` and `tcp` are one and the same.
    return Ports(protocol, max(low, least), high) if low <= high <= LAST_PORT and high >= least else None


def read_service(text: str) -> Ports | None:
    """What a firewall rule means by a service; None for one of no known protocol, and for ports of a protocol that has
    none: `https` may be any packet."""
    if text.strip().lower() in ANY_SERVICE:
        text = EVERYTHING
    ports = parse_service(text)
    if ports is None or not (ports.protocol in PROTOCOLS or _is_numbered(ports.protocol)):
        return None
    return ports if "/" not in text or ports.protocol in (*WITH_PORTS, *WITH_TYPES) else None


def _is_numbered(protocol: str) -> bool:
    head, dash, number = protocol.partition("-")
    return bool(dash) and head == EVERYTHING and number.isascii() and number.isdecimal()


def permits(permitted: Iterable[str], service: str) -> bool:
    """Whether all of `service` lies within the permitted services taken together.

    `tcp/20-21` is permitted by `tcp/20` and `tcp/21`; `tcp/1-1000` is not by `tcp/502`: what a rule opens beyond the
    permission is open all the same.
    """
    wanted = parse_service(service)
    ranges = []
    for text in permitted:
        ports = parse_service(text)
        if ports is None:
            continue
        if ports.protocol == EVERYTHING:
            return True
        if wanted is not None and ports.protocol == wanted.protocol:
            ranges.append((ports.first, ports.last))
    if wanted is None:
        return False
    reached = wanted.first - 1
    for first, last in sorted(ranges):
        if first > reached + 1:
            break
        reached = max(reached, last)
    return reached >= wanted.last


def service_of_flow(protocol: str, port: int | None) -> str:
    """How a flow's protocol and port are written as a service; a flow of unknown protocol may be anything."""
    word = protocol.strip().lower()
    if not word:
        return "unknown"
    return f"{word}/{port}" if port is not None and word in WITH_PORTS else word


def overlaps(one: str, other: str) -> bool:
    """Whether a packet can be of both services; of what is no service nobody knows."""
    first, second = parse_service(one), parse_service(other)
    if first is None or second is None or EVERYTHING in (first.protocol, second.protocol):
        return True
    return first.protocol == second.protocol and first.first <= second.last and second.first <= first.last
