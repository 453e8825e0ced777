"""What became of every control and every security level of a site between two revisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.assessment import ControlFinding, LevelBounds, LevelVectors, UnitResult
from plantproof.model.catalog import FOUNDATIONAL_REQUIREMENTS
from plantproof.model.moves import ControlMove, GapMove, LevelMove, Status
from plantproof.model.vocabulary import Conclusion

_VIEWS: tuple[Literal["tested", "attested", "compensated"], ...] = ("tested", "attested", "compensated")
_Place = tuple[str, str, str, str, str]


def control_moves(base: SiteConclusions, head: SiteConclusions, moved: Sequence[GapMove] = ()) -> list[ControlMove]:
    """The controls whose conclusion differs, of the site and of its zones and conduits, in the order of frameworks.

    A control that only one side judges (a zone that is new or gone) has no move: nothing can be compared.
    """
    titles = {
        unit.id: unit.title for unit in (*base.site.zones, *base.site.conduits, *head.site.zones, *head.site.conduits)
    }
    standing: dict[str, list[str]] = {}
    for move in moved:
        for part in move.gap.findings:
            framework, control = part.split("/")[:2]
            standing.setdefault(f"{framework}/{control}", []).append(move.gap.id)
    before = dict(_findings(base))
    moves = []
    for place, finding in _findings(head):
        old = before.get(place)
        if old is None or old.conclusion is finding.conclusion:
            continue
        framework, profile = place[:2]
        moves.append(
            ControlMove(
                status=conclusion_status(old.conclusion, finding.conclusion),
                framework=framework,
                profile=profile,
                control=finding.control,
                title=finding.title,
                site=head.site.id,
                unit_kind=finding.unit_kind,
                unit=finding.unit,
                unit_title=titles.get(finding.unit, "") if finding.unit_kind != "site" else head.site.title,
                was=old.conclusion.value,
                now=finding.conclusion.value,
                totals_was=old.totals,
                totals_now=finding.totals,
                why=finding.why,
                gaps=standing.get(f"{framework}/{finding.control}", []),
            )
        )
    return moves


def conclusion_status(was: Conclusion, now: Conclusion) -> Status:
    """What a change of conclusion is. From known to not assessed is never better, whatever it was."""
    if now is Conclusion.NOT_ASSESSED:
        return "unknown-now"
    if now is Conclusion.NOT_SATISFIED:
        return "known-now" if was is Conclusion.NOT_ASSESSED else "worse"
    if was is Conclusion.NOT_ASSESSED:
        return "known-now"
    return "better" if was is Conclusion.NOT_SATISFIED else "changed"


def level_moves(base: SiteConclusions, head: SiteConclusions) -> list[LevelMove]:
    """SL-A (indicated) by zone and conduit, foundational requirement and view, wherever a bound differs."""
    before = {(unit.kind, unit.id): unit for unit in (*base.site.zones, *base.site.conduits)}
    moves: list[LevelMove] = []
    for unit in (*head.site.zones, *head.site.conduits):
        old = before.get((unit.kind, unit.id))
        if old is not None and old.sl_achieved is not None and unit.sl_achieved is not None:
            moves += _of_unit(old.sl_achieved, unit.sl_achieved, old, unit)
    there = {(unit.kind, unit.id) for unit in (*head.site.zones, *head.site.conduits)}
    for place in sorted(before.keys() - there):
        moves += _taken_out(before[place])
    return moves


def _taken_out(unit: UnitResult) -> Iterator[LevelMove]:
    """A zone or conduit that is no longer designed: whatever was shown of it is not known any more."""
    for view in _VIEWS if unit.sl_achieved is not None else ():
        for number, requirement in enumerate(FOUNDATIONAL_REQUIREMENTS):
            old: LevelBounds = getattr(unit.sl_achieved, view)[number]
            nothing = msgspec.structs.replace(old, lower=0, upper=4)
            if (old.lower, old.upper) != (nothing.lower, nothing.upper):
                yield LevelMove(
                    status="unknown-now",
                    site=unit.site,
                    unit_kind=unit.kind,
                    unit=unit.id,
                    unit_title=f"{unit.title} (taken out)",
                    requirement=requirement,
                    view=view,
                    target=unit.sl_target[number] if unit.sl_target else None,
                    was=old,
                    now=nothing,
                    lost=old.lower > 0,
                )


def _of_unit(was: LevelVectors, now: LevelVectors, before: UnitResult, unit: UnitResult) -> Iterator[LevelMove]:
    for view in _VIEWS:
        for number, requirement in enumerate(FOUNDATIONAL_REQUIREMENTS):
            old: LevelBounds = getattr(was, view)[number]
            new: LevelBounds = getattr(now, view)[number]
            if (old.lower, old.upper) == (new.lower, new.upper):
                continue
            # A target that the change lowers is still the one that could be lost.
            targets = [each.sl_target[number] for each in (before, unit) if each.sl_target]
            target = unit.sl_target[number] if unit.sl_target else None
            yield LevelMove(
                status=_level_status(old, new),
                site=unit.site,
                unit_kind=unit.kind,
                unit=unit.id,
                unit_title=unit.title,
                requirement=requirement,
                view=view,
                target=target,
                was=old,
                now=new,
                lost=new.lower < old.lower or any(new.upper < each <= old.upper for each in targets),
            )


def _level_status(old: LevelBounds, new: LevelBounds) -> Status:
    lower, upper = new.lower - old.lower, new.upper - old.upper
    if lower <= 0 and upper <= 0:
        return "worse"
    if lower >= 0 and upper >= 0:
        return "better"
    # The bounds moved apart: less is known. Together: more is.
    return "unknown-now" if lower < 0 else "known-now"


def _findings(site: SiteConclusions) -> Iterator[tuple[_Place, ControlFinding]]:
    for framework in site.frameworks:
        for finding in (*framework.controls, *framework.units):
            yield (framework.framework, framework.profile, finding.control, finding.unit_kind, finding.unit), finding
