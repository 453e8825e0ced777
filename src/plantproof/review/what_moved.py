"""From a delta to what decision rights speak of: zones, devices, paths, functions, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from plantproof.model.approvals import Moved, OpenedGap, OpenedPath, Place
from plantproof.model.delta import Delta, SiteDelta
from plantproof.model.plant import Plant, Table
from plantproof.model.policy import Policy
from plantproof.review.judged import JudgedSite
from plantproof.review.moved import moved_files, safety_functions
from plantproof.review.site_delta import Revisions
from plantproof.review.stood_apart import stood, stood_apart

UNKNOWN = "unknown"
TOGETHER = "devices of both stand in one zone now"
"""How a way opens that no rule has a say in."""


def what_moved(
    delta: Delta,
    judged: Mapping[str, Revisions],
    policies: Mapping[str, Policy],
    paths: Iterable[str],
    waivers: Mapping[str, str] | None = None,
) -> Moved:
    """Everything of a change that a decision right can speak of. `paths` are the changed files, relative to the
    project; `waivers` says of which site each waiver is, by id, on either side."""
    moved = moved_files(paths, waivers)
    for site in delta.sites:
        moved += _of_results(site, policies)
        if site.site in judged:
            moved += _of_plant(site.site, judged[site.site].base, judged[site.site].head)
    return moved


def _of_results(site: SiteDelta, policies: Mapping[str, Policy]) -> Moved:
    zones = {zone for move in site.gaps for zone in move.gap.zones}
    zones |= {zone for lost in site.lost for zone in lost.zones}
    zones |= {move.unit for move in site.levels if move.unit_kind == "zone"}
    conduits = {conduit for move in site.gaps for conduit in move.gap.conduits}
    conduits |= {move.unit for move in site.levels if move.unit_kind == "conduit"}
    affecting = {move.gap.policy for move in site.gaps} | {lost.policy for lost in site.lost}
    safety = {name for name in affecting if name in policies and "safety" in policies[name].metadata.may_affect}
    worse = [move for move in site.gaps if move.status in ("opened", "worse")]
    return Moved(
        zones=frozenset(Place(site.site, zone) for zone in zones if zone != UNKNOWN),
        conduits=frozenset(Place(site.site, conduit) for conduit in conduits),
        safety=frozenset(Place(site.site, name) for name in safety),
        gaps=frozenset(
            OpenedGap(site.site, move.gap.severity, zone) for move in worse for zone in (move.gap.zones or [""])
        ),
    )


def _of_plant(site: str, base: JudgedSite, head: JudgedSite) -> Moved:
    return Moved(
        devices=frozenset(Place(site, name) for name in _devices_with_other_rules(base.plant, head.plant)),
        paths=frozenset(_opened(site, base, head)),
    )


def _devices_with_other_rules(base: Plant, head: Plant) -> set[str]:
    """The names of the devices whose rules differ: whether that opens anything is for the paths to say."""
    before, after = _rules(base), _rules(head)
    return {
        head.names.get(device, base.names.get(device, device))
        for device in {*before, *after}
        if before.get(device) != after.get(device)
    }


def _rules(plant: Plant) -> dict[str, list[tuple[Any, ...]]]:
    table, assets = plant.tables.get("firewall_rule"), plant.tables.get("asset")
    found: dict[str, list[tuple[Any, ...]]] = {}
    if table is None or assets is None:
        return found
    columns = [table.columns[name].values for name in sorted(table.columns)]
    for row, (identifier, asset) in enumerate(zip(table.ids, table.asset_rows, strict=True)):
        device = assets.ids[asset] if asset >= 0 else ""
        found.setdefault(device, []).append((identifier, *(column[row] for column in columns)))
    return found


def _opened(site: str, base: JudgedSite, head: JudgedSite) -> Iterator[OpenedPath]:
    """Ways between zones that rules permit now and did not before, whether a conduit is declared for them or not; and
    to safety functions those that no rule bars any more, because devices of both zones stand in one."""
    zones = {zone.id: zone for zone in head.plant.site.zones}
    safety = frozenset(zone.id for zone in base.plant.site.zones if safety_functions(base.plant.site, zone))
    stood_in = stood(base, head) if safety else {}
    # What a zone is called, and is said to be for, is the change's: what stood in a zone of safety takes that with it.
    holding = {zone for zone, before in stood_in.items() if any(safety.intersection(each) for each in before)}
    opened = set(_ways(head.plant.tables.get("crossing"))) - set(_ways(base.plant.tables.get("crossing")))
    for source, destination, service in sorted(opened):
        if UNKNOWN not in (source, destination):
            zone = zones.get(destination)
            reached = destination in holding or bool(zone and safety_functions(head.plant.site, zone))
            yield OpenedPath(site, source, destination, service, reached)
    for source, destination in sorted(set(stood_apart(stood_in, safety))):
        yield OpenedPath(site, source, destination, TOGETHER, safety=True)


def _ways(table: Table | None) -> Iterator[tuple[str, str, str]]:
    if table is None or not table.ids:
        return
    columns = [table.columns[name].values for name in ("src_zone", "dst_zone", "service", "kind")]
    for row in range(len(table.ids)):
        source, destination, service, kind = (msgspec.json.decode(column[row] or b'""', type=str) for column in columns)
        if kind == "permitted":
            yield source, destination, service
