"""The conclusions on a site, drawn again where a few subjects have changed: what rests on nothing that moved stays.

The same functions conclude as at first (conclude.py); only what they are asked is less. `before` has to be what
`conclude_site` gave for the same intent, mappings and bundle, on a date on which it still holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from plantproof.mappers.adopted import adoption_state, with_adoption
from plantproof.mappers.bindings import Asked, Key, answers_of, asked_of, bindings_of, key_of, unset_parameter
from plantproof.mappers.causes import group
from plantproof.mappers.conclude import found_in, unconfirmed, vectors_of
from plantproof.mappers.conclusions import FrameworkConclusions, SiteConclusions
from plantproof.mappers.findings import find
from plantproof.mappers.gaps import PartNames, parts_of
from plantproof.mappers.identity import canonical
from plantproof.mappers.levels import has_levels
from plantproof.mappers.parts import Grounds
from plantproof.mappers.policy_results import Silence, shown
from plantproof.mappers.removed import with_returned
from plantproof.mappers.standing import Remembered, Standing, with_moved
from plantproof.mappers.tallies import Unit
from plantproof.model.assessment import ControlFinding, Gap, LevelVectors, PolicyResult, Totals, UnitResult
from plantproof.model.intent import Intent, SelectedFramework
from plantproof.model.mapping import Mapping as Mapped
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Severity

Moved = Mapping[Key, Mapping[Unit, Totals]]


class Judging:
    """What must hold at one site, how it is decided, and on which day."""

    def __init__(self, intent: Intent, mappings: Sequence[Mapped], bundle: Bundle, on: str) -> None:
        self.intent, self.mappings, self.bundle, self.on = intent, mappings, bundle, on

    @cached_property
    def bindings(self) -> list[tuple[str, dict[str, Any]]]:
        """Every policy that is asked, with its parameters."""
        return bindings_of(self.mappings, self.intent, self.bundle)

    @cached_property
    def parts(self) -> PartNames:
        """Which control parts each of them answers."""
        return parts_of(self.intent, self.mappings, self.bundle)


def conclude_totals(
    judging: Judging, before: SiteConclusions, moved: Moved, silences: Mapping[Key, dict[str, Silence]]
) -> SiteConclusions:
    """The conclusions after totals have moved (`totals_moved`): controls, SL vectors, policies. `silences` are those of
    the policies of which other subjects have no verdict now. Gaps are still those of `before`. Raises ValueError where
    `before` does not say what it rests on."""
    if before.standing is None:
        raise ValueError(f"the conclusions on {before.site.id} do not say what they rest on")
    if not moved and not silences:
        return before
    standing = with_moved(before.standing, moved, silences)
    again = _Again(judging, before, standing, frozenset(moved))
    frameworks = [
        again.framework(framework, was)
        for framework, was in zip(judging.intent.frameworks, before.frameworks, strict=True)
    ]
    levels = again.levels(frameworks)
    site = msgspec.structs.replace(
        before.site,
        zones=[_with_levels(unit, levels) for unit in before.site.zones],
        conduits=[_with_levels(unit, levels) for unit in before.site.conduits],
    )
    policies = [_policy(each, moved, silences, before.site.id) for each in before.policies]
    return msgspec.structs.replace(before, site=site, frameworks=frameworks, policies=policies, standing=standing)


def conclude_gaps(
    judging: Judging,
    before: SiteConclusions,
    gaps: Sequence[Gap],
    canonical: Mapping[str, str],
    names: Mapping[str, str],
) -> SiteConclusions:
    """The conclusions with other gaps: causes, adoption, what stands on waivers, gaps of zones and conduits. `gaps` are
    all of the site, in the order of `gaps_of`; `canonical` maps merged ids; `names` are what people call zones. Which
    adopted gaps are not known any more stays as it is (`with_silent`)."""
    adopted = judging.intent.adopted.get(before.site.id)
    known = with_adoption(gaps, adopted, canonical, judging.on, judging.parts)
    grouped, causes = group(known, judging.bundle, names)
    by_waiver = Counter(gap.waiver for gap in grouped if gap.waiver)
    counts = Counter((Unit("zone", zone), gap.severity) for gap in grouped for zone in gap.zones)
    counts.update((Unit("conduit", conduit), gap.severity) for gap in grouped for conduit in gap.conduits)
    site = msgspec.structs.replace(
        before.site,
        zones=[_with_gaps(unit, counts) for unit in before.site.zones],
        conduits=[_with_gaps(unit, counts) for unit in before.site.conduits],
        waivers=[msgspec.structs.replace(each, gaps=by_waiver.get(each.id, 0)) for each in before.site.waivers],
        adopted=adoption_state(
            grouped, adopted, canonical, before.standing.unknown if before.standing else (), judging.parts
        ),
    )
    return msgspec.structs.replace(before, site=site, gaps=grouped, causes=causes)


def with_silent(before: SiteConclusions, silent: Collection[str]) -> SiteConclusions:
    """The conclusions where these adopted gaps, by their ids, are those that are not known any more."""
    adopted, standing = before.site.adopted, before.standing
    if adopted is None or standing is None or sorted(silent) == standing.unknown:
        return before
    return msgspec.structs.replace(
        before,
        site=msgspec.structs.replace(before.site, adopted=msgspec.structs.replace(adopted, unknown=len(silent))),
        standing=msgspec.structs.replace(standing, unknown=sorted(silent)),
    )


class _Again:
    """Findings of one site that rest on totals which moved, found again."""

    def __init__(self, judging: Judging, before: SiteConclusions, standing: Standing, moved: frozenset[Key]) -> None:
        self._judging = judging
        self._before = before
        self._moved = moved
        self._empty = frozenset(standing.empty)
        self._site = Unit("site", before.site.id)
        statements = Remembered(standing.spoken)
        totals = standing.totals_by_key()
        self._grounds = Grounds(self._site, judging.bundle, totals, statements, dict(standing.lifts), {}, {})
        self._waiting = unconfirmed(judging.intent.sites[before.site.id])

    def framework(self, framework: SelectedFramework, was: FrameworkConclusions) -> FrameworkConclusions:
        """The findings of a framework: those whose parts ask a policy with other totals are found again."""
        framework = with_returned(framework, self._judging.on)
        asked = {
            each.control.id: each
            for each in asked_of(framework, self._judging.mappings)
            if self._rests_on_moved(framework, each)
        }
        controls = [
            find(self._grounds, framework, asked[each.control], self._site, self._judging.on)
            if each.control in asked
            else each
            for each in was.controls
        ]
        units = [
            self._in_unit(framework, asked[each.control], each) if each.control in asked else each for each in was.units
        ]
        return FrameworkConclusions(framework=was.framework, profile=was.profile, controls=controls, units=units)

    def levels(self, frameworks: Sequence[FrameworkConclusions]) -> dict[Unit, LevelVectors]:
        """SL-A of the units in which a finding is another now."""
        for framework, was, now in zip(
            self._judging.intent.frameworks, self._before.frameworks, frameworks, strict=True
        ):
            if has_levels(framework):
                touched = {
                    Unit(new.unit_kind, new.unit)
                    for old, new in zip(was.units, now.units, strict=True)
                    if old is not new and old != new
                }
                findings = [each for each in now.units if Unit(each.unit_kind, each.unit) in touched]
                return vectors_of(framework, findings, self._judging.mappings, self._empty)
        return {}

    def _in_unit(self, framework: SelectedFramework, asked: Asked, was: ControlFinding) -> ControlFinding:
        unit = Unit(was.unit_kind, was.unit)
        confirmed = unit not in self._waiting
        found = found_in(self._grounds, framework, asked, unit, self._judging.on, confirmed=confirmed)
        return found if was.target == found.target else msgspec.structs.replace(found, target=was.target)

    def _rests_on_moved(self, framework: SelectedFramework, asked: Asked) -> bool:
        return any(
            answer.policy
            and not unset_parameter(part, framework)
            and key_of(answer, framework, self._judging.bundle) in self._moved
            for part in (asked.mapped.parts if asked.mapped else ())
            for answer in answers_of(part)
        )


def _with_levels(unit: UnitResult, levels: Mapping[Unit, LevelVectors]) -> UnitResult:
    found = levels.get(Unit(unit.kind, unit.id))
    return unit if found is None else msgspec.structs.replace(unit, sl_achieved=found)


def _with_gaps(unit: UnitResult, counts: Mapping[tuple[Unit, str], int]) -> UnitResult:
    of = Unit(unit.kind, unit.id)
    counted = {severity.value: counts.get((of, severity.value), 0) for severity in Severity}
    kept = {severity: many for severity, many in counted.items() if many}
    return msgspec.structs.replace(unit, gaps=sum(kept.values()), gaps_by_severity=kept)


def _policy(was: PolicyResult, moved: Moved, silences: Mapping[Key, Mapping[str, Silence]], site: str) -> PolicyResult:
    key = Key(was.policy, canonical(was.parameters))
    totals = was.totals + moved.get(key, {}).get(Unit("site", site), Totals())
    if key not in silences:
        return was if totals == was.totals else msgspec.structs.replace(was, totals=totals)
    reasons, examples = shown(silences[key])
    return msgspec.structs.replace(was, totals=totals, reasons=reasons, examples=examples)


def in_order(gaps: Iterable[Gap]) -> list[Gap]:
    """Gaps in the order of `gaps_of`: policy, parameters, subject."""
    return sorted(gaps, key=lambda gap: (gap.policy, canonical(gap.parameters), gap.subject))
