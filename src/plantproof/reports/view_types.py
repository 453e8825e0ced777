"""What all reporters read. Every count, share, order, grouping and word is decided; a reporter only lays out."""

from __future__ import annotations

import msgspec

from plantproof.reports.words import Status


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is shown."""


class Fact(Shown, frozen=True, kw_only=True):
    """One label with its value."""

    label: str
    value: str


class Count(Shown, frozen=True, kw_only=True):
    """How many stand how, with the share in words."""

    status: Status
    count: int
    share: str


class TotalsView(Shown, frozen=True, kw_only=True):
    """Subjects by outcome, in words ("16 pass, 1 fails, 2 without evidence") and as numbers."""

    passed: int
    failed: int
    no_evidence: int
    error: int
    not_applicable: int
    expected: int
    sentence: str
    tested_share: str


class AnswerView(Shown, frozen=True, kw_only=True):
    policy: str
    parameters: str
    attestation: str
    coverage: str
    status: Status
    strength: str
    totals: TotalsView
    why: str


class PartView(Shown, frozen=True, kw_only=True):
    id: str
    asks: str
    scope: str
    status: Status
    strength: str
    answers: list[AnswerView]
    objectives: list[str]
    why: str


class FindingView(Shown, frozen=True, kw_only=True):
    """One control in one unit (the site, a zone, a conduit)."""

    control: str
    title: str
    site: str
    unit_kind: str
    unit: str
    unit_title: str
    status: Status
    tested: Status
    compensated: Status
    totals: TotalsView
    parts: list[PartView]
    answered: str
    indicated_by: list[str]
    why: str
    tailored: str
    target: bool


class ControlView(Shown, frozen=True, kw_only=True):
    """One control of one framework: its findings per site, then per zone and conduit."""

    framework: str
    id: str
    title: str
    status: Status
    tested: Status
    answered: str
    why: str
    tailored: str
    findings: list[FindingView]
    units: list[FindingView]
    gaps: list[str]
    gap_count: int


class ControlGroup(Shown, frozen=True, kw_only=True):
    """Controls that stand alike, worst first."""

    status: Status
    controls: list[ControlView]


class FrameworkView(Shown, frozen=True, kw_only=True):
    key: str
    framework: str
    title: str
    edition: str
    heading: str
    short: str
    """The name by which people know it: `IEC 62443-3-3`, `NIST SP 800-53`."""
    notice: str
    profile: str
    profile_title: str
    selected: int
    counts: list[Count]
    tested: list[Count]
    sentence: str
    groups: list[ControlGroup]


class Range(Shown, frozen=True, kw_only=True):
    """The bounds of one level with the status against the target."""

    lower: int
    upper: int
    text: str
    contested: str
    status: Status


class LevelRow(Shown, frozen=True, kw_only=True):
    """One foundational requirement: SL-T, and SL-A (indicated) shown three ways."""

    code: str
    title: str
    target: int | None
    tested: Range
    attested: Range
    compensated: Range
    blocked_by: list[str]
    unknown: list[str]


class LevelsView(Shown, frozen=True, kw_only=True):
    """SL-T against SL-A (indicated) of a zone or conduit, as seven rows and as vectors in text."""

    rows: list[LevelRow]
    has_target: bool
    target: str
    tested: str
    attested: str
    compensated: str
    short: int
    open: int
    met: int
    status: Status
    counts: str
    """`4 short of the target, 3 not known`."""
    sentence: str


class CauseCount(Shown, frozen=True, kw_only=True):
    key: str
    title: str
    severity: Status
    count: int


class Named(Shown, frozen=True, kw_only=True):
    """Something with an id and the name by which the plant knows it."""

    id: str
    title: str


class UnitView(Shown, frozen=True, kw_only=True):
    """A zone or a conduit."""

    site: str
    kind: str
    id: str
    title: str
    level: float | None
    level_label: str
    kind_label: str
    zone_kind: str
    owner: str
    criticality: str
    assets: int
    levels: LevelsView | None
    gaps: int
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


class ViolationView(Shown, frozen=True, kw_only=True):
    message: str
    field: str
    seen: str
    expected: str


class Trace(Shown, frozen=True, kw_only=True):
    """From the record to the raw file, the commit and the collector."""

    source: str
    record: str
    record_place: str
    raw_place: str
    pointer: str
    collected: str
    commit: str


class Against(Shown, frozen=True, kw_only=True):
    """A control part that a gap stands against, and the id of that finding."""

    framework: str
    title: str
    control: str
    part: str
    finding: str


class GapView(Shown, frozen=True, kw_only=True):
    id: str
    site: str
    policy: str
    parameters: str
    subject: str
    subject_kind: str
    name: str
    asset: str
    """The name by which the plant knows it."""
    asset_id: str
    zones: list[Named]
    conduits: list[Named]
    severity: Status
    criterion: str
    violations: list[ViolationView]
    cause: str
    against: list[Against]
    evidence: list[Trace]
    method: str
    tested: bool
    waiver: str
    waiver_status: Status | None
    compensated: bool
    owner: str
    review: str


class CauseView(Shown, frozen=True, kw_only=True):
    """What one piece of work would close."""

    key: str
    site: str
    policy: str
    title: str
    severity: Status
    gaps: int
    share: str
    zones: list[Named]
    action: str
    window: str
    interim: str
    reviews: list[str]
    owners: list[str]
    gap_ids: list[str]


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
    claimed: bool
    statement: str
    scope: list[str]


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
    stale: list[SourceView]
    lapsed_waivers: list[WaiverView]
    asset_count: int
    summary: str
