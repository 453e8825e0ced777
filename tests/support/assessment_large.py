"""The invented plant made large: many assets and gaps, for what must stay fast."""

from __future__ import annotations

import msgspec
from tests.support.assessment_example import example
from tests.support.example_names import SITE

from plantproof.model.assessment import Assessment, Totals

ZONES = ("filling-cell", "plant-dmz", "office")
SEVERITIES = ("critical", "high", "medium", "low")


def large(assets: int, gaps: int) -> Assessment:
    """An assessment with so many assets and gaps, from 40 causes, whose figures add up."""
    small = example()
    replace = msgspec.structs.replace
    template = small.gaps[0]
    many = [
        replace(
            template,
            id=f"gap-{number:06d}",
            subject=f"rule:fw-{number % 500}/{number}",
            name=f"fw-{number % 500} rule {number}",
            asset=f"asset-{number % assets}",
            zones=[ZONES[number % 3]],
            conduits=[],
            severity=SEVERITIES[number % 40 % 4],
            cause=f"cause-{number % 40}",
            parameters={"variant": number % 40},
            waiver="",
            waiver_state="",
        )
        for number in range(gaps)
    ]
    causes = [
        replace(
            small.causes[0],
            key=f"cause-{number}",
            title=f"Template {number} is too open",
            severity=SEVERITIES[number % 4],
            gaps=len(range(number, gaps, 40)),
            zones=list(ZONES),
            share=len(range(number, gaps, 40)) / gaps,
        )
        for number in range(min(40, gaps))
    ]
    policies = [
        replace(
            small.policies[2],
            parameters={"variant": number},
            totals=Totals(failed=len(range(number, gaps, 40))),
        )
        for number in range(min(40, gaps))
    ]
    site = small.sites[0]
    rows = [
        replace(
            site.assets[number % len(site.assets)],
            id=f"asset-{number}",
            name=f"device-{number:06d}",
            gaps=len(range(number, gaps, assets)),
            worst="",
        )
        for number in range(assets)
    ]
    units = []
    for zone in site.zones:
        own = [gap for gap in many if gap.zones == [zone.id]]
        severities = {word: sum(1 for gap in own if gap.severity == word) for word in SEVERITIES}
        units.append(replace(zone, gaps=len(own), gaps_by_severity=severities))
    conduits = [replace(conduit, gaps=0, gaps_by_severity={}) for conduit in site.conduits]
    assert site.id == SITE
    return replace(
        small,
        gaps=many,
        causes=causes,
        policies=policies,
        sites=[replace(site, assets=rows, zones=units, conduits=conduits)],
    )
