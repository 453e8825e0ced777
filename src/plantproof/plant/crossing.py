"""Derived: crossings, what passes or may pass between zones, each with the conduit that permits it, or none.

Over-approximations stay on the safe side: a rule that an earlier denial shadows still counts, an object that could
not be resolved is any, and address translation is not followed. So a crossing that a policy does not find is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from plantproof.model.draft import confirmed, unconfirmed_zones
from plantproof.model.plant import NO_METHOD, Column, Crossing, Origin, Table
from plantproof.model.site import Site, Zone
from plantproof.plant.places import UNKNOWN, Attachments, Places, is_any, widest, zones_of_side
from plantproof.plant.services import EVERYTHING, permits, service_of_flow
from plantproof.plant.zones import claims_of

FLOW_FIELDS = frozenset({"src", "dst", "src_ip", "dst_ip", "protocol", "port"})
RULE_FIELDS = frozenset(
    {
        "action", "asset", "dst_interfaces", "dst_networks", "enabled", "log", "name", "order", "services",
        "src_interfaces", "src_networks", "unresolved",
    }
)  # fmt: skip
INTERFACE_FIELDS = frozenset({"asset", "ips", "name", "routes"})


class Way(NamedTuple):
    """Between two zones, one service, seen or permitted."""

    src_zone: str
    dst_zone: str
    service: str
    kind: str


class Support(NamedTuple):
    """One record behind a crossing."""

    record: str
    method: int
    origins: tuple[Origin, ...]
    asset_row: int = -1
    logged: bool | None = None
    unresolved: bool = False


def crossing_table(
    site: Site, assets: Table, flows: Table | None, rules: Table | None, interfaces: Table | None, places: Places
) -> Table:
    """All crossings that fresh flows and rules show, one row each, sorted by id. Methods are those of the strongest
    record behind each; a crossing counts in the zones at its ends and in the conduits that join them."""
    found: dict[Way, list[Support]] = {}
    for way, support in _observed(flows, assets, places):
        found.setdefault(way, []).append(support)
    for way, support in _permitted(rules, places, Attachments(interfaces, places)):
        found.setdefault(way, []).append(support)
    certain = confirmed(site)  # a conduit that was drafted from a flow must not be what permits the flow
    rows = [
        (_crossing(way, sorted(supports), site, certain, assets, places), sorted(supports))
        for way, supports in found.items()
    ]
    return _table(sorted(rows, key=lambda row: row[0].id), site, places)


def _observed(flows: Table | None, assets: Table, places: Places) -> Iterator[tuple[Way, Support]]:
    if flows is None:
        return
    for row, identifier in enumerate(flows.ids):
        if not flows.fresh[row]:
            continue
        ends = []
        for asset_field, address_field in (("src", "src_ip"), ("dst", "dst_ip")):
            name, address = _text(flows, asset_field, row), _text(flows, address_field, row)
            ends.append(places.of_end(assets.rows.get(name, -1) if name else -1, address))
        sources, targets = ends
        if set(sources) & set(targets) - {UNKNOWN}:
            continue  # both stand in one zone, at least with one leg
        port = flows.columns["port"].values[row]
        service = service_of_flow(_text(flows, "protocol", row) or "", None if port is None else int(port))
        support = Support(identifier, flows.methods[row], flows.origins[row])
        for source in sources:
            for target in targets:
                if source != target:
                    yield Way(source, target, service, "observed"), support


def _permitted(rules: Table | None, places: Places, attachments: Attachments) -> Iterator[tuple[Way, Support]]:
    if rules is None:
        return
    for row, identifier in enumerate(rules.ids):
        enabled, actions = (claims_of(rules.columns[field], row) for field in ("enabled", "action"))
        if not rules.fresh[row] or enabled == (b"false",) or actions == (b'"deny"',):
            continue
        asset_row = rules.asset_rows[row]
        unresolved = bool(widest(rules, "unresolved", row))
        services = widest(rules, "services", row)
        listed = [text for field in ("src_networks", "dst_networks") for text in widest(rules, field, row) or ()]
        # A collector writes any where an object could not be resolved; where no list says any, it may stand in each.
        anything = unresolved and not (any(map(is_any, listed)) or EVERYTHING in (services or ()))
        sides = [
            zones_of_side(
                widest(rules, f"{side}_networks", row),
                attachments.behind(asset_row, widest(rules, f"{side}_interfaces", row)),
                places,
                anything=anything,
            )
            for side in ("src", "dst")
        ]
        logs = claims_of(rules.columns["log"], row)
        logged = None if not logs else logs == (b"true",)
        support = Support(identifier, rules.methods[row], rules.origins[row], asset_row, logged, unresolved)
        for service in [EVERYTHING] if anything or not services else sorted({item.lower() for item in services}):
            for source in sides[0]:
                for target in sides[1]:
                    if source != target:
                        yield Way(source, target, service, "permitted"), support


def _crossing(way: Way, supports: list[Support], site: Site, certain: Site, assets: Table, places: Places) -> Crossing:
    zones = {zone.id: zone for zone in site.zones}
    source, target = zones.get(way.src_zone), zones.get(way.dst_zone)
    permitted = way.kind == "permitted"
    devices = sorted({assets.ids[support.asset_row] for support in supports if support.asset_row >= 0})
    logs = [support.logged for support in supports]
    logged: bool | UnsetType = UNSET
    if permitted and (False in logs or None not in logs):
        logged = False not in logs
    return Crossing(
        id=f"crossing:{way.src_zone}>{way.dst_zone}:{way.service}:{way.kind}",
        src_zone=way.src_zone,
        dst_zone=way.dst_zone,
        src_zone_kind=_kind_of(source, places),
        dst_zone_kind=_kind_of(target, places),
        src_title=source.title if source else UNSET,
        dst_title=target.title if target else UNSET,
        src_purdue=float(source.purdue_level) if source else UNSET,
        dst_purdue=float(target.purdue_level) if target else UNSET,
        service=way.service,
        kind="permitted" if permitted else "observed",
        conduit=next(iter(permitting(certain, way.src_zone, way.dst_zone, way.service)), UNSET),
        via=sorted({support.record for support in supports}),
        logged=logged,
        asset=devices[0] if devices else UNSET,
        assets=devices if devices else UNSET,
        approximate=True if permitted else UNSET,
        unresolved=True if any(support.unresolved for support in supports) else UNSET,
    )


def _kind_of(zone: Zone | None, places: Places) -> str:
    """What a zone is. One that is called external while the plant's own assets stand in it may be anything."""
    if zone is None or (zone.kind == "external" and zone.id in places.inhabited):
        return UNKNOWN
    return zone.kind


