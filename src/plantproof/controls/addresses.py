"""Subnets and services as the design intent writes them: read, and compared with one another."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Owner = TypeVar("Owner")

_PORTS = re.compile(r"(?:tcp|udp)/([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?")
_MESSAGES = re.compile(r"icmp6?(?:/(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?")
_HIGHEST_PORT = 65535


class Mistake(NamedTuple):
    message: str
    hint: str


class Held(NamedTuple, Generic[Owner]):
    """A network and whose it is."""

    network: Network
    owner: Owner


def read_subnet(text: str) -> Network | Mistake:
    """A subnet in CIDR notation, or what is wrong with it. With host bits nobody can say which network is meant."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return Mistake(f"`{text}` is no subnet", "write CIDR, as 10.20.30.0/24 or fd00:20::/64")
    return Mistake(f"`{text}` has host bits", f"write `{meant}`, or a longer prefix")


def overlaps(held: Iterable[Held[Owner]]) -> Iterator[tuple[Held[Owner], Held[Owner]]]:
    """Every network with the smallest other one that contains or equals it. Networks nest or are apart."""
    # By first address, the wider first: whatever contains a network stands before it and is still open when it comes.
    ordered = sorted(held, key=lambda item: _order(item.network))
    open_: list[Held[Owner]] = []
    for item in ordered:
        while open_ and not _contains(open_[-1].network, item.network):
            open_.pop()
        if open_:
            yield open_[-1], item
        open_.append(item)


def _order(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen


def _contains(wide: Network, narrow: Network) -> bool:
    return (
        wide.version == narrow.version
        and wide.prefixlen <= narrow.prefixlen
        and int(wide.network_address) <= int(narrow.network_address) <= int(wide.broadcast_address)
    )


def service_mistake(text: str) -> Mistake | None:
    """What is wrong with a service; None for `tcp/502`, `udp/161-162`, `icmp`, `icmp/8` (echo requests) and `ip`."""
    if text == "ip" or _MESSAGES.fullmatch(text):
        return None
    found = _PORTS.fullmatch(text)
    if found is None:
        every = f"write `{text}/1-65535` for every port"
        hint = every if text in ("tcp", "udp") else "write it as tcp/502, udp/161-162, icmp or ip"
        return Mistake(f"`{text}` is no service", hint)
    first, last = int(found[1]), int(found[2] or found[1])
    if last > _HIGHEST_PORT:
        return Mistake(f"`{text}` has a port above {_HIGHEST_PORT}", "")
    return Mistake(f"`{text}` ends before it begins", f"write {last}-{first}") if last < first else None


def is_anything(service: str) -> bool:
    """Whether a service is no choice: everything, or every port of TCP or UDP."""
    found = _PORTS.fullmatch(service)
    return service == "ip" or (found is not None and int(found[1]) == 1 and int(found[2] or 0) == _HIGHEST_PORT)
