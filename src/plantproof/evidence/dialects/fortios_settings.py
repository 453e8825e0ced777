"""Hardening settings of a FortiOS configuration, in the vocabulary of model/settings.py.

A backup leaves out what stands at its default. Where the vendor documents the default it is taken, and the sighting
says so (no line of the file): administrators' time-out 5 minutes, lock-out after 3 attempts for 60 seconds, no login
banner.
"""

from __future__ import annotations

import ipaddress

from plantproof.evidence.dialects.fortios_admins import session_timeouts
from plantproof.evidence.dialects.fortios_tree import Block
from plantproof.evidence.dialects.hardening import WELL_KNOWN_COMMUNITIES, Found
from plantproof.evidence.dialects.lines import is_number

LOG_IN = frozenset({"http", "https", "ssh", "telnet"})
"""The services of an interface by which administrators log in."""
LOG_SERVERS = (
    *(f"log syslogd{number} setting" for number in ("", "2", "3", "4")),
    *(f"log fortianalyzer{number} setting" for number in ("", "2", "3")),
)


def settings_of(scopes: list[Block]) -> list[Found]:
    """Every setting that the configuration decides, over global part and virtual domains, sorted by key."""
    found = [*of_global(scopes), *of_access(scopes), *of_servers(scopes), *of_snmp(scopes), *of_passwords(scopes)]
    return sorted(found, key=lambda setting: setting.key)


def blocks(scopes: list[Block], name: str) -> list[Block]:
    """Every `config NAME` of all scopes."""
    return [block for scope in scopes for block in scope.all(name)]


