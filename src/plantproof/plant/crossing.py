"""Derived: crossings, what passes or may pass between zones, each with the conduit that permits it, or none.

What rules permit is what they let pass after all that earlier ones deny (reach). What cannot be decided may pass, and
is marked. So a crossing that a policy does not find is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
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
from plantproof.plant.zones import claims_of

FLOW_FIELDS = frozenset({"src", "dst", "src_ip", "dst_ip", "protocol", "port"})
INTERFACE_FIELDS = frozenset({"asset", "ips", "name", "routes", "unknown_routes"})


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
    own. Where sources differ on a flow, each way that it may have gone is one, marked as approximate."""
    found: dict[Way, list[Support]] = {}
    undecided: dict[Way, bool] = {}
    for way, support, disputed in _observed(flows, assets, places):
        found.setdefault(way, []).append(support)
        undecided[way] = undecided.get(way, True) and disputed
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


class _Flow(NamedTuple):
    """Where a flow goes, field by field as its record has it; None where it does not say."""

    src: bytes | None
    src_ip: bytes | None
    dst: bytes | None
    dst_ip: bytes | None
    protocol: bytes | None
    port: bytes | None


def _observed(flows: Table | None, assets: Table, places: Places) -> Iterator[tuple[Way, Support, bool]]:
    """Every way that a flow went, and whether it only may have, because sources differ on it."""
    if flows is None:
        return
    columns = [flows.columns[field] for field in _Flow._fields]
    disputed = frozenset().union(*(column.disputed for column in columns))
    told = map(_Flow, *(column.values for column in columns))
    for row, (identifier, flow) in enumerate(zip(flows.ids, told, strict=True)):
        if not flows.fresh[row]:
            continue
        claimed = [flow]
        if row in disputed:
            claimed = list(map(_Flow._make, product(*(claims_of(column, row) or (None,) for column in columns))))
        ways = dict.fromkeys(way for each in claimed for way in _ways(each, assets, places))
        support = Support(identifier, flows.methods[row], flows.origins[row])
        for way in ways:
            yield way, support, row in disputed


def _ways(flow: _Flow, assets: Table, places: Places) -> Iterator[Way]:
    ends = []
    for asset, address in ((flow.src, flow.src_ip), (flow.dst, flow.dst_ip)):
        asset_row = assets.rows.get(_text(asset) or "", -1)
        ends.append(places.of_end(asset_row, _text(address)))
    sources, targets = ends
    if set(sources) & set(targets) - {UNKNOWN}:
        return  # both stand in one zone, at least with one leg
    service = service_of_flow(_text(flow.protocol) or "", None if flow.port is None else int(flow.port))
    for source in sources:
        for target in targets:
            if source != target:
                yield Way(source, target, service, "observed")


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


def _text(value: bytes | None) -> str | None:
    return None if value is None else msgspec.json.decode(value, type=str)
