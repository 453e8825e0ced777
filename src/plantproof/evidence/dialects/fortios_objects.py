"""FortiOS address and service objects, with their groups, as networks and services."""

from __future__ import annotations

import ipaddress
from collections import Counter

from plantproof.evidence.dialects.acl_words import PROTOCOLS
from plantproof.evidence.dialects.fortios_conditions import always_is_always, limits_of
from plantproof.evidence.dialects.fortios_tree import Block
from plantproof.evidence.dialects.lines import number

ANY, ANY6 = "0.0.0.0/0", "::/0"
PUBLISHED = ("vip", "vip46", "vip6", "vip64", "vipgrp", "vipgrp46", "vipgrp6", "vipgrp64")
MOST_NETWORKS = 512
"""So many networks stand for all addresses but some; what would take more is not resolved."""

DESCRIBING = frozenset(
    {"allow-routing", "associated-interface", "color", "comment", "fabric-object", "type", "uuid", "visibility"}
)
"""Settings of an address object that say nothing of its addresses."""

PREDEFINED_SERVICES: dict[str, tuple[str, ...]] = {
    "AH": ("ah",), "ALL": ("ip",), "ALL_ICMP": ("icmp",), "ALL_ICMP6": ("icmp6",),
    "ALL_TCP": ("tcp/1-65535",), "ALL_UDP": ("udp/1-65535",),
    "BGP": ("tcp/179",), "DHCP": ("udp/67-68",), "DNS": ("tcp/53", "udp/53"), "ESP": ("esp",), "FTP": ("tcp/21",),
    "GRE": ("gre",), "HTTP": ("tcp/80",), "HTTPS": ("tcp/443",), "ICMP_ANY": ("icmp",), "IKE": ("udp/500", "udp/4500"),
    "IMAP": ("tcp/143",), "IMAPS": ("tcp/993",), "KERBEROS": ("tcp/88", "tcp/464", "udp/88", "udp/464"),
    "LDAP": ("tcp/389",), "LDAP_UDP": ("udp/389",), "MS-SQL": ("tcp/1433", "tcp/1434"), "MYSQL": ("tcp/3306",),
    "NFS": ("tcp/111", "tcp/2049", "udp/111", "udp/2049"), "NTP": ("tcp/123", "udp/123"), "OSPF": ("ospf",),
    "PING": ("icmp/8",), "PING6": ("icmp6/128",), "POP3": ("tcp/110",), "POP3S": ("tcp/995",),
    "RADIUS": ("udp/1812", "udp/1813"),
    "RDP": ("tcp/3389",), "RTSP": ("tcp/554", "tcp/7070", "tcp/8554", "udp/554"), "SAMBA": ("tcp/139",),
    "SIP": ("tcp/5060", "udp/5060"), "SMB": ("tcp/445",), "SMTP": ("tcp/25",), "SMTPS": ("tcp/465",),
    "SNMP": ("tcp/161-162", "udp/161-162"), "SSH": ("tcp/22",), "SYSLOG": ("udp/514",), "TELNET": ("tcp/23",),
    "TFTP": ("udp/69",), "TRACEROUTE": ("udp/33434-33535",), "VNC": ("tcp/5900",), "WINS": ("tcp/1512", "udp/1512"),
}  # fmt: skip
"""Services that a FortiGate has without being told. An administrator may redefine them: then the file's word counts."""


