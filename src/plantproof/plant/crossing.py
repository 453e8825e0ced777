"""Derived: crossings, what passes or may pass between zones, each with the conduit that permits it, or none.

What rules permit is what they let pass after all that earlier ones deny (reach). What cannot be decided may pass, and
is marked. So a crossing that a policy does not find is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from plantproof.model.plant import Crossing, Table
from plantproof.model.reach import Reach
from plantproof.model.site import Site
from plantproof.plant.between import Between, Support
from plantproof.plant.places import UNKNOWN, Places
from plantproof.plant.reach import support_of
from plantproof.plant.services import service_of_flow

FLOW_FIELDS = frozenset({"src", "dst", "src_ip", "dst_ip", "protocol", "port"})
INTERFACE_FIELDS = frozenset({"asset", "ips", "name", "routes"})


class Way(NamedTuple):
    """Between two zones, one service, seen or permitted."""

    src_zone: str
    dst_zone: str
    service: str
    kind: str


def crossing_table(
    site: Site, assets: Table, flows: Table | None, rules: Table | None, reaches: Sequence[Reach], places: Places
) -> Table:
    """All crossings that fresh flows and rules show, one row each, sorted by id. What rules permit is what they let
    through in their order, device by device; answers on connections that the other side opens are no way of their
    own."""
    found: dict[Way, list[Support]] = {}
    for way, support in _observed(flows, assets, places):
        found.setdefault(way, []).append(support)
    undecided: dict[Way, bool] = {}
    for way, reach, support in _permitted(rules, reaches):
        found.setdefault(way, []).append(support)
        undecided[way] = undecided.get(way, True) and bool(reach.undecided)
    between = Between(site, places)
    supports = [sorted(behind) for behind in found.values()]
    rows = [
        _crossing(way, behind, between, assets, undecided.get(way, False))
        for way, behind in zip(found, supports, strict=True)
    ]
    return between.table("crossing", rows, supports)


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


def _permitted(rules: Table | None, reaches: Sequence[Reach]) -> Iterator[tuple[Way, Reach, Support]]:
    if rules is None:
        return
    for reach in reaches:
        if reach.answers:
            continue
        way = Way(reach.src_zone, reach.dst_zone, reach.service, "permitted")
        for identifier in reach.rules:
            yield way, reach, support_of(rules, rules.rows[identifier], reach.unresolved)


def _crossing(way: Way, supports: list[Support], between: Between, assets: Table, undecided: bool) -> Crossing:
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
        service=way.service,
        kind="permitted" if permitted else "observed",
        via=sorted({support.record for support in supports}),
        logged=logged,
        asset=devices[0] if devices else UNSET,
        assets=devices if devices else UNSET,
        approximate=True if undecided else UNSET,
        unresolved=True if any(support.unresolved for support in supports) else UNSET,
        **between.ends(way.src_zone, way.dst_zone, way.service)._asdict(),
    )


def _text(table: Table, field: str, row: int) -> str | None:
    value = table.columns[field].values[row]
    return None if value is None else msgspec.json.decode(value, type=str)
