"""A project over its commits, in the formats of `report history`."""

from __future__ import annotations

from collections.abc import Callable

from plantproof.files import encode_json
from plantproof.model.history import History, Point
from plantproof.model.vocabulary import Severity
from plantproof.text import visible


def as_json(history: History) -> bytes:
    """Schema plantproof/history/1, canonical and indented."""
    return encode_json(history, indent=2)


def as_svg(history: History) -> bytes:
    """One drawing of it."""
    from plantproof.reports.history_svg import draw_history

    return draw_history(history)


def as_text(history: History) -> bytes:
    """A line for each commit, oldest first."""
    return "".join(f"{_line(point)}\n" for point in history.points).encode()


FORMATS: dict[str, Callable[[History], bytes]] = {"json": as_json, "svg": as_svg, "text": as_text}


def _line(point: Point) -> str:
    start = f"{point.on} {point.commit[:12]}"
    if point.problem:
        return f"{start}  not judged: {visible(point.problem)}"
    gaps = " ".join(f"{severity.value} {point.gaps.get(severity, 0)}" for severity in Severity)
    controls = "; ".join(
        f"{each.framework} {each.satisfied}/{each.not_satisfied}/{each.not_assessed}" for each in point.frameworks
    )
    errors = f"  {point.errors} policies not evaluated" if point.errors else ""
    return f"{start}  {gaps}  {visible(controls)}{errors}  {visible(point.subject)[:60]}"