class Objects:
    """The objects of one configuration (or of one virtual domain)."""

    def __init__(self, root: Block) -> None:
        self.addresses = {edit.name: edit for edit in root.edits("firewall address")}
        self.address_groups = groups_of(root, "firewall addrgrp")
        self.services = {edit.name: edit for edit in root.edits("firewall service custom")}
        self.service_groups = groups_of(root, "firewall service group")
        self.addresses6 = {edit.name: edit for edit in root.edits("firewall address6")}
        self.address_groups6 = groups_of(root, "firewall addrgrp6")
        self.translated = frozenset(edit.name for kind in PUBLISHED for edit in root.edits(f"firewall {kind}"))
        """Published addresses, behind which others stand."""
        self.repeated = frozenset(
            name
            for table in ("firewall address", "firewall address6")
            for name, times in Counter(edit.name for edit in root.edits(table)).items()
            if times > 1
        )
        """Addresses that are written twice: no export does so, and the second writing need not say all."""
        self.always = always_is_always(root)
        self.zones = {edit.name: edit.words("interface") for edit in root.edits("system zone")}

    def networks(self, names: tuple[str, ...], unresolved: list[str]) -> list[str]:
        """The networks of address objects and groups. What is no network (a name, a country, a translated address) is
        added to `unresolved` and counts as any."""
        found: set[str] = set()
        for name in self.flat(names, self.address_groups):
            resolved = self.network(name)
            if resolved is None:
                unresolved.append(name)
                resolved = [ANY]
            found.update(resolved)
        return [ANY] if ANY in found else sorted(found)

    def networks6(self, names: tuple[str, ...], unresolved: list[str]) -> list[str]:
        """The same for objects of IPv6."""
        found: set[str] = set()
        for name in self.flat(names, self.address_groups6):
            resolved = self.network6(name)
            if resolved is None:
                unresolved.append(name)
                resolved = [ANY6]
            found.update(resolved)
        return [ANY6] if ANY6 in found else sorted(found)

    def network6(self, name: str) -> list[str] | None:
        """The networks of one address object of IPv6, None where they cannot be known from the configuration."""
        edit = self.addresses6.get(name)
        if edit is None or name in self.repeated:
            return [ANY6] if name == "all" and edit is None else None
        kind = edit.word("type", "ipprefix")
        try:
            if kind == "ipprefix" and (edit.word("ip6") or stands_at_default(edit)):
                return [str(ipaddress.IPv6Network(edit.word("ip6", ANY6), strict=False))]
            if kind == "iprange":
                first, last = ipaddress.IPv6Address(edit.word("start-ip")), ipaddress.IPv6Address(edit.word("end-ip"))
                return [str(network) for network in ipaddress.summarize_address_range(first, last)]
        except (ValueError, TypeError):
            return None
        return None

    def network(self, name: str) -> list[str] | None:
        """The networks of one address object, None where they cannot be known from the configuration."""
        edit = self.addresses.get(name)
        if edit is None or name in self.repeated:
            return [ANY] if name == "all" and edit is None else None
        kind = edit.word("type", "ipmask")
        try:
            if kind == "ipmask" and (edit.words("subnet") or stands_at_default(edit)):
                return [str(ipaddress.ip_network("/".join(edit.words("subnet")) or ANY, strict=False))]
            if kind == "iprange":
                first, last = ipaddress.IPv4Address(edit.word("start-ip")), ipaddress.IPv4Address(edit.word("end-ip"))
                return [str(network) for network in ipaddress.summarize_address_range(first, last)]
        except (ValueError, TypeError):
            return None
        return None

    def ports(self, names: tuple[str, ...], unresolved: list[str], conditions: list[str]) -> list[str]:
        """The services of service objects and groups, `ip` for any; unknown ones are added to `unresolved`, what
        they ask for beside protocol and ports to `conditions`."""
        found: set[str] = set()
        for name in self.flat(names, self.service_groups):
            edit = self.services.get(name)
            resolved = list(PREDEFINED_SERVICES.get(name, ())) if edit is None else custom_service(edit)
            if not resolved:
                unresolved.append(name)
                resolved = ["ip"]
            if edit is not None:
                conditions.extend(f"{limit} of {name}" for limit in limits_of(edit))
            found.update(resolved)
        return ["ip"] if "ip" in found else sorted(found)

    def interfaces(self, names: tuple[str, ...]) -> list[str]:
        """Interfaces, with zones resolved to theirs; `any` is no interface: an empty list."""
        found: set[str] = set()
        for name in names:
            if name == "any":
                return []
            # A zone without interfaces lets nothing in; it is not any interface.
            found.update(self.zones.get(name) or (name,))
        return sorted(found)

    @staticmethod
    def flat(names: tuple[str, ...], groups: dict[str, tuple[str, ...]]) -> list[str]:
        """Names with groups resolved, however deep; a group that holds itself is passed once."""
        flat: list[str] = []
        seen: set[str] = set()
        stack = list(reversed(names))
        while stack:
            name = stack.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in groups:
                stack.extend(reversed(groups[name]))
            else:
                flat.append(name)
        return flat


def stands_at_default(address: Block) -> bool:
    """Whether an address object says nothing of what it is: then it is every address, as `all` is."""
    return not address.blocks and address.settings.keys() <= DESCRIBING


def groups_of(root: Block, name: str) -> dict[str, tuple[str, ...]]:
    """The groups of one table by name, with their members. One that leaves members out again, or has none, is no sum of
    others: it is not among them, and so is not resolved."""
    return {
        edit.name: edit.words("member")
        for edit in root.edits(name)
        if edit.words("member") and edit.word("exclude", "disable") == "disable" and not edit.words("exclude-member")
    }


def custom_service(edit: Block) -> list[str]:
    """The services of one `config firewall service custom` entry; empty where it says nothing."""
    services = []
    for key, protocol in (("tcp-portrange", "tcp"), ("udp-portrange", "udp"), ("sctp-portrange", "sctp")):
        for word in edit.words(key):
            # `12:11` and `12-13:1024-65535` are destination:source.
            ports = port_range(word.split(":")[0])
            if ports is None:
                return []
            services.append(f"{protocol}/{ports}")
    protocol = edit.word("protocol").upper()
    if edit.words("udplite-portrange"):
        return []
    if protocol in ("ICMP", "ICMP6"):
        kind = number(edit.word("icmptype"), 255)
        if kind is None and edit.words("icmptype"):
            return []
        services.append(protocol.lower() if kind is None else f"{protocol.lower()}/{kind}")
    elif protocol == "IP":
        of_ip = number(edit.word("protocol-number", "0"), 255)
        if of_ip is not None:
            services.append("ip" if of_ip == 0 else PROTOCOLS.get(str(of_ip), f"ip-{of_ip}"))
    return services


def all_but(networks: list[str]) -> list[str] | None:
    """Every address but those of these networks of IPv4; None where that takes more than `MOST_NETWORKS`."""
    found: list[ipaddress.IPv4Network] = []
    first = 0
    for network in ipaddress.collapse_addresses(ipaddress.IPv4Network(text) for text in networks):
        found += _between(first, int(network.network_address) - 1)
        first = int(network.broadcast_address) + 1
    found += _between(first, 2**32 - 1)
    return [str(network) for network in found] if len(found) <= MOST_NETWORKS else None


def _between(first: int, last: int) -> list[ipaddress.IPv4Network]:
    if first > last:
        return []
    return list(ipaddress.summarize_address_range(ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)))


def port_range(text: str) -> str | None:
    """`80` or `80-90`; None for what is no range of ports."""
    first, dash, last = text.partition("-")
    low, high = number(first, 65535), number(last if dash else first, 65535)
    if low is None or high is None or low > high:
        return None
    return f"{low}-{high}" if dash else str(low)
