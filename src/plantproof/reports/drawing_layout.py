"""Where zones and conduits go on the drawing: lanes by Purdue level, few crossings, whole pixels, always the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import msgspec

from plantproof.reports.view_site_types import UnitView
from plantproof.reports.view_types import SiteView
from plantproof.reports.words import purdue_label

ROW = 5
"""Zones side by side; a lane with more of them gets another row."""
BOX_WIDTH, BOX_HEIGHT = 196, 72
SPACE, DUMMY_WIDTH = 32, 40
ROW_GAP, LANE_LABEL, MARGIN = 92, 148, 16
_SWEEPS = 6
_LEAST = 860
"""Width of the lanes at least, so that a small plant fills its frame."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A line to draw between two zones: a conduit, or what passes without one."""

    ends: tuple[str, str]
    label: str
    told: str
    conduit: str = ""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    zone: UnitView
    x: int
    y: int


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    y: int
    height: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line as points from top to bottom, and the place of its label's middle. `arc` joins two zones of one row."""

    link: Link
    points: list[tuple[int, int]]
    label_at: tuple[int, int]
    arc: bool


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    width: int
    height: int
    lanes: list[Lane]
    boxes: list[Box]
    lines: list[Line]
    outside: int
    """Crossings to places that lie in no zone: counted, not drawn."""


def links_of(site: SiteView) -> tuple[list[Link], int]:
    """Lines to draw: each conduit from its uppermost zone to the others, then what passes without a conduit."""
    place = {zone.id: index for index, zone in enumerate(site.zones)}
    links = []
    for conduit in site.conduits:
        zones = sorted({zone.id for zone in conduit.joins if zone.id in place}, key=lambda zone: (place[zone], zone))
        links += [
            Link(ends=(zones[0], zone), label=conduit.title, told=f"Conduit {conduit.title}", conduit=conduit.id)
            for zone in zones[1:]
        ]
    shadows: dict[tuple[str, str], list[str]] = defaultdict(list)
    outside = 0
    for crossing in site.shadows:
        source, target = crossing.source.id, crossing.target.id
        if source not in place or target not in place or source == target:
            outside += 1
            continue
        ends = (source, target) if (place[source], source) < (place[target], target) else (target, source)
        shadows[ends].append(crossing.service)
    for ends, found in shadows.items():
        services = sorted(set(found))
        more = f" +{len(services) - 1}" if len(services) > 1 else ""
        links.append(
            Link(ends=ends, label=f"! {services[0]}{more}", told=f"No conduit allows: {', '.join(services[:8])}")
        )
    return links, outside


