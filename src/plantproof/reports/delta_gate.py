"""What of a change stops a gate: only what the change made worse, by what the base says is severe enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Literal, get_args

import msgspec

from plantproof.errors import refuse
from plantproof.model.assessment import Totals
from plantproof.model.delta import Delta, SiteDelta
from plantproof.model.moves import ControlMove, GapMove, LostSight, uncompensated
from plantproof.model.vocabulary import Severity
from plantproof.reports.delta_words import self_approved, unproved_words
from plantproof.reports.gate import stale_words
from plantproof.reports.words import counted
from plantproof.review.granted import not_granted

_RANK = {severity.value: severity.rank for severity in Severity}
Reason = Literal["opened", "worse", "unknown", "level-lost", "approval-missing", "judge", "stale"]
REASONS: tuple[Reason, ...] = get_args(Reason)
DEFAULT: tuple[Reason, ...] = ("opened", "worse", "unknown")


STATEMENT = {"not-assessed": "without the statement it rested on", "not-satisfied": "stated not to be in order"}
"""What became of a control by a statement alone."""


class Limits(msgspec.Struct, frozen=True):
    """For which reasons a gate stops, and from which severity on gaps count."""

    reasons: tuple[Reason, ...]
    severity: Severity


class Stop(msgspec.Struct, frozen=True):
    """One reason why the gate does not open. `words` say what, to a person."""

    reason: str
    count: int
    words: str
    told: Literal["gate", "case", "mark"] = "gate"
    """Where else each of it is told: as a `mark` by whatever points at gaps and subjects, or as a `case` of JUnit."""


class Gate(msgspec.Struct, frozen=True):
    """Everything that stops the gate; false where it opens."""

    stops: list[Stop]

    def __bool__(self) -> bool:
        return bool(self.stops)

    @property
    def words(self) -> str:
        return "; ".join(stop.words for stop in self.stops)


def limits_of(words: Iterable[str], fail_on: str) -> Limits:
    """The limits that words as typed give: reasons, severities or both, separated by commas.

    Reasons left out are DEFAULT; a severity left out is `fail_on`, of the base. Of several severities the least counts.
    Raises InputError with every word that is neither.
    """
    typed = [word.strip() for each in words for word in each.split(",") if word.strip()]
    severities = [Severity(word) for word in typed if word in list(Severity)]
    reasons = [reason for reason in REASONS if reason in typed]
    unknown = sorted(set(typed) - {*REASONS, *Severity})
    if unknown:
        raise refuse(
            f"--fail-on knows no {', '.join(f'`{word}`' for word in unknown)}",
            f"it knows {', '.join([*REASONS, *Severity])}",
        )
    severity = max(severities, key=lambda each: each.rank) if severities else Severity(fail_on)
    return Limits(tuple(reasons) or DEFAULT, severity)


def refuse_nothing_judged(delta: Delta) -> None:
    """Raise InputError where a change touches sites, and no policy or no subject was judged at any: never green.

    A change that touches no site at all is an honest empty result. A site that the change takes out is none of them:
    of it nothing is known any more, which `gate` says.
    """
    touched = [site for site in delta.sites if not site.removed]
    if touched and not (any(site.policies for site in touched) and any(site.subjects for site in touched)):
        what = "policies" if not any(site.policies for site in touched) else "subjects"
        raise refuse(
            f"no {what}: nothing was judged at {', '.join(site.site for site in touched)}",
            "does the change take all evidence away?",
        )


def gate(delta: Delta, limits: Limits) -> Gate:
    """What stops the gate. Pure.

    Never for what merging or parting identities or the calendar moved, nor for a gap that a waiver of the base covers;
    never for what is known only now, for seeing more must not be punished. Always for policies that failed to run, for
    sites at which nothing was judged, and for records that do not follow from their export: green would be an accident.
    """
    stops: list[Stop] = []
    for reason in limits.reasons:
        stops += _OF_REASON[reason](delta, limits.severity.rank)
    errors = sorted({policy for site in delta.sites for policy in site.errors})
    if errors:
        stops.append(
            Stop("error", len(errors), f"{counted(len(errors), 'policy', 'policies')} failed to run", told="case")
        )
    for told, unproved in groupby(sorted(delta.unproved, key=unproved_words), unproved_words):
        named = [f"{each.site}/{each.source}" for each in unproved]
        stops.append(Stop("unproved", len(named), f"{', '.join(named)}: {told}"))
    empty = [site.site for site in delta.sites if not site.removed and not (site.policies and site.subjects)]
    if empty:
        stops.append(Stop("nothing-judged", len(empty), f"nothing was judged at {', '.join(empty)}", told="case"))
    return Gate(stops)


def unattested(site: SiteDelta) -> list[ControlMove]:
    """Controls of which less is known, or that are no longer satisfied, while no gap moved and no subject got out of
    sight: a statement on which they rested is gone, has another outcome, or speaks of less. Nothing else would tell.
    To take away a statement that something is not in order improves nothing (verdicts.md 7)."""
    return [
        move
        for move in site.controls
        if (move.was, move.now) in _STATED
        and not move.gaps
        and _without_verdict(move.totals_now) <= _without_verdict(move.totals_was)
        and move.totals_now.failed <= move.totals_was.failed
    ]


_STATED = {("satisfied", "not-satisfied"), ("satisfied", "not-assessed"), ("not-satisfied", "not-assessed")}


def _without_verdict(totals: Totals) -> int:
    return totals.no_evidence + totals.error


def _statements(delta: Delta, now: str, reason: Reason) -> list[Stop]:
    moves = [move for site in delta.sites for move in unattested(site) if move.now == now]
    names = sorted({f"{move.framework} {move.control}" for move in moves})
    if not names:
        return []
    rest = f" and {len(names) - 5} more" if len(names) > 5 else ""
    words = f"{counted(len(names), 'control')} {STATEMENT[now]} ({', '.join(names[:5])}{rest})"
    return [Stop(reason, len(names), words, told="case")]


def _stated(delta: Delta, status: str, reason: Reason, words: str) -> list[Stop]:
    """Statements that moved, whether a control moves with them or not: one part of many may rest on each."""
    many = len({move.path for site in delta.sites for move in site.statements if move.status == status})
    return [Stop(reason, many, f"{counted(many, 'statement')} {words}", told="case")] if many else []


def _moved(delta: Delta, status: str, rank: int) -> list[GapMove]:
    return [move for site in delta.sites for move in site.gaps if move.status == status and _counts(move, rank)]


def _counts(move: GapMove, rank: int) -> bool:
    return (
        _RANK[move.gap.severity] <= rank
        and not move.identity
        and move.because != "calendar"
        and (move.gap.waiver_state != "in-force" or uncompensated(move))
    )


def _opened(delta: Delta, rank: int) -> list[Stop]:
    hidden = _masked(delta, ("opened", "worse"), rank)
    return [
        *_gaps("opened", _moved(delta, "opened", rank), "opened"),
        *_gaps("opened", hidden, f"opened and {_HIDDEN}", told="gate"),
    ]


_HIDDEN = "hidden by the change's own edit of the intent"


def _masked(delta: Delta, statuses: Iterable[str], rank: int) -> list[GapMove]:
    """What the evidence of a change does, and its own edit of the intent hides: who designs a way first and opens it
    later has it judged by what is agreed."""
    moves = [move for site in delta.sites if site.intent for move in site.intent.masked]
    return [move for move in moves if move.status in statuses and _counts(move, rank)]


def _worse(delta: Delta, rank: int) -> list[Stop]:
    stops = _gaps("worse", _moved(delta, "worse", rank), "worse")
    return stops + _statements(delta, "not-satisfied", "worse") + _stated(delta, "worse", "worse", "turned round")


def _unknown(delta: Delta, rank: int) -> list[Stop]:
    removed = [site for site in delta.sites if site.removed]
    gaps = [
        move
        for site in delta.sites
        if not site.removed
        for move in site.gaps
        if move.status == "unknown-now" and _counts(move, rank)
    ]
    lost = [each for site in delta.sites for each in site.lost if _loses(each, rank)]
    stops = [Stop("unknown", 1, f"the site {site.site} would no longer be assessed", told="case") for site in removed]
    many = len(gaps) + sum(each.subjects for each in lost)
    if many:
        severities = Counter(move.gap.severity for move in gaps)
        for each in lost:
            severities[each.severity] += each.subjects
        stops.append(Stop("unknown", many, f"{many:,} not known any more{_severe(severities)}", told="mark"))
    stops += _statements(delta, "not-assessed", "unknown")
    own = len(self_approved(delta))
    if own:
        stops.append(
            Stop("unknown", own, f"{counted(own, 'asset')} retired by an author of the change himself", told="case")
        )
    hidden = len(_masked(delta, ("unknown-now",), rank)) + sum(
        each.subjects for site in delta.sites if site.intent for each in site.intent.masked_lost if _loses(each, rank)
    )
    if hidden:
        stops.append(Stop("unknown", hidden, f"{hidden:,} not known any more, and {_HIDDEN}"))
    return stops + _stated(delta, "unknown-now", "unknown", "gone, or not to be relied on any more")


def _loses(lost: LostSight, rank: int) -> bool:
    return _RANK[lost.severity] <= rank and lost.because != "calendar"


def _level_lost(delta: Delta, rank: int) -> list[Stop]:
    units = {(move.site, move.unit_kind, move.unit) for site in delta.sites for move in site.levels if move.lost}
    return [Stop("level-lost", len(units), f"a security level lost in {_units(units)}")] if units else []


def _units(units: Iterable[tuple[str, str, str]]) -> str:
    names = [f"{kind} {name}" for _, kind, name in sorted(units)]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _judge(delta: Delta, rank: int) -> list[Stop]:
    many = len(delta.judge.changes)
    return [Stop("judge", many, f"{counted(many, 'file')} of what judges would change")] if many else []


def _approval_missing(delta: Delta, rank: int) -> list[Stop]:
    if delta.sign_off is None:
        return [Stop("approval-missing", 1, "who must agree is not known")]
    required, states = len(delta.sign_off.required), delta.sign_off.states
    if required and not states:
        told = f"{counted(required, 'approval is', 'approvals are')} needed, and what was given is not known"
        return [Stop("approval-missing", required, told)]
    missing = len(not_granted(states))
    return [Stop("approval-missing", missing, f"{counted(missing, 'approval')} missing")] if missing else []


def _stale(delta: Delta, rank: int) -> list[Stop]:
    named = [stale_words(f"{each.site}/{each.source}", each.since) for each in delta.too_old]
    told = f"{counted(len(named), 'source')} with evidence that is too old: {', '.join(named)}"
    return [Stop("stale", len(named), told)] if named else []


def _gaps(reason: Reason, moves: list[GapMove], word: str, *, told: Literal["gate", "mark"] = "mark") -> list[Stop]:
    severities = Counter(move.gap.severity for move in moves)
    return [Stop(reason, len(moves), f"{len(moves):,} {word}{_severe(severities)}", told)] if moves else []


def _severe(severities: Counter[str]) -> str:
    told = [f"{severities[word]:,} {word}" for word in Severity if severities[word]]
    return f" ({', '.join(told)})"


_OF_REASON = {
    "opened": _opened,
    "worse": _worse,
    "unknown": _unknown,
    "level-lost": _level_lost,
    "approval-missing": _approval_missing,
    "judge": _judge,
    "stale": _stale,
}
