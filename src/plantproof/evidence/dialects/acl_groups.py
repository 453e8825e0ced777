"""Object groups of Cisco IOS: networks and services under a name, groups within groups."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from plantproof.evidence.dialects.acl_words import (
    ANY,
    EVERY_PORT,
    MESSAGES,
    protocol,
    ranges_of,
    wildcard_networks,
)
from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import number

KINDS = ("network", "service")


class Groups:
    """The object groups of one configuration. What a group holds is known wholly or not at all."""

    def __init__(self, top: Iterable[Node]) -> None:
        # A group that is written twice is added to.
        self._nodes: dict[tuple[str, str], list[Node]] = {}
        for node in top:
            if node.starts("object-group") and len(node.words) > 2 and node.words[1] in KINDS:
                self._nodes.setdefault((node.words[1], node.words[2]), []).append(node)

    def networks(self, name: str) -> list[str] | None:
        """The networks of a group; None for one that is not there, is empty, or holds what is no network."""
        found: set[str] = set()
        for words in self._entries("network", name):
            networks = None if words is None else _networks(words)
            if not networks:
                return None
            found.update(networks)
        return ([ANY] if ANY in found else sorted(found)) or None

    def services(self, name: str) -> list[str] | None:
        """The services of a group; None for one that is not there, is empty, or holds what is no service."""
        found: set[str] = set()
        for words in self._entries("service", name):
            services = None if words is None else _services(words)
            if not services:
                return None
            found.update(services)
        return (["ip"] if "ip" in found else sorted(found)) or None

    def _entries(self, kind: str, name: str) -> Iterator[tuple[str, ...] | None]:
        """The entries of a group and of those within it, each group once; None where one is not there."""
        seen: set[str] = set()
        stack = [name]
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            nodes = self._nodes.get((kind, current))
            if nodes is None:
                yield None
                continue
            for child in (child for node in nodes for child in node.children):
                if child.starts("group-object") and len(child.words) > 1:
                    stack.append(child.words[1])
                elif not child.starts("description"):
                    yield child.words


def _networks(words: tuple[str, ...]) -> list[str]:
    """The networks of one entry: any, host A, A MASK, A/prefix, range A B."""
    try:
        if words == ("any",):
            return [ANY]
        if words[0] == "host" and len(words) == 2:
            return wildcard_networks(words[1], "0.0.0.0")  # noqa: S104  a wildcard mask, not an address to bind
        if words[0] == "range" and len(words) == 3:
            ends = ipaddress.IPv4Address(words[1]), ipaddress.IPv4Address(words[2])
            return [str(network) for network in ipaddress.summarize_address_range(*ends)]
        if len(words) <= 2:
            # Here a mask is one of a subnet, not the wildcard of an access list.
            return [str(ipaddress.IPv4Network("/".join(words), strict=False))]
    except (ValueError, TypeError):
        return []
    return []


def _services(words: tuple[str, ...]) -> list[str]:
    """The services of one entry: a protocol, with a condition on the ports to which a packet goes."""
    protocols = ["tcp", "udp"] if words[0] == "tcp-udp" else [protocol(words[0])]
    rest = list(words[1:])
    if protocols == ["icmp"] and rest:
        kind = MESSAGES.get(rest[0], number(rest[0], 255))
        return [f"icmp/{kind}"] if kind is not None and len(rest) == 1 else []
    if protocols[0] not in ("tcp", "udp"):
        return [] if rest else protocols
    if "source" in rest:
        return []
    if rest and rest[0] not in ("eq", "range", "gt", "lt", "neq"):
        rest.insert(0, "eq")
    ports = ranges_of(rest[0], rest[1:]) if rest else [EVERY_PORT]
    return [f"{each}/{port}" for each in protocols for port in ports or ()]
