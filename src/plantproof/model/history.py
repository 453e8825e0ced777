"""Findings, gaps and security levels over the commits of a project: what `report history` hands out."""

from __future__ import annotations

from typing import Literal

from plantproof.model.value import Value
from plantproof.model.vocabulary import Conclusion


class UnitLevels(Value, frozen=True, kw_only=True, omit_defaults=True):
    """SL-A (indicated) of a zone or conduit: the lower bound of each foundational requirement, with attestations and
    from tests alone."""

    site: str
    kind: Literal["zone", "conduit"]
    id: str
    title: str
    sl_target: list[int] | None = None
    attested: list[int] = []
    tested: list[int] = []


class SiteFramework(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The conclusion on every selected control at one site."""

    framework: str
    profile: str
    controls: dict[str, Conclusion]


class SitePoint(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One site at one commit, as far as it is followed over time."""

    site: str
    gaps: dict[str, int]
    """Severity -> gaps, whatever was waived or adopted."""
    waived: int = 0
    adopted: int = 0
    errors: int = 0
    """Policies that could not be evaluated."""
    frameworks: list[SiteFramework]
    units: list[UnitLevels]


class FrameworkCount(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Selected controls by conclusion; a control over several sites is the worst of them."""

    framework: str
    profile: str
    satisfied: int = 0
    not_satisfied: int = 0
    not_assessed: int = 0
    not_applicable: int = 0


class Point(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The project at one commit, judged on the commit's own day.

    `problem` says why it could not be judged: then nothing else is known of it, and nothing is assumed.
    """

    commit: str
    committed: str
    on: str
    author: str
    subject: str
    problem: str = ""
    gaps: dict[str, int] = {}
    waived: int = 0
    adopted: int = 0
    errors: int = 0
    frameworks: list[FrameworkCount] = []
    units: list[UnitLevels] = []


class History(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A project over its commits, oldest first; every commit by its own controls, policies and mappings, and by the
    content of this installation."""

    schema: Literal["plantproof/history/1"]
    title: str
    sites: list[str]
    """The sites that were asked for; empty for all that there were at each commit."""
    tool_version: str
    engine: str
    engine_version: str
    content_version: str
    content_hash: str
    points: list[Point]
