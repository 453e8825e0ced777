"""What the view says of a site: zones, conduits, sources, assets, waivers, attestations."""

from __future__ import annotations

from plantproof.reports.view_parts import CauseCount, Count, Fact, FindingView, LevelsView, Named, Shown
from plantproof.reports.words import Status


class UnitHead(Shown, frozen=True, kw_only=True):
    """A zone or a conduit by its levels and the number of its gaps."""

    site: str
    kind: str
    id: str
    title: str
    level_label: str
    levels: LevelsView | None
    gaps: int


class UnitView(UnitHead, frozen=True, kw_only=True):
    """A zone or a conduit."""

    level: float | None
    kind_label: str
    zone_kind: str
    owner: str
    criticality: str
    assets: int
    severities: list[Count]
    causes: list[CauseCount]
    gap_ids: list[str]
    joins: list[Named]
    """Of a conduit the zones that it joins, of a zone the conduits that end in it."""
    crossings: list[CrossingView]
    functions: list[str]
    findings: list[FindingView]


class CrossingView(Shown, frozen=True, kw_only=True):
    """Something that passes between two zones."""

    source: Named
    target: Named
    service: str
    conduit: str
    kind: str
    name: str


class SourceView(Shown, frozen=True, kw_only=True):
    site: str
    name: str
    status: Status
    facts: list[Fact]
    collected_at: str
    collected_by: str
    kinds: list[SourceKind]
    records: int
    raw: list[RawView]
    hashes: list[Fact]
    covers: list[str]
    not_understood: int
    redacted: int
    ages: str


class SourceKind(Shown, frozen=True, kw_only=True):
    kind: str
    records: int
    age: str
    status: Status


class RawView(Shown, frozen=True, kw_only=True):
    path: str
    size: str
    rows: str
    sha256: str


class AssetView(Shown, frozen=True, kw_only=True):
    site: str
    id: str
    name: str
    role: str
    product: str
    firmware: str
    zones: str
    criticality: str
    sources: str
    remarks: str
    gaps: int
    worst: str


class WaiverView(Shown, frozen=True, kw_only=True):
    site: str
    id: str
    kind: str
    policy: str
    subjects: list[str]
    controls: list[str]
    reason: str
    people: str
    dates: str
    status: Status
    why: str
    gaps: int
    compensated: bool


class AttestationView(Shown, frozen=True, kw_only=True):
    site: str
    id: str
    topic: str
    who: str
    method: str
    dates: str
    outcome: str
    status: Status
    why: str
    claimed: bool
    statement: str
    scope: list[str]
