"""Hardening settings of a Cisco IOS configuration, in the vocabulary of model/settings.py, each with its line.

A running configuration shows what differs from the platform's defaults. Where a default is the same on all platforms
and documented by the vendor (exec-timeout 10 minutes, no log server) the absence of the command is the setting; where
it differs between releases (ssh version, transport) nothing is claimed: not assessed beats a guess.
"""

from __future__ import annotations

from plantproof.evidence.dialects.acl import access_lists, ipv6_access_lists, lets_everyone_in
from plantproof.evidence.dialects.acl_groups import Groups
from plantproof.evidence.dialects.cisco_interfaces import SPEAKS_IPV6
from plantproof.evidence.dialects.hardening import WELL_KNOWN_COMMUNITIES, Found
from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import is_number

DEFAULT_EXEC_TIMEOUT_MINUTES = 10
SERVERS = {
    "tacacs+": (("tacacs", "server"), ("tacacs-server", "host")),
    "radius": (("radius", "server"), ("radius-server", "host")),
    "ldap": (("ldap", "server"),),
}
"""Group of all servers of a protocol -> the commands that name one."""
NO_EXEC = ("no", "exec")
"""A line by which nobody logs in."""


def settings_of(top: list[Node]) -> list[Found]:
    """Every setting that the configuration decides, sorted by key."""
    found = [*switches(top), *servers(top), *lines_and_logins(top), *snmp(top), *unused_ports(top)]
    return sorted(found, key=lambda setting: setting.key)


def last(top: list[Node], *words: str) -> Node | None:
    """The last command that begins with these words or negates them: it is the one in force."""
    result = None
    for node in top:
        if node.starts(*words) or node.starts("no", *words):
            result = node
    return result


