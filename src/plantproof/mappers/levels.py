"""SL-A (indicated): the bounds of one foundational requirement in one unit (verdicts.md 9 and 10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from plantproof.model.assessment import LevelBounds
from plantproof.model.catalog import FOUNDATIONAL_REQUIREMENTS
from plantproof.model.intent import SelectedControl, SelectedFramework
from plantproof.model.vocabulary import Conclusion

HIGHEST = 4
SATISFIED, NOT_SATISFIED = Conclusion.SATISFIED, Conclusion.NOT_SATISFIED


class Requirement(NamedTuple):
    """One requirement as SL-A sees it: its level, the range that sources give for it, and the conclusion on it."""

    id: str
    level: int
    lowest: int
    highest: int
    conclusion: Conclusion
    low_confidence: bool = False


def bounds_of(requirements: Iterable[Requirement]) -> LevelBounds:
    """Lower: the highest L such that every applicable requirement at or below L is satisfied. Upper: the highest L with
    none of them not-satisfied. Not-applicable requirements do not count.

    A level at or below which nothing was asked is not reached: a lower bound above 0 rests on at least one satisfied
    requirement, so that an empty unit is [0, 4]. The contested bounds are the extremes over every choice of a level
    within the contested ranges; they are given only where they differ.
    """
    asked = sorted(
        (each for each in requirements if each.conclusion is not Conclusion.NOT_APPLICABLE),
        key=lambda each: (each.level, each.id),
    )
    lower = _lower((each.level, each.conclusion is SATISFIED) for each in asked)
    upper = _upper(each.level for each in asked if each.conclusion is NOT_SATISFIED)
    # Lowest when what is open counts early and what is met counts late; highest when every failure counts late.
    contested_lower = _lower(
        (each.highest, True) if each.conclusion is SATISFIED else (each.lowest, False) for each in asked
    )
    contested_upper = _upper(each.highest for each in asked if each.conclusion is NOT_SATISFIED)
    contested = (contested_lower, contested_upper) != (lower, upper)
    # A requirement may move up by its range while others stay, so the next level may be met over a part of the range.
    return LevelBounds(
        lower=lower,
        upper=upper,
        contested_lower=contested_lower if contested else None,
        contested_upper=contested_upper if contested else None,
        blocked_by=[each.id for each in asked if each.conclusion is NOT_SATISFIED and each.level <= upper + 1],
        unknown=[
            each.id
            for each in asked
            if each.conclusion is Conclusion.NOT_ASSESSED and each.level <= min(lower + 1, HIGHEST)
        ],
        low_confidence=[
            each.id for each in asked if each.low_confidence and each.conclusion is SATISFIED and each.level <= lower
        ],
    )


def vector_of(
    framework: SelectedFramework,
    requirements: Sequence[SelectedControl],
    conclusions: dict[str, Conclusion],
    *,
    empty: bool = False,
) -> list[LevelBounds]:
    """The seven bounds of a unit, in the order of FOUNDATIONAL_REQUIREMENTS. A requirement without a conclusion is
    not-assessed; one without a level cannot be placed and does not count. An `empty` unit, of which no subject is
    expected, reaches no level, whatever is said of the site around it: nothing in it has achieved anything."""
    by_group: dict[str, list[Requirement]] = {code: [] for code in FOUNDATIONAL_REQUIREMENTS}
    codes = group_codes(framework)
    for control in requirements:
        code = codes.get(control.group, control.group)
        if control.level is None or code not in by_group:
            continue
        lowest, highest = control.contested or (control.level, control.level)
        by_group[code].append(
            Requirement(
                control.id,
                control.level,
                min(lowest, control.level),
                max(highest, control.level),
                conclusions.get(control.id, Conclusion.NOT_ASSESSED),
                control.confidence == "low",
            )
        )
    bounds = [bounds_of(by_group[code]) for code in FOUNDATIONAL_REQUIREMENTS]
    if not empty:
        return bounds
    return [_unreached(each, by_group[code]) for each, code in zip(bounds, FOUNDATIONAL_REQUIREMENTS, strict=True)]


def _unreached(bounds: LevelBounds, requirements: Iterable[Requirement]) -> LevelBounds:
    first = sorted(each.id for each in requirements if each.level == 1 and each.conclusion is not NOT_SATISFIED)
    contested = None if bounds.contested_upper is None or bounds.contested_upper == bounds.upper else 0
    return msgspec.structs.replace(
        bounds,
        lower=0,
        contested_lower=contested,
        contested_upper=None if contested is None else bounds.contested_upper,
        unknown=first,
        low_confidence=[],
    )


def group_codes(framework: SelectedFramework) -> dict[str, str]:
    """The code (IAC, UC, ...) of each group of a catalog, by the group's id."""
    return {group.id: group.code for group in framework.catalog.groups if group.code}


def has_levels(framework: SelectedFramework) -> bool:
    """Whether SL-A can rest on this catalog: its groups are the seven foundational requirements, with levels."""
    codes = set(group_codes(framework).values())
    return codes.issuperset(FOUNDATIONAL_REQUIREMENTS) and any(
        control.level is not None for control in framework.all_controls
    )


def _lower(requirements: Iterable[tuple[int, bool]]) -> int:
    met, open_at = HIGHEST + 1, HIGHEST + 1
    for level, satisfied in requirements:
        if satisfied:
            met = min(met, level)
        else:
            open_at = min(open_at, level)
    reached = max(open_at - 1, 0)
    return reached if met <= reached else 0


def _upper(failing: Iterable[int]) -> int:
    return max(min(failing, default=HIGHEST + 1) - 1, 0)
