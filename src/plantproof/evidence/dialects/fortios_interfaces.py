"""Addresses of FortiOS interfaces, and the networks that static routes reach through them, of IPv4 and of IPv6."""

from __future__ import annotations

import ipaddress

from plantproof.evidence.dialects.fortios_objects import ANY, ANY6, Objects
from plantproof.evidence.dialects.fortios_tree import Block

DYNAMIC = frozenset({
    "router bgp", "router isis", "router ospf", "router ospf6", "router policy", "router policy6", "router rip",
    "router ripng",
})  # fmt: skip
"""What leads packets elsewhere than static routes do, once it has an entry: a neighbour, a network, a policy."""
SDWAN = ("system sdwan", "system virtual-wan-link")
SDWAN_ZONE = "virtual-wan-link"
"""The zone of a member that names none, and of all members before zones had names."""


def addresses_of(interface: Block) -> list[str]:
    """The addresses of an interface as CIDR: the first, the secondary ones, those of IPv6."""
    texts = ["/".join(interface.words("ip"))]
    texts += ["/".join(edit.words("ip")) for edit in interface.edits("secondaryip")]
    for part in interface.all("ipv6"):
        texts.append(part.word("ip6-address"))
        texts += [edit.name for edit in part.edits("ip6-extra-addr")]
    found = []
    for text in texts:
        try:
            address = ipaddress.ip_interface(text)
        except ValueError:
            continue
        if int(address.ip):
            found.append(str(address))
    return found


def routes_of(scopes: list[Block]) -> dict[str, list[str]]:
    """The networks of the static routes of all virtual domains, by the interface through which they lead: each member
    of an SD-WAN zone that a route names. A route that leads nowhere (a black hole) is none."""
    found: dict[str, set[str]] = {}
    for scope in scopes:
        objects = Objects(scope)
        members = sdwan_members(scope)
        for table, default in (("router static", ANY), ("router static6", ANY6)):
            for edit in scope.edits(table):
                if edit.word("status", "enable") != "enable" or edit.word("blackhole") == "enable":
                    continue
                for interface in leaves_by(edit, members):
                    found.setdefault(interface, set()).update(leads_to(edit, objects, default))
    return {interface: sorted(networks) for interface, networks in found.items()}


def learns_routes(scopes: list[Block]) -> bool:
    """Whether packets may go elsewhere than static routes say: by routes that others tell the device, or by policy."""
    return any(block.name in DYNAMIC and has_entries(block) for scope in scopes for block in scope.blocks)


def has_entries(block: Block) -> bool:
    """Whether a block has an `edit`, however deep: a full export writes the empty tables too."""
    return any(child.entry or has_entries(child) for child in block.blocks)


def leads_to(route: Block, objects: Objects, default: str) -> list[str]:
    """The networks of one route. One that names no network is a default route; so is one to what cannot be resolved."""
    if route.words("dstaddr"):
        resolve = objects.networks if default == ANY else objects.networks6
        return resolve(route.words("dstaddr"), []) or [default]
    try:
        return [str(ipaddress.ip_network("/".join(route.words("dst")) or default, strict=False))]
    except ValueError:
        return []


def leaves_by(route: Block, members: dict[str, list[str]]) -> list[str]:
    """The interfaces by which one route leads."""
    zones = list(route.words("sdwan-zone"))
    if any(route.word(key) == "enable" for key in ("sdwan", "virtual-wan-link")):
        zones.append(SDWAN_ZONE)
    found = [interface for zone in zones for interface in members.get(zone, ())]
    return [*found, route.word("device")] if route.word("device") else found


def sdwan_members(scope: Block) -> dict[str, list[str]]:
    """SD-WAN zone -> its interfaces."""
    found: dict[str, list[str]] = {}
    for block in (block for name in SDWAN for block in scope.all(name)):
        for edit in block.edits("members"):
            if edit.word("interface"):
                found.setdefault(edit.word("zone", SDWAN_ZONE), []).append(edit.word("interface"))
    return found
