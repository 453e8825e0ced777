"""One site: observations become findings for every framework at once, security levels, gaps and causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from plantproof.mappers.adopted import adoption_state, closed_or_silent, with_adoption
from plantproof.mappers.adopted_silence import not_known
from plantproof.mappers.attestations import Statements, is_outside, states_of
from plantproof.mappers.bindings import Asked, Key, asked_of
from plantproof.mappers.causes import group
from plantproof.mappers.conclusions import FrameworkConclusions, SiteConclusions
from plantproof.mappers.findings import find
from plantproof.mappers.gaps import gaps_of, parts_of
from plantproof.mappers.levels import group_codes, has_levels, vector_of
from plantproof.mappers.parts import Grounds
from plantproof.mappers.policy_results import policy_results, silence_of
from plantproof.mappers.removed import with_returned
from plantproof.mappers.site_rows import asset_rows, crossing_rows, source_results
from plantproof.mappers.standing import standing_of
from plantproof.mappers.tallies import Tally, Unit, tallies_of
from plantproof.mappers.waivers import Waivers
from plantproof.model.assessment import ControlFinding, Gap, LevelBounds, LevelVectors, SiteResult, UnitResult
from plantproof.model.catalog import FOUNDATIONAL_REQUIREMENTS
from plantproof.model.draft import draft_words, unconfirmed_conduits, unconfirmed_zones
from plantproof.model.intent import Intent, SelectedFramework
from plantproof.model.mapping import Mapping as Mapped
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.site import Conduit, Site, Zone
from plantproof.model.vocabulary import Conclusion, Severity

__all__ = ["SiteConclusions", "conclude_site"]

DRAFT_INTENT = "draft intent: nobody has confirmed what belongs here"


def conclude_site(
    intent: Intent,
    mappings: Sequence[Mapped],
    bundle: Bundle,
    plant: Plant,
    observations: Iterable[Observations],
    on: str,
) -> SiteConclusions:
    """Everything that holds of one site on a date (YYYY-MM-DD), from the observations of every binding.

    The order of observations, mappings, waivers and attestations never matters. A binding without an observation leaves
    its answers not-assessed. Observations of another site are refused with ValueError: nothing crosses sites.
    """
    given = list(observations)
    if strangers := sorted({each.site for each in given} - {plant.site.id}):
        raise ValueError(f"observations of {', '.join(strangers)} given for site {plant.site.id}")
    tallies = tallies_of(plant, given)
    waivers = Waivers(intent.waivers, bundle, plant, tallies, on)
    site = Unit("site", plant.site.id)
    statements = Statements(plant, on)
    totals = {key: tally.totals for key, tally in tallies.items()}
    grounds = Grounds(site, bundle, totals, statements, waivers.lifts, {}, {})
    parts = parts_of(intent, mappings, bundle)
    found = gaps_of(plant, tallies, parts, bundle, waivers)
    adopted = intent.adopted.get(plant.site.id)
    known = with_adoption(found, adopted, plant.merged_ids, on, parts)
    gaps, causes = group(known, bundle, plant.names)
    left = closed_or_silent(adopted, gaps, plant.merged_ids, parts)
    silent = not_known(left, plant, tallies, parts, bundle)

    frameworks = [_framework(grounds, framework, mappings, plant, on) for framework in intent.frameworks]
    leading = next(
        (
            (framework, found)
            for framework, found in zip(intent.frameworks, frameworks, strict=True)
            if has_levels(framework)
        ),
        None,
    )
    counts = _counts(plant, gaps)
    empty = frozenset(unit for unit, _ in _units(plant) if counts.empty(unit))
    vectors = vectors_of(leading[0], leading[1].units, mappings, empty) if leading else {}
    known_policies = _known(tallies, bundle)
    silences = {key: silence_of(plant, tally.observations) for key, tally in known_policies.items()}
    by_waiver = Counter(gap.waiver for gap in gaps if gap.waiver)
    return SiteConclusions(
        site=SiteResult(
            id=plant.site.id,
            title=plant.site.title,
            fictional=plant.site.fictional,
            owner=plant.site.owner,
            draft=draft_words(plant.site),
            zones=[_zone(plant, zone, vectors, counts) for zone in plant.site.zones],
            conduits=[_conduit(plant, conduit, vectors, counts) for conduit in plant.site.conduits],
            sources=source_results(plant.sources),
            assets=asset_rows(plant, gaps),
            attestations=states_of(plant, on),
            waivers=waivers.states(by_waiver),
            crossings=crossing_rows(plant),
            adopted=adoption_state(gaps, adopted, plant.merged_ids, silent, parts),
            essential_functions={each.id: each.title for each in plant.site.essential_functions},
            remarks=[str(each) for each in plant.remarks],
        ),
        frameworks=frameworks,
        policies=policy_results(plant, silences, known_policies, parts, bundle),
        gaps=gaps,
        causes=causes,
        lapses=plant.lapses,
        standing=standing_of(tallies, silences, waivers.lifts, statements, sorted(empty), plant.subjects, silent),
    )


class Counts(NamedTuple):
    """Assets, and gaps by severity, of each zone and conduit."""

    assets: Counter[Unit]
    gaps: Counter[tuple[Unit, str]]
    crossings: Counter[str]
    """By conduit."""

    def empty(self, unit: Unit) -> bool:
        """Whether no subject is expected in a zone or conduit: no asset, and for a conduit nothing that crosses."""
        return not self.assets[unit] and not (unit.kind == "conduit" and self.crossings[unit.id])

    def by_severity(self, unit: Unit) -> dict[str, int]:
        """The most severe first, only those that there are."""
        found = {severity.value: self.gaps[unit, severity.value] for severity in Severity}
        return {severity: many for severity, many in found.items() if many}


def _counts(plant: Plant, gaps: Sequence[Gap]) -> Counts:
    counts = Counts(Counter(), Counter(), Counter())
    crossings = plant.tables.get("crossing")
    if crossings:
        counts.crossings.update(conduit for conduits in crossings.conduits for conduit in conduits)
    table = plant.tables.get("asset")
    if table:
        # Most assets stand where many others stand: each place is taken apart once.
        for (zones, conduits), many in Counter(zip(table.zones, table.conduits, strict=True)).items():
            for unit in (*(Unit("zone", each) for each in zones), *(Unit("conduit", each) for each in conduits)):
                counts.assets[unit] += many
    counts.gaps.update((Unit("zone", zone), gap.severity) for gap in gaps for zone in gap.zones)
    counts.gaps.update((Unit("conduit", conduit), gap.severity) for gap in gaps for conduit in gap.conduits)
    return counts


def _framework(
    grounds: Grounds, framework: SelectedFramework, mappings: Sequence[Mapped], plant: Plant, on: str
) -> FrameworkConclusions:
    framework = with_returned(framework, on)
    asked = list(asked_of(framework, mappings))
    selected = {control.id for control in framework.controls}
    units: list[ControlFinding] = []
    if has_levels(framework):
        codes = group_codes(framework)
        waiting = unconfirmed(plant.site)
        for unit, target in _units(plant):
            for each in asked:
                finding = found_in(grounds, framework, each, unit, on, confirmed=unit not in waiting)
                aimed = _aimed(each, target, codes, selected)
                units.append(finding if aimed else msgspec.structs.replace(finding, target=False))
    return FrameworkConclusions(
        framework=framework.catalog.id,
        profile=framework.profile.id,
        controls=[find(grounds, framework, each, grounds.site, on) for each in asked if each.control.id in selected],
        units=units,
    )


def found_in(
    grounds: Grounds, framework: SelectedFramework, asked: Asked, unit: Unit, on: str, *, confirmed: bool
) -> ControlFinding:
    """The finding on a control in a zone or conduit; `confirmed`: somebody has confirmed what belongs there."""
    finding = find(grounds, framework, asked, unit, on)
    return finding if confirmed else _withheld(finding)


def _units(plant: Plant) -> list[tuple[Unit, list[int] | None]]:
    # An external zone without SL-T is outside the system under consideration: nothing is achieved there (62443-3-2).
    return [
        *((Unit("zone", zone.id), _target(zone)) for zone in plant.site.zones if not is_outside(zone, plant)),
        *((Unit("conduit", conduit.id), _target(conduit)) for conduit in plant.site.conduits),
    ]


def _target(unit: Zone | Conduit) -> list[int] | None:
    """The SL-T; none where nobody has confirmed what it would be the target of: it may not lower what is asked."""
    return list(unit.sl_target) if unit.sl_target and not unit.unconfirmed else None


def unconfirmed(site: Site) -> frozenset[Unit]:
    """The zones and conduits of which nobody has confirmed what they are."""
    zones, conduits = unconfirmed_zones(site), unconfirmed_conduits(site)
    return frozenset({*(Unit("zone", each) for each in zones), *(Unit("conduit", each) for each in conduits)})


def _withheld(finding: ControlFinding) -> ControlFinding:
    """A finding in a zone or conduit that nobody has confirmed: what is in it is a guess, so nothing is satisfied
    there. A failure stands, and so does what the profile rules out."""
    satisfied, open_ = Conclusion.SATISFIED, Conclusion.NOT_ASSESSED
    views = {view: getattr(finding, view) for view in ("conclusion", "tested", "compensated")}
    withheld = {view: open_ if found is satisfied else found for view, found in views.items()}
    parts = [
        msgspec.structs.replace(part, conclusion=open_, tested=False, why=DRAFT_INTENT)
        if part.conclusion is satisfied
        else part
        for part in finding.parts
    ]
    why = DRAFT_INTENT if finding.conclusion is satisfied else finding.why
    answered = sum(part.conclusion in (satisfied, Conclusion.NOT_SATISFIED) for part in parts)
    return msgspec.structs.replace(finding, **withheld, parts=parts, parts_answered=answered, why=why)


def _aimed(asked: Asked, target: list[int] | None, codes: dict[str, str], selected: set[str]) -> bool:
    """Whether a unit has to meet a requirement: by its SL-T where it has one, else by the profile's selection."""
    control = asked.control
    code = codes.get(control.group, control.group)
    if target is None or code not in FOUNDATIONAL_REQUIREMENTS or control.level is None:
        return control.id in selected
    return control.level <= target[FOUNDATIONAL_REQUIREMENTS.index(code)]


