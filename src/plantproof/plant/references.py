"""Which asset a record belongs to, and in which zones and conduits it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from plantproof.model.plant import Column, Table
from plantproof.model.site import Site
from plantproof.plant.merge import Merged
from plantproof.plant.population import NameIndex
from plantproof.plant.subnets import SubnetIndex, parse_address
from plantproof.plant.zones import claims_of

NOWHERE = -1
ASSET_LISTS = ("assets",)
FLOW_ENDS = (("src", "src_ip"), ("dst", "dst_ip"))


class Belonging(msgspec.Struct):
    """What every kind of record needs to find its place."""

    asset_rows: dict[str, int]
    canonical: Mapping[str, str]
    asset_zones: list[tuple[str, ...]]
    asset_conduits: list[tuple[str, ...]]
    served: dict[int, tuple[str, ...]]
    """Row of a shared system -> the zones it serves besides its own."""
    every_zone: tuple[str, ...]
    every_conduit: tuple[str, ...]
    confirmed_zones: frozenset[str]
    subnets: SubnetIndex

    def row_of(self, encoded: bytes | None) -> int:
        """The asset's row for a JSON string with its id, merged ids resolved; -1 for none."""
        if encoded is None:
            return NOWHERE
        name = msgspec.json.decode(encoded, type=str)
        return self.asset_rows.get(self.canonical.get(name, name), NOWHERE)