def lay_out(site: SiteView) -> Layout:
    """Place a site's zones and lines. Linear but for the sorting; zones without conduits are placed all the same."""
    rows = _rows(site.zones)
    links, outside = links_of(site)
    row_of = {zone.id: number for number, (_, zones) in enumerate(rows) for zone in zones}
    links = [link if row_of[link.ends[0]] <= row_of[link.ends[1]] else _turned(link) for link in links]
    chains = [_chain(index, link, row_of) for index, link in enumerate(links)]
    order = _order([[zone.id for zone in zones] for _, zones in rows], chains, row_of)
    widths = {node: BOX_WIDTH if node in row_of else DUMMY_WIDTH for nodes in order for node in nodes}
    total = max((sum(widths[node] + SPACE for node in nodes) - SPACE for nodes in order), default=BOX_WIDTH)
    total = max(total, _LEAST)
    left, centre = LANE_LABEL + MARGIN, {}
    for nodes in order:
        x = left + (total - (sum(widths[node] + SPACE for node in nodes) - SPACE)) // 2
        for node in nodes:
            centre[node] = x + widths[node] // 2
            x += widths[node] + SPACE
    top = [MARGIN + number * (BOX_HEIGHT + ROW_GAP) + 14 for number in range(len(rows))]
    boxes = [
        Box(zone=zone, x=centre[zone.id] - BOX_WIDTH // 2, y=top[number])
        for number, (_, zones) in enumerate(rows)
        for zone in zones
    ]
    height = (top[-1] if top else MARGIN) + BOX_HEIGHT + (ROW_GAP if _has_arc(chains, len(rows) - 1, row_of) else 40)
    return Layout(
        width=left + total + MARGIN,
        height=height,
        lanes=_lanes(rows, top, height),
        boxes=boxes,
        lines=_lines(links, chains, row_of, centre, top),
        outside=outside,
    )


def _turned(link: Link) -> Link:
    return Link(ends=(link.ends[1], link.ends[0]), label=link.label, told=link.told, conduit=link.conduit)


def _rows(zones: Sequence[UnitView]) -> list[tuple[str, list[UnitView]]]:
    lanes: dict[str, list[UnitView]] = defaultdict(list)
    for zone in zones:  # already by level, from the office down
        lanes[purdue_label(zone.level)].append(zone)
    return [(label, found[i : i + ROW]) for label, found in lanes.items() for i in range(0, len(found), ROW)]


def _chain(index: int, link: Link, row_of: dict[str, int]) -> list[str]:
    """The nodes that a line passes, one a row; where it skips a row, a dummy keeps it off the boxes there."""
    first, last = link.ends
    dummies = [f"\x00{index}:{row}" for row in range(row_of[first] + 1, row_of[last])]
    return [first, *dummies, last]


def _has_arc(chains: list[list[str]], row: int, row_of: dict[str, int]) -> bool:
    return any(row_of[chain[0]] == row_of[chain[-1]] == row for chain in chains)


def _order(rows: list[list[str]], chains: list[list[str]], row_of: dict[str, int]) -> list[list[str]]:
    """The order in each row: barycentres, swept down and up a fixed number of times."""
    order = [list(row) for row in rows]
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for step, node in enumerate(chain[1:-1], 1):
            order[row_of[chain[0]] + step].append(node)
        for upper, lower in pairwise(chain):
            if row_of.get(upper) != row_of.get(lower) or upper not in row_of:
                above[lower].append(upper)
                below[upper].append(lower)
    for sweep in range(_SWEEPS):
        neighbours, numbers = (
            (above, range(1, len(order))) if sweep % 2 == 0 else (below, range(len(order) - 2, -1, -1))
        )
        for number in numbers:
            other = order[number - 1 if sweep % 2 == 0 else number + 1]
            place = {node: (2 * i + 1) / (2 * len(other)) for i, node in enumerate(other)}
            own = {node: (2 * i + 1) / (2 * len(order[number])) for i, node in enumerate(order[number])}
            order[number].sort(key=partial(_mean, neighbours=neighbours, place=place, own=own))
    return order


def _mean(
    node: str, neighbours: dict[str, list[str]], place: dict[str, float], own: dict[str, float]
) -> tuple[float, float]:
    near = [place[other] for other in neighbours.get(node, []) if other in place]
    return (round(sum(near) / len(near), 6) if near else own[node], own[node])


def _lanes(rows: list[tuple[str, list[UnitView]]], top: list[int], height: int) -> list[Lane]:
    starts = [number for number, (label, _) in enumerate(rows) if number == 0 or rows[number - 1][0] != label]
    lanes = []
    for position, number in enumerate(starts):
        y = top[number] - 26 if number else 0
        end = top[starts[position + 1]] - 26 if position + 1 < len(starts) else height
        lanes.append(Lane(label=rows[number][0], y=y, height=end - y))
    return lanes


def _lines(
    links: list[Link], chains: list[list[str]], row_of: dict[str, int], centre: dict[str, int], top: list[int]
) -> list[Line]:
    ports = _ports(chains, row_of, centre)
    lines: list[Line] = []
    taken: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for index, (link, chain) in enumerate(zip(links, chains, strict=True)):
        start = row_of[chain[0]]
        arc = row_of[chain[-1]] == start
        points = []
        for step, node in enumerate(chain):
            row = start if arc else start + step
            if node in row_of:
                leaving = arc or step == 0
                points.append((ports[index, step], top[row] + (BOX_HEIGHT if leaving else 0)))
            else:
                points += [(centre[node], top[row]), (centre[node], top[row] + BOX_HEIGHT)]
        wanted = (points[0][0] + points[1][0]) // 2
        half = 8 + 7 * min(len(link.label), 22) // 2
        level = _free(taken[start], wanted, half)
        label_y = top[start] + BOX_HEIGHT + 18 + 20 * level
        lines.append(Line(link=link, points=points, label_at=(wanted, label_y), arc=arc))
    return lines


def _free(taken: list[tuple[int, int, int]], x: int, half: int) -> int:
    """The first of three levels in a gap where a label does not cover another; the last where there is no room."""
    for level in range(3):
        if all(level != other or x + half < low or x - half > high for other, low, high in taken):
            taken.append((level, x - half, x + half))
            return level
    return 2


def _ports(chains: list[list[str]], row_of: dict[str, int], centre: dict[str, int]) -> dict[tuple[int, int], int]:
    """Where lines leave and enter the boxes: side by side, in the order of where they go."""
    sides: dict[tuple[str, bool], list[tuple[int, int, int]]] = defaultdict(list)
    for index, chain in enumerate(chains):
        arc = row_of[chain[0]] == row_of[chain[-1]]
        sides[chain[0], True].append((centre[chain[1]], index, 0))
        sides[chain[-1], arc].append((centre[chain[-2]], index, len(chain) - 1))
    ports = {}
    for (node, _), found in sides.items():
        found.sort()
        for position, (_, index, step) in enumerate(found):
            offset = BOX_WIDTH * (position + 1) // (len(found) + 1) - BOX_WIDTH // 2
            ports[index, step] = centre[node] + offset
    return ports
