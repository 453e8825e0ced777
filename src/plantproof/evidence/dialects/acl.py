"""Access lists of Cisco IOS: entries as networks and services. What cannot be resolved counts as any, and is named."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from plantproof.evidence.dialects.acl_groups import Groups
from plantproof.evidence.dialects.acl_words import (
    ANY,
    ANY6,
    EVERY_PORT,
    MESSAGES,
    MESSAGES6,
    protocol,
    ranges_of,
    wildcard_networks,
)
from plantproof.evidence.dialects.indented import Node
from plantproof.evidence.dialects.lines import number

OPTIONS = frozenset({
    "ack", "dscp", "established", "fin", "fragments", "log", "log-input", "match-all", "match-any", "option",
    "precedence", "psh", "reflect", "rst", "syn", "time-range", "tos", "ttl", "urg",
})  # fmt: skip
"""What may follow addresses and ports. All of it narrows an entry or logs it."""

LOGGING = frozenset({"log", "log-input", "reflect"})
"""Options that leave what an entry matches as it is."""

ESTABLISHED = "established"
"""The entry matches answers on connections that the other side opened, and no first packet."""


class Entry(NamedTuple):
    """One entry. `unresolved` names what could not be read as a network or port: the entry is wider than it looks.
    `conditions` narrow it beyond addresses and services: it matches less than it looks."""

    action: str
    source: list[str]
    destination: list[str]
    services: list[str]
    log: bool
    unresolved: list[str]
    conditions: list[str]


class Reading(NamedTuple):
    """What is left to read of an entry, and what was found on the way."""

    rest: list[str]
    groups: Groups
    unresolved: list[str]
    conditions: list[str]
    any: str = ANY


class Listed(NamedTuple):
    """An entry in its list: the command, whether the list is extended, the words from the action on."""

    node: Node
    extended: bool
    words: tuple[str, ...]
    ipv6: bool = False
    sequence: str = ""

    def read(self, groups: Groups | None = None) -> Entry | None:
        """What the entry says; None for what is none (`remark`, ...)."""
        return read_entry(self.words, extended=self.extended, groups=groups, ipv6=self.ipv6)

    def weigh(self, groups: Groups | None = None) -> Entry | None:
        """What the entry may let through; None for a remark. One that is not understood may let anything through."""
        found = self.read(groups)
        if found is not None or self.words[:1] == ("remark",):
            return found
        everywhere = [ANY6 if self.ipv6 else ANY]
        return Entry("permit", everywhere, everywhere, ["ip"], False, [" ".join(self.words) or self.node.text], [])


def access_lists(top: list[Node]) -> dict[str, list[Listed]]:
    """Name -> entries, in the order of their sequence numbers where all have one, else in that of the file."""
    lists: dict[str, list[Listed]] = {}
    for node in top:
        if node.starts("ip", "access-list") and len(node.words) > 3:
            extended = node.words[2] == "extended"
            entries = lists.setdefault(node.words[3], [])
            for child in node.children:
                numbered = number(child.words[0], 2**32) is not None
                words = child.words[1:] if numbered else child.words
                entries.append(Listed(child, extended, words, sequence=child.words[0] if numbered else ""))
        elif node.starts("access-list") and len(node.words) > 2:
            named = number(node.words[1], 9999)
            extended = named is not None and (100 <= named <= 199 or 2000 <= named <= 2699)
            lists.setdefault(node.words[1], []).append(Listed(node, extended, node.words[2:]))
    return {name: in_sequence(entries) for name, entries in lists.items()}


def ipv6_access_lists(top: list[Node]) -> dict[str, list[Listed]]:
    """Name -> entries of the lists of IPv6. The number of an entry stands before or behind it."""
    lists: dict[str, list[Listed]] = {}
    for node in top:
        if node.starts("ipv6", "access-list") and len(node.words) > 2:
            entries = lists.setdefault(node.words[2], [])
            for child in node.children:
                words, sequence = child.words, ""
                if child.starts("sequence"):
                    words, sequence = words[2:], "".join(words[1:2])
                elif "sequence" in words[-2:-1]:
                    words, sequence = words[:-2], words[-1]
                entries.append(Listed(child, True, words, ipv6=True, sequence=sequence))
    return {name: in_sequence(entries) for name, entries in lists.items()}


def in_sequence(entries: list[Listed]) -> list[Listed]:
    """The entries as a device weighs them: by number, where each has one. A remark stays behind what it follows."""
    keys, last = [], 0
    for listed in entries:
        own = number(listed.sequence, 2**32)
        if own is None and listed.words[:1] != ("remark",):
            return entries
        last = last if own is None else own
        keys.append(last)
    return [listed for _, listed in sorted(zip(keys, entries, strict=True), key=lambda pair: pair[0])]


def lets_everyone_in(entries: list[Listed], groups: Groups) -> bool:
    """Whether a list that guards access to the device guards nothing: it has no entry, or what it permits before it
    denies the rest comprises every source. A denial of one service, of one destination, or at some hours leaves the
    way open to what comes after it; so may an entry that is not understood."""
    known = [entry for listed in entries if (entry := listed.weigh(groups)) is not None]
    permitted: list[str] = []
    for entry in known:
        if entry.action == "permit":
            permitted += entry.source
        elif denies_everything(entry):
            break
    return not known or is_everywhere(permitted)


def denies_everything(entry: Entry) -> bool:
    """Whether nothing is left for the entries after a denial."""
    everything = all(ANY in end or ANY6 in end for end in (entry.source, entry.destination))
    return everything and entry.services == ["ip"] and not entry.conditions and not entry.unresolved


def is_everywhere(networks: list[str]) -> bool:
    """Whether the networks together are all addresses of an IP version."""
    parts4 = [ipaddress.IPv4Network(network) for network in networks if ":" not in network]
    parts6 = [ipaddress.IPv6Network(network) for network in networks if ":" in network]
    together = {
        *map(str, ipaddress.collapse_addresses(parts4)),
        *map(str, ipaddress.collapse_addresses(parts6)),
    }
    return bool(together & {ANY, ANY6})


def read_entry(
    words: tuple[str, ...], *, extended: bool, groups: Groups | None = None, ipv6: bool = False
) -> Entry | None:
    """An entry from the words after its sequence number; None for what is no entry (`remark`, ...).

    `evaluate` lets answers through that a `reflect` remembers; `dynamic` holds only after somebody logged in.
    """
    if words[:1] == ("evaluate",) and len(words) > 1:
        everywhere = [ANY6 if ipv6 else ANY]
        return Entry("permit", everywhere, everywhere, ["ip"], False, [], [ESTABLISHED, " ".join(words[:2])])
    conditions: list[str] = []
    if words[:1] == ("dynamic",):
        begin = next((place for place, word in enumerate(words) if word in ("permit", "deny")), len(words))
        conditions.append(" ".join(words[:2]))
        words = words[begin:]
    if not words or words[0] not in ("permit", "deny"):
        return None
    reading = Reading(list(words[1:]), groups or Groups(()), [], conditions, ANY6 if ipv6 else ANY)
    rest, unresolved = reading.rest, reading.unresolved
    logs = "log" in rest or "log-input" in rest
    if not extended:
        return Entry(words[0], take_address(reading), [ANY], ["ip"], logs, unresolved, conditions)
    services = take_protocol(reading)
    source = take_address(reading)
    # Whoever sends may choose the port to send from: a permission that names one is open, a denial stops nobody.
    if begins_ports(rest):
        before = list(rest)
        if take_ports(rest, unresolved) != [EVERY_PORT]:
            conditions.append(f"from {' '.join(before[: len(before) - len(rest)])}")
    destination = take_address(reading)
    ports = take_ports(rest, unresolved)
    if services in (["tcp"], ["udp"], ["sctp"]):
        if ports is None and rest and rest[0] not in OPTIONS:
            unresolved.append(rest[0])
        services = [f"{services[0]}/{port}" for port in ports or [EVERY_PORT]]
    elif ports is not None:
        # Ports of what has none as far as is known here: the entry matches less than the whole protocol.
        conditions.append(f"ports {', '.join(ports)}")
    elif services in (["icmp"], ["icmp6"]) and rest and rest[0] not in OPTIONS:
        services = take_message(reading, services[0])
    take_options(reading)
    return Entry(words[0], source, destination, services, logs, unresolved, conditions)


def take_protocol(reading: Reading) -> list[str]:
    """Take the protocol off the words, or the object group that holds the services."""
    rest = reading.rest
    if not rest:
        reading.unresolved.append("no protocol")
        return ["ip"]
    word = rest.pop(0)
    if word in ("object-group", "object"):
        name = rest.pop(0) if rest else word
        found = reading.groups.services(name) if word == "object-group" else None
        if found is None:
            reading.unresolved.append(name)
        return found or ["ip"]
    if reading.any == ANY6:
        return [{"ipv6": "ip", "icmp": "icmp6", "58": "icmp6"}.get(word, protocol(word))]
    return [protocol(word)]


def take_message(reading: Reading, service: str) -> list[str]:
    """Take the type of an ICMP message off the words, with the code within it where one is named."""
    word = reading.rest.pop(0)
    kind = (MESSAGES if service == "icmp" else MESSAGES6).get(word, number(word, 255))
    if kind is None:
        reading.conditions.append(f"icmp {word}")
        return [service]
    if reading.rest and number(reading.rest[0], 255) is not None:
        reading.conditions.append(f"icmp code {reading.rest.pop(0)}")
    return [f"{service}/{kind}"]


def take_options(reading: Reading) -> None:
    """Take what follows addresses and ports: each option but those that only log narrows the entry."""
    rest = reading.rest
    while rest:
        word = rest.pop(0)
        arguments = []
        while rest and rest[0] not in OPTIONS and word != ESTABLISHED:
            arguments.append(rest.pop(0))
        if word not in LOGGING:
            reading.conditions.append(" ".join([word, *arguments]))


def take_address(reading: Reading) -> list[str]:
    """Take one address off the words: any, host A, A WILDCARD, A alone, A/prefix, or an object group."""
    rest = reading.rest
    if not rest:
        return unresolved_any("no address", reading)
    word = rest.pop(0)
    if word == "any":
        return [reading.any]
    if word == "host" and rest:
        host = rest.pop(0)
        return one_address(host) or unresolved_any(host, reading)
    if word in ("object-group", "object") and rest:
        name = rest.pop(0)
        found = reading.groups.networks(name) if word == "object-group" else None
        return found or unresolved_any(name, reading)
    if "/" in word:
        try:
            return [str(ipaddress.ip_network(word, strict=False))]
        except ValueError:
            return unresolved_any(word, reading)
    if rest and rest[0][:1].isdigit() and "." in rest[0]:
        wildcard = rest.pop(0)
        return wildcard_networks(word, wildcard) or unresolved_any(f"{word} {wildcard}", reading)
    return one_address(word) or unresolved_any(word, reading)


def one_address(word: str) -> list[str]:
    """An address alone as a network; none for what is no address."""
    try:
        return [str(ipaddress.ip_network(word))]
    except ValueError:
        return []


def unresolved_any(what: str, reading: Reading) -> list[str]:
    """What cannot be resolved could be any address."""
    reading.unresolved.append(what)
    return [reading.any]


def begins_ports(rest: list[str]) -> bool:
    """Whether a condition on ports comes next."""
    return bool(rest) and rest[0] in ("eq", "range", "gt", "lt", "neq")


def take_ports(rest: list[str], unresolved: list[str]) -> list[str] | None:
    """Take a port condition off the words: eq P..., range P P, gt P, lt P, neq P. None where there is none; every port
    where a word of it cannot be read."""
    if not begins_ports(rest):
        return None
    condition = rest.pop(0)
    most = {"range": 2, "gt": 1, "lt": 1}.get(condition, 10)
    words: list[str] = []
    while rest and len(words) < most and not begins_address(rest[0]) and rest[0] not in OPTIONS:
        words.append(rest.pop(0))
    ranges = ranges_of(condition, words)
    if ranges is None:
        unresolved.append(" ".join([condition, *words]))
        return [EVERY_PORT]
    return ranges


def begins_address(word: str) -> bool:
    """Whether a word is where the next address begins."""
    return word in ("any", "host", "object-group", "object") or any(mark in word for mark in "./:")
