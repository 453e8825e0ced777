"""What a change does to compliance: two commits judged on one date by the judge of the base, side by side."""

from __future__ import annotations

from typing import Any, Literal

from plantproof.model.approvals import SignOff
from plantproof.model.impact import Impact
from plantproof.model.moves import Brought, ControlMove, Counts, GapMove, LevelMove, LostSight, StatementMove
from plantproof.model.paths import PathChange
from plantproof.model.value import Value
from plantproof.model.ways_out import WayOut


class ValueChange(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One value of a file that people write, before and after; None where it was not there, or is no longer."""

    path: str
    line: int = 0
    pointer: str
    """Readable: `conduits[scada-fill].permitted`."""
    was: Any = None
    now: Any = None


class IntentChange(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A change of the design intent of a site, with what it moves by itself.

    `masked` are gaps that the evidence of this change opens or takes out of sight, and that do not show because the
    same change edits the intent: a path and the conduit that permits it in one merge request. `masked_lost` are
    subjects that passed, likewise.
    """

    site: str
    path: str
    values: list[ValueChange] = []
    opened: int = 0
    closed: int = 0
    masked: list[GapMove] = []
    masked_lost: list[LostSight] = []


class JudgeChange(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A change of what judges: never used on the change that brings it, only shown with what it would move."""

    kind: Literal[
        "waiver", "adopted", "approved", "profile", "catalog", "policy", "mapping", "programme", "project", "content"
    ]
    path: str
    how: Literal["added", "removed", "edited"]
    title: str = ""
    values: list[ValueChange] = []


class JudgeMoves(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What the change's own judge would say otherwise, over the policies that it judges otherwise."""

    changes: list[JudgeChange] = []
    counts: Counts = Counts()
    moves: list[GapMove] = []
    unknown: list[LostSight] = []
    words: list[str] = []
    """In words, the most telling first: `lockout from 5 to 10: 3 gaps would close`."""
    not_evaluated: str = ""
    """Why the change's own judge could not be asked."""


class Retirement(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An asset that the change retires: it leaves with all that was known of it, gaps and passes alike."""

    site: str
    asset: str
    name: str
    zones: list[str] = []
    date: str
    approver: str
    reason: str
    brought: list[Brought] = []


class Merger(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Assets of the base that are one in the head. What was not known of one of them is not asked any more."""

    site: str
    asset: str
    """The id that stays."""
    names: list[str]
    """What each was called, sorted."""
    unseen: list[str] = []
    """Those of the names that no fresh source reported: they leave the question without a retirement."""
    zones: list[str] = []
    """Where they stood, all of them together."""
    brought: list[Brought] = []


class UnrecordedChange(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A device between zones that is configured otherwise than at the base, and no record says that it was to be."""

    site: str
    asset: str
    device: str
    source: str
    collected: str
    differences: list[str]
    """In words, the first of them: `rule `policy/7` added`."""
    lines: list[str] = []
    """`path:line` of the records that are new or other."""
    why: str
    """Why no record covers it."""


class Unproved(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A source of the head, touched by the change, that says something else than its stored export and the base's
    settings of the source."""

    site: str
    source: str
    paths: list[str]
    """The files of records that differ from what is read again, and custody where that speaks for something else."""
    settings: list[str] = []
    """The settings of the source that the change edits (`covers`, `mapping`, ...)."""
    said: list[str] = []
    """What custody says that nobody agreed to: `covers`, `format`, `vantage`."""


class TooOld(Value, frozen=True, kw_only=True):
    """A source of the head, at a site that the change touches, with evidence that is stale on the common date."""

    site: str
    source: str
    since: dict[str, str]
    """Kind of record -> the day on which it became stale."""


class SiteDelta(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One site that the change touches."""

    site: str
    title: str
    counts: Counts = Counts()
    gaps: list[GapMove] = []
    lost: list[LostSight] = []
    controls: list[ControlMove] = []
    levels: list[LevelMove] = []
    calendar: list[GapMove] = []
    """What only the calendar changed between the date of the base and the common date."""
    calendar_lost: list[LostSight] = []
    statements: list[StatementMove] = []
    """Attestations that came, went, or say otherwise."""
    retired: list[Retirement] = []
    """Assets that the change lets leave, by name."""
    merged: list[Merger] = []
    """Assets that the change makes one, by the id that stays."""
    intent: IntentChange | None = None
    added: bool = False
    removed: bool = False
    errors: list[str] = []
    """Policies that could not be evaluated on the head: they judged nothing."""
    policies: int = 0
    subjects: int = 0
    """What was judged on the head: zero of either is never green."""


class Side(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One of the two revisions. `commit` is empty for the working tree."""

    ref: str
    commit: str = ""
    commit_date: str = ""
    author: str = ""
    subject: str = ""
    proposed: list[str] = []
    """Devices whose configuration is proposed, not collected."""


class Delta(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What the change from `base` (the merge base) to `head` does to compliance, on one date (verdicts.md 15)."""

    schema: Literal["plantproof/delta/1"]
    title: str
    base: Side
    asked_base: str = ""
    """The ref that was asked for, where the merge base is another commit."""
    head: Side
    on: str
    base_on: str
    """The date of the base: what moved between the two dates alone is the calendar's doing."""
    tool_version: str
    engine: str
    engine_version: str
    content_version: str
    content_hash: str
    sites: list[SiteDelta]
    untouched: list[str] = []
    """Sites whose evidence and intent are the same on both sides: not read."""
    collected_again: list[str] = []
    """Sites of which sources looked again and say the very same: not judged."""
    judge: JudgeMoves = JudgeMoves()
    paths: list[PathChange] = []
    """What passes between zones and did not, or does no longer, by the rules of firewalls and routers."""
    unproved: list[Unproved] = []
    too_old: list[TooOld] = []
    """Evidence that is stale at the sites that the change touches, whether it moves anything or not."""
    unrecorded: list[UnrecordedChange] = []
    """Devices that are configured otherwise without a record that says so."""
    ways_out: list[WayOut] = []
    impact: Impact = Impact()
    """What the change reaches, whether it moves anything or not."""
    sign_off: SignOff | None = None
    """Who must agree, by the base's decision rights; who did, where the forge's approvals were given."""
    counts: Counts = Counts()
