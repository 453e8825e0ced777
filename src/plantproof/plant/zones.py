"""Where each asset belongs: named member, then subnet, then claimed zone, then its parent's zone, then anywhere.

An asset that cannot be placed counts in every zone: its address, or the lack of one, excludes none of them, since a
device with a wrong address can stand anywhere. Placing it is what makes it stop counting everywhere (verdicts.md 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from plantproof.errors import Problem
from plantproof.model.plant import NO_METHOD, Column
from plantproof.model.site import Site
from plantproof.model.vocabulary import Method
from plantproof.plant.merge import Merged
from plantproof.plant.population import NameIndex
from plantproof.plant.subnets import SubnetIndex

MEMBER, SUBNET, CLAIMED, PARENT, UNPLACED = "member", "subnet", "claimed", "parent", "unplaced"
DRAFTED = "draft"
"""In a zone that nobody has confirmed: as good as unplaced, and shown where the draft has it."""
NOWHERE_CERTAIN = frozenset({UNPLACED, DRAFTED})


class Placement(msgspec.Struct):
    """Row by row of the asset table: the zones it counts in, how it came there, and what the column `zone` says."""

    zones: list[tuple[str, ...]]
    how: list[str]
    column: Column
    remarks: list[Problem]
    drafted: dict[int, tuple[str, ...]] = {}
    """Rows that only a draft places -> the zones in which it has them, without those in which they might stand."""


def named_members(site: Site, index: NameIndex, rows: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """Rows of assets that the site places by name or id: members of zones, and expected assets with a zone."""
    found: dict[int, set[str]] = {}
    named = [(name, zone.id) for zone in site.zones for name in zone.members]
    named += [(expected.name, expected.zone) for expected in site.expected_assets if expected.zone]
    for name, zone in named:
        for identifier in index.find(name):
            if identifier in rows:
                found.setdefault(rows[identifier], set()).add(zone)
    return {row: tuple(sorted(zones)) for row, zones in found.items()}


def place(
    assets: Merged,
    site: Site,
    members: Mapping[int, tuple[str, ...]],
    subnets: SubnetIndex,
    interface_addresses: Mapping[int, Sequence[str]],
    last_addresses: Mapping[int, Sequence[str]],
) -> Placement:
    """Place every asset. `interface_addresses`: row -> addresses that its interfaces have besides its own field `ips`;
    `last_addresses`: row -> addresses of an asset that only stale sources report. Those say where to look for it,
    but the column `zone` stays without a value.

    The column `zone` holds the decided zone. An asset in several (a firewall) has it disputed among them, an
    unplaced one has none. Its method is that of the fact which placed it; the zone's definition is the yardstick,
    not a claim.
    """
    every = tuple(sorted(zone.id for zone in site.zones))
    declared = frozenset(every)
    count = len(assets.ids)
    zones: list[tuple[str, ...]] = [()] * count
    how = [""] * count
    methods = bytearray([NO_METHOD]) * count
    ips, claimed, parents = (assets.columns[field] for field in ("ips", "zone", "parent"))
    addresses = _address_zones(ips.values, subnets)
    for row in range(count):
        if row in members:
            zones[row], how[row], methods[row] = members[row], MEMBER, assets.methods[row]
            continue
        listed = ips.values[row]
        found = addresses[listed] if listed is not None else ()
        if row in interface_addresses:
            found = tuple(sorted({*found, *_zones_of_all(interface_addresses[row], subnets)}))
        if not found and row in last_addresses:
            found = _zones_of_all(last_addresses[row], subnets)
        if found:
            zones[row], how[row] = found, SUBNET
            methods[row] = assets.methods[row] if listed is None else ips.methods[row]
            continue
        named = declared.intersection(msgspec.json.decode(claim, type=str) for claim in claims_of(claimed, row))
        if named:
            zones[row], how[row], methods[row] = tuple(sorted(named)), CLAIMED, claimed.methods[row]
    _inherit(assets, parents, zones, how, methods)
    for row in range(count):
        if not zones[row]:
            zones[row], how[row], methods[row] = every, UNPLACED, NO_METHOD
    return Placement(
        zones, how, _zone_column(assets, zones, how, methods), _undeclared(assets, claimed, site, declared)
    )


def _zone_column(assets: Merged, zones: list[tuple[str, ...]], how: list[str], methods: bytearray) -> Column:
    column = Column(values=[None] * len(zones), methods=methods, disputed={}, stale=set())
    encoded = {zone: msgspec.json.encode(zone) for distinct in set(zones) for zone in distinct}
    for row, own in enumerate(zones):
        if how[row] == UNPLACED:
            continue
        if not assets.fresh[row] and how[row] != MEMBER:
            methods[row] = NO_METHOD
            column.stale.add(row)
            continue
        if methods[row] == NO_METHOD:
            methods[row] = int(Method.DECLARED)
        column.values[row] = encoded[own[0]]
        if len(own) > 1:
            column.disputed[row] = tuple(encoded[zone] for zone in own)
    return column


def _undeclared(assets: Merged, claimed: Column, site: Site, declared: frozenset[str]) -> list[Problem]:
    """One remark for each zone that records name and the site does not declare, at the first such record."""
    rows: dict[str, list[int]] = {}
    known = {msgspec.json.encode(zone) for zone in declared}
    for row in range(len(assets.ids)):
        for claim in claims_of(claimed, row):
            if claim not in known:
                rows.setdefault(msgspec.json.decode(claim, type=str), []).append(row)
    remarks = []
    for zone, found in sorted(rows.items()):
        origin = assets.origins[found[0]][0]
        message = (
            f"{len(found)} assets are said to be in zone `{zone}`, which is not declared; "
            f"`{assets.ids[found[0]]}` is the first"
            if len(found) > 1
            else f"`{assets.ids[found[0]]}` is said to be in zone `{zone}`, which is not declared"
        )
        hint = f"declare it in controls/sites/{site.id}.yaml, or place {'them' if len(found) > 1 else 'it'} by subnet"
        remarks.append(Problem(origin.records_path, origin.records_line, message, hint))
    return remarks


def claims_of(column: Column, row: int) -> tuple[bytes, ...]:
    """Every value that a fresh source claims for the row."""
    value = column.values[row]
    return column.disputed.get(row) or (() if value is None else (value,))


def _inherit(
    assets: Merged,
    parents: Column,
    zones: list[tuple[str, ...]],
    how: list[str],
    methods: bytearray,
) -> None:
    """A module without a place of its own is where its rack is. Chains are followed; a ring of parents places
    nobody."""
    if any(not zones[row] for row in parents.disputed):
        _inherit_claimed(assets, parents, zones, how, methods)
        return
    for start in range(len(zones)):
        chain = []
        row = start
        while not zones[row] and row not in chain:
            chain.append(row)
            parent = parents.values[row]
            if parent is None:
                break
            following = assets.rows.get(msgspec.json.decode(parent, type=str))
            if following is None:
                break
            row = following
        if chain and zones[row]:
            for child in chain:
                zones[child], how[child] = zones[row], PARENT
                methods[child] = max(methods[row], parents.methods[child])


def _inherit_claimed(
    assets: Merged,
    parents: Column,
    zones: list[tuple[str, ...]],
    how: list[str],
    methods: bytearray,
) -> None:
    """The same where sources differ on a parent: the module is where any of those racks is. While one of them stands
    nowhere, or nobody knows it, so does the module: by that claim it may be anywhere."""
    decode = msgspec.json.Decoder(str).decode

    def claimed(row: int) -> set[int]:
        return {assets.rows.get(decode(claim), -1) for claim in claims_of(parents, row)}

    unplaced = [row for row in range(len(zones)) if not zones[row]]
    racks = {row: claimed(row) for row in unplaced}
    inherited: dict[int, set[int]] = {}
    for start in unplaced:
        seen, waiting, reached = {start}, [start], set[int]()
        while waiting:
            following = racks[waiting.pop()]
            further = following & racks.keys()
            if not following or -1 in following or further & seen:
                break  # nowhere, or in a ring
            reached |= following - further
            seen |= further
            waiting += further
        else:
            inherited[start] = reached
    for row, reached in inherited.items():
        zones[row], how[row] = tuple(sorted({zone for rack in reached for zone in zones[rack]})), PARENT
        methods[row] = max(parents.methods[row], *(methods[rack] for rack in reached))


def _address_zones(values: Iterable[bytes | None], subnets: SubnetIndex) -> dict[bytes, tuple[str, ...]]:
    """Distinct lists of addresses -> the zones they lie in."""
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    listed = msgspec.json.Decoder(list[list[str]]).decode(b"[" + b",".join(distinct) + b"]")
    return {value: _zones_of_all(addresses, subnets) for value, addresses in zip(distinct, listed, strict=True)}


def _zones_of_all(addresses: Iterable[str], subnets: SubnetIndex) -> tuple[str, ...]:
    zones: tuple[str, ...] = ()
    for text in addresses:
        more = subnets.zones_of_text(text)
        if more and more != zones:
            zones = tuple(sorted({*zones, *more})) if zones else more
    return zones