def of_global(scopes: list[Block]) -> list[Found]:
    """`config system global`: time-out, lock-out, banner. Nothing is claimed of a file without that block."""
    found: list[Found] = []
    parts = blocks(scopes, "system global")
    if not parts:
        return found

    def setting(key: str, default: str) -> tuple[str, int]:
        value, line = default, 0
        for part in parts:
            if key in part.settings:
                value, line = part.word(key, default), part.line_of(key)
        return value, line

    value, line = setting("admintimeout", "5")
    if is_number(value):
        # The longest session of any administrator counts, and 0 is "never": longer than any number of minutes.
        timeouts = [(int(value), line), *session_timeouts(scopes)]
        longest = max(timeouts, key=lambda timeout: (timeout[0] == 0, timeout[0]))
        found.append(Found("session.timeout_minutes", *longest))
    value, line = setting("admin-lockout-threshold", "3")
    if is_number(value):
        found.append(Found("lockout.threshold", int(value), line))
    value, line = setting("admin-lockout-duration", "60")
    if is_number(value):
        found.append(Found("lockout.duration_minutes", max(1, int(value) // 60), line))
    value, line = setting("admin-ssh-v1", "disable")
    found.append(Found("ssh.version", "2" if value == "disable" else "1,2", line))
    value, line = setting("pre-login-banner", "disable")
    found.append(Found("banner.login", value == "enable", line))
    return found


def of_access(scopes: list[Block]) -> list[Found]:
    """Which management protocols any interface accepts, and whether every administrator is bound to addresses."""
    found: list[Found] = []
    accepted: dict[str, int] = {}
    accepted6: dict[str, int] = {}
    interfaces = [edit for scope in scopes for edit in scope.edits("system interface")]
    for edit in interfaces:
        for part in (edit, *edit.edits("secondaryip")):
            for word in part.words("allowaccess"):
                accepted.setdefault(word, part.line_of("allowaccess"))
        for part in edit.all("ipv6"):
            for word in part.words("ip6-allowaccess"):
                accepted6.setdefault(word, part.line_of("ip6-allowaccess"))
    accepted = accepted6 | accepted
    if interfaces:
        for word in sorted(LOG_IN):
            found.append(Found(f"{word}.enabled", word in accepted, accepted.get(word, 0)))
    administrators = [edit for scope in scopes for edit in scope.edits("system admin")]
    if administrators:
        versions = ("trusthost", "ip6-trusthost") if LOG_IN & accepted6.keys() else ("trusthost",)
        open_ones = [edit for edit in administrators if not all(is_bound(edit, hosts) for hosts in versions)]
        found.append(Found("management.restricted", not open_ones, (open_ones or administrators)[0].line))
        central = [edit for edit in administrators if edit.word("remote-auth") == "enable"]
        clear = [edit for edit in administrators if edit.words("password") and edit.word("password") != "ENC"]
        found.append(Found("password.encryption", not clear, (clear or administrators)[0].line_of("password")))
        found.append(Found("aaa.central", bool(central), central[0].line_of("remote-auth") if central else 0))
    return found


def is_bound(administrator: Block, prefix: str) -> bool:
    """Whether an administrator may log in from listed addresses only, by the settings that begin with `prefix`. A
    trusted host of all zeros is everybody; where none is written, that is the default, of IPv6 as of IPv4."""
    hosts = [value.words for key, value in administrator.settings.items() if key.startswith(prefix)]
    return bool(hosts) and all(bounds(words) for words in hosts)


def bounds(host: tuple[str, ...]) -> bool:
    """Whether a trusted host, as `10.1.2.0 255.255.255.0` or `2001:db8::/64`, is fewer than all addresses."""
    try:
        return ipaddress.ip_network("/".join(host), strict=False).prefixlen > 0
    except ValueError:
        return False


def of_servers(scopes: list[Block]) -> list[Found]:
    """Log servers that are switched on, and time servers."""
    logs: dict[str, int] = {}
    for name in LOG_SERVERS:
        for block in blocks(scopes, name):
            if block.word("status") == "enable" and block.word("server"):
                logs.setdefault(block.word("server"), block.line_of("server"))
    found = [Found("logging.hosts", sorted(logs), min(logs.values(), default=0))]
    for block in blocks(scopes, "system ntp"):
        if block.word("ntpsync", "enable") != "enable":
            found.append(Found("ntp.servers", [], block.line_of("ntpsync")))
        elif block.word("type", "fortiguard") == "fortiguard":
            found.append(Found("ntp.servers", ["fortiguard"], block.line_of("type")))
        else:
            servers = [edit for edit in block.edits("ntpserver") if edit.word("server")]
            found.append(Found("ntp.servers", sorted({edit.word("server") for edit in servers}), block.line))
    return found


def of_snmp(scopes: list[Block]) -> list[Found]:
    """SNMP versions and well-known communities. FortiOS communities can only read."""
    versions: set[str] = set()
    known = first = 0
    for scope in scopes:
        for edit in scope.edits("system snmp community"):
            first = first or edit.line
            for version, keys in (
                ("1", ("query-v1-status", "trap-v1-status")),
                ("2c", ("query-v2c-status", "trap-v2c-status")),
            ):
                if edit.word("status", "enable") == "enable" and any(
                    edit.word(key, "enable") == "enable" for key in keys
                ):
                    versions.add(version)
            if edit.word("name").lower() in WELL_KNOWN_COMMUNITIES:
                known = known or edit.line_of("name")
        for edit in scope.edits("system snmp user"):
            first = first or edit.line
            versions.add("3")
    return [
        Found("snmp.versions", sorted(versions), first),
        Found("snmp.default_community", bool(known), known or first),
        Found("snmp.writable", False, first),
    ]


def of_passwords(scopes: list[Block]) -> list[Found]:
    """`config system password-policy`. Where it is off, or holds for keys of tunnels alone, no length is asked for."""
    found: list[Found] = []
    for block in blocks(scopes, "system password-policy"):
        on = block.word("status", "disable") == "enable"
        on = on and "admin-password" in (block.words("apply-to") or ("admin-password",))
        length = block.word("minimum-length", "8")
        found.append(
            Found(
                "password.min_length", int(length) if on and is_number(length) else 0, block.line_of("minimum-length")
            )
        )
        classes = ("min-lower-case-letter", "min-upper-case-letter", "min-non-alphanumeric", "min-number")
        demanded = sum(block.word(key, "0") not in ("", "0") for key in classes)
        found.append(Found("password.complexity", on and demanded >= 3, block.line))
    return found
