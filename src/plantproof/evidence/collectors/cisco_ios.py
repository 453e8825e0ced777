"""Cisco IOS and IOS-XE: a running configuration as `show running-config` or a backup tool writes it.

Source of the format: Cisco IOS command references. Backup tools put `show version` and `show inventory` before it as
comment lines; they are read for model, serial and release.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any

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
from plantproof.evidence.dialects.acl import access_lists, ipv6_access_lists
from plantproof.evidence.dialects.cisco_interfaces import interfaces
from plantproof.evidence.dialects.cisco_routes import static_routes
from plantproof.evidence.dialects.cisco_rules import rule_drafts
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
    "aaa", "access-list", "banner", "enable", "end", "hostname", "interface", "ip", "ipv6", "license", "line",
    "logging", "login", "no", "ntp", "object-group", "security", "service", "snmp-server", "username", "version",
})  # fmt: skip
"""First words of commands that are read here."""
NOT_EVIDENCE = frozenset({
    "alias", "archive", "boot", "boot-end-marker", "boot-start-marker", "call-home", "cdp", "class-map", "clock",
    "control-plane", "crypto", "diagnostic", "errdisable", "exception", "file", "hw-module", "key", "lldp",
    "mac", "macro", "memory", "menu", "monitor", "mpls", "multilink", "policy-map", "power", "privilege", "process",
    "radius", "radius-server", "redundancy", "route-map", "router", "scheduler", "sdm", "snmp", "spanning-tree",
    "subscriber", "switch", "system", "tacacs", "tacacs-server", "template", "transceiver", "udld", "username-prompt",
    "vlan", "vrf", "vstack", "vtp",
})  # fmt: skip
"""First words of commands that say nothing of the kinds above. Whatever stands in neither list is not understood."""


WITHIN = frozenset({
    ("deny",), ("exec-timeout",), ("ip", "access-group"), ("ip", "address"), ("permit",), ("switchport",),
    ("transport", "input"),
})  # fmt: skip
"""How commands begin that stand within an interface, a line or an access list, and nowhere else."""


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
    if re.search(
        rb"(?m)^(?:ASA Version|: Saved|!! IOS XR| ipv4 address |feature |hostname .*\r?\n!\r?\nboot nxos|set system )",
        head,
    ):
        score -= 50
    return max(0, min(98, score))


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """One configuration a device. Raises InputError for a file that is empty, binary or cut off (`end` is missing),
    that holds several configurations, or whose indentation is lost."""
    return join([collect_device(export) for export in exports])


def collect_device(export: Export) -> Collected:
    """All that one configuration says of its device."""
    lines = split_lines(export.data, export.name)
    top, comments = parse_indented(lines)
    named = [node for node in top if node.starts("hostname") and len(node.words) > 1]
    if not named:
        raise refuse(
            "no `hostname`: not a whole running configuration", "export `show running-config`", path=export.name
        )
    hostname, *others = named
    if others:
        # Whose interface has which access list, nobody could tell.
        raise refuse(
            f"a second `hostname`, after that of line {hostname.line.number}: several configurations in one file",
            "export each device, and each of its configurations, to a file of its own",
            path=export.name,
            line=others[0].line.number,
        )
    if not any(node.words == ("end",) for node in top):
        raise refuse(
            "the configuration is cut off: its last command, `end`, is missing",
            "export it again, without paging (`terminal length 0`)",
            path=export.name,
            line=lines[-1].number,
        )
    if stray := next((node for node in top if node.words[:1] in WITHIN or node.words[:2] in WITHIN), None):
        # Without it nobody can tell of which interface, line or list it is, and their defaults would be believed.
        raise refuse(
            f"`{clean(' '.join(stray.words[:2]), 60)}` stands by itself: the indentation of the configuration is lost",
            "export it again as a file, without copying it through a program that trims lines",
            path=export.name,
            line=stray.line.number,
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
    addresses = sorted({ip.split("/")[0] for interface in interfaces(top) for ip in interface.ips if not is_prefix(ip)})
    if addresses:
        fields["ips"] = addresses
    keys = [AssetKey("id", name), AssetKey("name", name)]
    if "serial" in facts:
        keys.insert(1, AssetKey("serial", f"Cisco/{facts['serial']}"))
    return AssetDraft(name, keys, fields, raw, line)


def is_prefix(ip: str) -> bool:
    """Whether an address of IPv6 is only the network, in which the device makes its own (`eui-64`)."""
    return ":" in ip and (own := ipaddress.IPv6Interface(ip)).ip == own.network.network_address != own.network[-1]


def interface_drafts(top: list[Node], device: str, raw: str) -> Iterator[Draft]:
    """Interfaces with addresses, VLAN, description, and the networks that static routes reach through them."""
    found = interfaces(top)
    through, unknown = static_routes(top, found)
    learns = (
        bool(unknown)
        or any(node.starts("router") or node.starts("ipv6", "router") for node in top)
        or any(child.words[1:3] == ("policy", "route-map") for interface in found for child in interface.node.children)
    )
    for interface in found:
        fields: dict[str, Any] = {"name": interface.name, "enabled": interface.enabled}
        if interface.ips:
            fields["ips"] = interface.ips
        if interface.name in through:
            fields["routes"] = sorted(through[interface.name])
        if learns and (interface.routed or interface.routed6) and not interface.name.startswith("Loopback"):
            fields["unknown_routes"] = True
        for child in interface.node.children:
            if child.starts("description"):
                fields["description"] = clean(" ".join(child.words[1:]))
            elif child.starts("switchport", "access", "vlan") and number(child.words[-1], 4094) is not None:
                fields["vlan"] = number(child.words[-1], 4094)
            elif child.starts("switchport", "mode"):
                fields["mode"] = clean(child.words[-1])
        yield Draft("interface", interface.name, fields, raw, device, line=interface.node.line.number)


def account_drafts(top: list[Node], device: str, raw: str) -> Iterator[Draft]:
    """Local users, each from all lines that name it. A running configuration does not say when a password was set or
    when somebody last logged in."""
    granted = lowest_level_granted(top)
    users: dict[str, list[Node]] = {}
    for node in top:
        if node.starts("username") and len(node.words) > 1:
            users.setdefault(node.words[1], []).append(node)
    for name, nodes in users.items():
        said = [node.words[2:] for node in nodes]
        levels = [number(words[words.index("privilege") + 1], 15) for words in said if "privilege" in words[:-1]]
        fields: dict[str, Any] = {"principal": clean(name, 200), "scope": device, "enabled": True}
        known = [level for level in levels if level is not None]
        if 15 in known:
            fields["privileged"] = True
        elif known and max(known) < granted:
            fields["privileged"] = False
        fields["password_not_required"] = any("nopassword" in words for words in said)
        yield Draft("account", clean(name, 200), fields, raw, device, line=nodes[0].line.number)


def lowest_level_granted(top: list[Node]) -> int:
    """The lowest level to which `privilege MODE [all] level N COMMAND` gives commands that others do not have: from it
    on, nobody knows what a user may do."""
    levels = [
        number(node.words[node.words.index("level") + 1], 15)
        for node in top
        if node.starts("privilege") and "level" in node.words[:-1]
    ]
    return min((level for level in levels if level is not None), default=15)


def unread_of(top: list[Node], raw: str) -> Iterator[Unread]:
    """Commands that stand in neither list, by first word: the first line and how many. Static routes that lead nobody
    knows where. And entries of access lists that are neither read nor remarks: they may let something through."""
    unknown: dict[str, list[int]] = {}
    for node in top:
        word = node.words[1] if node.words[0] in ("no", "default") and len(node.words) > 1 else node.words[0]
        if word not in READ and word not in NOT_EVIDENCE:
            unknown.setdefault(word, []).append(node.line.number)
    for word, numbers in sorted(unknown.items(), key=lambda item: item[1][0]):
        yield Unread(raw, numbers[0], f"command `{clean(word, 60)}`", len(numbers))
    lost = static_routes(top, interfaces(top)).unknown
    if lost:
        yield Unread(raw, lost[0].line.number, f"way of static route `{clean(lost[0].text, 60)}`", len(lost))
    for name, entries in (*access_lists(top).items(), *ipv6_access_lists(top).items()):
        strange = [listed.node for listed in entries if listed.words[:1] != ("remark",) and listed.read() is None]
        if strange:
            what = f"access list {clean(name, 40)}: entry `{clean(strange[0].text, 60)}`"
            yield Unread(raw, strange[0].line.number, what)
