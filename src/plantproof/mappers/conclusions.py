"""What one site comes to: everything that the final sum over sites needs, and nothing of another site."""

from __future__ import annotations

import msgspec

from plantproof.mappers.standing import Standing
from plantproof.model.assessment import Cause, ControlFinding, Gap, PolicyResult, SiteResult, Value
from plantproof.model.steady import Steady


class FrameworkConclusions(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The findings of one framework with one profile: of the site, and of its zones and conduits."""

    framework: str
    profile: str
    controls: list[ControlFinding]
    units: list[ControlFinding] = []


class SiteConclusions(msgspec.Struct, frozen=True, kw_only=True):
    """All conclusions on one site."""

    site: SiteResult
    frameworks: list[FrameworkConclusions]
    policies: list[PolicyResult]
    gaps: list[Gap]
    causes: list[Cause]
    lapses: tuple[tuple[str, str], ...] = ()
    standing: Standing | None = None
    """The sums that all of this rests on; None where somebody else concluded."""
    steady: Steady | None = None
    """Between which days all of this holds, evidence and intent being the same; None where nobody has asked."""
