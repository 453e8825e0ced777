"""The tables of a site as reports show them: sources, assets, waivers, attestations, crossings."""

from __future__ import annotations

from typing import Any, Literal

from plantproof.model.value import Value


class SourceResult(Value, frozen=True, kw_only=True, omit_defaults=True):
    site: str
    name: str
    format: str
    tool: str = ""
    tool_version: str = ""
    steps: str = ""
    collected_at: str
    collected_by: str
    state: Literal["fresh", "partly-stale", "stale"]
    fresh_until: dict[str, str] = {}
    stale_since: dict[str, str] = {}
    covers: list[str] = []
    vantage: str = ""
    records: dict[str, int] = {}
    raw: list[dict[str, Any]] = []
    rows: int = 0
    not_understood: int = 0
    remarks: list[str] = []
    """What was kept as it is and looks odd, with its place in the raw file."""
    redacted: int = 0
    custody_path: str
    sha256: dict[str, str] = {}
    commit: str = ""
    """The commit that last changed the source's folder, where it is known."""


class AssetRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the asset table."""

    site: str
    id: str
    name: str
    role: str = ""
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    zones: list[str] = []
    placement: str = ""
    criticality: str = ""
    sources: list[str] = []
    fresh: bool = True
    gaps: int = 0
    worst: str = ""
    disputed: list[str] = []


class WaiverState(Value, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    site: str
    kind: str
    policy: str
    subjects: list[str]
    controls: list[str]
    reason: str
    owner: str
    approver: str
    approved: str
    expires: str
    state: Literal["in-force", "expired", "not-valid"]
    why: str = ""
    gaps: int = 0
    compensated: bool = False


class AdoptionState(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What became of the adopted gaps of a site: `adopted` of them, `open` still there, `unknown` not known any more,
    the others closed; `new` gaps that came since."""

    by: str
    on: str
    adopted: int
    open: int
    worse: int = 0
    overdue: int = 0
    new: int = 0
    unknown: int = 0

    @property
    def closed(self) -> int:
        """Those that are known to be in order, gone or retired."""
        return self.adopted - self.open - self.unknown


class AttestationState(Value, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    site: str
    topic: str
    who: str
    role: str = ""
    method: str
    date: str
    expires: str
    outcome: str
    state: Literal["in-force", "expired", "not-yet", "not-valid"]
    why: str = ""
    """Why it is not valid: in favour, it satisfies nothing."""
    claimed: bool = False
    statement: str = ""
    scope: list[str] = []


class CrossingRow(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Between which zones something passes or may pass, for the drawing and the conduit pages."""

    site: str
    src_zone: str
    dst_zone: str
    service: str
    conduit: str = ""
    kind: str = ""
    """observed or permitted."""
    name: str = ""
