"""The drawing of zones and conduits: Purdue lanes as SVG, readable without colour, by screen readers and on paper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from markupsafe import Markup, escape

from plantproof.reports.drawing_layout import BOX_HEIGHT, BOX_WIDTH, LANE_LABEL, Box, Lane, Layout, Line, lay_out
from plantproof.reports.view_parts import LevelsView
from plantproof.reports.view_types import SiteView
from plantproof.reports.words import counted
from plantproof.text import visible


def draw_site(site: SiteView, address: Callable[[str, str], str]) -> Markup:
    """The zones and conduits of one site. `address` gives the page of a (kind, id), for the links."""
    layout = lay_out(site)
    parts = [_lane(lane, layout, index) for index, lane in enumerate(layout.lanes)]
    parts += [_line(line) for line in layout.lines]
    parts += [_box(box, address) for box in layout.boxes]
    parts += [_label(line, address) for line in layout.lines]
    shadows = sum(1 for line in layout.lines if not line.link.conduit)
    told = (
        f"{counted(len(site.zones), 'zone')} in lanes by Purdue level, {counted(len(site.conduits), 'conduit')} between"
        f" them, {counted(shadows, 'dashed line')} where something passes without a conduit."
    )
    return Markup(
        '<svg class="drawing" role="group" aria-labelledby="drawing-title drawing-told" viewBox="0 0 {w} {h}" '
        'width="{w}" height="{h}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="drawing-title">Zones and conduits of {title}</title><desc id="drawing-told">{told}</desc>'
        "{parts}</svg>"
    ).format(w=layout.width, h=layout.height, title=visible(site.title), told=told, parts=Markup("").join(parts))


def short(text: str, most: int) -> str:
    """A label that fits: cut with an ellipsis."""
    clean = visible(text)
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"


def _lane(lane: Lane, layout: Layout, index: int) -> Markup:
    level, _, name = lane.label.partition(" · ")
    lines = [(level, "lane-level"), *((piece, "lane-name") for piece in _wrapped(name, 20))]
    texts = Markup("").join(
        Markup('<text class="{}" x="12" y="{}">{}</text>').format(css, lane.y + 30 + 17 * number, text)
        for number, (text, css) in enumerate(lines)
    )
    return Markup(
        '<g><rect class="lane lane-{odd}" x="0" y="{y}" width="{w}" height="{h}"/>{texts}'
        '<line class="lane-edge" x1="{x}" y1="{y}" x2="{x}" y2="{end}"/></g>'
    ).format(
        odd=index % 2, y=lane.y, w=layout.width, h=lane.height, texts=texts, x=LANE_LABEL, end=lane.y + lane.height
    )


def _wrapped(text: str, most: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _box(box: Box, address: Callable[[str, str], str]) -> Markup:
    zone = box.zone
    levels = zone.levels
    status = f"{levels.status.symbol} {levels.status.word}" if levels else "– no target"
    tone = levels.status.tone if levels else "quiet"
    told = f"{zone.title}: {levels.sentence if levels else 'no SL-T'}; {counted(zone.gaps, 'gap')}"
    return Markup(
        '<a href="{href}"><g class="zone zone-{kind} tone-{tone}"><title>{told}</title>'
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
        '<rect class="edge" x="{x}" y="{y}" width="5" height="{h}" rx="2"/>'
        '<text class="zone-title" x="{tx}" y="{y1}">{title}</text>'
        '<text class="zone-line" x="{tx}" y="{y2}">{target}</text>'
        '<text class="zone-state" x="{tx}" y="{y3}">{status}, {gaps}</text></g></a>'
    ).format(
        href=address("zone", zone.id),
        kind=zone.zone_kind if zone.zone_kind.isalpha() else "other",
        tone=tone,
        told=visible(told),
        x=box.x,
        y=box.y,
        w=BOX_WIDTH,
        h=BOX_HEIGHT,
        tx=box.x + 14,
        y1=box.y + 22,
        y2=box.y + 41,
        y3=box.y + 60,
        title=short(zone.title, 21),
        target=f"SL-T {levels.target}" if levels and levels.has_target else "no SL-T",
        status=status,
        gaps=counted(zone.gaps, "gap"),
    )


def _line(line: Line) -> Markup:
    points = line.points
    path = f"M{points[0][0]} {points[0][1]}"
    if line.arc:
        depth = line.label_at[1] + 8
        path += f"C{points[0][0]} {depth} {points[1][0]} {depth} {points[1][0]} {points[1][1]}"
    else:
        for (x1, y1), (x2, y2) in pairwise(points):
            middle = (y1 + y2) // 2
            path += f"L{x2} {y2}" if x1 == x2 else f"C{x1} {middle} {x2} {middle} {x2} {y2}"
    return Markup('<path class="{}" d="{}"/>').format("conduit" if line.link.conduit else "shadow", path)


def _label(line: Line, address: Callable[[str, str], str]) -> Markup:
    x, y = line.label_at
    text = short(line.link.label, 22)
    half = 8 + 7 * len(text) // 2
    inner = Markup(
        '<g class="label label-{css}"><title>{told}</title><rect x="{left}" y="{top}" width="{w}" height="18" rx="9"/>'
        '<text x="{x}" y="{y}">{text}</text></g>'
    ).format(
        css="conduit" if line.link.conduit else "shadow",
        told=visible(line.link.told),
        left=x - half,
        top=y - 9,
        w=2 * half,
        x=x,
        y=y + 4,
        text=text,
    )
    if not line.link.conduit:
        return inner
    return Markup('<a href="{}">{}</a>').format(address("conduit", line.link.conduit), inner)


def draw_levels(levels: LevelsView) -> Markup:
    """Seven small columns: the range of SL-A (indicated, with attestations) as a bar, SL-T as a line across."""
    step, height, top = 26, 56, 6
    scale = (height - 16) / 4
    parts = []
    for index, row in enumerate(levels.rows):
        x = 4 + index * step
        low, high = row.attested.lower, row.attested.upper
        y = round(top + (4 - high) * scale)
        bar = max(3, round((high - low) * scale))
        parts.append(
            Markup('<rect class="tone-{tone}" x="{x}" y="{y}" width="14" height="{bar}"/>').format(
                tone=row.attested.status.tone, x=x + 4, y=y, bar=bar
            )
        )
        if row.target:
            line = round(top + (4 - row.target) * scale)
            parts.append(Markup('<path class="target" d="M{} {}h20"/>').format(x + 1, line))
        parts.append(Markup('<text x="{}" y="{}">{}</text>').format(x + 11, height + 4, escape(row.code)))
    told = f"SL-T {levels.target} against SL-A indicated {levels.attested}, in the order IAC UC SI DC RDF TRE RA"
    return Markup(
        '<svg class="levels" role="img" aria-label="{told}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        "{parts}</svg>"
    ).format(told=told, w=step * 7 + 8, h=height + 8, parts=Markup("").join(parts))
