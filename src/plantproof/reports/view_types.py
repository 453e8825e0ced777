"""What all reporters read. Every count, share, order, grouping and word is decided; a reporter only lays out."""

from __future__ import annotations

from plantproof.reports.view_parts import (
    Against,
    CauseCount,
    CauseView,
    Count,
    Fact,
    FrameworkView,
    GapView,
    Shown,
    TotalsView,
)
from plantproof.reports.view_site_types import (
    AssetView,
    AttestationView,
    CrossingView,
    SourceView,
    UnitView,
    WaiverView,
)
from plantproof.reports.words import Status


class ReasonView(Shown, frozen=True, kw_only=True):
    """Why subjects have no verdict: silence has names."""

    reason: str
    count: int
    examples: list[str]


class PolicyView(Shown, frozen=True, kw_only=True):
    key: str
    site: str
    policy: str
    parameters: str
    title: str
    description: str
    severity: Status
    subject: str
    path: str
    totals: TotalsView
    reasons: list[ReasonView]
    controls: list[Against]
    causes: list[CauseCount]


class SiteView(Shown, frozen=True, kw_only=True):
    id: str
    title: str
    fictional: bool
    owner: str
    zones: list[UnitView]
    """By Purdue level, from the office down to the process."""
    worst: list[UnitView]
    """The same zones, those furthest from their target first."""
    conduits: list[UnitView]
    sources: list[SourceView]
    assets: list[AssetView]
    attestations: list[AttestationView]
    waivers: list[WaiverView]
    adopted: str
    """What became of what was adopted, in one line; "" where nothing was."""
    shadows: list[CrossingView]
    """Crossings that no conduit allows."""
    gaps: int


class View(Shown, frozen=True, kw_only=True):
    """One assessment, ready to be laid out."""

    title: str
    banners: list[str]
    notices: list[str]
    """What the frameworks' publishers and sources ask to be said."""
    rests_on: list[Fact]
    as_of: str
    lapses_on: str
    lapses: list[Fact]
    frameworks: list[FrameworkView]
    sites: list[SiteView]
    causes: list[CauseView]
    gaps: list[GapView]
    policies: list[PolicyView]
    severities: list[Count]
    missing: list[ReasonView]
    """No-evidence and errors over all policies, most frequent first."""
    remarks: list[str]
    """What is odd in evidence and intent and stops nothing."""
    stale: list[SourceView]
    lapsed_waivers: list[WaiverView]
    asset_count: int
    summary: str