def permitting(site: Site, src_zone: str, dst_zone: str, service: str) -> list[str]:
    """Ids of the conduits whose `permitted` allows the service in that direction, sorted."""
    found = []
    for conduit in site.conduits:
        allowed = [
            text
            for permitted in conduit.permitted
            if permitted.from_ == src_zone and permitted.to == dst_zone
            for text in permitted.services
        ]
        if permits(allowed, service):
            found.append(conduit.id)
    return sorted(found)


def _table(rows: list[tuple[Crossing, list[Support]]], site: Site, places: Places) -> Table:
    count = len(rows)
    names = [field.name for field in msgspec.structs.fields(Crossing)]
    columns = {
        name: Column(values=[None] * count, methods=bytearray([NO_METHOD]) * count, disputed={}, stale=set())
        for name in names
    }
    methods = bytearray([NO_METHOD]) * count
    zones: list[tuple[str, ...]] = []
    conduits: list[tuple[str, ...]] = []
    asset_rows = []
    for row, (crossing, supports) in enumerate(rows):
        methods[row] = min(support.method for support in supports)
        for name in names:
            value = getattr(crossing, name)
            if value is not UNSET:
                columns[name].values[row] = msgspec.json.encode(value)
                columns[name].methods[row] = methods[row]
        ends = {crossing.src_zone, crossing.dst_zone}
        zones.append(tuple(sorted(ends - {UNKNOWN})) or places.every)
        joins = [crossing.conduit] if isinstance(crossing.conduit, str) else _joining(site, ends)
        conduits.append(tuple(joins))
        asset_rows.append(next((item.asset_row for item in supports if item.asset_row >= 0), -1))
    return Table(
        kind="crossing",
        ids=[crossing.id for crossing, _ in rows],
        rows={crossing.id: row for row, (crossing, _) in enumerate(rows)},
        columns=columns,
        fresh=bytearray([1]) * count,
        zones=zones,
        conduits=conduits,
        asset_rows=asset_rows,
        unconfirmed=_unconfirmed(rows, site),
        origins=[
            tuple(dict.fromkeys(item for support in supports for item in support.origins)) for _, supports in rows
        ],
        methods=methods,
    )


def _unconfirmed(rows: list[tuple[Crossing, list[Support]]], site: Site) -> dict[int, str]:
    """Crossings with an end in a zone that nobody has confirmed: whether they are crossings at all is open."""
    waiting = unconfirmed_zones(site)
    ends = (sorted({crossing.src_zone, crossing.dst_zone} & waiting) for crossing, _ in rows)
    return {row: f"nobody has confirmed the zone {' or '.join(found)}" for row, found in enumerate(ends) if found}


def _joining(site: Site, ends: set[str]) -> list[str]:
    """Conduits between these zones: what passes there without permission counts against them."""
    return sorted(conduit.id for conduit in site.conduits if ends <= set(conduit.zones))


def _text(table: Table, field: str, row: int) -> str | None:
    value = table.columns[field].values[row]
    return None if value is None else msgspec.json.decode(value, type=str)
