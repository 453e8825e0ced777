"""An assessment made by hand: an invented plant of three zones, so that reports can be read without a pipeline.

Everything in it is fictional. The figures add up, as those of a real assessment must: tests of `verify` rely on it.
"""

from __future__ import annotations

from msgspec.structs import replace
from tests.support.example_frameworks import FRAMEWORKS
from tests.support.example_gaps import CAUSES, GAPS, POLICIES
from tests.support.example_site import SITES

from plantproof.model.assessment import (
    Assessment,
    Provenance,
)

PROVENANCE = Provenance(
    tool_version="0.1.0",
    engine="embedded",
    engine_version="0.13.0",
    content_version="2026.1",
    content_hash="sha256:" + "5e" * 32,
    commit="c0ffee1234567890c0ffee1234567890c0ffee12",
    commit_date="2026-03-02T14:05:00Z",
    commit_signed="not signed",
    as_of="2026-03-02",
    lapses_on="2026-03-09",
    lapses=[
        ["2026-03-09", "evidence fw-exports becomes too old for firewall_rule"],
        ["2026-03-31", "attestation badge-audit expires"],
        ["2026-06-30", "waiver filler-plc-shared-login expires"],
    ],
    overrides=["policies/zones/no_any_rule: our firewalls log any-any as a canary (approved 2026-01-10)"],
    plugins=[],
)


def example() -> Assessment:
    """The invented plant, as assessed on an invented day."""
    return Assessment(
        schema="plantproof/assessment/1",
        title="Bottling North: self-assessment",
        provenance=PROVENANCE,
        frameworks=FRAMEWORKS,
        sites=SITES,
        policies=POLICIES,
        gaps=GAPS,
        causes=CAUSES,
    )


def two_sites() -> Assessment:
    """The invented plant and a second of the same kind, Bottling South: four gaps there from one cause in eight zones.
    Only gaps and causes fit together, not the conclusions on controls."""
    given, name = example(), "bottling-south"
    units = {
        kind: [replace(unit, site=name) for unit in getattr(given.sites[0], kind)] for kind in ("zones", "conduits")
    }
    assets = [replace(asset, site=name, id=f"south-{asset.id}") for asset in given.sites[0].assets]
    south = replace(given.sites[0], id=name, title="Bottling South", assets=assets, **units)
    first = given.causes[0]
    gaps = [replace(gap, id=f"south-{gap.id}", site=name, cause=first.key) for gap in given.gaps]
    cause = replace(first, site=name, gaps=len(gaps), zones=[f"zone-{number}" for number in range(1, 9)], share=0.5)
    north = [replace(each, share=each.gaps / (2 * len(gaps))) for each in given.causes]
    return replace(given, sites=[*given.sites, south], gaps=[*given.gaps, *gaps], causes=[*north, cause])