def shared_systems(site: Site, index: NameIndex, rows: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """Row -> zones that the system serves, by the site's declaration."""
    served: dict[int, set[str]] = {}
    for shared in site.shared_systems:
        for identifier in index.find(shared.asset):
            if identifier in rows:
                served.setdefault(rows[identifier], set()).update(shared.serves)
    return {row: tuple(sorted(zones)) for row, zones in served.items()}


def asset_conduits(site: Site, index: NameIndex, rows: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Row by row the conduits in which an asset counts: those that it enforces."""
    found: dict[int, set[str]] = {}
    for conduit in site.conduits:
        for point in conduit.enforcement_points:
            for identifier in index.find(point):
                if identifier in rows:
                    found.setdefault(rows[identifier], set()).add(conduit.id)
    return [tuple(sorted(found[row])) if row in found else () for row in range(len(rows))]


def asset_column(merged: Merged, belonging: Belonging) -> list[int]:
    """The row of each record's asset. The column itself is rewritten to living ids, so that merged assets are one."""
    column = merged.columns.get("asset")
    if column is None:
        return [NOWHERE] * len(merged.ids)
    name_living(column, belonging.canonical)
    known = {value: belonging.row_of(value) for value in set(column.values)}
    return [known[value] for value in column.values]


def name_living(column: Column, canonical: Mapping[str, str]) -> None:
    """Ids of assets in a column, made the living ones. Sources that name one asset by several ids do not differ."""
    living: dict[bytes | None, bytes | None] = {None: None}
    for row, value in enumerate(column.values):
        if value is not None and value not in living:
            living[value] = _living(value, canonical)
        column.values[row] = living[value]
    for row, claims in list(column.disputed.items()):
        resolved = tuple(dict.fromkeys(living.get(claim) or _living(claim, canonical) for claim in claims))
        if len(resolved) > 1:
            column.disputed[row] = resolved
        else:
            del column.disputed[row]


def _living(claim: bytes, canonical: Mapping[str, str]) -> bytes:
    name = msgspec.json.decode(claim, type=str)
    return msgspec.json.encode(canonical.get(name, name))


def owned_table(merged: Merged, belonging: Belonging) -> Table:
    """The table of a kind whose records belong to assets, or to nobody: those count in every zone they may concern.

    Where sources differ on the asset, a record counts wherever any of the claimed ones does, whichever is shown. One
    that should belong to an asset, and to none that is known, may be of any: it counts in every zone and conduit
    (verdicts.md 7). The ends of a flow are made living ids too: whoever looks one up finds the asset.
    """
    asset_rows = asset_column(merged, belonging)
    for field, _ in FLOW_ENDS:
        if field in merged.columns:
            name_living(merged.columns[field], belonging.canonical)
    with_served = {row: tuple(sorted({*belonging.asset_zones[row], *zones})) for row, zones in belonging.served.items()}
    zones: list[tuple[str, ...]] = []
    conduits: list[tuple[str, ...]] = []
    nowhere = belonging.every_conduit if "asset" in merged.columns else ()
    for row, asset_row in enumerate(asset_rows):
        if asset_row >= 0:
            zones.append(with_served.get(asset_row) or belonging.asset_zones[asset_row])
            conduits.append(belonging.asset_conduits[asset_row])
        else:
            zones.append(_zones_by_fields(merged, row, belonging) or belonging.every_zone)
            # What only a stale source reports is no evidence there: without it a conduit would look better.
            conduits.append(nowhere if merged.fresh[row] else ())
    for row, owners in claimed_assets(merged.columns, belonging.asset_rows).items():
        known = [owner for owner in owners if owner >= 0]
        everywhere = len(known) < len(owners)
        own_zones = (with_served.get(owner) or belonging.asset_zones[owner] for owner in known)
        zones[row] = belonging.every_zone if everywhere else _united(own_zones)
        conduits[row] = nowhere if everywhere else _united(belonging.asset_conduits[owner] for owner in known)
    return table_of(merged, asset_rows, zones, conduits)


def claimed_assets(columns: Mapping[str, Column], asset_rows: Mapping[str, int]) -> dict[int, tuple[int, ...]]:
    """Rows of records on whose asset fresh sources differ -> the rows of all that they claim, -1 for one that nobody
    knows."""
    column = columns.get("asset")
    if column is None:
        return {}
    return {
        row: tuple(asset_rows.get(msgspec.json.decode(claim, type=str), NOWHERE) for claim in claims)
        for row, claims in column.disputed.items()
    }


def _united(places: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({place for each in places for place in each}))


def table_of(
    merged: Merged, asset_rows: list[int], zones: list[tuple[str, ...]], conduits: list[tuple[str, ...]]
) -> Table:
    """The finished table of merged claims."""
    return Table(
        kind=merged.kind,
        ids=merged.ids,
        rows=merged.rows,
        columns=merged.columns,
        fresh=merged.fresh,
        zones=zones,
        conduits=conduits,
        asset_rows=asset_rows,
        origins=merged.origins,
        methods=merged.methods,
    )


def _zones_by_fields(merged: Merged, row: int, belonging: Belonging) -> tuple[str, ...]:
    """Zones of a record without an asset of its own, by the assets or addresses that it names, whoever claims them;
    none where it names none."""
    found: set[str] = set()
    for field in ASSET_LISTS:
        for value in _claims(merged.columns, field, row):
            for name in msgspec.json.decode(value, type=list[str]):
                asset_row = belonging.asset_rows.get(belonging.canonical.get(name, name), NOWHERE)
                found.update(belonging.asset_zones[asset_row] if asset_row >= 0 else ())
    for asset_field, address_field in FLOW_ENDS:
        asset_rows = [belonging.row_of(claim) for claim in _claims(merged.columns, asset_field, row)]
        for asset_row in asset_rows:
            found.update(belonging.asset_zones[asset_row] if asset_row >= 0 else ())
        if asset_rows and NOWHERE not in asset_rows:
            continue
        for text in _claims(merged.columns, address_field, row):
            address = parse_address(msgspec.json.decode(text, type=str))
            if address is not None:
                found.update(belonging.subnets.zones_of_address(address))
    if found.isdisjoint(belonging.confirmed_zones) and found:
        # Only a draft says where it belongs, so it may still concern every zone that somebody has confirmed.
        found |= belonging.confirmed_zones
    return tuple(sorted(found))


def _claims(columns: Mapping[str, Column], field: str, row: int) -> tuple[bytes, ...]:
    column = columns.get(field)
    return () if column is None else claims_of(column, row)