def switches(top: list[Node]) -> list[Found]:
    """Settings that one command turns on or off."""
    found = []
    for key, words in (("http.enabled", ("ip", "http", "server")), ("https.enabled", ("ip", "http", "secure-server"))):
        node = last(top, *words)
        if node:
            found.append(Found(key, node.words[0] != "no", node.line.number))
    encryption = last(top, "service", "password-encryption")
    found.append(
        Found(
            "password.encryption",
            encryption is not None and encryption.words[0] != "no",
            encryption.line.number if encryption else 0,
        )
    )
    banner = next((node for node in top if node.starts("banner", "login") or node.starts("banner", "motd")), None)
    found.append(Found("banner.login", banner is not None, banner.line.number if banner else 0))
    version = last(top, "ip", "ssh", "version")
    if version and version.words[0] != "no" and len(version.words) > 3:
        found.append(Found("ssh.version", version.words[3], version.line.number))
    length = last(top, "security", "passwords", "min-length")
    if length and is_number(length.words[-1]):
        found.append(Found("password.min_length", int(length.words[-1]), length.line.number))
    block = last(top, "login", "block-for")
    if (
        block
        and block.words[0] != "no"
        and len(block.words) > 4
        and is_number(block.words[2])
        and is_number(block.words[4])
    ):
        found.append(Found("lockout.threshold", int(block.words[4]), block.line.number))
        found.append(Found("lockout.duration_minutes", max(1, int(block.words[2]) // 60), block.line.number))
    found.append(central_logins(top))
    return found


def central_logins(top: list[Node]) -> Found:
    """Whether a server decides who logs in: on every line, by the list that it names or the default one. A list that no
    line uses decides nothing."""
    model = last(top, "aaa", "new-model")
    if model is None or model.words[0] == "no":
        return Found("aaa.central", False, model.line.number if model else 0)
    lists = {node.words[3]: node for node in top if node.starts("aaa", "authentication", "login") and node.words[3:]}
    lines = [node for node in top if node.starts("line") and not any(child.words == NO_EXEC for child in node.children)]
    used = {list_of_line(node) for node in lines} or {"default"}
    groups = groups_with_servers(top)
    local = [
        lists.get(name, model) for name in sorted(used) if name not in lists or not asks_server(lists[name], groups)
    ]
    decided = local or [lists[name] for name in sorted(used)]
    return Found("aaa.central", not local, decided[0].line.number)


def list_of_line(line: Node) -> str:
    """The list of login methods that a line uses."""
    named = [child.words[2] for child in line.below("login", "authentication") if len(child.words) > 2]
    return named[-1] if named else "default"


def asks_server(methods: Node, groups: set[str]) -> bool:
    """Whether a list of login methods asks a server first, of a group that has any. What stands behind is for when no
    server answers."""
    first, *rest = methods.words[4:] or ("none",)
    return "".join(rest[:1] if first == "group" else [first]) in groups


def groups_with_servers(top: list[Node]) -> set[str]:
    """The groups of servers that hold one: every server of a protocol, and those that list theirs. Without a server a
    list of methods goes on to what stands behind."""
    found = {
        group
        for group, commands in SERVERS.items()
        if any(node.starts(*command) and len(node.words) > 2 for node in top for command in commands)
    }
    return found | {
        node.words[4]
        for node in top
        if node.starts("aaa", "group", "server")
        and len(node.words) > 4
        and any(child.words[0] in ("server", "server-private") for child in node.children)
    }


def servers(top: list[Node]) -> list[Found]:
    """Log servers and time servers."""
    found = []
    hosts: list[tuple[str, int]] = []
    for node in top:
        if node.starts("logging", "host"):
            hosts += [(host, node.line.number) for host in without_vrf(node.words[2:])[:1]]
        elif node.starts("logging") and len(node.words) == 2 and node.words[1][:1].isdecimal() and "." in node.words[1]:
            hosts.append((node.words[1], node.line.number))
    # `no logging on` keeps every message at the console, `no logging trap` sends none to a server.
    said = [last(top, "logging", "on"), last(top, "logging", "trap")]
    if off := [switch.line.number for switch in said if switch and switch.words[0] == "no"]:
        hosts = [("", off[0])]
    found.append(Found("logging.hosts", sorted({host for host, _ in hosts if host}), hosts[0][1] if hosts else 0))
    times: list[tuple[str, int]] = []
    for node in top:
        server = without_vrf(node.words[2:]) if node.words[:2] in (("ntp", "server"), ("ntp", "peer")) else []
        if server:
            times.append((server[0], node.line.number))
    found.append(Found("ntp.servers", sorted({server for server, _ in times}), times[0][1] if times else 0))
    return found


def without_vrf(words: tuple[str, ...]) -> list[str]:
    """The words of a server's command without those before its name: its VRF, its version of IP."""
    rest = [word for word in words if word not in ("ip", "ipv6")]
    return rest[2:] if rest[:1] == ["vrf"] else rest


def timeout_of(line: Node) -> tuple[float, int]:
    """After how many minutes a line closes an idle session, 0 for never, and which line says so."""
    minutes, number = float(DEFAULT_EXEC_TIMEOUT_MINUTES), line.line.number
    for child in line.children:
        if child.starts("no", "exec-timeout"):
            minutes, number = 0.0, child.line.number
        parts = [int(word) for word in child.words[1:3] if is_number(word)] if child.starts("exec-timeout") else []
        if parts:
            minutes, number = parts[0] + (parts[1] if len(parts) > 1 else 0) / 60, child.line.number
    return minutes, number


def lines_and_logins(top: list[Node]) -> list[Found]:
    """Console and remote lines: time-outs, transports, access classes. The weakest line counts."""
    found = []
    timeouts: list[tuple[float, int]] = []
    remote: list[Node] = []
    for node in top:
        if not node.starts("line") or any(child.words == NO_EXEC for child in node.children):
            continue
        if node.words[1:2] == ("vty",):
            remote.append(node)
        timeouts.append(timeout_of(node))
    if timeouts:
        # 0 is "never": weaker than any number of minutes.
        weakest = max(timeouts, key=lambda timeout: (timeout[0] == 0, timeout[0]))
        found.append(Found("session.timeout_minutes", -int(-weakest[0] // 1), weakest[1]))
    transports: list[tuple[tuple[str, ...], int]] = []
    for node in remote:
        inputs = [child for child in node.children if child.starts("transport", "input")]
        transports += [(child.words[2:], child.line.number) for child in inputs] or [((), node.line.number)]
    if transports and all(words for words, _ in transports):
        for key, protocol in (("telnet.enabled", "telnet"), ("ssh.enabled", "ssh")):
            on = [number for words, number in transports if protocol in words or "all" in words]
            found.append(Found(key, bool(on), on[0] if on else transports[0][1]))
    if remote:
        groups = Groups(top)
        wanted = [
            {name for name, entries in lists.items() if not lets_everyone_in(entries, groups)}
            for lists in (access_lists(top), *([ipv6_access_lists(top)] if speaks_ipv6(top) else []))
        ]
        open_lines = [
            node
            for node in remote
            if not all(
                any(guards(child, command, names) for child in node.children)
                for command, names in zip(ACCESS_CLASSES, wanted, strict=False)
            )
            and not any(child.words == ("transport", "input", "none") for child in node.children)
        ]
        found.append(Found("management.restricted", not open_lines, (open_lines or remote)[0].line.number))
    return found


ACCESS_CLASSES = (("access-class",), ("ipv6", "access-class"))
"""The commands that guard a line, by version of IP. A list of the one keeps nobody out who comes by the other."""


def guards(node: Node, command: tuple[str, ...], guarding: set[str]) -> bool:
    """Whether a command binds a line to a list that keeps anybody out. A list that is not there lets everybody in."""
    rest = node.words[len(command) :]
    return node.starts(*command) and "in" in rest[1:] and rest[0] in guarding


def speaks_ipv6(top: list[Node]) -> bool:
    """Whether the device can be met by IPv6."""
    return any(node.words == ("ipv6", "unicast-routing") for node in top) or any(
        child.words[:2] in SPEAKS_IPV6 for node in top if node.starts("interface") for child in node.children
    )


def snmp(top: list[Node]) -> list[Found]:
    """SNMP: versions, well-known and writing communities. No snmp-server command at all means that it is off."""
    versions: set[str] = set()
    known = writable = 0
    first = 0
    for node in top:
        if not node.starts("snmp-server"):
            continue
        if node.starts("snmp-server", "community") and len(node.words) > 2:
            versions |= {"1", "2c"}
            first = first or node.line.number
            if node.words[2].lower() in WELL_KNOWN_COMMUNITIES:
                known = known or node.line.number
            if any(word.upper() == "RW" for word in node.words[3:]):
                writable = writable or node.line.number
        elif node.starts("snmp-server", "host") and len(node.words) > 3:
            # Without the word the first version is sent.
            words = node.words
            version = words[words.index("version") + 1] if "version" in words[:-1] else "1"
            versions.add(version if version in ("1", "2c", "3") else "1")
            first = first or node.line.number
            if version != "3" and community_of_host(words) in WELL_KNOWN_COMMUNITIES:
                known = known or node.line.number
        elif node.starts("snmp-server", "group") or node.starts("snmp-server", "user"):
            for word, version in (("v1", "1"), ("v2c", "2c"), ("v3", "3")):
                if word in node.words:
                    versions.add(version)
                    first = first or node.line.number
    return [
        Found("snmp.versions", sorted(versions), first),
        Found("snmp.default_community", bool(known), known or first),
        Found("snmp.writable", bool(writable), writable or first),
    ]


def community_of_host(words: tuple[str, ...]) -> str:
    """The community of `snmp-server host [ipv6] A [vrf V] [traps|informs] [version V] [udp-port P] COMMUNITY`: where no
    other command names it, this one makes it valid."""
    rest = [word.lower() for word in words[2:] if word not in ("ipv6", "traps", "informs")][1:]
    while rest[:1] and rest[0] in ("vrf", "version", "udp-port", "0", "7"):
        rest = rest[1:] if rest[0].isdecimal() else rest[2:]
    return rest[0] if rest else ""


def is_switch(top: list[Node]) -> bool:
    """Whether any interface switches."""
    return any(child.starts("switchport") for node in top if node.starts("interface") for child in node.children)


def unused_ports(top: list[Node]) -> list[Found]:
    """Ports of a switch that nothing is said of and that are not shut down."""
    if not is_switch(top):
        return []
    idle = [
        node
        for node in top
        if node.starts("interface")
        and len(node.words) > 1
        and "Ethernet" in node.words[1]
        and not any(
            child.starts("description") or child.starts("shutdown") or child.starts("ip", "address")
            or child.starts("channel-group") or child.starts("switchport", "mode", "trunk")
            or child.starts("vrf", "forwarding")
            for child in node.children
        )
    ]  # fmt: skip
    return [Found("switchport.unused_enabled", len(idle), idle[0].line.number if idle else 0)]
