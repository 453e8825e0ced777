"""What became of one thing between two revisions: a gap, what was in sight, a conclusion, a level, a statement."""

from __future__ import annotations

from typing import Any, Literal

from plantproof.model.assessment import Gap, LevelBounds, Totals
from plantproof.model.value import Value

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


def uncompensated(move: GapMove) -> bool:
    """Whether the change takes the countermeasure away on which a waiver rests: then it spares the gap nothing."""
    return move.before is not None and move.before.compensated and not move.gap.compensated
