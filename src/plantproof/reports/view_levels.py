"""SL-T against SL-A (indicated): the vector of seven, shown three ways, never as one number (verdicts.md 9)."""

from __future__ import annotations

from plantproof.model.assessment import LevelBounds, LevelVectors
from plantproof.model.catalog import FOUNDATIONAL_REQUIREMENTS
from plantproof.reports.view_parts import LevelRow, LevelsView, Range
from plantproof.reports.words import FOUNDATIONAL, LEVEL_STATES, counted

_UNKNOWN = LevelBounds(lower=0, upper=4)
"""No expected subject: not assessed, [0, 4]."""


def level_state(bounds: LevelBounds, target: int | None) -> str:
    """How bounds stand against a target: met, contested (met by some sources of levels only), open, short, none."""
    if not target:
        return "none"
    low = bounds.lower if bounds.contested_lower is None else min(bounds.lower, bounds.contested_lower)
    best_low = bounds.lower if bounds.contested_lower is None else max(bounds.lower, bounds.contested_lower)
    if low >= target:
        return "met"
    if best_low >= target:
        return "contested"
    return "short" if bounds.upper < target else "open"


def build_levels(target: list[int] | None, achieved: LevelVectors | None) -> LevelsView | None:
    """The levels of one zone or conduit; nothing where it has neither a target nor an indication."""
    if target is None and achieved is None:
        return None
    ways = [_seven(getattr(achieved, way) if achieved else []) for way in ("tested", "attested", "compensated")]
    rows = [
        LevelRow(
            code=code,
            title=FOUNDATIONAL[code],
            target=target[index] if target else None,
            tested=_range(ways[0][index], target[index] if target else None),
            attested=_range(ways[1][index], target[index] if target else None),
            compensated=_range(ways[2][index], target[index] if target else None),
            blocked_by=list(ways[1][index].blocked_by),
            unknown=list(ways[1][index].unknown),
        )
        for index, code in enumerate(FOUNDATIONAL_REQUIREMENTS)
    ]
    states = [level_state(ways[1][index], target[index] if target else None) for index in range(7)]
    short, unknown = states.count("short"), states.count("open")
    met = states.count("met") + states.count("contested")
    state = (
        "none"
        if not target
        else "short"
        if short
        else "open"
        if unknown
        else "contested"
        if "contested" in states
        else "met"
    )
    said = [
        (short, "short of the target"),
        (unknown, "not known"),
        (met, "met"),
        (states.count("none"), "without target"),
    ]
    counts = ", ".join(f"{n} {word}" for n, word in said if n)
    return LevelsView(
        rows=rows,
        has_target=bool(target),
        target=_vector([str(level) for level in target]) if target else "no target set",
        tested=_vector([row.tested.text for row in rows]),
        attested=_vector([row.attested.text for row in rows]),
        compensated=_vector([row.compensated.text for row in rows]),
        short=short,
        open=unknown,
        met=met,
        status=LEVEL_STATES[state],
        counts=counts,
        sentence=f"Of {counted(7, 'foundational requirement')}: {counts}",
    )


def _seven(bounds: list[LevelBounds]) -> list[LevelBounds]:
    return [*bounds, *[_UNKNOWN] * 7][:7]


def _vector(levels: list[str]) -> str:
    return f"({' '.join(levels)})"


def _range(bounds: LevelBounds, target: int | None) -> Range:
    contested = ""
    if bounds.contested_lower is not None or bounds.contested_upper is not None:
        low = bounds.lower if bounds.contested_lower is None else bounds.contested_lower
        high = bounds.upper if bounds.contested_upper is None else bounds.contested_upper
        contested = _text(low, high)
    return Range(
        lower=bounds.lower,
        upper=bounds.upper,
        text=_text(bounds.lower, bounds.upper),
        contested=contested,
        status=LEVEL_STATES[level_state(bounds, target)],
    )


def _text(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"
