"""The parts of the view that belong to no one site: controls, levels, gaps, causes."""

from __future__ import annotations

import msgspec

from plantproof.model.assessment import RemovedControl
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
    site: str
    """Whose answer this is; empty where the finding is of one site."""


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


class FrameworkHead(Shown, frozen=True, kw_only=True):
    """A framework by its counts."""

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
    removed: int
    """Requirements that the profile takes out."""
    counts: list[Count]
    tested: list[Count]
    sentence: str


class FrameworkView(FrameworkHead, frozen=True, kw_only=True):
    """A framework with its controls."""

    groups: list[ControlGroup]
    taken_out: list[RemovedControl]


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
    adopted: Status | None
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
    """Of all gaps."""
    site_share: str
    """Of the gaps of its site."""
    where: str
    """The title of its site; "" where there is one only."""
    zones: list[Named]
    action: str
    window: str
    interim: str
    review: str
    owners: list[str]
    gap_ids: list[str]
