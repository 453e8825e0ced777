"""Zones and conduits as subjects: what controls/sites/ declares, and what the plant says of them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec

from plantproof.model.draft import confirmed, unconfirmed_conduits
from plantproof.model.plant import NO_METHOD, Column, Origin, Table
from plantproof.model.site import Conduit, Site, Zone
from plantproof.model.vocabulary import Method
from plantproof.plant.population import NameIndex
from plantproof.plant.zones import NOWHERE_CERTAIN, Placement, claims_of

Declaration = tuple[msgspec.Struct, dict[str, Any], int]
"""What is declared, the facts counted, and the method of those."""
Belongs = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""id -> (zones, conduits) in which the subject counts."""

ZONE_FACTS = ("asset_count", "conduits", "has_firewall", "unplaced_count", "watched")
CONDUIT_FACTS = ("enforced", "unenforced")


def site_path(site: Site) -> str:
    """Where the site's intent lies, relative to the project."""
    return f"controls/sites/{site.id}.yaml"


def zone_table(site: Site, assets: Table, placement: Placement, unwatched: Collection[str] = ()) -> Table:
    """One row a zone: its declared fields, and facts counted over the assets in it.

    `asset_count` counts placed assets, `unplaced_count` those that could be anywhere, and so in it; `has_firewall` says
    whether a reported firewall stands in it. Facts are as strong as the weakest method by which the zone's assets are
    reported; a zone with an asset that nobody reports has them declared. `watched` is true where a fresh source looks
    for assets from a stated vantage, and unknown in the zones of `unwatched`: nobody would see a foreign device there.
    """
    roles = assets.columns["role"]
    firewall = {row for row in range(len(assets.ids)) if b'"firewall"' in claims_of(roles, row)}
    placed: dict[str, list[int]] = {zone.id: [] for zone in site.zones}
    unplaced = 0
    for row, zones in enumerate(assets.zones):
        if placement.how[row] in NOWHERE_CERTAIN:
            unplaced += 1
        for name in placement.drafted.get(row, ()) if placement.how[row] in NOWHERE_CERTAIN else zones:
            placed.setdefault(name, []).append(row)
    rows: dict[str, Declaration] = {}
    waiting = unconfirmed_conduits(site)
    for zone in site.zones:
        members = placed[zone.id]
        joining = (conduit.id for conduit in site.conduits if zone.id in conduit.zones)
        facts = {
            "asset_count": len(members),
            "conduits": sorted(each for each in joining if zone.unconfirmed or each not in waiting),
            "has_firewall": any(row in firewall and assets.fresh[row] for row in members),
            "unplaced_count": unplaced,
        }
        if zone.id not in unwatched and zone.kind != "external":
            facts["watched"] = True
        rows[zone.id] = (zone, facts, _weakest(assets, members))
    belongs: Belongs = {zone.id: ((zone.id,), ()) for zone in site.zones}
    table = _declared_table("zone", Zone, site, rows, belongs)
    table.unconfirmed = {
        table.rows[zone.id]: f"nobody has confirmed the zone {zone.id}" for zone in site.zones if zone.unconfirmed
    }
    return table


def conduit_table(site: Site, assets: Table, index: NameIndex) -> Table:
    """One row a conduit: its declared fields, `enforced` (its enforcement points that a fresh source reports) and
    `unenforced` (those that none does)."""
    rows: dict[str, Declaration] = {}
    for conduit in site.conduits:
        found: dict[str, list[int]] = {}
        for point in conduit.enforcement_points:
            known = [assets.rows[item] for item in index.find(point) if item in assets.rows]
            found[point] = [row for row in known if assets.fresh[row]]
        facts = {
            "enforced": sorted(point for point, reported in found.items() if reported),
            "unenforced": sorted(point for point, reported in found.items() if not reported),
        }
        rows[conduit.id] = (conduit, facts, _weakest(assets, [row for reported in found.values() for row in reported]))
    belongs: Belongs = {conduit.id: (tuple(sorted(set(conduit.zones))), (conduit.id,)) for conduit in site.conduits}
    table = _declared_table("conduit", Conduit, site, rows, belongs)
    table.unconfirmed = {
        table.rows[conduit]: f"nobody has confirmed the conduit {conduit} and its zones"
        for conduit in sorted(unconfirmed_conduits(site))
    }
    return table


def context(site: Site) -> dict[str, bytes]:
    """The whole-site records that policies may read as `data.context.<kind>`, in the order of their ids. What nobody
    has confirmed is not among them: a policy may rest a pass on each."""
    site = confirmed(site)
    zones = [
        {"id": zone.id, "kind": zone.kind, "purdue_level": float(zone.purdue_level), "subnets": sorted(zone.subnets)}
        for zone in sorted(site.zones, key=lambda item: item.id)
    ]
    conduits = [
        {
            "id": conduit.id,
            "zones": sorted(conduit.zones),
            "permitted": [msgspec.to_builtins(permitted) for permitted in conduit.permitted],
            "enforcement_points": sorted(conduit.enforcement_points),
        }
        for conduit in sorted(site.conduits, key=lambda item: item.id)
    ]
    return {
        "zone": msgspec.json.encode(zones, order="sorted"),
        "conduit": msgspec.json.encode(conduits, order="sorted"),
    }


def _weakest(assets: Table, rows: list[int]) -> int:
    methods = [assets.methods[row] if assets.fresh[row] else int(Method.DECLARED) for row in rows]
    return max(methods, default=int(Method.DECLARED))


@cache
def _names(form: type[msgspec.Struct]) -> dict[str, str]:
    """The fields of a form with the names that they have in files."""
    return {field.name: field.encode_name for field in msgspec.structs.fields(form)}


def _declared_table(
    kind: str,
    form: type[msgspec.Struct],
    site: Site,
    rows: dict[str, Declaration],
    belongs: Belongs,
) -> Table:
    ids = sorted(rows)
    facts = CONDUIT_FACTS if kind == "conduit" else ZONE_FACTS
    # `id` is a field here: a policy on zones may name the zone, which no evidence record allows.
    names = _names(form)
    columns = {
        encoded: Column(values=[None] * len(ids), methods=bytearray([NO_METHOD]) * len(ids), disputed={}, stale=set())
        for encoded in (*names.values(), *facts)
    }
    for row, identifier in enumerate(ids):
        declared, counted, method = rows[identifier]
        for name, encoded in names.items():
            value = getattr(declared, name)
            if value is None or value == "" or value is False:
                continue
            columns[encoded].values[row] = msgspec.json.encode(value, order="sorted")
            columns[encoded].methods[row] = int(Method.DECLARED)
        for name, value in counted.items():
            columns[name].values[row] = msgspec.json.encode(value, order="sorted")
            columns[name].methods[row] = method
    return Table(
        kind=kind,
        ids=ids,
        rows={identifier: row for row, identifier in enumerate(ids)},
        columns=columns,
        fresh=bytearray([1]) * len(ids),
        zones=[belongs[identifier][0] for identifier in ids],
        conduits=[belongs[identifier][1] for identifier in ids],
        asset_rows=[-1] * len(ids),
        origins=[(Origin("controls", site_path(site), 0),)] * len(ids),
        methods=bytearray([int(Method.DECLARED)]) * len(ids),
    )
