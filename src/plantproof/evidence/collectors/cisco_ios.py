"""Cisco IOS and IOS-XE: a running configuration as `show running-config` or a backup tool writes it.

Source of the format: Cisco IOS command references. Backup tools put `show version` and `show inventory` before it as
comment lines; they are read for model, serial and release.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from plantproof.errors import refuse
from plantproof.evidence.collectors.protocol import (
    AssetDraft,
    AssetKey,
    Collected,
    Draft,
    Export,
    Unread,
    join,
)
from plantproof.evidence.dialects.acl import access_lists, read_entry
from plantproof.evidence.dialects.acl_groups import Groups
from plantproof.evidence.dialects.cisco_secrets import secrets_of
from plantproof.evidence.dialects.cisco_settings import is_switch, settings_of
from plantproof.evidence.dialects.indented import Node, parse_indented
from plantproof.evidence.dialects.lines import Line, clean, number, split_lines
from plantproof.model.project_file import SourceSettings

FORMAT = "cisco-ios"
TITLE = "Cisco IOS / IOS-XE running configuration"
TOOL = "Cisco IOS"
KINDS = ("account", "asset", "firewall_rule", "interface", "setting")
METHOD = "config"

HEADER = {
    "firmware": re.compile(r"^!\s*Cisco IOS(?: XE)? Software.*?Version\s+([^\s,]+)"),
    "model": re.compile(r"^!\s*Chassis type:\s*(\S+)"),
    "serial": re.compile(r"^!\s*Processor ID:\s*(\S+)"),
}
READ = frozenset({
    "aaa", "access-list", "banner", "enable", "end", "hostname", "interface", "ip", "license", "line", "logging",
    "login", "no", "ntp", "object-group", "security", "service", "snmp-server", "username", "version",
})  # fmt: skip
"""First words of commands that are read here."""
NOT_EVIDENCE = frozenset({
    "alias", "archive", "boot", "boot-end-marker", "boot-start-marker", "call-home", "cdp", "class-map", "clock",
    "control-plane", "crypto", "diagnostic", "errdisable", "exception", "file", "hw-module", "ipv6", "key", "lldp",
    "mac", "memory", "monitor", "mpls", "multilink", "policy-map", "power", "privilege", "process", "radius",
    "radius-server", "redundancy", "route-map", "router", "scheduler", "sdm", "snmp", "spanning-tree", "subscriber",
    "switch", "system", "tacacs", "tacacs-server", "template", "transceiver", "udld", "username-prompt", "vlan",
    "vrf", "vstack", "vtp",
})  # fmt: skip
"""First words of commands that say nothing of the kinds above. Whatever stands in neither list is not understood."""


def recognise(export: Export) -> int:
    """By the commands that only IOS has, in the first 64 kB."""
    head = export.data[:65536]
    if b"\0" in head:
        return 0
    marks = (
        rb"(?m)^hostname \S",
        rb"(?m)^version \d+\.\d+\r?$",
        rb"(?m)^interface (?:Gigabit|Fast|TenGigabit|TwoGigabit)?Ethernet\d|(?m:^)interface (?:Vlan|Loopback)\d",
        rb"(?m)^line (?:vty|con) \d",
        rb"(?m)^service (?:timestamps|password-encryption)",
    )
    score = sum(22 for mark in marks if re.search(mark, head))
    if re.search(rb"(?m)^(?:ASA Version|: Saved|feature |hostname .*\r?\n!\r?\nboot nxos|set system )", head):
        score -= 50
    return max(0, min(98, score))


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """One configuration a device. Raises InputError for a file that is empty, binary or cut off (`end` is missing)."""
    return join([collect_device(export) for export in exports])


def collect_device(export: Export) -> Collected:
    """All that one configuration says of its device."""
    lines = split_lines(export.data, export.name)
    top, comments = parse_indented(lines)
    hostname = next((node for node in top if node.starts("hostname") and len(node.words) > 1), None)
    if hostname is None:
        raise refuse(
            "no `hostname`: not a whole running configuration", "export `show running-config`", path=export.name
        )
    if not any(node.words == ("end",) for node in top):
        raise refuse(
            "the configuration is cut off: its last command, `end`, is missing",
            "export it again, without paging (`terminal length 0`)",
            path=export.name,
            line=lines[-1].number,
        )
    name = clean(hostname.words[1])
    device = device_of(name, top, comments, hostname.line.number, export.name)
    drafts = [
        *interface_drafts(top, name, export.name),
        *account_drafts(top, name, export.name),
        *rule_drafts(top, name, export.name),
        *(
            Draft("setting", found.key, {"key": found.key, "value": found.value}, export.name, name, line=found.line,
                  pointer="" if found.line else "not configured")
            for found in settings_of(top)
        ),
    ]  # fmt: skip
    unread = list(unread_of(top, export.name))
    return Collected(
        assets=[device],
        drafts=drafts,
        unread=unread,
        secrets=secrets_of(lines, export.name),
        rows={export.name: len(top)},
        tool_version=str(device.fields.get("firmware", "")),
    )


def device_of(name: str, top: list[Node], comments: list[Line], line: int, raw: str) -> AssetDraft:
    """The device itself: name, model, serial, release, addresses."""
    facts: dict[str, str] = {}
    for comment in comments:
        for field, pattern in HEADER.items():
            match = pattern.search(comment.text)
            if match and field not in facts:
                facts[field] = clean(match[1])
    for node in top:
        if node.starts("license", "udi", "pid") and len(node.words) >= 6:
            facts.setdefault("model", clean(node.words[3]))
            facts.setdefault("serial", clean(node.words[5]))
        if node.starts("version") and len(node.words) > 1:
            facts.setdefault("firmware", clean(node.words[1]))
    fields: dict[str, Any] = {
        "names": [name],
        "vendor": "Cisco",
        "role": "switch" if is_switch(top) else "router",
        "os": "IOS",
        **facts,
    }
    addresses = sorted({address.split("/")[0] for _, networks in interfaces(top) for address in networks})
    if addresses:
        fields["ips"] = addresses
    keys = [AssetKey("id", name), AssetKey("name", name)]
    if "serial" in facts:
        keys.insert(1, AssetKey("serial", f"Cisco/{facts['serial']}"))
    return AssetDraft(name, keys, fields, raw, line)


def interfaces(top: list[Node]) -> Iterator[tuple[Node, list[str]]]:
    """Every interface with its addresses as CIDR."""
    for node in top:
        if not node.starts("interface") or len(node.words) < 2:
            continue
        networks = []
        for child in node.below("ip", "address"):
            masked = len(child.words) > 3 and "." in child.words[3]
            text = "/".join(child.words[2:4] if masked else child.words[2:3])
            try:
                networks.append(str(ipaddress.ip_interface(text)))
            except ValueError:
                continue
        yield node, networks


def interface_drafts(top: list[Node], device: str, raw: str) -> Iterator[Draft]:
    """Interfaces with addresses, VLAN, description; static routes are those through their next hop's network."""
    routes = [node.words for node in top if node.starts("ip", "route") and len(node.words) > 4]
    for node, networks in interfaces(top):
        local = clean(" ".join(node.words[1:]), 200)
        fields: dict[str, Any] = {"name": local, "enabled": not any(True for _ in node.below("shutdown"))}
        if networks:
            fields["ips"] = networks
            reached = sorted({network for words in routes if (network := route_through(words, networks))})
            if reached:
                fields["routes"] = reached
        for child in node.children:
            if child.starts("description"):
                fields["description"] = clean(" ".join(child.words[1:]))
            elif child.starts("switchport", "access", "vlan") and number(child.words[-1], 4094) is not None:
                fields["vlan"] = number(child.words[-1], 4094)
            elif child.starts("switchport", "mode"):
                fields["mode"] = clean(child.words[-1])
        yield Draft("interface", local, fields, raw, device, line=node.line.number)


