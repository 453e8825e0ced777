"""Access lists of Cisco IOS: entries as networks and services. What cannot be resolved counts as any, and is named."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import number

PORTS = {
    "bgp": 179, "bootpc": 68, "bootps": 67, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53,
    "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101, "ident": 113,
    "irc": 194, "isakmp": 500, "klogin": 543, "kshell": 544, "ldap": 389, "login": 513, "lpd": 515, "msrpc": 135,
    "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "nntp": 119, "non500-isakmp": 4500,
    "ntp": 123, "pim-auto-rp": 496, "pop2": 109, "pop3": 110, "rip": 520, "smtp": 25, "snmp": 161, "snmptrap": 162,
    "ssh": 22, "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "telnet": 23, "tftp": 69, "time": 37,
    "uucp": 540, "whois": 43, "www": 80, "xdmcp": 177,
}  # fmt: skip
"""Names that IOS writes instead of port numbers."""

PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "51": "ah", "ahp": "ah", "132": "sctp"}
"""Numbers and IOS's own words for protocols."""

OPTIONS = frozenset({
    "ack", "dscp", "established", "fin", "fragments", "log", "log-input", "match-all", "match-any", "option",
    "precedence", "psh", "reflect", "rst", "syn", "time-range", "tos", "ttl", "urg",
})  # fmt: skip
"""What may follow addresses and ports. All of it narrows an entry or logs it."""

ANY = "0.0.0.0/0"
EVERY_PORT = "1-65535"
MOST = 65535


class Entry(NamedTuple):
    """One entry. `unresolved` names what could not be read as a network or port: the entry is wider than it looks."""

    action: str
    source: list[str]
    destination: list[str]
    services: list[str]
    log: bool
    unresolved: list[str]


class Listed(NamedTuple):
    """An entry in its list: the command, whether the list is extended, the words from the action on."""

    node: Node
    extended: bool
    words: tuple[str, ...]


def access_lists(top: list[Node]) -> dict[str, list[Listed]]:
    """Name -> entries. Sequence numbers only order the entries; a running configuration has them in order."""
    lists: dict[str, list[Listed]] = {}
    for node in top:
        if node.starts("ip", "access-list") and len(node.words) > 3:
            extended = node.words[2] == "extended"
            entries = lists.setdefault(node.words[3], [])
            for child in node.children:
                words = child.words[1:] if number(child.words[0], 2**32) is not None else child.words
                entries.append(Listed(child, extended, words))
        elif node.starts("access-list") and len(node.words) > 2:
            named = number(node.words[1], 9999)
            extended = named is not None and (100 <= named <= 199 or 2000 <= named <= 2699)
            lists.setdefault(node.words[1], []).append(Listed(node, extended, node.words[2:]))
    return lists


def lets_everyone_in(entries: list[Listed]) -> bool:
    """Whether a list that guards access to the device guards nothing: it is empty, or permits any source."""
    read = [read_entry(listed.words, extended=listed.extended) for listed in entries]
    if not any(entry is not None for entry in read):
        return True
    for entry in read:
        if entry is not None and ANY in entry.source:
            return entry.action == "permit"
    return False


def wildcard_network(address: str, wildcard: str) -> str | None:
    """The CIDR network of an address with wildcard bits; None for bits that are no prefix, or for no address at all."""
    try:
        bits = int(ipaddress.IPv4Address(wildcard))
        base = int(ipaddress.IPv4Address(address))
    except ValueError:
        return None
    if bits & (bits + 1):
        return None
    return f"{ipaddress.IPv4Address(base & ~bits & 0xFFFFFFFF)}/{32 - bits.bit_length()}"


def read_entry(words: tuple[str, ...], *, extended: bool) -> Entry | None:
    """An entry from the words after its sequence number; None for what is no entry (`remark`, `dynamic`, ...)."""
    if not words or words[0] not in ("permit", "deny"):
        return None
    rest = list(words[1:])
    unresolved: list[str] = []
    logs = "log" in rest or "log-input" in rest
    if not extended:
        return Entry(words[0], take_address(rest, unresolved), [ANY], ["ip"], logs, unresolved)
    services = take_protocol(rest, unresolved)
    source = take_address(rest, unresolved)
    # A port that the source has is no limit: whoever sends may choose it.
    take_ports(rest, unresolved)
    destination = take_address(rest, unresolved)
    ports = take_ports(rest, unresolved)
    if services in (["tcp"], ["udp"]):
        if ports is None and rest and rest[0] not in OPTIONS:
            unresolved.append(rest[0])
        services = [f"{services[0]}/{port}" for port in ports or [EVERY_PORT]]
    return Entry(words[0], source, destination, services, logs, unresolved)


