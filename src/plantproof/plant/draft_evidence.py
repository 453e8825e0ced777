"""What the evidence of a site says that intent can be drafted from: devices, their networks, flows and rules.

Read without a site file, so without zones. Old evidence counts as well: a network that was there in spring is a good
guess for one that is there in autumn, and a draft is a guess whatever it rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.model.evidence import Claims
from plantproof.model.roles import normal_role
from plantproof.plant.claims import read_kind
from plantproof.plant.merge import Merged, merge_kind
from plantproof.plant.services import service_of_flow
from plantproof.plant.subnets import Address, Network, parse_address, parse_network, placeable
from plantproof.plant.zones import claims_of

FIELDS: dict[str, frozenset[str]] = {
    "asset": frozenset({"ips", "names", "owner", "purdue_level", "role", "zone"}),
    "interface": frozenset({"asset", "description", "enabled", "ips", "name", "routes", "vlan"}),
    "flow": frozenset({"dst", "dst_ip", "port", "protocol", "src", "src_ip"}),
    "firewall_rule": frozenset(
        {
            "action", "asset", "dst_interfaces", "dst_networks", "enabled", "name", "nat", "order", "services",
            "src_interfaces", "src_networks", "unresolved",
        }
    ),
}  # fmt: skip
NO_PLACE = frozenset(
    {"", "-", "default", "n/a", "none", "not set", "null", "tbd", "unassigned", "undefined", "unknown"}
)
"""What tools write where nobody has said in which zone a device is."""
LONGEST_ID = 512
"""Letters of an id in a site file."""
MOST_NAMES = 80
"""Letters of a name that come into a draft: what is longer is no name."""


class Leg(msgspec.Struct, frozen=True):
    """An interface with a network of its own."""

    interface: str
    network: Network
    vlan: int | None = None
    description: str = ""
    up: bool = True


class Device(msgspec.Struct):
    """One asset as the draft sees it. `zones` are the places that any source names for it. `reference` is what a site
    file calls it: the name where it finds this asset and no other, else the id."""

    id: str
    name: str
    reference: str
    role: str = ""
    level: float | None = None
    owner: str = ""
    zones: tuple[str, ...] = ()
    addresses: list[Address] = []
    legs: list[Leg] = []
    default_route: bool = False
    rules: int = 0


class End(msgspec.Struct, frozen=True):
    """One end of a flow: a device by its place in the list, -1 where none is known; and the address."""

    device: int
    address: str


class Rule(msgspec.Struct, frozen=True):
    """A rule that lets something through. No networks or no services means any."""

    device: int
    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    source_interfaces: tuple[str, ...]
    target_interfaces: tuple[str, ...]
    services: tuple[str, ...]
    unresolved: bool


class Evidence(msgspec.Struct):
    """Everything a draft rests on. `flows` are (from, to, service) -> how many records; `named` are zones that people
    wrote into what their sources cover, and which the site therefore has to have."""

    devices: list[Device]
    flows: dict[tuple[End, End, str], int]
    rules: list[Rule]
    named: tuple[str, ...]


def plain(text: str) -> str:
    """A name as it may stand in a site file: on one line, nothing that cannot be seen, and no novel."""
    if len(text) <= MOST_NAMES and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * MOST_NAMES]).split())
    return words if len(words) <= MOST_NAMES else words[: MOST_NAMES - 1].rstrip() + "…"


def read_evidence(claims: Claims, precedence: Sequence[str] = (), named: Sequence[str] = ()) -> Evidence:
    """The facts of all sources. Raises InputError with every record that does not parse."""
    problems: list[Problem] = []
    sources = {source.name: (source, False) for source in claims.sources}
    read = {kind: read_kind(kind, sources, set(fields), problems) for kind, fields in FIELDS.items()}
    if problems:
        raise InputError(*problems)
    canonical = {given: living for given, living in claims.identities.canonical.items() if given != living}
    ids = {kind: {identifier for batch in each.batches for identifier in batch.ids} for kind, each in read.items()}
    known = {canonical.get(each, each) for each in ids["asset"] | claims.identities.ids}
    ids["asset"] = known - set(claims.identities.retired)
    merged = {
        kind: merge_kind(each, sorted(ids[kind]), canonical if kind == "asset" else {}, precedence)
        for kind, each in read.items()
    }
    devices = _devices(merged["asset"], claims.identities.names)
    rows = {given: merged["asset"].rows[living] for given, living in canonical.items() if living in ids["asset"]}
    rows |= merged["asset"].rows
    _add_legs(merged["interface"], devices, rows)
    scopes = {zone for source in claims.sources for cover in source.custody.covers for zone in cover.zones}
    return Evidence(
        devices=devices,
        flows=_flows(merged["flow"], rows),
        rules=_rules(merged["firewall_rule"], devices, rows),
        named=tuple(sorted(zone for zone in {*scopes, *named} if zone.isprintable() and 0 < len(zone) <= LONGEST_ID)),
    )


def _devices(assets: Merged, names: dict[str, list[str]]) -> list[Device]:
    found = []
    claims = [[*(_value(assets, "names", row) or ()), *names.get(each, ())] for row, each in enumerate(assets.ids)]
    bearers = Counter(name for own in claims for name in {each.casefold() for each in own})
    for row, identifier in enumerate(assets.ids):
        listed = claims[row]
        level = _value(assets, "purdue_level", row)
        claimed = [plain(msgspec.json.decode(zone, type=str)) for zone in claims_of(assets.columns["zone"], row)]
        name = next(filter(None, map(plain, listed)), plain(identifier))
        found.append(
            Device(
                id=identifier,
                name=name,
                reference=name if name in listed and bearers[name.casefold()] == 1 else identifier,
                role=normal_role(_value(assets, "role", row) or ""),
                level=float(level) if level is not None and 0 <= level <= 5 else None,
                owner=plain(_value(assets, "owner", row) or ""),
                zones=tuple(name for name in claimed if name.casefold() not in NO_PLACE),
                addresses=_addresses(_value(assets, "ips", row) or ()),
            )
        )
    return found


def _add_legs(interfaces: Merged, devices: list[Device], rows: dict[str, int]) -> None:
    for row in range(len(interfaces.ids)):
        owner = rows.get(_value(interfaces, "asset", row) or "", -1)
        if owner < 0:
            continue
        device = devices[owner]
        listed = [text for claim in claims_of(interfaces.columns["ips"], row) for text in _decoded(claim)]
        routes = [text for claim in claims_of(interfaces.columns["routes"], row) for text in _decoded(claim)]
        networks = [network for text in routes if (network := parse_network(text)) is not None]
        up = b"false" not in claims_of(interfaces.columns["enabled"], row)
        device.default_route = device.default_route or any(not network.prefixlen for network in networks)
        for text in sorted(set(listed)):
            network = parse_network(text) if "/" in text else None
            if network is not None and 0 < network.prefixlen < network.max_prefixlen:
                device.legs.append(
                    Leg(
                        plain(_value(interfaces, "name", row) or ""),
                        network,
                        _value(interfaces, "vlan", row),
                        plain(_value(interfaces, "description", row) or ""),
                        up,
                    )
                )
        device.addresses += _addresses(listed)
    for device in devices:
        device.addresses = list(dict.fromkeys(device.addresses))


def _flows(flows: Merged, rows: dict[str, int]) -> dict[tuple[End, End, str], int]:
    found: dict[tuple[End, End, str], int] = {}
    for row in range(len(flows.ids)):
        ends = [
            End(rows.get(_value(flows, asset, row) or "", -1), _value(flows, address, row) or "")
            for asset, address in (("src", "src_ip"), ("dst", "dst_ip"))
        ]
        service = service_of_flow(_value(flows, "protocol", row) or "", _value(flows, "port", row))
        key = (ends[0], ends[1], service)
        found[key] = found.get(key, 0) + 1
    return found


def _rules(rules: Merged, devices: list[Device], rows: dict[str, int]) -> list[Rule]:
    found = []
    for row in range(len(rules.ids)):
        owner = rows.get(_value(rules, "asset", row) or "", -1)
        if owner >= 0:
            devices[owner].rules += 1
        if _value(rules, "enabled", row) is False or _value(rules, "action", row) == "deny":
            continue
        lists = {
            field: tuple(_value(rules, field, row) or ())
            for field in ("src_networks", "dst_networks", "src_interfaces", "dst_interfaces", "services")
        }
        found.append(
            Rule(
                device=owner,
                name=plain(f"{_value(rules, 'name', row) or _value(rules, 'order', row) or rules.ids[row]}"),
                sources=lists["src_networks"],
                # The address that a rule publishes is not where it leads: the interface tells, if anything does.
                targets=() if "destination" in (_value(rules, "nat", row) or ()) else lists["dst_networks"],
                source_interfaces=lists["src_interfaces"],
                target_interfaces=lists["dst_interfaces"],
                services=tuple(service.lower() for service in lists["services"]),
                unresolved=bool(_value(rules, "unresolved", row)),
            )
        )
    return found


def _value(table: Merged, field: str, row: int) -> Any:
    value = table.columns[field].values[row]
    return None if value is None else msgspec.json.decode(value)


def _decoded(claim: bytes) -> list[str]:
    return msgspec.json.decode(claim, type=list[str])


def _addresses(texts: Sequence[str]) -> list[Address]:
    parsed = (parse_address(text) for text in sorted(set(texts)))
    return [address for address in parsed if address is not None and placeable(address)]
