"""Draw what a change costs, from build/bench.json of `make bench`, as docs/images/cost-of-change.svg.

Two panels, both axes logarithmic: seconds against the size of the change in the largest plant that was measured, and
against the size of the plant where ten records change.

plot_costs.py [BENCH.json [PICTURE.svg]]
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "build" / "bench.json"
PICTURE = ROOT / "docs" / "images" / "cost-of-change.svg"

WIDTH, HEIGHT, LEFT, TOP, PANEL, GAP, TALL = 960, 440, 64, 82, 330, 96, 270
STYLES = {
    "opa eval": ("#8a4b08", "2 4", "square"),
    "check --no-cache": ("#5b5f66", "8 4", "square"),
    "diff": ("#0b6b53", "", "round"),
    "diff --cache": ("#0b6b53", "3 3", "round"),
    "check --cache": ("#1f4fbf", "", "round"),
    "check --cache, text": ("#1f4fbf", "3 3", "round"),
}
"""Colour, dashes and marks of each tool: they differ without colour too. In the order of the legend."""

USUAL = 10


class Curve(NamedTuple):
    """What one tool took: (size, seconds), by size."""

    tool: str
    points: list[tuple[int, float]]


class Panel(NamedTuple):
    """One of the two plots."""

    title: str
    axis: str
    curves: list[Curve]


def panels(costs: Sequence[Mapping[str, Any]]) -> list[Panel]:
    """By the size of the change in the largest plant, and by the size of the plant. Raises ValueError for no points."""
    if not costs:
        raise ValueError("there are no costs to draw: `python -m benchmarks --only costs` measures them")
    largest = max(point["assets"] for point in costs)
    changes = [(point["records"], point) for point in costs if point["assets"] == largest]
    plants = [(point["assets"], point) for point in costs if point["records"] == USUAL]
    return [
        Panel(f"{largest:,} assets", "records that changed", list(_curves(changes, level=True))),
        Panel(f"{USUAL} records changed", "assets of the plant", list(_curves(plants))),
    ]


def _curves(points: Sequence[tuple[int, Mapping[str, Any]]], *, level: bool = False) -> Iterator[Curve]:
    """`level`: a tool that was asked once, for it judges all whatever changed, stays where it is."""
    for tool in STYLES:
        found = [(size, point["tools"][tool]["seconds"]) for size, point in points if tool in point["tools"]]
        if level and len(found) == 1:
            found = [(size, found[0][1]) for size, _ in points]
        if found:
            yield Curve(tool, sorted(found))


def draw(bench: Mapping[str, Any]) -> str:
    """The picture. Same figures, same bytes."""
    plots = panels(bench.get("costs", ()))
    seconds = [each for plot in plots for curve in plot.curves for _, each in curve.points]
    low, high = (round_up(math.log10(min(seconds)) - 1), round_up(math.log10(max(seconds))))
    machine = bench["machine"]
    told = f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}"
    load = f"load {machine['load_at_start']} at the start, {bench['load_at_end']} at the end"
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            'aria-labelledby="title told" font-family="system-ui, sans-serif" font-size="13">'
        ),
        '<title id="title">Seconds that a change costs</title>',
        f'<desc id="told">{escape(in_words(plots))}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 26, "Seconds from process start to exit", "start", size=15),
        _text(LEFT, 44, f"{told}; {load}", "start", fill="#5b5f66"),
    ]
    for number, plot in enumerate(plots):
        parts += _panel(plot, LEFT + number * (PANEL + GAP), low, high)
    parts += _legend([curve.tool for curve in plots[0].curves])
    return "\n".join([*parts, "</svg>", ""])


def round_up(value: float) -> int:
    """The next whole number that is not below."""
    return math.ceil(round(value, 9))


def in_words(plots: Sequence[Panel]) -> str:
    """The curves for those who do not see them."""
    return " ".join(
        f"{plot.title}, by {plot.axis}: "
        + "; ".join(
            f"{curve.tool} " + ", ".join(f"{size:,}: {seconds:.2f} s" for size, seconds in curve.points)
            for curve in plot.curves
        )
        + "."
        for plot in plots
    )


def _panel(plot: Panel, left: int, low: int, high: int) -> Iterator[str]:
    sizes = [size for curve in plot.curves for size, _ in curve.points]
    first, last = math.log10(min(sizes)), math.log10(max(sizes))
    wide = (last - first) or 1.0

    def across(size: int) -> float:
        return round(left + PANEL * (math.log10(size) - first) / wide, 1)

    def down(seconds: float) -> float:
        return round(TOP + TALL * (high - math.log10(seconds)) / (high - low), 1)

    yield _text(left, TOP - 8, plot.title, "start")
    for power in range(low, high + 1):
        y = down(10.0**power)
        yield f'<line x1="{left}" x2="{left + PANEL}" y1="{y}" y2="{y}" stroke="#d8dbe0"/>'
        yield _text(left - 8, y + 4, f"{10.0**power:g}", "end")
    for size in sorted(set(sizes)):
        yield _text(across(size), TOP + TALL + 20, f"{size:,}", "middle")
    yield _text(left + PANEL / 2, TOP + TALL + 40, plot.axis, "middle", fill="#5b5f66")
    for curve in plot.curves:
        colour, dashes, mark = STYLES[curve.tool]
        places = [(across(size), down(seconds)) for size, seconds in curve.points]
        line = " ".join(f"{x},{y}" for x, y in places)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'
        for (x, y), (size, seconds) in zip(places, curve.points, strict=True):
            yield _mark(x, y, colour, mark, f"{curve.tool}, {size:,}: {seconds:.2f} s")


def _mark(x: float, y: float, colour: str, mark: str, told: str) -> str:
    title = f"<title>{escape(told)}</title>"
    if mark == "round":
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}">{title}</circle>'
    return f'<rect x="{round(x - 4, 1)}" y="{round(y - 4, 1)}" width="8" height="8" fill="{colour}">{title}</rect>'


def _legend(tools: Sequence[str]) -> Iterator[str]:
    step = (WIDTH - LEFT) // max(len(tools), 1)
    for number, tool in enumerate(tools):
        colour, dashes, mark = STYLES[tool]
        x, y = LEFT + number * step, HEIGHT - 20
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<line x1="{x}" x2="{x + 24}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"{dashed}/>'
        yield _mark(x + 12, y, colour, mark, tool)
        yield _text(x + 30, y + 4, tool, "start", size=12)


def _text(x: float, y: float, text: str, anchor: str, *, size: int = 13, fill: str = "#1c1e21") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{fill}">{escape(text)}</text>'


def main() -> None:
    """The command line; see the module's docstring."""
    given = [Path(each) for each in sys.argv[1:]]
    bench, picture = (given + [BENCH, PICTURE][len(given) :])[:2]
    try:
        drawn = draw(json.loads(bench.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        sys.exit(f"{bench}: {error}")
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(drawn, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
