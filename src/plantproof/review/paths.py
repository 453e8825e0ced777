"""What a change opens and closes between zones, and what else would serve: the part on firewalls of a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from plantproof.model.assessment import EvidenceLink
from plantproof.model.paths import DecidingRule, PathChange, PathStatus, ServicePath
from plantproof.model.plant import Plant, Table
from plantproof.model.reach import Reach
from plantproof.model.site import Site
from plantproof.plant.services import EVERYTHING, overlaps, permits
from plantproof.review.path_ways import Flow, ways_out

Ends = tuple[str, str]


class ReachTable(NamedTuple):
    """What passes at one site on one side of a change, ready to be compared."""

    site: Site
    paths: dict[Ends, list[ServicePath]]
    """From and to -> what passes, by device, service and rules."""
    flows: dict[Ends, list[Flow]]


def reach_table(plant: Plant, canonical: Mapping[str, str] | None = None) -> ReachTable:
    """What the rules of a plant let pass. `canonical` maps every id that an asset ever had to the one it has now, so
    that a device that was merged with another is compared with itself."""
    known = canonical or {}
    paths: dict[Ends, list[ServicePath]] = {}
    for row in reach_rows(plant):
        paths.setdefault((row.src_zone, row.dst_zone), []).append(_path(plant, row, known))
    for found in paths.values():
        found.sort(key=_order)
    return ReachTable(plant.site, paths, _flows(plant))


def reach_rows(plant: Plant) -> list[Reach]:
    """The table of the derived kind `reach` as rows, by id."""
    table = plant.tables.get("reach")
    if table is None:
        return []
    rows = []
    for number in range(len(table.ids)):
        filled = ((name, column.values[number]) for name, column in table.columns.items())
        body = b",".join(b'"%s":%s' % (name.encode(), value) for name, value in filled if value is not None)
        rows.append(msgspec.json.decode(b"{%s}" % body, type=Reach))
    return rows


def path_changes(before: ReachTable, after: ReachTable) -> list[PathChange]:
    """What differs between two sides, pair of zones by pair of zones; what opens stands first. Pure, and nothing
    where nothing moved. Ways out are those of the side after the change, for what it opens without a conduit."""
    found = []
    for ends in sorted(before.paths.keys() | after.paths.keys()):
        change = _change(before, after, ends)
        if change is not None:
            found.append(change)
    return sorted(found, key=lambda each: (ORDER.index(each.status), each.src_zone, each.dst_zone))


ORDER: tuple[PathStatus, ...] = ("opened", "wider", "changed", "narrower", "closed")


def _change(before: ReachTable, after: ReachTable, ends: Ends) -> PathChange | None:
    was, now = before.paths.get(ends, []), after.paths.get(ends, [])
    opened = [path for path in now if not _held(path, was)]
    closed = [path for path in was if not _held(path, now)]
    same = {_key(path): path for path in was}
    changed = [
        path
        for path in now
        if path not in opened and (old := same.get(_key(path))) is not None and _basis(old) != _basis(path)
    ]
    if not (opened or closed or changed):
        return None
    titles = {zone.id: zone.title for table in (before, after) for zone in table.site.zones}
    services_before, services_after = _services(was), _services(now)
    unserved = [path for path in opened if not path.conduit and not path.answers]
    return PathChange(
        site=after.site.id,
        src_zone=ends[0],
        dst_zone=ends[1],
        src_title=titles.get(ends[0], ""),
        dst_title=titles.get(ends[1], ""),
        status=_status(opened, closed, was, now),
        services_before=services_before,
        services_after=services_after,
        opened=opened,
        closed=closed,
        changed=changed,
        ways_out=ways_out(after.site, ends, unserved, after.flows.get(ends, [])) if unserved else [],
    )


def _status(
    opened: Sequence[ServicePath], closed: Sequence[ServicePath], was: Sequence[ServicePath], now: Sequence[ServicePath]
) -> PathStatus:
    if opened:
        return "wider" if all(_passes(path, was) for path in opened) else "opened"
    if closed:
        return "narrower" if all(_passes(path, now) for path in closed) else "closed"
    return "changed"


def _passes(path: ServicePath, others: Sequence[ServicePath]) -> bool:
    """Whether the service passes on the other side too, by any device, whatever the addresses."""
    own = [other for other in others if not other.answers or path.answers]
    if path.service == EVERYTHING:
        return any(other.service == EVERYTHING and set(other.without) <= set(path.without) for other in own)
    named = [other.service for other in own if not any(overlaps(path.service, text) for text in other.without)]
    return permits(named, path.service)


def _held(path: ServicePath, others: Sequence[ServicePath]) -> bool:
    """Whether the same device lets all of it pass on the other side, from and to as many addresses."""
    own = [
        other
        for other in others
        if other.device == path.device
        and other.src_addresses >= path.src_addresses
        and other.dst_addresses >= path.dst_addresses
    ]
    return _passes(path, own)


def _key(path: ServicePath) -> tuple[str, str, bool]:
    return path.device, path.service, path.answers


def _basis(path: ServicePath) -> tuple[object, ...]:
    return [rule.id for rule in path.rules], path.undecided, path.conduit, path.sample


def _order(path: ServicePath) -> tuple[str, str, bool]:
    return path.service, path.device, path.answers


def _services(paths: Sequence[ServicePath]) -> list[str]:
    return sorted({path.service for path in paths if not path.answers})


def _path(plant: Plant, row: Reach, canonical: Mapping[str, str]) -> ServicePath:
    asset = row.asset if isinstance(row.asset, str) else ""
    device = canonical.get(asset, asset)
    rules = plant.tables["firewall_rule"]
    return ServicePath(
        service=row.service,
        without=row.without,
        device=device,
        device_name=plant.names.get(asset, asset),
        rules=[
            DecidingRule(id=rule, name=plant.names.get(rule, rule), evidence=_links(rules, rule)) for rule in row.rules
        ],
        sample=row.sample,
        conduit=row.conduit if isinstance(row.conduit, str) else "",
        answers=row.answers,
        undecided=row.undecided,
        src_addresses=row.src_addresses,
        dst_addresses=row.dst_addresses,
    )


def _links(table: Table, identifier: str) -> list[EvidenceLink]:
    return [
        EvidenceLink(source=origin.source, record=origin.records_path, record_line=origin.records_line)
        for origin in table.origins[table.rows[identifier]]
    ]


def _flows(plant: Plant) -> dict[Ends, list[Flow]]:
    """From and to -> the flows that were seen there, by id."""
    crossings, flows = plant.tables.get("crossing"), plant.tables.get("flow")
    if crossings is None or flows is None:
        return {}
    found: dict[Ends, list[Flow]] = {}
    for row in range(len(crossings.ids)):
        if _text(crossings, "kind", row) != "observed":
            continue
        ends = _text(crossings, "src_zone", row), _text(crossings, "dst_zone", row)
        service = _text(crossings, "service", row)
        for identifier in msgspec.json.decode(crossings.columns["via"].values[row] or b"[]", type=list[str]):
            at = flows.rows[identifier]
            flow = Flow(identifier, _text(flows, "src_ip", at), _text(flows, "dst_ip", at), service)
            found.setdefault(ends, []).append(flow)
    return {ends: sorted(listed) for ends, listed in found.items()}


def _text(table: Table, field: str, row: int) -> str:
    return msgspec.json.decode(table.columns[field].values[row] or b'""', type=str)
