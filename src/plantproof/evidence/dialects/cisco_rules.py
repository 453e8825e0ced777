"""What filters the packets that a Cisco IOS device routes: access lists where interfaces bind them, and their lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from plantproof.evidence.collectors.protocol import Draft
from plantproof.evidence.dialects.acl import access_lists, read_entry
from plantproof.evidence.dialects.acl_groups import Groups
from plantproof.evidence.dialects.cisco_interfaces import Interface, interfaces
from plantproof.evidence.dialects.cisco_settings import is_switch
from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import clean


class Filters(NamedTuple):
    """`bound`: (list, direction) -> the interfaces it is bound to. `open`: interfaces that let in whatever comes."""

    bound: dict[tuple[str, str], list[str]]
    open: list[Interface]


def rule_drafts(top: list[Node], device: str, raw: str) -> Iterator[Draft]:
    """Entries of the access lists that filter an interface, in order.

    A list that is bound to no interface filters nothing (routing and management use lists too). An interface of a
    routing device without a list inward, or with one that has no entry, permits everything: that is a rule of its own,
    so that silence is not a filter.
    """
    groups = Groups(top)
    entries = {
        name: [
            (sequence, each.node, entry)
            for sequence, each in enumerate(listed, 1)
            if (entry := read_entry(each.words, extended=each.extended, groups=groups)) is not None
        ]
        for name, listed in access_lists(top).items()
    }
    routed = [interface for interface in interfaces(top) if interface.routed]
    filters = filters_of(routed, {name for name, read in entries.items() if read})
    # Where a packet can leave: by the interfaces there are, unless routes are learned from others and so unknown here.
    learned = any(node.starts("router") for node in top)
    exits = [] if learned else sorted(interface.name for interface in routed)
    order = 0
    for (name, direction), where in sorted(filters.bound.items()):
        for sequence, node, entry in entries.get(name, ()):
            order += 1
            side = "src_interfaces" if direction == "in" else "dst_interfaces"
            fields: dict[str, Any] = {
                "order": order, "name": clean(f"{name} {direction} {sequence}"), "enabled": True,
                "action": "accept" if entry.action == "permit" else "deny", side: sorted(where),
                "src_networks": entry.source, "dst_networks": entry.destination, "services": entry.services,
                "log": entry.log, "rule_list": clean(name), "direction": direction,
            }  # fmt: skip
            if direction == "in" and exits:
                fields["dst_interfaces"] = exits
            for field, found in (("unresolved", entry.unresolved), ("conditions", entry.conditions)):
                if found:
                    fields[field] = [clean(item) for item in found]
            local = clean(f"{name}/{direction}/{sequence}", 200)
            yield Draft("firewall_rule", local, fields, raw, device, line=node.line.number)
    if forwards(top, routed) and len(routed) > 1:
        for node, local in ((interface.node, interface.name) for interface in filters.open):
            order += 1
            ways_out = [other for other in exits if other != local]
            yield Draft(
                "firewall_rule",
                f"no access list/{local}",
                {"order": order, "name": f"no access list on {local}", "enabled": True, "action": "accept",
                 "src_interfaces": [local], "src_networks": ["0.0.0.0/0"], "dst_networks": ["0.0.0.0/0"],
                 "services": ["ip"], "log": False, "rule_list": "no access list", "direction": "in",
                 **({"dst_interfaces": ways_out} if ways_out else {})},
                raw, device, line=node.line.number,
            )  # fmt: skip


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


def filters_of(routed: list[Interface], with_entries: set[str]) -> Filters:
    """Which lists filter which of these interfaces. IOS lets everything through where a list is bound without entries,
    or was never written."""
    filters = Filters({}, [])
    for interface in routed:
        inward = False
        for child in interface.node.below("ip", "access-group"):
            if len(child.words) > 3:
                filters.bound.setdefault((child.words[2], child.words[3]), []).append(interface.name)
                inward = inward or (child.words[3] == "in" and child.words[2] in with_entries)
        if not inward and not interface.name.startswith("Loopback"):
            filters.open.append(interface)
    return filters
