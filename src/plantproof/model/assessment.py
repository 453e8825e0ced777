"""Conclusions: findings on controls, security levels, gaps, and the assessment that holds them all."""

from __future__ import annotations

from typing import Any, Literal

from plantproof.model.policy import Violation
from plantproof.model.site_rows import AdoptionState as AdoptionState
from plantproof.model.site_rows import AssetRow as AssetRow
from plantproof.model.site_rows import AttestationState as AttestationState
from plantproof.model.site_rows import CrossingRow as CrossingRow
from plantproof.model.site_rows import SourceResult as SourceResult
from plantproof.model.site_rows import WaiverState as WaiverState
from plantproof.model.value import Value as Value
from plantproof.model.vocabulary import Conclusion


class Totals(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Subjects by outcome. Totals add: `sum(totals, Totals())` rolls zones up into sites.

    `tested` of the passes rest on config, active or passive evidence; the rest is declared or attested.
    """

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    no_evidence: int = 0
    error: int = 0
    tested: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            not_applicable=self.not_applicable + other.not_applicable,
            no_evidence=self.no_evidence + other.no_evidence,
            error=self.error + other.error,
            tested=self.tested + other.tested,
        )

    @property
    def expected(self) -> int:
        """Subjects to which the question applies."""
        return self.passed + self.failed + self.no_evidence + self.error


class AnswerResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What one policy or attestation topic says to a part, in one unit (a zone, a conduit, the site)."""

    policy: str = ""
    parameters: dict[str, Any] = {}
    attestation: str = ""
    coverage: Literal["full", "partial"]
    leaves_out: str = ""
    conclusion: Conclusion
    tested: bool = False
    claimed: bool = False
    """An owner's word about his own work (verdicts.md 14)."""
    totals: Totals = Totals()
    why: str = ""
    site: str = ""
    """Whose answer this is, in a finding over several sites; else the finding's own site."""


class PartResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    asks: str
    scope: str
    aspect: str
    conclusion: Conclusion
    tested: bool = False
    """Satisfied by tested answers alone."""
    answers: list[AnswerResult] = []
    objectives: list[str] = []
    why: str = ""


class ControlFinding(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The conclusion on one control in one unit. `unit_kind` is site, zone or conduit."""

    control: str
    title: str
    site: str
    unit_kind: Literal["site", "zone", "conduit"]
    unit: str
    conclusion: Conclusion
    tested: Conclusion
    """The conclusion from tested evidence alone."""
    compensated: Conclusion
    """The conclusion with compensating countermeasures in force."""
    totals: Totals = Totals()
    parts: list[PartResult] = []
    parts_total: int = 0
    parts_answered: int = 0
    objectives_total: int = 0
    objectives_answered: int = 0
    indicated_by: list[str] = []
    why: str = ""
    tailored: str = ""
    target: bool = True


class LevelBounds(Value, frozen=True, kw_only=True, omit_defaults=True):
    """SL-A (indicated) of one foundational requirement: the bounds, and what blocks the next level.

    `contested` holds the bounds over the contested range of the requirements' levels where they differ
    (verdicts.md 10).
    """

    lower: int
    upper: int
    contested_lower: int | None = None
    contested_upper: int | None = None
    blocked_by: list[str] = []
    """Not-satisfied requirements that hold the upper bound down."""
    unknown: list[str] = []
    """Not-assessed requirements that hold the lower bound down."""
    low_confidence: list[str] = []
    """Satisfied requirements that the lower bound rests on, whose level is known with low confidence only."""


class LevelVectors(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Three ways to show SL-A (verdicts.md 9), each a list of seven in the order of FOUNDATIONAL_REQUIREMENTS."""

    tested: list[LevelBounds]
    attested: list[LevelBounds]
    compensated: list[LevelBounds]


class UnitResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A zone or a conduit of a site."""

    site: str
    kind: Literal["zone", "conduit"]
    id: str
    title: str
    purdue_level: float | None = None
    zone_kind: str = ""
    owner: str = ""
    criticality: str = ""
    assets: int = 0
    zones: list[str] = []
    """Of a conduit: the zones it joins."""
    sl_target: list[int] | None = None
    sl_achieved: LevelVectors | None = None
    gaps: int = 0
    gaps_by_severity: dict[str, int] = {}
    essential_functions: list[str] = []
    unconfirmed: bool = False
    """Proposed, and confirmed by nobody: nothing is satisfied in it."""


class EvidenceLink(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The trace of an observation: record, then line of the raw file, then commit and collector."""

    source: str
    record: str
    record_line: int
    raw: str = ""
    raw_line: int = 0
    pointer: str = ""


class Gap(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One failing observation: a policy with parameters on a subject, and the control parts it stands against.

    `id` is the stable identity: name-based over site, policy, parameters, subject; `findings` maps each control part
    (`framework/control/part`) to the id of that finding.
    """

    id: str
    site: str
    policy: str
    parameters: dict[str, Any] = {}
    subject: str
    subject_kind: str
    name: str
    asset: str = ""
    device: str = ""
    """What people call the asset, where the subject is not the asset itself."""
    zones: list[str] = []
    conduits: list[str] = []
    severity: str
    criterion: str
    violations: list[Violation]
    cause: str
    """Key of the `Cause` that this gap belongs to."""
    findings: dict[str, str] = {}
    evidence: list[EvidenceLink] = []
    method: str = ""
    waiver: str = ""
    waiver_state: str = ""
    """in-force, expired, not-valid, or nothing."""
    compensated: bool = False
    adopted: str = ""
    """adopted, overdue (its review was due before), worse (more than was adopted), or nothing."""
    owner: str = ""
    opened_by: list[str] = []
    """Of a crossing: the firewall rules that open it or the senders that were seen, by name."""
    review: str = ""
    """Words like "engineering and safety review" where the policy may affect an essential function of the zone."""


class Cause(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Gaps with one cause: same policy and same wording, or one device or template behind them."""

    key: str
    site: str
    policy: str
    title: str
    severity: str
    gaps: int
    zones: list[str]
    action: str
    window: str
    interim: str
    share: float = 0.0
    review: str = ""
    """Who has to agree first, since the repair may affect an essential function; "" for nobody."""


class PolicyResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One policy with parameters over the whole site."""

    site: str
    policy: str
    parameters: dict[str, Any] = {}
    title: str
    description: str
    severity: str
    subject: str
    path: str
    totals: Totals
    reasons: dict[str, int] = {}
    """Reason -> how many subjects have no evidence, or an error, for it."""
    examples: dict[str, list[str]] = {}
    """Reason -> up to five subjects by name, with the detail."""
    controls: list[str] = []


class RemovedControl(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A requirement that the profile takes out, as long as that is justified."""

    control: str
    title: str
    reason: str
    approver: str
    review_by: str


class FrameworkResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One framework as one profile selects it, over all sites."""

    framework: str
    title: str
    edition: str
    notice: str = ""
    profile: str
    profile_title: str
    conclusions: dict[str, int]
    """Conclusion -> number of selected controls (site level); they add up to `selected`."""
    tested: dict[str, int]
    selected: int
    removed: list[RemovedControl] = []
    controls: list[ControlFinding]
    units: list[ControlFinding] = []
    """IEC 62443: findings per zone and conduit."""


class Provenance(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What an assessment rests on."""

    tool_version: str
    engine: str
    engine_version: str
    content_version: str
    content_hash: str
    commit: str
    """The commit, or "" for the working tree."""
    commit_date: str = ""
    commit_signed: str = ""
    working_tree: bool = False
    as_of: str
    lapses_on: str = ""
    lapses: list[list[str]] = []
    """[date, what lapses], the next ones first."""
    overrides: list[str] = []
    plugins: list[str] = []


class SiteResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    title: str
    fictional: bool
    owner: str
    draft: str = ""
    """What of the site's intent nobody has confirmed yet, in words; "" where all of it stands."""
    zones: list[UnitResult]
    conduits: list[UnitResult]
    sources: list[SourceResult]
    assets: list[AssetRow]
    attestations: list[AttestationState]
    waivers: list[WaiverState]
    crossings: list[CrossingRow]
    essential_functions: dict[str, str] = {}
    adopted: AdoptionState | None = None
    remarks: list[str] = []
    """What is odd in evidence and intent and stops nothing, each with its place, sorted."""


class Assessment(Value, frozen=True, kw_only=True, omit_defaults=True):
    """All findings at one commit, on one date. A pure function of both, of content, tool and engine."""

    schema: Literal["plantproof/assessment/1"]
    title: str
    provenance: Provenance
    frameworks: list[FrameworkResult]
    sites: list[SiteResult]
    policies: list[PolicyResult]
    gaps: list[Gap]
    causes: list[Cause]
