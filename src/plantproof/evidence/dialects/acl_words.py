"""The words of Cisco IOS access lists: ports, protocols, messages, wildcards."""

from __future__ import annotations

import ipaddress

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

MESSAGES = {
    "echo": 8, "echo-reply": 0, "information-reply": 16, "information-request": 15, "mask-reply": 18,
    "mask-request": 17, "mobile-redirect": 32, "parameter-problem": 12, "redirect": 5, "router-advertisement": 9,
    "router-solicitation": 10, "source-quench": 4, "time-exceeded": 11, "timestamp-reply": 14,
    "timestamp-request": 13, "unreachable": 3,
}  # fmt: skip
"""Names that IOS writes for types of ICMP messages. Names of codes within a type are conditions."""

MESSAGES6 = {
    "destination-unreachable": 1, "echo-reply": 129, "echo-request": 128, "mld-query": 130, "mld-reduction": 132,
    "mld-report": 131, "nd-na": 136, "nd-ns": 135, "packet-too-big": 2, "parameter-problem": 4, "redirect": 137,
    "router-advertisement": 134, "router-renumbering": 138, "router-solicitation": 133, "time-exceeded": 3,
    "unreachable": 1,
}  # fmt: skip
"""The same for ICMP of IPv6."""

ANY = "0.0.0.0/0"
ANY6 = "::/0"
EVERY_PORT = "1-65535"
MOST = 65535
MOST_PREFIXES = 256
"""So many networks stand for a wildcard that is no prefix; one that would take more is not resolved."""


def wildcard_networks(address: str, wildcard: str) -> list[str]:
    """The networks of an address with wildcard bits, several where the bits are no prefix; none for no address at all,
    and for bits that would take more than `MOST_PREFIXES`."""
    try:
        bits = int(ipaddress.IPv4Address(wildcard))
        base = int(ipaddress.IPv4Address(address)) & ~bits
    except ValueError:
        return []
    tail = (bits ^ (bits + 1)).bit_length() - 1
    scattered = [1 << place for place in range(tail, 32) if bits >> place & 1]
    if 1 << len(scattered) > MOST_PREFIXES:
        return []
    bases = [base]
    for bit in scattered:
        bases += [each | bit for each in bases]
    return [f"{ipaddress.IPv4Address(each)}/{32 - tail}" for each in sorted(bases)]


def protocol(word: str) -> str:
    """A protocol as records write it: `tcp` for 6, `ip-89` for a number without a name here."""
    return PROTOCOLS.get(word, f"ip-{word}" if word.isdecimal() else word)


def ranges_of(condition: str, words: list[str]) -> list[str] | None:
    """The ports of a condition with its words; None where one of them cannot be read."""
    numbers = [PORTS.get(word, number(word, MOST)) for word in words]
    known = [port for port in numbers if port is not None]
    return port_ranges(condition, known) if known and len(known) == len(numbers) else None


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
