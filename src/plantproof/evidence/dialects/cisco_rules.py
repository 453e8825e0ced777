"""What filters the packets that a Cisco IOS device routes: access lists where interfaces bind them, and their lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from plantproof.evidence.collectors.protocol import Draft
from plantproof.evidence.dialects.acl import Entry, Listed, access_lists, ipv6_access_lists
from plantproof.evidence.dialects.acl_groups import Groups
from plantproof.evidence.dialects.acl_words import ANY, ANY6
from plantproof.evidence.dialects.cisco_crypto import decrypted
from plantproof.evidence.dialects.cisco_interfaces import Interface, interfaces
from plantproof.evidence.dialects.cisco_nat import Standing, sides_of, standing_in
from plantproof.evidence.dialects.cisco_settings import is_switch
from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import clean

Read = list[tuple[int, Node, Entry]]
"""The entries of a list, each with its place."""


class Version(NamedTuple):
    """How one version of IP is filtered. `binds`: the command that binds a list to an interface."""

    binds: tuple[str, str]
    learns: tuple[tuple[str, ...], ...]
    any: str
    none: str
    """The name of the rule where there is no list."""
    prefix: str
    """What tells its lists from those of the other version, which may bear the same name."""


IPV4 = Version(("ip", "access-group"), (("router",),), ANY, "no access list", "")
IPV6 = Version(("ipv6", "traffic-filter"), (("router",), ("ipv6", "router")), ANY6, "no IPv6 traffic filter", "ipv6 ")


class Filters(NamedTuple):
    """How the interfaces of a device are filtered in one version of IP."""

    version: Version
    routed: list[Interface]
    entries: dict[str, Read]
    bound: dict[tuple[str, str], list[str]]
    """(list, direction) -> the interfaces it is bound to."""
    exits: list[str]
    """Where a packet can leave; empty where routes are learned from others, and so not known here."""
    standing: list[Standing]
    """Addresses that stand for others."""

    def filtered(self, direction: str) -> set[str]:
        """The interfaces where a list with entries looks at packets of a direction. IOS lets everything through where
        a list is bound without entries, or was never written."""
        return {
            name
            for (bound, where), names in self.bound.items()
            if where == direction and self.entries.get(bound)
            for name in names
        }


def rule_drafts(top: list[Node], device: str, raw: str) -> Iterator[Draft]:
    """Entries of the access lists that filter an interface, in order.

    A list that is bound to no interface filters nothing (routing and management use lists too). An interface of a
    routing device without a list inward, or with one that has no entry, permits everything: that is a rule of its own,
    so that silence is not a filter. A list of one version of IP says nothing of the other.
    """
    found = interfaces(top)
    groups = Groups(top)
    routed = [interface for interface in found if interface.routed]
    each = [filters_of(top, IPV4, routed, access_lists(top), groups)]
    open_to = [each[0]] if forwards(top, routed) and len(routed) > 1 else []
    routed6 = [interface for interface in found if interface.routed6]
    if any(node.words == ("ipv6", "unicast-routing") for node in top) and len(routed6) > 1:
        each.append(filters_of(top, IPV6, routed6, ipv6_access_lists(top), groups))
        open_to.append(each[-1])
    each[0] = each[0]._replace(standing=standing_in(top, found))
    drafts = [fields for filters in each for fields in _entries(filters)]
    drafts += _past_lists(top, each[0])
    drafts += [fields for filters in open_to for fields in _open(filters)]
    # Where a list looks at what goes out, what the other version of IP sends there passes none.
    leaving = {name for filters in each for name in filters.filtered("out")}
    drafts += [fields for filters in open_to for fields in _open_outward(filters, leaving)]
    for order, (local, line, fields) in enumerate(drafts, 1):
        yield Draft("firewall_rule", local, {"order": order, "enabled": True, **fields}, raw, device, line=line)


def filters_of(
    top: list[Node], version: Version, routed: list[Interface], lists: dict[str, list[Listed]], groups: Groups
) -> Filters:
    """Which lists filter which of these interfaces."""
    entries = {
        name: [
            (sequence, each.node, entry)
            for sequence, each in enumerate(listed, 1)
            if (entry := each.weigh(groups)) is not None
        ]
        for name, listed in lists.items()
    }
    learned = any(node.starts(*words) for node in top for words in version.learns)
    exits = [] if learned else sorted(interface.name for interface in routed)
    filters = Filters(version, routed, entries, {}, exits, [])
    for interface in routed:
        for child in interface.node.below(*version.binds):
            if len(child.words) > 3:
                filters.bound.setdefault((child.words[2], child.words[3]), []).append(interface.name)
    return filters


Fields = tuple[str, int, dict[str, Any]]
"""What the rule is called in its source, its line, and what it says."""


def _entries(filters: Filters) -> Iterator[Fields]:
    for (bound, direction), where in sorted(filters.bound.items()):
        name = f"{filters.version.prefix}{bound}"
        standing = _met(filters, where) if direction == "in" else []
        denied = False
        for sequence, node, entry in filters.entries.get(bound, ()):
            side = "src_interfaces" if direction == "in" else "dst_interfaces"
            fields: dict[str, Any] = {
                "name": clean(f"{name} {direction} {sequence}"), **_said(entry), side: sorted(where),
                "log": entry.log, "rule_list": clean(name), "direction": direction,
            }  # fmt: skip
            if direction == "in" and filters.exits:
                fields["dst_interfaces"] = filters.exits
            local = f"{name}/{direction}/{sequence}"
            yield clean(local, 200), node.line.number, fields
            for place, each in enumerate(standing, 1):
                if through := each.lets_through(entry, denied=denied):
                    # A list looks at what comes in before its address is translated.
                    translated = {**fields, **_said(through), "nat": ["destination"]}
                    translated["name"] = clean(f"{name} {direction} {sequence}, translated")
                    yield clean(f"{local}/translated/{place}", 200), node.line.number, translated
            denied = denied or entry.action == "deny"


def _past_lists(top: list[Node], filters: Filters) -> Iterator[Fields]:
    """What comes out of a tunnel on an interface whose list looked at the tunnel alone."""
    looked_at = [interface for interface in filters.routed if interface.name in filters.filtered("in")]
    lists = {name: [entry for _, _, entry in read] for name, read in filters.entries.items()}
    for place, each in enumerate(decrypted(top, looked_at, lists), 1):
        name = clean(f"crypto map {each.map} on {each.interface}")
        fields: dict[str, Any] = {
            "name": name, **_said(each.entry), "src_interfaces": [each.interface], "log": False, "rule_list": name,
            "direction": "in",
        }  # fmt: skip
        if filters.exits:
            fields["dst_interfaces"] = filters.exits
        yield clean(f"{name}/{place}", 200), each.node.line.number, fields


def _said(entry: Entry) -> dict[str, Any]:
    """What an entry says, as the fields of a rule."""
    fields: dict[str, Any] = {
        "action": "accept" if entry.action == "permit" else "deny", "src_networks": entry.source,
        "dst_networks": entry.destination, "services": entry.services,
    }  # fmt: skip
    for field, found in (("unresolved", entry.unresolved), ("conditions", entry.conditions)):
        if found:
            fields[field] = [clean(item) for item in found]
    return fields


def _met(filters: Filters, where: list[str]) -> list[Standing]:
    """The standing-in addresses for which packets come in by one of these interfaces."""
    sides = {side for interface in filters.routed if interface.name in where for side in sides_of(interface)}
    return [each for each in filters.standing if sides & {*each.comes_in}]


def _open(filters: Filters) -> Iterator[Fields]:
    """The interfaces that let in whatever comes. Nothing comes in by a loopback."""
    filtered = filters.filtered("in")
    for interface in filters.routed:
        name = interface.name
        if name not in filtered and not name.startswith("Loopback"):
            fields = {**_anything(filters.version, name), "src_interfaces": [name], "direction": "in"}
            if ways_out := [other for other in filters.exits if other != name]:
                fields["dst_interfaces"] = ways_out
            yield f"{filters.version.none}/{name}", interface.node.line.number, fields


def _open_outward(filters: Filters, leaving: set[str]) -> Iterator[Fields]:
    """The interfaces that let out whatever goes in this version of IP, though a list looks at the other."""
    for interface in filters.routed:
        name = interface.name
        if name in leaving - filters.filtered("out"):
            fields = {**_anything(filters.version, name), "dst_interfaces": [name], "direction": "out"}
            yield f"{filters.version.none} out/{name}", interface.node.line.number, fields


def _anything(version: Version, name: str) -> dict[str, Any]:
    return {
        "name": f"{version.none} on {name}", "action": "accept", "src_networks": [version.any],
        "dst_networks": [version.any], "services": ["ip"], "log": False, "rule_list": version.none,
    }  # fmt: skip


def forwards(top: list[Node], routed: list[Interface]) -> bool:
    """Whether the device routes between its interfaces.

    A switch that does not has VLAN interfaces to be managed by, and perhaps a port for management alone. One that has
    routes, or an address on a port of its own, routes, whether or not it says so: the command is the default of some
    platforms, and then not shown.
    """
    if any(node.words == ("no", "ip", "routing") for node in top):
        return False
    return (
        not is_switch(top)
        or any(node.words == ("ip", "routing") or node.starts("router") for node in top)
        or any(node.words[:2] in (("ip", "route"), ("ip", "nat")) for node in top)
        or any(not interface.only_manages for interface in routed)
    )
