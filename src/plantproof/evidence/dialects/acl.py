"""Access lists of Cisco IOS: entries as networks and services."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from plantproof.evidence.dialects.lines import is_number

PORTS = {
    "bgp": 179, "bootpc": 68, "bootps": 67, "chargen": 19, "cmd": 514, "daytime": 13, "discard": 9, "domain": 53,
    "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101, "ident": 113,
    "irc": 194, "isakmp": 500, "klogin": 543, "kshell": 544, "ldap": 389, "login": 513, "lpd": 515, "nameserver": 42,
    "netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "nntp": 119, "non500-isakmp": 4500, "ntp": 123,
    "pim-auto-rp": 496, "pop2": 109, "pop3": 110, "rip": 520, "smtp": 25, "snmp": 161, "snmptrap": 162, "ssh": 22,
    "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "telnet": 23, "tftp": 69, "time": 37, "uucp": 540,
    "whois": 43, "www": 80, "xdmcp": 177,
}  # fmt: skip
"""Names that IOS writes instead of port numbers."""

ANY = "0.0.0.0/0"


class Entry(NamedTuple):
    """One entry. `unresolved` names what could not be read as a network or port: the entry is wider than it looks."""

    action: str
    source: list[str]
    destination: list[str]
    services: list[str]
    log: bool
    unresolved: list[str]


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
    protocol = rest.pop(0) if extended and rest else "ip"
    source = take_address(rest, unresolved)
    source_ports = take_ports(rest, unresolved) if extended else None
    destination = take_address(rest, unresolved) if extended else [ANY]
    ports = take_ports(rest, unresolved) if extended else None
    if source_ports is not None and ports is None and protocol in ("tcp", "udp") and "established" not in rest:
        # Only the source port is bound: a client may choose it, so the destination port is open.
        ports = None
    services = [f"{protocol}/{port}" for port in ports] if ports else [protocol]
    return Entry(words[0], source, destination, services, "log" in rest or "log-input" in rest, unresolved)


def take_address(rest: list[str], unresolved: list[str]) -> list[str]:
    """Take an address off the words: any, host A, A W, A/n, object-group G."""
    if not rest:
        return [ANY]
    word = rest.pop(0)
    if word == "any":
        return [ANY]
    if word == "host" and rest:
        host = rest.pop(0)
        network = wildcard_network(host, "0.0.0.0")  # noqa: S104  a wildcard mask, not an address to bind
        return [network] if network else unresolved_any(host, unresolved)
    if word == "object-group" and rest:
        return unresolved_any(rest.pop(0), unresolved)
    if "/" in word:
        try:
            return [str(ipaddress.ip_network(word, strict=False))]
        except ValueError:
            return unresolved_any(word, unresolved)
    if rest and rest[0][:1].isdecimal() and "." in rest[0]:
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
    """Take a port condition off the words: eq P..., range P P, gt P, lt P, neq P. None where there is none."""
    if not rest or rest[0] not in ("eq", "range", "gt", "lt", "neq"):
        return None
    condition = rest.pop(0)
    numbers: list[int] = []
    while rest and (is_number(rest[0]) or rest[0] in PORTS):
        word = rest.pop(0)
        numbers.append(int(word) if is_number(word) else PORTS[word])
    if not numbers:
        unresolved.append(f"{condition} {rest.pop(0)}" if rest else condition)
        return ["0-65535"]
    if condition == "range" and len(numbers) >= 2:
        return [f"{numbers[0]}-{numbers[1]}"]
    if condition == "gt":
        return [f"{numbers[0] + 1}-65535"]
    if condition == "lt":
        return [f"0-{numbers[0] - 1}"]
    if condition == "neq":
        return [part for part in (f"0-{numbers[0] - 1}", f"{numbers[0] + 1}-65535") if not part.startswith("0--")]
    return [str(number) for number in numbers]