def vectors_of(
    framework: SelectedFramework,
    units: Iterable[ControlFinding],
    mappings: Sequence[Mapped],
    empty: Collection[Unit],
) -> dict[Unit, LevelVectors]:
    """SL-A of every unit in three views; in those of `empty` nobody is expected."""
    by_unit: dict[Unit, list[ControlFinding]] = {}
    for finding in units:
        by_unit.setdefault(Unit(finding.unit_kind, finding.unit), []).append(finding)
    requirements = [asked.control for asked in asked_of(framework, mappings)]
    known: dict[tuple[bool, tuple[tuple[str, Conclusion], ...]], list[LevelBounds]] = {}

    def vector(unit: Unit, view: str) -> list[LevelBounds]:
        # The three views mostly conclude the same, and so do units in which nothing is to be seen.
        conclusions = {each.control: getattr(each, view) for each in by_unit[unit]}
        key = unit in empty, tuple(conclusions.items())
        if key not in known:
            known[key] = vector_of(framework, requirements, conclusions, empty=unit in empty)
        return known[key]

    return {
        unit: LevelVectors(
            tested=vector(unit, "tested"),
            attested=vector(unit, "conclusion"),
            compensated=vector(unit, "compensated"),
        )
        for unit in by_unit
    }


def _zone(plant: Plant, zone: Zone, vectors: Mapping[Unit, LevelVectors], counts: Counts) -> UnitResult:
    unit = Unit("zone", zone.id)
    counted = counts.by_severity(unit)
    return UnitResult(
        site=plant.site.id,
        kind="zone",
        id=zone.id,
        title=zone.title,
        purdue_level=zone.purdue_level,
        zone_kind=zone.kind,
        owner=zone.owner or plant.site.owner,
        criticality=zone.criticality or "",
        assets=counts.assets[unit],
        sl_target=_target(zone),
        sl_achieved=vectors.get(unit),
        gaps=sum(counted.values()),
        gaps_by_severity=counted,
        essential_functions=list(zone.essential_functions),
        unconfirmed=zone.unconfirmed,
    )


def _conduit(plant: Plant, conduit: Conduit, vectors: Mapping[Unit, LevelVectors], counts: Counts) -> UnitResult:
    unit = Unit("conduit", conduit.id)
    counted = counts.by_severity(unit)
    return UnitResult(
        site=plant.site.id,
        kind="conduit",
        id=conduit.id,
        title=conduit.title,
        owner=conduit.owner or plant.site.owner,
        assets=counts.assets[unit],
        zones=list(conduit.zones),
        sl_target=_target(conduit),
        sl_achieved=vectors.get(unit),
        gaps=sum(counted.values()),
        gaps_by_severity=counted,
        unconfirmed=Unit("conduit", conduit.id) in unconfirmed(plant.site),
    )


def _known(tallies: Mapping[Key, Tally], bundle: Bundle) -> dict[Key, Tally]:
    return {key: tally for key, tally in tallies.items() if key.policy in bundle.policies}