def route_through(words: tuple[str, ...], networks: list[str]) -> str | None:
    """The destination of `ip route NETWORK MASK NEXT-HOP` if its next hop lies in one of these networks."""
    try:
        destination = ipaddress.ip_network(f"{words[2]}/{words[3]}", strict=False)
        hop = ipaddress.ip_address(words[4])
    except ValueError:
        return None
    return str(destination) if any(hop in ipaddress.ip_interface(network).network for network in networks) else None


def account_drafts(top: list[Node], device: str, raw: str) -> Iterator[Draft]:
    """Local users. A running configuration does not say when a password was set or when somebody last logged in."""
    seen = set()
    for node in top:
        if not node.starts("username") or len(node.words) < 2 or node.words[1] in seen:
            continue
        seen.add(node.words[1])
        level = number(node.words[node.words.index("privilege") + 1], 15) if "privilege" in node.words[:-1] else None
        fields: dict[str, Any] = {"principal": clean(node.words[1], 200), "scope": device, "enabled": True}
        if level is not None:
            fields["privileged"] = level == 15
        fields["password_not_required"] = "nopassword" in node.words
        yield Draft("account", clean(node.words[1], 200), fields, raw, device, line=node.line.number)


class Filters(NamedTuple):
    """`bound`: (list, direction) -> the interfaces it is bound to. `open`: interfaces that let in whatever comes."""

    bound: dict[tuple[str, str], list[str]]
    open: list[tuple[Node, str]]


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
    routed = [(node, networks) for node, networks in interfaces(top) if networks and not any(node.below("shutdown"))]
    filters = filters_of([node for node, _ in routed], {name for name, read in entries.items() if read})
    # Where a packet can leave: by the interfaces there are, unless routes are learned from others and so unknown here.
    learned = any(node.starts("router") for node in top)
    exits = [] if learned else sorted(clean(" ".join(node.words[1:]), 200) for node, _ in routed)
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
    routes = any(node.words == ("ip", "routing") for node in top) or not is_switch(top)
    if routes and len(routed) > 1:
        for node, local in filters.open:
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


