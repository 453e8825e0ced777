"""What of the conclusions on sites is followed over time, and its sum over the sites of one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.parts import worst
from plantproof.model.assessment import LevelBounds, UnitResult
from plantproof.model.history import FrameworkCount, SiteFramework, SitePoint, UnitLevels
from plantproof.model.vocabulary import Conclusion, Severity


def site_point(found: SiteConclusions) -> SitePoint:
    """What is followed of one site."""
    gaps = Counter(gap.severity for gap in found.gaps)
    return SitePoint(
        site=found.site.id,
        gaps={severity.value: gaps[severity.value] for severity in Severity},
        waived=sum(gap.waiver_state == "in-force" for gap in found.gaps),
        adopted=sum(gap.adopted == "adopted" for gap in found.gaps),
        errors=sum(policy.totals.error > 0 for policy in found.policies),
        frameworks=[
            SiteFramework(
                framework=each.framework,
                profile=each.profile,
                controls={finding.control: finding.conclusion for finding in each.controls},
            )
            for each in found.frameworks
        ],
        units=[_levels(unit) for unit in (*found.site.zones, *found.site.conduits)],
    )


def summed_gaps(points: Iterable[SitePoint]) -> dict[str, int]:
    """Gaps by severity over sites."""
    total: Counter[str] = Counter()
    for point in points:
        total.update(point.gaps)
    return {severity.value: total[severity.value] for severity in Severity}


def framework_counts(points: Sequence[SitePoint]) -> list[FrameworkCount]:
    """Controls by conclusion over sites, in the order of the frameworks: a control is the worst of its sites."""
    controls: dict[tuple[str, str], dict[str, list[Conclusion]]] = {}
    for point in points:
        for framework in point.frameworks:
            of_framework = controls.setdefault((framework.framework, framework.profile), {})
            for control, conclusion in framework.controls.items():
                of_framework.setdefault(control, []).append(conclusion)
    found = []
    for (name, profile), of_framework in controls.items():
        counts = Counter(worst(conclusions) for conclusions in of_framework.values())
        found.append(
            FrameworkCount(
                framework=name,
                profile=profile,
                satisfied=counts[Conclusion.SATISFIED],
                not_satisfied=counts[Conclusion.NOT_SATISFIED],
                not_assessed=counts[Conclusion.NOT_ASSESSED],
                not_applicable=counts[Conclusion.NOT_APPLICABLE],
            )
        )
    return found


def _levels(unit: UnitResult) -> UnitLevels:
    achieved = unit.sl_achieved
    return UnitLevels(
        site=unit.site,
        kind=unit.kind,
        id=unit.id,
        title=unit.title,
        sl_target=unit.sl_target,
        attested=_lower(achieved.attested) if achieved else [],
        tested=_lower(achieved.tested) if achieved else [],
    )


def _lower(bounds: Iterable[LevelBounds]) -> list[int]:
    return [each.lower for each in bounds]
