"""Interfaces of a Cisco IOS configuration: their addresses, and by which of them packets are routed."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import clean

SPEAKS_IPV6 = (("ipv6", "address"), ("ipv6", "enable"), ("ipv6", "unnumbered"))


class Interface(NamedTuple):
    """One interface. `ips`: the addresses that the configuration says, as CIDR."""

    node: Node
    name: str
    ips: list[str]
    enabled: bool
    routed: bool
    """It is switched on and has an address: one of its own, one that somebody assigns (`dhcp`, `negotiated`), or one
    that it borrows."""
    only_manages: bool
    """A switch that does not route may have it too: a VLAN, a loopback, the port for management alone."""
    routed6: bool
    """It is switched on and speaks IPv6."""


def interfaces(top: list[Node]) -> list[Interface]:
    """Every interface, in file order."""
    return [_interface(node) for node in top if node.starts("interface") and len(node.words) > 1]


def _interface(node: Node) -> Interface:
    enabled = not any(node.below("shutdown"))
    addressed = [child for child in node.below("ip", "address") if len(child.words) > 2]
    addressed6 = [child for child in node.below("ipv6", "address") if "link-local" not in child.words]
    return Interface(
        node=node,
        name=clean(" ".join(node.words[1:]), 200),
        ips=[network for child in (*addressed, *addressed6) if (network := _network(child.words))],
        enabled=enabled,
        routed=enabled and bool(addressed or any(node.below("ip", "unnumbered"))),
        only_manages=node.words[1].startswith(("Vlan", "Loopback")) or _vrf(node).lower().startswith("mgmt"),
        routed6=enabled and any(child.words[:2] in SPEAKS_IPV6 for child in node.children),
    )


def _vrf(node: Node) -> str:
    """The routing table of an interface; nothing for the one of the whole device."""
    for words in (("vrf", "forwarding"), ("ip", "vrf", "forwarding")):
        for child in node.below(*words):
            if len(child.words) > len(words):
                return child.words[len(words)]
    return ""


def _network(words: tuple[str, ...]) -> str:
    """The address of `ip address A MASK` or `ipv6 address A/LENGTH`, as CIDR; nothing for one that somebody assigns."""
    masked = len(words) > 3 and "." in words[3]
    try:
        return str(ipaddress.ip_interface("/".join(words[2:4] if masked else words[2:3])))
    except ValueError:
        return ""
