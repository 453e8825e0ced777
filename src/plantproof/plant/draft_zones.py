"""Zones proposed from subnets: those that sources call by one name are one zone, every other is one of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from plantproof.model.site import Zone
from plantproof.plant.draft_evidence import Device, Evidence, Leg, plain
from plantproof.plant.draft_subnets import Drawn, Subnet
from plantproof.plant.draft_words import (
    identifier_of,
    kind_of_roles,
    kind_of_words,
    level_of,
    role_words,
    slug,
    unique,
)
from plantproof.plant.places import JOINING
from plantproof.plant.subnets import Network

JOINS = frozenset(msgspec.json.decode(role, type=str) for role in JOINING)
MOST_GUESSED = 64
"""Guessed subnets without a name that are zones of their own; more are drawn together, for a person to divide."""
BLOCK_PREFIX = {4: 16, 6: 48}
MOST_MEMBERS = 500
"""Devices that a zone names one by one; where more have no address, a person had better give them one."""


class Group(msgspec.Struct):
    """A proposed zone while it grows. `devices` stand in it and nowhere else; `hints` say where its kind is from."""

    zone: Zone
    subnets: list[Subnet]
    devices: list[int]
    roles: Counter[str]
    hints: tuple[str, ...]
    kind_known: bool


class Zoned(msgspec.Struct):
    """All proposed zones. `by_subnet` and `by_device`: number -> the place of the zone in `groups`, -1 for none."""

    groups: list[Group]
    by_subnet: list[int]
    by_device: list[int]


def draw_zones(evidence: Evidence, drawn: Drawn) -> Zoned:
    """Zones for every subnet, for places that sources name, and for zones that `covers` has promised."""
    subnets = drawn.subnets.found
    places = _places_of_devices(len(evidence.devices), subnets)
    claims = [_claim(evidence, each, places) for each in subnets]
    keys = _keys(subnets, claims)
    taken: set[str] = set()
    members: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        members.setdefault(key, []).append(number)
    loose = _without_subnet(evidence, places, keys, subnets)
    for name in evidence.named:
        if f"name {name.casefold()}" not in members:
            loose.setdefault(f"name {name.casefold()}", [])
    titles = _titles(evidence, claims)
    # Names that people wrote first: they must not be the ones that get a number because somebody else was earlier.
    order = sorted({*members, *loose}, key=lambda key: (titles.get(key, "") not in evidence.named, key))
    groups = {}
    for key in order:
        within = [subnets[number] for number in members.get(key, ())]
        groups[key] = _group(evidence, titles.get(key, ""), within, loose.get(key, []), places, taken)
    if not groups:
        groups["plant"] = _group(evidence, "plant", [], [], places, taken)
    ranked = sorted(groups, key=lambda key: (-groups[key].zone.purdue_level, groups[key].zone.id))
    place_of = {key: place for place, key in enumerate(ranked)}
    by_subnet = [place_of[key] for key in keys]
    by_device = [-1] * len(evidence.devices)
    for number, inside in enumerate(places):
        if inside:
            by_device[number] = by_subnet[inside[0]]
    for key, devices in loose.items():
        for number in devices:
            by_device[number] = place_of[key]
    return Zoned([groups[key] for key in ranked], by_subnet, by_device)


def joins(device: Device, places: Sequence[int]) -> bool:
    """Whether a device has a foot in several networks by its nature: it says nothing of the one that it is in."""
    return device.role in JOINS or len(places) > 1


def _places_of_devices(count: int, subnets: Sequence[Subnet]) -> list[list[int]]:
    places: list[list[int]] = [[] for _ in range(count)]
    for number, each in enumerate(subnets):
        for member in each.members:
            places[member].append(number)
    return places


def _claim(evidence: Evidence, subnet: Subnet, places: Sequence[Sequence[int]]) -> str:
    """The name that at least half of the devices with one give the subnet; what people wrote in `covers` before all."""
    votes: Counter[str] = Counter()
    voters = 0
    for number in subnet.members:
        device = evidence.devices[number]
        if device.zones and not joins(device, places[number]):
            votes.update(device.zones)
            voters += 1
    named = set(evidence.named)
    fitting = [name for name, many in votes.items() if 2 * many >= voters]
    return min(fitting, key=lambda name: (name not in named, -votes[name], name), default="")


def _keys(subnets: Sequence[Subnet], claims: Sequence[str]) -> list[str]:
    """What makes two subnets one zone: one name, or one interface with addresses in both; links are together, and so
    are the neighbours among very many guessed subnets."""
    keys = []
    together = sum(each.guessed and not claim for each, claim in zip(subnets, claims, strict=True)) > MOST_GUESSED
    by_interface: dict[tuple[int, str], str] = {}
    for each, claim in zip(subnets, claims, strict=True):
        key = f"name {claim.casefold()}" if claim else "links" if each.link else ""
        owners = [(device, leg.interface) for device, leg in each.legs]
        if not key and each.guessed and together:
            key = f"block {block_of(each.network)}"
        if not key:
            key = next((by_interface[owner] for owner in owners if owner in by_interface), f"net {each.network}")
        if not each.link:
            for owner in owners:
                by_interface.setdefault(owner, key)
        keys.append(key)
    return keys


def _without_subnet(
    evidence: Evidence, places: Sequence[Sequence[int]], keys: Sequence[str], subnets: Sequence[Subnet]
) -> dict[str, list[int]]:
    """Key -> devices without an address in any subnet, by the zone in which most others of that name stand."""
    elsewhere: dict[str, Counter[str]] = {}
    for key, each in zip(keys, subnets, strict=True):
        for member in each.members:
            for name in evidence.devices[member].zones:
                elsewhere.setdefault(name, Counter())[key] += 1
    found: dict[str, list[int]] = {}
    for number, device in enumerate(evidence.devices):
        if not places[number] and device.zones:
            name = device.zones[0]
            known = elsewhere.get(name)
            key = min(known, key=lambda each: (-known[each], each)) if known else f"name {name.casefold()}"
            found.setdefault(key, []).append(number)
    return found


def _titles(evidence: Evidence, claims: Iterable[str]) -> dict[str, str]:
    names = sorted({*claims, *(name for device in evidence.devices for name in device.zones)} - {""}, reverse=True)
    return {f"name {name.casefold()}": name for name in [*names, *sorted(evidence.named)]}


def _group(
    evidence: Evidence,
    claim: str,
    subnets: list[Subnet],
    loose: Sequence[int],
    places: Sequence[Sequence[int]],
    taken: set[str],
) -> Group:
    legs = [leg for each in subnets for _, leg in each.legs]
    texts = sorted({text for leg in legs for text in (leg.description, leg.interface) if text})
    links = bool(subnets) and not claim and all(each.link for each in subnets)
    inside = sorted({number for each in subnets for number in each.members if not _elsewhere(evidence, number, places)})
    devices = sorted({*inside, *loose})
    roles = Counter(evidence.devices[number].role for number in devices)
    levels = [level for number in devices if (level := evidence.devices[number].level) is not None]
    title = claim or ("Links between firewalls and routers" if links else _title(legs, subnets))
    kind, hint = _kind([claim] if claim else texts, levels, roles)
    wanted = identifier_of(claim) if claim else "links" if links else slug(title)
    if claim in evidence.named:
        wanted = claim
    owners = Counter(owner for number in devices if (owner := evidence.devices[number].owner))
    zone: dict[str, Any] = {
        "id": unique(wanted, taken),
        "title": plain(title),
        "kind": kind,
        "purdue_level": level_of(kind, levels, roles),
        "subnets": [str(each.network) for each in subnets],
        "members": _members(evidence, loose, claim),
        "owner": min(owners, key=lambda name: (-owners[name], name)) if owners else "",
        "unconfirmed": True,
    }
    return Group(msgspec.convert(zone, Zone), subnets, devices, roles, _notes(subnets, legs, roles, hint), bool(hint))


def _elsewhere(evidence: Evidence, number: int, places: Sequence[Sequence[int]]) -> bool:
    return joins(evidence.devices[number], places[number])


def _members(evidence: Evidence, loose: Sequence[int], claim: str) -> list[str]:
    """Devices to be named: those that neither their address nor the name of their zone brings here."""
    names = {
        evidence.devices[number].reference
        for number in loose
        if identifier_of(claim) not in evidence.devices[number].zones
    }
    return sorted(names)[:MOST_MEMBERS]


def _title(legs: Sequence[Leg], subnets: Sequence[Subnet]) -> str:
    """What the devices between the networks call it: the description of an interface, a VLAN, or the subnet alone."""
    described = Counter(leg.description for leg in legs if leg.description)
    if described:
        return min(described, key=lambda text: (-described[text], text))
    vlans = sorted({leg.vlan for leg in legs if leg.vlan is not None})
    if vlans:
        return f"VLAN {vlans[0]}"
    if len(subnets) > 1:
        return f"Subnets of {block_of(subnets[0].network)}"
    return f"Subnet {subnets[0].network}" if subnets else "Plant"


def block_of(network: Network) -> Network:
    """The network of all neighbours that are drawn together where there are too many."""
    length = BLOCK_PREFIX[network.version]
    return network.supernet(new_prefix=length) if network.prefixlen > length else network


def _kind(texts: Iterable[str], levels: Sequence[float], roles: Counter[str]) -> tuple[str, str]:
    """The kind and where it is from; without any hint a control zone, of which most is asked."""
    if kind := kind_of_words(texts):
        return kind, "by its name"
    middle = sorted(levels)[len(levels) // 2] if levels else -1.0
    if middle >= 4:
        return "business", "by the Purdue level of its devices"
    if 3 < middle < 4:
        return "dmz", "by the Purdue level of its devices"
    if kind := kind_of_roles(roles):
        return kind, "by the roles of its devices"
    return "control", "by the Purdue level of its devices" if levels else ""


def _notes(subnets: Sequence[Subnet], legs: Sequence[Leg], roles: Mapping[str, int], hint: str) -> tuple[str, ...]:
    vlans = sorted({leg.vlan for leg in legs if leg.vlan is not None})
    notes = [role_words(Counter(roles))]
    if vlans:
        notes.append(f"VLAN {', '.join(map(str, vlans[:8]))}")
    if guessed := [str(each.network) for each in subnets if each.guessed]:
        notes.append(f"guessed, no device tells the mask: {', '.join(guessed[:4])}{' ...' if len(guessed) > 4 else ''}")
    notes.append(f"kind guessed {hint}" if hint else "nothing hints at its kind")
    return tuple(notes)
