"""Derived: crossings, what passes or may pass between zones, each with the conduit that permits it, or none.

What rules permit is what they let pass after all that earlier ones deny (reach). What cannot be decided may pass, and
is marked. So a crossing that a policy does not find is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


_Claims = Sequence[bytes | None]
"""What is claimed of one field of a flow; one None where nobody says."""


def _observed(flows: Table | None, assets: Table, places: Places) -> Iterator[tuple[Way, Support, bool]]:
    """Every way that a flow went, and whether it only may have, because sources differ on it."""
    if flows is None:
        return
    names = ("src", "src_ip", "dst", "dst_ip", "protocol", "port")
    columns = [flows.columns[name] for name in names]
    disputed = frozenset().union(*(column.disputed for column in columns))
    told = zip(*(column.values for column in columns), strict=True)
    for row, (identifier, values) in enumerate(zip(flows.ids, told, strict=True)):
        if not flows.fresh[row]:
            continue
        claims: list[_Claims] = [(value,) for value in values]
        if row in disputed:
            claims = [claims_of(column, row) or (None,) for column in columns]
        support = Support(identifier, flows.methods[row], flows.origins[row])
        for way in _ways(claims, assets, places):
            yield way, support, row in disputed


def _ways(claims: Sequence[_Claims], assets: Table, places: Places) -> Iterable[Way]:
    """The ways of a flow: from each end that is claimed to each, by each service. The ends are found before they are
    paired, so that sources which differ in everything cost little."""
    src, src_ip, dst, dst_ip, protocols, ports = claims
    sources, targets = _ends(src, src_ip, assets, places), _ends(dst, dst_ip, assets, places)
    services = dict.fromkeys(
        service_of_flow(_text(protocol) or "", None if port is None else int(port))
        for protocol, port in product(protocols, ports)
    )
    pairs = dict.fromkeys(
        (source, target)
        for one, other in product(sources, targets)
        if not set(one) & set(other) - {UNKNOWN}  # else both stand in one zone, at least with one leg
        for source, target in product(one, other)
        if source != target
    )
    return [Way(source, target, service, "observed") for source, target in pairs for service in services]


def _ends(names: _Claims, addresses: _Claims, assets: Table, places: Places) -> Iterable[tuple[str, ...]]:
    """The zones of one end, for each asset and address that is claimed."""
    rows = [assets.rows.get(_text(name) or "", -1) for name in names]
    return dict.fromkeys(places.of_end(row, _text(address)) for row, address in product(rows, addresses))


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