def take_protocol(rest: list[str], unresolved: list[str]) -> list[str]:
    """Take the protocol off the words. An object group may hold any service."""
    if not rest:
        unresolved.append("no protocol")
        return ["ip"]
    word = rest.pop(0)
    if word in ("object-group", "object"):
        unresolved.append(rest.pop(0) if rest else word)
        return ["ip"]
    return [PROTOCOLS.get(word, f"ip-{word}" if word.isdecimal() else word)]


def take_address(rest: list[str], unresolved: list[str]) -> list[str]:
    """Take one address off the words: any, host A, A WILDCARD, A alone, A/prefix, or an object group."""
    if not rest:
        return unresolved_any("no address", unresolved)
    word = rest.pop(0)
    if word == "any":
        return [ANY]
    if word == "host" and rest:
        host = rest.pop(0)
        network = wildcard_network(host, "0.0.0.0")  # noqa: S104  a wildcard mask, not an address to bind
        return [network] if network else unresolved_any(host, unresolved)
    if word in ("object-group", "object") and rest:
        return unresolved_any(rest.pop(0), unresolved)
    if "/" in word:
        try:
            return [str(ipaddress.ip_network(word, strict=False))]
        except ValueError:
            return unresolved_any(word, unresolved)
    if rest and rest[0][:1].isdigit() and "." in rest[0]:
        wildcard = rest.pop(0)
        network = wildcard_network(word, wildcard)
        return [network] if network else unresolved_any(f"{word} {wildcard}", unresolved)
    network = wildcard_network(word, "0.0.0.0")  # noqa: S104  as above
    return [network] if network else unresolved_any(word, unresolved)


def unresolved_any(what: str, unresolved: list[str]) -> list[str]:
    """What cannot be resolved could be any address."""
    unresolved.append(what)
    return [ANY]


def take_ports(rest: list[str], unresolved: list[str]) -> list[str] | None:
    """Take a port condition off the words: eq P..., range P P, gt P, lt P, neq P. None where there is none; every port
    where a word of it cannot be read."""
    if not rest or rest[0] not in ("eq", "range", "gt", "lt", "neq"):
        return None
    condition = rest.pop(0)
    most = {"range": 2, "gt": 1, "lt": 1}.get(condition, 10)
    words: list[str] = []
    while rest and len(words) < most and not begins_address(rest[0]) and rest[0] not in OPTIONS:
        words.append(rest.pop(0))
    numbers = [PORTS.get(word, number(word, MOST)) for word in words]
    known = [port for port in numbers if port is not None]
    ranges = port_ranges(condition, known) if known and len(known) == len(numbers) else None
    if ranges is None:
        unresolved.append(" ".join([condition, *words]))
        return [EVERY_PORT]
    return ranges


def begins_address(word: str) -> bool:
    """Whether a word is where the next address begins."""
    return word in ("any", "host", "object-group", "object") or "." in word or "/" in word


def port_ranges(condition: str, ports: list[int]) -> list[str] | None:
    """The ports that a condition lets through; None where it lets none through or does not say which."""
    if condition == "eq":
        return [str(port) for port in ports]
    if condition == "neq":
        found, last = [], -1
        for port in [*sorted(set(ports)), MOST + 1]:
            if port - 1 > last:
                found.append(f"{last + 1}-{port - 1}")
            last = port
        return found
    if condition == "range":
        return [f"{ports[0]}-{ports[1]}"] if len(ports) == 2 and ports[0] <= ports[1] else None
    if condition == "gt":
        return [f"{ports[0] + 1}-{MOST}"] if ports[0] < MOST else None
    return [f"0-{ports[0] - 1}"] if ports[0] else None
