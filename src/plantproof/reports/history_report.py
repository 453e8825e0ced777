"""A project over its commits, in the formats of `report history`."""

from __future__ import annotations

from collections.abc import Callable

from plantproof.files import encode_json
from plantproof.model.history import History, Point
from plantproof.model.vocabulary import Severity
from plantproof.text import shown, visible


def as_json(history: History) -> bytes:
    """Schema plantproof/history/1, canonical and indented."""
    return encode_json(history, indent=2)


def as_svg(history: History) -> bytes:
    """One drawing of it."""
    from plantproof.reports.history_svg import draw_history

    return draw_history(history)


def as_text(history: History) -> bytes:
    """A table at the width of a terminal, oldest first: gaps by severity, controls of all frameworks by conclusion."""
    numbers = ("crit", "high", "med", "low", "sat", "not")
    head = f"{'day':<10} {'commit':<8} {' '.join(f'{name:>4}' for name in numbers)} {'open':>5}  subject"
    lines = [head, *(_line(point) for point in history.points), _LEGEND]
    return "".join(f"{line}\n" for line in lines).encode()


_LEGEND = "sat, not, open: controls of all frameworks that are satisfied, not satisfied, not assessed"
_SUBJECT = 26
"""Characters of a subject: the rest of eighty columns."""

FORMATS: dict[str, Callable[[History], bytes]] = {"json": as_json, "svg": as_svg, "text": as_text}


def _line(point: Point) -> str:
    start = f"{point.on:<10} {point.commit[:8]}"
    if point.problem:
        return f"{start} not judged: {visible(point.problem)}"
    gaps = " ".join(f"{point.gaps.get(severity, 0):>4}" for severity in Severity)
    satisfied, failing, unknown = (
        sum(getattr(each, name) for each in point.frameworks) for name in ("satisfied", "not_satisfied", "not_assessed")
    )
    errors = f"{point.errors} policies not evaluated; " if point.errors else ""
    return f"{start} {gaps} {satisfied:>4} {failing:>4} {unknown:>5}  {errors}{shown(point.subject, _SUBJECT)}"
