"""What a change does to compliance: two commits judged on one date by the judge of the base, side by side."""

from __future__ import annotations

from typing import Any, Literal

from plantproof.model.approvals import SignOff
from plantproof.model.assessment import Gap, LevelBounds, Totals
from plantproof.model.impact import Impact
from plantproof.model.paths import PathChange
from plantproof.model.value import Value
from plantproof.model.ways_out import WayOut

Status = Literal["opened", "worse", "better", "closed", "unknown-now", "known-now", "changed"]
"""What became of one thing. `unknown-now`: it was known, and cannot be known any more; `known-now` the other way round.
`changed`: it differs, and neither side is better."""

MIRRORED: dict[str, Status] = {
    "opened": "closed",
    "closed": "opened",
    "worse": "better",
    "better": "worse",
    "unknown-now": "known-now",
    "known-now": "unknown-now",
    "changed": "changed",
}
"""What the change backwards would be called, where both sides are known."""

Because = Literal["evidence", "intent", "calendar", "judge"]


class Brought(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The commit of the change that brought (or took away) a line of evidence."""

    commit: str
    author: str
    author_email: str = ""
    date: str
    subject: str
    path: str
    line: int = 0
    change: str = ""
    """The change record that the commit names (`Change:` trailer)."""


class GapMove(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One gap that the change opened, closed, made worse or better, or of which nothing is known any more.

    `gap` is the gap where it fails: the head's, or the base's where the head's does not. `was` and `now` are outcomes
    (`pass`, `fail`, `no-evidence`, ...) or `absent`, where the subject is not there.
    """

    status: Status
    was: str
    now: str
    gap: Gap
    before: Gap | None = None
    """The gap of the base, where both sides fail."""
    why: str = ""
    """In words: what is gone, stale, missing; or what of the violations differs."""
    because: Because = "evidence"
    identity: Literal["", "merged", "split"] = ""
    """Opened or closed only because one asset became two, or two one: nothing in the plant got worse or better."""
    brought: list[Brought] = []


class LostSight(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Subjects of one policy that passed, and of which nothing is known any more. Silence is no pass."""

    policy: str
    parameters: dict[str, Any] = {}
    criterion: str
    severity: str
    site: str
    subject: str
    """The subject, or the asset to which `subjects` of them belong."""
    name: str
    zones: list[str] = []
    subjects: int = 1
    reason: str
    why: str = ""
    because: Because = "evidence"
    brought: list[Brought] = []


class ControlMove(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The conclusion on one control in one unit of a site, before and after."""

    status: Status
    framework: str
    profile: str
    control: str
    title: str
    site: str
    unit_kind: Literal["site", "zone", "conduit"]
    unit: str
    unit_title: str = ""
    was: str
    now: str
    totals_was: Totals = Totals()
    totals_now: Totals = Totals()
    why: str = ""
    gaps: list[str] = []
    """Ids of the moved gaps that stand against it."""


class LevelMove(Value, frozen=True, kw_only=True, omit_defaults=True):
    """SL-A (indicated) of one foundational requirement in one zone or conduit, before and after."""

    status: Status
    site: str
    unit_kind: Literal["zone", "conduit"]
    unit: str
    unit_title: str
    requirement: str
    """IAC, UC, SI, DC, RDF, TRE, RA."""
    view: Literal["tested", "attested", "compensated"]
    target: int | None = None
    was: LevelBounds
    now: LevelBounds
    lost: bool = False
    """The lower bound fell, or the upper one fell below the target."""


class Counts(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Gaps by what became of them. Counts add. `opened - closed` with `unknown_failed` and `known_failed` is the
    difference of totals: `gaps_now - gaps_was == opened + known_failed - closed - unknown_failed`."""

    gaps_was: int = 0
    gaps_now: int = 0
    opened: int = 0
    closed: int = 0
    worse: int = 0
    better: int = 0
    changed: int = 0
    same: int = 0
    unknown_failed: int = 0
    """Failed before, not known now: no gap any more, and nothing to be glad of."""
    known_failed: int = 0
    """Not known before, fails now."""
    unknown_passed: int = 0
    """Subjects that passed before and are not known now."""
    known_passed: int = 0
    """Subjects of a policy that were not known before, and of which there is nothing bad to say now."""
    unasked: int = 0
    """Subjects that did not fail, and of which an edited judge would ask nothing any more."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


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


class StatementMove(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What named persons state on a topic of one thing, before and after. `was` and `now` are outcomes (`satisfied`,
    `not-satisfied`) or `none`, where nothing in force is stated."""

    status: Status
    site: str
    topic: str
    of: str
    """`site`, `zone cell-1`, `conduit c-1`, `asset plc-1`."""
    was: str
    now: str
    who: str = ""
    """Who states it now, or stated it."""
    why: str = ""
    path: str = ""
    brought: list[Brought] = []


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


def uncompensated(move: GapMove) -> bool:
    """Whether the change takes the countermeasure away on which a waiver rests: then it spares the gap nothing."""
    return move.before is not None and move.before.compensated and not move.gap.compensated
