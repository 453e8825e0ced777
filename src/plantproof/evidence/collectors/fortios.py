"""Fortinet FortiOS: a configuration backup or `show full-configuration`.

Source of the format: the FortiOS CLI reference. Policies are evaluated in the order of the file, not of their numbers;
a policy without an action denies; what no policy accepts is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from plantproof.errors import refuse
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Draft, Export, Secret, Unread, join
from plantproof.evidence.dialects.fortios_admins import is_privileged, profiles_of
from plantproof.evidence.dialects.fortios_interfaces import addresses_of, learns_routes, routes_of
from plantproof.evidence.dialects.fortios_rules import rules_of
from plantproof.evidence.dialects.fortios_settings import settings_of
from plantproof.evidence.dialects.fortios_tree import Block, Parsed, parse_fortios
from plantproof.evidence.dialects.hardening import WELL_KNOWN_COMMUNITIES
from plantproof.evidence.dialects.lines import clean, is_number, split_lines
from plantproof.model.project_file import SourceSettings

FORMAT = "fortios"
TITLE = "Fortinet FortiOS configuration backup"
TOOL = "FortiOS"
KINDS = ("account", "asset", "firewall_rule", "interface", "setting")
METHOD = "config"

CONFIG_VERSION = re.compile(r"^#config-version=([^-]+)-(\d+\.\d+\.\d+)")
OTHER_PRODUCT = re.compile(r"^#config-version=(?!F(?:FW|G|K|OSVM|W(?!B)))([^-]+)-")
"""No FortiGate, FortiWiFi or FortiCarrier: others (FortiAnalyzer, FortiWeb) write the same syntax, and have other
defaults."""
HEADER = {
    "model": re.compile(r"^#\s*(?:Model name:\s*|Version:\s*)(FortiGate-\S+|FortiWiFi-\S+)"),
    "serial": re.compile(r"^#\s*Serial-Number:\s*(\S+)"),
    "firmware": re.compile(r"^#\s*Version:\s*\S+\s+v(\d+\.\d+\.\d+)"),
}
READ = frozenset({
    "firewall address", "firewall address6", "firewall addrgrp", "firewall addrgrp6", "firewall policy",
    "firewall service category", "firewall service custom", "firewall service group", "global", "vdom",
})  # fmt: skip
"""Blocks that are read here, beside those of `system`, `log` and `router`."""
NOT_EVIDENCE = (
    "alertemail", "antivirus", "application", "authentication", "automation", "casb", "certificate", "cifs",
    "credential-store", "diameter-filter", "dlp", "dnsfilter", "emailfilter", "endpoint-control", "extender",
    "file-filter", "firewall DoS-policy", "firewall auth-portal", "firewall central-snat-map", "firewall city",
    "firewall country", "firewall global", "firewall interface-policy", "firewall internet-service",
    "firewall ippool", "firewall ldb-monitor", "firewall local-in-policy", "firewall multicast-address",
    "firewall on-demand-sniffer", "firewall profile", "firewall proxy-addr", "firewall region", "firewall schedule",
    "firewall shaper", "firewall sniffer", "firewall ssh", "firewall ssl", "firewall traffic-class",
    "firewall ttl-policy", "firewall vendor-mac", "firewall wildcard-fqdn", "gui", "icap", "ips", "log ", "monitoring",
    "nsxt", "report", "router ", "sctp-filter", "ssh-filter", "switch-controller", "system ", "user ", "videofilter",
    "virtual-patch", "voip", "vpn certificate", "waf", "wanopt", "web-proxy", "webfilter", "wireless-controller",
)  # fmt: skip
"""Blocks, by the beginning of their names, that say nothing of the kinds above or of which only some are read. Whatever
stands in neither list is not understood: VIPs, IPv6 policies, policies of the explicit proxy, tunnels."""
SECRET_KEYS = re.compile(
    r"pass(?:wd|word|phrase|code)|passwd|psk|secret|token|credential|community|keytab|activation-code|hmac|external-id"
    r"|anonymization-hash|key-string|auth-string|(?:^|-)(?:pwd|pw|pin|pin-code|pmk|cak|gtk|kek|seed|pass|history\d*)\d*(?:-|$)|pass$"
    r"|key\d*$|key-id$"
)
"""Names of settings that hold a secret, wherever in the name the word stands."""
NOT_SECRET_KEYS = re.compile(
    r"public-key|snmp-index|^dh-key|^key-id$|ntp.*key-id$|keychain|key-chain|^(?:mpsk|ssl|ssh)-key$|rekey$|^fortitoken|"
    r"-(?:expire|expiry-warning|expired-renewal|renewal|policy|override|change|time|attr|reset|enforcement|cache|length"
    r"|type|status|mode|certificate|auth|timeout|protection)$|^security-.*-mode$|community-list|^set-community|community$"
)
"""Names that only look like those: lists of routing communities, terms of validity, public halves."""
NO_VALUE = frozenset({"enable", "disable", "default", "none", "yes", "no", "auto"})


def recognise(export: Export) -> int:
    """By the header that only FortiOS writes, or by its blocks."""
    head = export.data[:65536]
    if b"\0" in head:
        return 0
    if re.search(rb"(?m)^#config-version=", head):
        return 99 if re.search(rb"(?m)^#config-version=F(?:FW|G|K|OSVM|W(?!B))", head) else 0
    marks = (
        rb"(?m)^config (?:system|firewall|router|user|vpn) ",
        rb"(?m)^\s+edit ",
        rb"(?m)^\s+set ",
        rb"(?m)^\s*next\s*$",
        rb"(?m)^end\s*$",
    )
    return min(90, 18 * sum(1 for mark in marks if re.search(mark, head)))


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """One configuration a device. Raises InputError for a file that is empty, binary or cut off, or that holds
    several configurations."""
    return join([collect_device(export) for export in exports])


def collect_device(export: Export) -> Collected:
    """All that one configuration says of its device."""
    lines = split_lines(export.data, export.name)
    parsed = parse_fortios(export.data, lines, export.name)
    for comment in parsed.comments:
        if other := OTHER_PRODUCT.match(comment.text):
            raise refuse(
                f"this is the configuration of a `{clean(other[1], 40)}`, and of no FortiGate",
                "only firewalls (FortiGate, FortiWiFi) are read: their defaults hold for no other product",
                path=export.name,
                line=comment.number,
            )
    scopes = scopes_of(parsed.root)
    globals_ = [block for scope in scopes for block in scope.all("system global")]
    said = [block for block in globals_ if block.word("hostname")]
    if not said:
        raise refuse("no `set hostname` in `config system global`", "export the whole configuration", path=export.name)
    named, *others = said
    if others:
        first = named.line_of("hostname")
        raise refuse(
            f"a second `set hostname`, after that of line {first}: several configurations in one file",
            "export each firewall to a file of its own",
            path=export.name,
            line=others[0].line_of("hostname"),
        )
    name = clean(named.word("hostname"))
    device = device_of(name, parsed, scopes, named.line_of("hostname"), export.name)
    drafts = [
        *interface_drafts(scopes, name, export.name),
        *account_drafts(scopes, name, export.name),
        *(
            Draft("firewall_rule", rule.local, rule.fields, export.name, name, line=rule.line)
            for rule in rules_of(scopes)
        ),
        *(
            Draft("setting", found.key, {"key": found.key, "value": found.value}, export.name, name, line=found.line,
                  pointer="" if found.line else "documented default, or not configured")
            for found in settings_of(scopes)
        ),
    ]  # fmt: skip
    top = [block for scope in scopes for block in scope.blocks]
    unread = [Unread(export.name, line, clean(what, 80)) for line, what in parsed.unread]
    unread += [
        Unread(export.name, block.line, f"block `config {clean(block.name, 60)}`")
        for block in top
        if block.name not in READ and not block.name.startswith(NOT_EVIDENCE)
    ]
    return Collected(
        assets=[device],
        drafts=drafts,
        unread=sorted(unread, key=lambda item: item.line),
        secrets=sorted(secrets_of(parsed.root, export.name), key=lambda secret: secret.start),
        rows={export.name: len(top) + len(parsed.unread)},
        tool_version=str(device.fields.get("firmware", "")),
    )


def scopes_of(root: Block) -> list[Block]:
    """Where configuration blocks can stand: the file itself, `config global`, and each virtual domain."""
    scopes = [root]
    for block in root.blocks:
        if block.name == "global":
            scopes.append(block)
        elif block.name == "vdom":
            scopes.extend(block.blocks)
    return scopes


def device_of(name: str, parsed: Parsed, scopes: list[Block], line: int, raw: str) -> AssetDraft:
    """The firewall itself: name, model, serial, release, addresses."""
    facts: dict[str, str] = {}
    for comment in parsed.comments:
        for field, pattern in HEADER.items():
            match = pattern.search(comment.text)
            if match and field not in facts:
                facts[field] = clean(match[1])
        version = CONFIG_VERSION.match(comment.text)
        if version:
            # The code before the release (FG100F) is an order code of sorts, and no model that anybody else writes.
            facts.setdefault("firmware", clean(version[2]))
    fields: dict[str, Any] = {"names": [name], "vendor": "Fortinet", "role": "firewall", "os": "FortiOS", **facts}
    addresses = sorted(
        {ip.split("/")[0] for scope in scopes for edit in scope.edits("system interface") for ip in addresses_of(edit)}
    )
    if addresses:
        fields["ips"] = addresses
    keys = [AssetKey("id", name), AssetKey("name", name)]
    if "serial" in facts:
        keys.insert(1, AssetKey("serial", f"Fortinet/{facts['serial']}"))
    return AssetDraft(name, keys, fields, raw, line)


def interface_drafts(scopes: list[Block], device: str, raw: str) -> Iterator[Draft]:
    """Interfaces with addresses, VLAN, and the networks that static routes reach through them."""
    routes, learns = routes_of(scopes), learns_routes(scopes)
    for scope in scopes:
        for edit in scope.edits("system interface"):
            fields: dict[str, Any] = {"name": clean(edit.name, 200), "enabled": edit.word("status", "up") != "down"}
            if ips := addresses_of(edit):
                fields["ips"] = ips
            if is_number(edit.word("vlanid")):
                fields["vlan"] = int(edit.word("vlanid"))
            if description := clean(edit.word("alias") or edit.word("description")):
                fields["description"] = description
            if routes.get(edit.name):
                fields["routes"] = routes[edit.name]
            if learns and fields.get("ips"):
                fields["unknown_routes"] = True
            yield Draft("interface", clean(edit.name, 200), fields, raw, device, line=edit.line)


def account_drafts(scopes: list[Block], device: str, raw: str) -> Iterator[Draft]:
    """Administrators."""
    profiles = profiles_of(scopes)
    for scope in scopes:
        for edit in scope.edits("system admin"):
            fields: dict[str, Any] = {
                "principal": clean(edit.name, 200),
                "scope": device,
                "enabled": True,
                "mfa": edit.word("two-factor", "disable") != "disable",
            }
            privileged = is_privileged(edit, profiles)
            if privileged is not None:
                fields["privileged"] = privileged
            yield Draft("account", clean(edit.name, 200), fields, raw, device, line=edit.line)


def secrets_of(root: Block, raw: str) -> Iterator[Secret]:
    """Every secret by the name of its key, whatever is encrypted, the communities of SNMP, which are called `name`, and
    the values of headers and forms, whose keys stand beside them."""
    stack = [("", root)]
    while stack:
        path, block = stack.pop()
        stack.extend((f"{path} {child.name}", child) for child in block.blocks)
        listed = "snmp community" in path or "snmp-community" in path
        for key, value in block.written:
            if not value.words:
                continue
            community = listed and key == "name"
            encoded = value.words[0] == "ENC" and len(value.words) > 1
            paired = key in ("value", "content") and ("headers" in path or "form-data" in path)
            named = bool(SECRET_KEYS.search(key)) and (
                not NOT_SECRET_KEYS.search(key) or (key == "community" and "router" not in path)
            )
            if not (community or encoded or paired or named) or (named and value.words[0].lower() in NO_VALUE):
                continue
            # `md5-key 1 <secret>`: the number of the key stands before it.
            first = 1 if encoded or (key == "md5-key" and len(value.words) > 1) else 0
            for word, (start, end) in list(zip(value.words, value.spans, strict=True))[first:]:
                if community and word.lower() in WELL_KNOWN_COMMUNITIES:
                    continue
                # FortiOS encrypts anew on every export: the bytes say nothing, not even that two are equal.
                how = "placeholder" if encoded or word.startswith("-----BEGIN") else "token"
                yield Secret(raw, start, end, "SNMP community" if community else f"`{key}`", how)  # type: ignore[arg-type]  # one of the two words above