def filters_of(routed: list[Node], with_entries: set[str]) -> Filters:
    """Which lists filter which of these interfaces. IOS lets everything through where a list is bound without entries,
    or was never written."""
    filters = Filters({}, [])
    for node in routed:
        local = clean(" ".join(node.words[1:]), 200)
        inward = False
        for child in node.below("ip", "access-group"):
            if len(child.words) > 3:
                filters.bound.setdefault((child.words[2], child.words[3]), []).append(local)
                inward = inward or (child.words[3] == "in" and child.words[2] in with_entries)
        if not inward and not local.startswith("Loopback"):
            filters.open.append((node, local))
    return filters


def unread_of(top: list[Node], raw: str) -> Iterator[Unread]:
    """Commands that stand in neither list, by first word: the first line and how many. And entries of access lists that
    are neither read nor remarks: they may let something through."""
    unknown: dict[str, list[int]] = {}
    for node in top:
        word = node.words[1] if node.words[0] in ("no", "default") and len(node.words) > 1 else node.words[0]
        if word not in READ and word not in NOT_EVIDENCE:
            unknown.setdefault(word, []).append(node.line.number)
    for word, numbers in sorted(unknown.items(), key=lambda item: item[1][0]):
        yield Unread(raw, numbers[0], f"command `{clean(word, 60)}`", len(numbers))
    for name, entries in access_lists(top).items():
        strange = [
            listed.node
            for listed in entries
            if listed.words[:1] != ("remark",) and read_entry(listed.words, extended=listed.extended) is None
        ]
        if strange:
            what = f"access list {clean(name, 40)}: entry `{clean(strange[0].text, 60)}`"
            yield Unread(raw, strange[0].line.number, what)
