"""A project over its commits as one drawing: gaps by severity, controls by conclusion, security levels by zone.

Read without colour: every line has its own dashes and its name at its end, every level its figure. By screen readers:
title and description say what the drawing shows. On paper: it is 800 wide and needs nothing from elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from plantproof.model.history import History, Point, UnitLevels
from plantproof.model.vocabulary import Severity
from plantproof.reports.words import counted
from plantproof.text import visible

WIDTH, LEFT, RIGHT = 800, 56, 140
PLOT, GAP, HEAD = 150, 58, 64
ROW, MOST_ROWS, MOST_STEPS = 18, 40, 60

SEVERITIES = {
    Severity.CRITICAL: ("#8e1b3a", ""),
    Severity.HIGH: ("#c2410c", "7 3"),
    Severity.MEDIUM: ("#8a6d00", "2 3"),
    Severity.LOW: ("#4b5b6b", "8 3 2 3"),
}
CONCLUSIONS = {
    "satisfied": ("#1b6e3c", ""),
    "not_satisfied": ("#8e1b3a", "7 3"),
    "not_assessed": ("#4b5b6b", "2 3"),
}
SHADES = ("#ffffff", "#eef3f7", "#dfe9f1", "#cfdfec", "#bcd2e4", "#a7c4db", "#90b4d1", "#79a4c7")
"""Of 0 to 7 foundational requirements; the figure stands in each cell."""

STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1d2733}.head{font-size:15px;font-weight:600}.sub{font-weight:600}"
    ".small{font-size:10px;fill:#4b5b6b}.axis{stroke:#9aa7b4;stroke-width:1}.grid{stroke:#e2e7ec;stroke-width:1}"
    ".unknown{fill:#d9dee3}path{fill:none;stroke-width:2}"
)


class Line(NamedTuple):
    """One line of a chart: its name, colour and dashes, and a value for each point; None where nothing is known."""

    name: str
    colour: str
    dashes: str
    values: Sequence[int | None]


def draw_history(history: History) -> bytes:
    """The history, of one commit at least, as an SVG document: the same bytes for the same history."""
    points = history.points
    charts = [_gaps_chart(points), *_framework_charts(points)]
    top = HEAD
    parts: list[Markup] = []
    places = _places(points)
    for title, lines in charts:
        parts.append(_chart(title, lines, points, places, top))
        top += PLOT + GAP
    drawn, height = _levels(points, top)
    parts.append(drawn)
    first, last = points[0].on, points[-1].on
    told = (
        f"{counted(len(points), 'commit')} from {first} to {last}. {_now(points)} "
        f"{counted(sum(bool(point.problem) for point in points), 'commit')} could not be judged; there the lines break."
    )
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
            'aria-labelledby="history-title history-told"><title id="history-title">{title} over time</title>'
            '<desc id="history-told">{told}</desc><style>{style}</style><rect width="{w}" height="{h}" fill="#fff"/>'
            '<text class="head" x="{x}" y="26">{title}</text><text class="small" x="{x}" y="44">{about}</text>'
            "{parts}</svg>\n"
        ).format(
            w=WIDTH,
            h=height,
            title=_short(history.title, 90),
            told=told,
            style=Markup(STYLE),  # noqa: S704  ours
            x=LEFT,
            about=f"{counted(len(points), 'commit')}, {first} to {last}; content {visible(history.content_version)}, "
            f"{visible(history.engine)} {visible(history.engine_version)}",
            parts=Markup("").join(parts),
        )
    ).encode()


def _now(points: Sequence[Point]) -> str:
    known = [point for point in points if not point.problem]
    if not known:
        return "None of them could be judged."
    gaps = ", ".join(f"{known[-1].gaps.get(severity, 0)} {severity.value}" for severity in Severity)
    return f"The last that was judged has gaps: {gaps}."


def _gaps_chart(points: Sequence[Point]) -> tuple[str, list[Line]]:
    return "Gaps by severity", [
        Line(severity.value, colour, dashes, [_known(point, point.gaps.get(severity, 0)) for point in points])
        for severity, (colour, dashes) in SEVERITIES.items()
    ]


def _framework_charts(points: Sequence[Point]) -> Iterable[tuple[str, list[Line]]]:
    names = dict.fromkeys((each.framework, each.profile) for point in points for each in point.frameworks)
    for framework, profile in names:
        found = [
            next((each for each in point.frameworks if (each.framework, each.profile) == (framework, profile)), None)
            for point in points
        ]
        yield (
            f"Controls of {framework} ({profile})",
            [
                Line(name.replace("_", " "), colour, dashes, [getattr(each, name) if each else None for each in found])
                for name, (colour, dashes) in CONCLUSIONS.items()
            ],
        )


def _known(point: Point, value: int) -> int | None:
    return None if point.problem else value


def _places(points: Sequence[Point]) -> list[float]:
    """Where each commit stands: by its day, and those of one day one after the other."""
    days = [datetime.date.fromisoformat(point.on).toordinal() for point in points]
    number = [0.0] * len(days)
    for index in range(1, len(days)):
        number[index] = number[index - 1] + 1 if days[index] == days[index - 1] else 0.0
    most = [1.0] * len(days)
    for index in range(len(days) - 1, -1, -1):
        follows = index + 1 < len(days) and days[index + 1] == days[index]
        most[index] = most[index + 1] if follows else number[index] + 1
    exact = [day + one / many for day, one, many in zip(days, number, most, strict=True)]
    width = (exact[-1] - exact[0]) or 1
    return [LEFT + (each - exact[0]) / width * (WIDTH - LEFT - RIGHT) for each in exact]


def _chart(title: str, lines: Sequence[Line], points: Sequence[Point], places: Sequence[float], top: int) -> Markup:
    most = _round_up(max((value for line in lines for value in line.values if value is not None), default=1))
    bottom = top + PLOT

    def height(value: int) -> float:
        return bottom - value / most * (PLOT - 24)

    figures = (0, most // 2, most) if most > 1 else (0, most)
    grid = Markup("").join(_grid(value, height(value)) for value in figures)
    paths = Markup("").join(
        Markup('<path d="{}" stroke="{}"{}/>').format(
            _path(line.values, places, height),
            line.colour,
            Markup(' stroke-dasharray="{}"').format(line.dashes) if line.dashes else "",
        )
        for line in lines
    )
    ends = [(line, next((value for value in reversed(line.values) if value is not None), None)) for line in lines]
    labels = Markup("")
    lowest = top + 16.0
    for line, value in sorted(((line, value) for line, value in ends if value is not None), key=lambda end: -end[1]):
        y = max(height(value) + 4, lowest)
        lowest = y + 14
        labels += Markup('<text x="{}" y="{:.1f}" style="fill:{}">{} {}</text>').format(
            WIDTH - RIGHT + 8, y, line.colour, value, line.name
        )
    days = Markup("").join(
        Markup('<text class="small" x="{}" y="{}" text-anchor="{}">{}</text>').format(x, bottom + 16, anchor, point.on)
        for x, anchor, point in ((LEFT, "start", points[0]), (WIDTH - RIGHT, "end", points[-1]))
    )
    return Markup('<g><text class="sub" x="{}" y="{}">{}</text>{}{}{}{}</g>').format(
        LEFT, top + 8, _short(title, 80), grid, paths, labels, days
    )


def _grid(value: int, y: float) -> Markup:
    line = Markup('<line class="{}" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
        "grid" if value else "axis", LEFT, WIDTH - RIGHT, y, y
    )
    return line + Markup('<text class="small" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
        LEFT - 6, y + 4, value
    )


def _path(values: Sequence[int | None], places: Sequence[float], height: Callable[[int], float]) -> str:
    """Steps: what a commit found holds until the next; nothing is drawn where nothing is known."""
    words: list[str] = []
    before: float | None = None
    for value, x in zip(values, places, strict=True):
        if value is None:
            before = None
            continue
        y = height(value)
        words.append(f"M{x:.1f} {y:.1f}h.1" if before is None else f"H{x:.1f}" + ("" if y == before else f"V{y:.1f}"))
        before = y
    return "".join(words)


def _levels(points: Sequence[Point], top: int) -> tuple[Markup, int]:
    """A row for each zone and conduit with an SL-T: how many of its seven levels reach it, step by step. The vectors
    themselves are no one number (verdicts.md 9): they stand in the JSON and, cell by cell, in its title."""
    last = next((point for point in reversed(points) if not point.problem), None)
    rows = [unit for unit in last.units if unit.sl_target] if last else []
    if not rows:
        return Markup(""), top
    chosen = _steps(points)
    width = (WIDTH - LEFT - RIGHT) / max(len(chosen), 1)
    by_point = [{(unit.site, unit.kind, unit.id): unit for unit in point.units} for point in chosen]
    title = "SL-A (indicated): how many of the seven foundational requirements reach the SL-T"
    parts = [Markup('<text class="sub" x="{}" y="{}">{}</text>').format(LEFT, top + 8, title)]
    for number, unit in enumerate(rows[:MOST_ROWS]):
        y = top + 20 + number * ROW
        for index, (point, units) in enumerate(zip(chosen, by_point, strict=True)):
            found = units.get((unit.site, unit.kind, unit.id))
            parts.append(_cell(found, point, LEFT + index * width, y, width))
        parts.append(
            Markup('<text class="small" x="{}" y="{}">{}</text>').format(WIDTH - RIGHT + 8, y + 13, _short(unit.id, 22))
        )
    left_out = len(rows) - MOST_ROWS
    end = top + 20 + min(len(rows), MOST_ROWS) * ROW
    if left_out > 0:
        parts.append(
            Markup('<text class="small" x="{}" y="{}">and {} more, in the JSON</text>').format(LEFT, end + 14, left_out)
        )
    return Markup("<g>{}</g>").format(Markup("").join(parts)), end + 30


def _cell(unit: UnitLevels | None, point: Point, x: float, y: int, width: float) -> Markup:
    place = Markup('x="{:.1f}" y="{}" width="{:.1f}" height="{}"').format(x, y, width, ROW - 2)
    if unit is None or not unit.attested or not unit.sl_target:
        return Markup('<rect class="unknown" {}><title>{}: not known</title></rect>').format(place, point.on)
    reached = sum(level >= target for level, target in zip(unit.attested, unit.sl_target, strict=True))
    vectors = [" ".join(map(str, vector)) for vector in (unit.attested, unit.sl_target)]
    figure = Markup('<text class="small" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
        x + width / 2, y + 12, reached
    )
    return Markup('<g><title>{}: {} of {}</title><rect {} fill="{}" stroke="#fff"/>{}</g>').format(
        point.on, *vectors, place, SHADES[reached], figure if width >= 9 else ""
    )


def _steps(points: Sequence[Point]) -> list[Point]:
    """At most `MOST_STEPS` of them, evenly, with the last."""
    if len(points) <= MOST_STEPS:
        return list(points)
    return [points[round(number * (len(points) - 1) / (MOST_STEPS - 1))] for number in range(MOST_STEPS)]


def _round_up(value: int) -> int:
    """The next figure that reads well on an axis."""
    size = 1
    while size * 10 <= value:
        size *= 10
    return next(each * size for each in (1, 2, 4, 6, 8, 10) if each * size >= value) if value > 0 else 1


def _short(text: str, most: int) -> str:
    clean = visible(text)
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"
