"""What a statement speaks of: the things of a plant that its scope names, and whose they are (verdicts.md 14)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from plantproof.model.evidence import Attestation
from plantproof.model.plant import Plant
from plantproof.text import plain


class Meant(NamedTuple):
    """The ids of all assets that the scope of a statement may mean, the zones in which those may stand and the conduits
    that they guard. `alone` are the assets that are meant for certain: two may bear one name. `unknown`: it also names
    what is not there."""

    assets: frozenset[str]
    alone: frozenset[str]
    zones: frozenset[str]
    conduits: frozenset[str]
    unknown: bool


def meant(attestation: Attestation, plant: Plant) -> Meant:
    """What a statement names, resolved in the plant."""
    said = attestation.scope
    table = plant.tables.get("asset")
    found = [plant.named_assets.get(name, ()) for name in said.assets]
    assets = frozenset(asset for ids in found for asset in ids)
    rows = [table.rows[asset] for asset in assets] if table else []
    named = {*said.assets, *said.zones, *said.conduits}
    there = {*plant.named_assets, *(each.id for each in plant.site.zones), *(each.id for each in plant.site.conduits)}
    return Meant(
        assets=assets,
        alone=frozenset(ids[0] for ids in found if len(ids) == 1),
        zones=frozenset(zone for row in rows for zone in table.zones[row]) if table else frozenset(),
        conduits=frozenset(conduit for row in rows for conduit in table.conduits[row]) if table else frozenset(),
        unknown=not named <= there,
    )


def of_own_work(attestation: Attestation, plant: Plant) -> bool:
    """Whether somebody speaks of his own work: he says so, or he bears the name or the role of the owner of what he
    speaks of: the site, zones and conduits that he names, and devices, with what they stand in and guard. Whoever
    answers for a thing is not independent of it, nor of what it consists of."""
    if attestation.about_own_work:
        return True
    person = [each for each in map(plain, (attestation.who.name, attestation.who.role)) if each]
    return any(_same(owner, each) for owner in map(plain, _owners(attestation, plant)) if owner for each in person)


def _owners(attestation: Attestation, plant: Plant) -> Iterator[str]:
    said, site, of = attestation.scope, plant.site, meant(attestation, plant)
    if said.site:
        yield site.owner
    # Who owns the site answers for what has no owner of its own, as in the reports.
    yield from (zone.owner or site.owner for zone in site.zones if zone.id in of.zones or zone.id in said.zones)
    conduits = of.conduits.union(said.conduits)
    yield from (conduit.owner or site.owner for conduit in site.conduits if conduit.id in conduits)
    table = plant.tables.get("asset")
    column = table.columns.get("owner") if table else None
    for row in sorted(table.rows[asset] for asset in of.assets) if table and column else ():
        claims = column.disputed.get(row, (column.values[row],)) if column else ()
        yield from (msgspec.json.decode(owner, type=str) for owner in claims if owner is not None)


def _same(owner: str, person: str) -> bool:
    """`Plant manager` is the owner `Plant manager Northmill`, and `ot-network` the `OT network desk`."""
    short, long = sorted((owner, person), key=len)
    return long == short or (len(short) > 4 and long.startswith(short))
