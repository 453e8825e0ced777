"""What became of every gap between two revisions: opened, worse, better, closed, or no longer known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from plantproof.mappers.identity import canonical, living
from plantproof.model.assessment import Gap
from plantproof.model.moves import Because, Counts, GapMove, LostSight, Status
from plantproof.model.observation import Observations
from plantproof.model.policy import Policy
from plantproof.model.records import DERIVED_KINDS
from plantproof.model.vocabulary import Outcome, Severity
from plantproof.review.judged import Judged, Key
from plantproof.review.labels import placed_otherwise, relabelled
from plantproof.review.sight import UNKNOWN, Sight
from plantproof.review.subjects import FROM_TRAFFIC, Pairing, asset_of, gone, pair, was_watched
from plantproof.review.violations import compensation_moved, violations_moved

ABSENT = "absent"
NOT_ASKED = "not-asked"
"""Why nothing is known any more, where a policy is for things of another role, type or zone than a subject has now."""
_PASS, _FAIL, _NOT_APPLICABLE = int(Outcome.PASS), int(Outcome.FAIL), int(Outcome.NOT_APPLICABLE)


class Moves(msgspec.Struct):
    """The moves of one site, sorted by severity, policy and subject, and their counts."""

    gaps: list[GapMove]
    lost: list[LostSight]
    counts: Counts


class Matched(NamedTuple):
    """One binding as each side has it: the same one, or the one that a change of parameters made of it."""

    base: Key
    head: Key


def gap_moves(
    base: Judged,
    head: Judged,
    policies: Mapping[str, Policy],
    *,
    because: Because = "evidence",
    bindings: Sequence[Matched] | None = None,
) -> Moves:
    """Compare every policy on every subject of one site at two revisions.

    `bindings` says which binding of the base is which of the head; by default those with equal parameters are. The law:
    `gaps_now - gaps_was == opened + known_failed - closed - unknown_failed`, and the moves of (head, base) are those of
    (base, head) mirrored.
    """
    before, after = base.asked(), head.asked()
    if bindings is None:
        bindings = [Matched(key, key) for key in sorted(before.keys() & after.keys())]
    comparing = _Comparing(base, head, policies, because)
    for matched in bindings:
        comparing.compare(matched, before[matched.base], after[matched.head])
    return comparing.moves()


class _Comparing:
    def __init__(self, base: Judged, head: Judged, policies: Mapping[str, Policy], because: Because) -> None:
        self.base, self.head, self.policies, self.because = base, head, policies, because
        self.gaps_before = _by_subject(base.conclusions.gaps)
        self.gaps_after = _by_subject(head.conclusions.gaps)
        self.pairings: dict[str, Pairing] = {}
        self.found: list[GapMove] = []
        self.totals: Counter[str] = Counter()
        self.sight = Sight(base, head, policies, because)

    def moves(self) -> Moves:
        rank = {severity.value: severity.rank for severity in Severity}
        gaps = sorted(
            self.found,
            key=lambda move: (rank[move.gap.severity], move.gap.policy, move.gap.subject, move.status),
        )
        return Moves(gaps, self.sight.lost(), Counts(**self.totals) + self.sight.counts())

    def compare(self, matched: Matched, before: Observations, after: Observations) -> None:
        """One binding over all subjects."""
        kind = after.kind
        if kind not in self.pairings:
            self.pairings[kind] = pair(kind, self.base, self.head)
        pairing = self.pairings[kind]
        self.sight.compare(matched.base, matched.head, before, after)
        self.totals["gaps_was"] += _fails(before)
        self.totals["gaps_now"] += _fails(after)
        kept, handed_on = _kept(pairing, before, after)
        for row_before, row_after in _interesting(pairing, before, after):
            self._both(matched, before, kept.get(row_after, row_before), after, handed_on.get(row_before, row_after))
        for row_before, row_after in pairing.merged:
            if kept.get(row_after) != row_before:
                self._merged(matched, before, row_before, after, row_after)
        for row_before, row_after in pairing.split:
            if handed_on.get(row_before) != row_after:
                self._split(matched, before, row_before, after, row_after)
        for row in pairing.new:
            self._new(matched, after, row)
        for row in pairing.gone:
            self._gone(matched, before, row, after)
        self.sight.of_uncovered()

    def _both(self, matched: Matched, before: Observations, row_was: int, after: Observations, row_now: int) -> None:
        was, now = before.outcomes[row_was], after.outcomes[row_now]
        if was == _FAIL and now == _FAIL:
            status, why = violations_moved(before.violations.get(row_was, ()), after.violations.get(row_now, ()))
            gaps = self._gap_before(matched, before, row_was), self._gap_after(matched, after, row_now)
            if status not in ("worse", "better"):
                status, why = compensation_moved(*gaps) or (status, why)
            if not status:
                self.totals["same"] += 1
                return
            self.totals[status] += 1
            self._add(status, was, now, gaps[1], why, before=gaps[0])
        elif now == _FAIL:
            called = was == _NOT_APPLICABLE and self._called_otherwise(matched, before, row_was, after, row_now)
            self._opened(matched, was, after, row_now, called or "")
        elif was == _FAIL:
            self._closed(matched, before, row_was, after, row_now)
        elif was != now and now in UNKNOWN and was == _PASS:
            self.sight.lose(after.kind, self._subject(after, row_now), *after.reasons.get(row_now, ("", "")))
        elif was in UNKNOWN and now == _PASS:
            self.sight.know(self._subject_before(before, row_was))
        elif now == _NOT_APPLICABLE and self.because == "judge":
            self.totals["unasked"] += 1
        elif was == _PASS and now == _NOT_APPLICABLE:
            if called := self._called_otherwise(matched, before, row_was, after, row_now):
                self.sight.lose(after.kind, self._subject(after, row_now), NOT_ASKED, called)
        elif (was, now) == (_NOT_APPLICABLE, _PASS) and self._called_otherwise(
            matched, before, row_was, after, row_now
        ):
            self.sight.know(self._subject_before(before, row_was))

    def _called_otherwise(
        self, matched: Matched, before: Observations, row_was: int, after: Observations, row_now: int
    ) -> str:
        """In words: by what label a subject is asked something else now than it was. Calling a thing by another name
        mends nothing and breaks nothing (verdicts.md 3: not-applicable needs a reason)."""
        policy = self.policies[matched.head.policy]
        return relabelled(policy, after.kind, (self.base.plant, row_was), (self.head.plant, row_now))

    def _opened(self, matched: Matched, was: int, after: Observations, row: int, called: str = "") -> None:
        unknown = was in UNKNOWN or bool(called)
        status: Status = "known-now" if unknown else "opened"
        self.totals["known_failed" if unknown else "opened"] += 1
        why = called or ("not known before" if unknown else "")
        self._add(status, was, _FAIL, self._gap_after(matched, after, row), why)

    def _closed(self, matched: Matched, before: Observations, row_was: int, after: Observations, row_now: int) -> None:
        now = after.outcomes[row_now]
        gap = self._gap_before(matched, before, row_was)
        if now in UNKNOWN:
            reason, detail = after.reasons.get(row_now, ("", ""))
            self.totals["unknown_failed"] += 1
            self._add("unknown-now", _FAIL, now, gap, f"{reason}: {detail}" if detail else reason)
        elif now == _NOT_APPLICABLE and (called := self._called_otherwise(matched, before, row_was, after, row_now)):
            self.totals["unknown_failed"] += 1
            self._add("unknown-now", _FAIL, now, gap, f"not asked of it any more: {called}")
        else:
            self.totals["closed"] += 1
            # It is asked the same and answers otherwise, so that it is closed; whether by the name of a zone, is told.
            placed = placed_otherwise(after.kind, (self.base.plant, row_was), (self.head.plant, row_now))
            why = "no longer applies" if now == _NOT_APPLICABLE else "passes now"
            self._add("closed", _FAIL, now, gap, f"{why}: {placed}" if placed else why)

    def _merged(self, matched: Matched, before: Observations, row_was: int, after: Observations, row_now: int) -> None:
        """Of two assets that are one now, the second gap of a pair closes with the merger; a pass goes with it, where
        anything is known of the one."""
        if before.outcomes[row_was] != _FAIL:
            if before.outcomes[row_was] == _PASS and after.outcomes[row_now] in UNKNOWN:
                self.sight.lose(after.kind, self._subject(after, row_now), *after.reasons.get(row_now, ("", "")))
            return
        gap = self._gap_before(matched, before, row_was)
        if after.outcomes[row_now] == _FAIL:
            self.totals["closed"] += 1
            self._add(
                "closed", _FAIL, ABSENT, gap, f"one asset with {self._name(after, row_now)} now", identity="merged"
            )
        else:
            self._closed(matched, before, row_was, after, row_now)

    def _split(self, matched: Matched, before: Observations, row_was: int, after: Observations, row_now: int) -> None:
        if after.outcomes[row_now] != _FAIL:
            if after.outcomes[row_now] == _PASS and before.outcomes[row_was] in UNKNOWN:
                self.sight.know(self._subject_before(before, row_was))
            return
        if before.outcomes[row_was] == _FAIL:
            self.totals["opened"] += 1
            gap = self._gap_after(matched, after, row_now)
            self._add(
                "opened",
                ABSENT,
                _FAIL,
                gap,
                f"was one asset with {self._name(before, row_was, self.base)}",
                identity="split",
            )
        else:
            self._opened(matched, before.outcomes[row_was], after, row_now)

    def _new(self, matched: Matched, after: Observations, row: int) -> None:
        outcome, table = after.outcomes[row], self.head.plant.tables[after.kind]
        seeable = self.sight.blind or table.kind in FROM_TRAFFIC
        if outcome not in (_PASS, _FAIL) or (outcome == _PASS and not seeable):
            return
        unknown = not was_watched(table, row, self.base, self.head, self.sight.blind)
        if outcome == _PASS:
            if unknown:
                self.sight.know(self._subject(after, row))
            return
        self.totals["known_failed" if unknown else "opened"] += 1
        why = "not known before" if unknown else "new"
        self._add("known-now" if unknown else "opened", ABSENT, _FAIL, self._gap_after(matched, after, row), why)

    def _gone(self, matched: Matched, before: Observations, row: int, after: Observations) -> None:
        outcome = before.outcomes[row]
        if outcome not in (_PASS, _FAIL):
            return
        table = self.base.plant.tables[before.kind]
        left = gone(table, row, self.base, self.head)
        if outcome == _FAIL:
            self.totals["closed" if left.known else "unknown_failed"] += 1
            gap = self._gap_before(matched, before, row)
            self._add("closed" if left.known else "unknown-now", _FAIL, ABSENT, gap, left.why)
        elif not left.known:
            asset = living(asset_of(table, row, self.base.plant), self.head.canonical)
            own = table.kind in DERIVED_KINDS or not asset
            kind, subject = (table.kind, table.ids[row]) if own else ("asset", asset)
            self.sight.lose(kind, subject, "no-longer-reported", left.why)

    def _add(
        self,
        status: Status,
        was: int | str,
        now: int | str,
        gap: Gap | None,
        why: str,
        identity: Literal["", "merged", "split"] = "",
        before: Gap | None = None,
    ) -> None:
        if gap is None:
            raise RuntimeError("a failing observation of an asked policy has no gap")
        self.found.append(
            GapMove(
                status=status,
                was=_word(was),
                now=_word(now),
                gap=gap,
                before=before,
                why=why,
                because=self.because,
                identity=identity,
            )
        )

    def _gap_after(self, matched: Matched, after: Observations, row: int) -> Gap | None:
        return self.gaps_after.get((*matched.head, self.head.plant.tables[after.kind].ids[row]))

    def _gap_before(self, matched: Matched, before: Observations, row: int) -> Gap | None:
        return self.gaps_before.get((*matched.base, self.base.plant.tables[before.kind].ids[row]))

    def _subject(self, observations: Observations, row: int) -> str:
        table = self.head.plant.tables[observations.kind]
        return asset_of(table, row, self.head.plant) or table.ids[row]

    def _subject_before(self, observations: Observations, row: int) -> str:
        table = self.base.plant.tables[observations.kind]
        return asset_of(table, row, self.base.plant) or table.ids[row]

    def _name(self, observations: Observations, row: int, side: Judged | None = None) -> str:
        plant = (side or self.head).plant
        identifier = plant.tables[observations.kind].ids[row]
        return plant.name_of(observations.kind, identifier)


def _by_subject(gaps: Sequence[Gap]) -> dict[tuple[str, bytes, str], Gap]:
    return {(gap.policy, canonical(gap.parameters), gap.subject): gap for gap in gaps}


def _kept(pairing: Pairing, before: Observations, after: Observations) -> tuple[dict[int, int], dict[int, int]]:
    """What one gap has for its row on the other side, where the asset with the living id has none there.

    Rows of the head that fail -> the row of the base of the first asset merged into them that failed; rows of the base
    that failed -> the row of the head of the first half split off them that fails. Under whichever id, it is one gap.
    """
    merged: dict[int, int] = {}
    split: dict[int, int] = {}
    if pairing.merged or pairing.split:
        partner_before = {row_after: row_before for row_before, row_after in pairing.pairs}
        partner_after = dict(pairing.pairs)
        for row_before, row_after in pairing.merged:
            if _both_fail(before, row_before, after, row_after) and before.outcomes[partner_before[row_after]] != _FAIL:
                merged.setdefault(row_after, row_before)
        for row_before, row_after in pairing.split:
            if _both_fail(before, row_before, after, row_after) and after.outcomes[partner_after[row_before]] != _FAIL:
                split.setdefault(row_before, row_after)
    return merged, split


def _both_fail(before: Observations, row_before: int, after: Observations, row_after: int) -> bool:
    return before.outcomes[row_before] == after.outcomes[row_after] == _FAIL


def _interesting(pairing: Pairing, before: Observations, after: Observations) -> Iterator[tuple[int, int]]:
    """The pairs of which the outcome differs, or that fail on both sides. Equal columns are compared in C."""
    if pairing.aligned and before.outcomes == after.outcomes:
        row = after.outcomes.find(_FAIL)
        while row >= 0:
            if row < len(pairing.pairs):
                yield row, row
            row = after.outcomes.find(_FAIL, row + 1)
        return
    old, new = before.outcomes, after.outcomes
    for row_before, row_after in pairing.pairs:
        if old[row_before] != new[row_after] or new[row_after] == _FAIL:
            yield row_before, row_after


def _fails(observations: Observations) -> int:
    return observations.outcomes.count(_FAIL)


def _word(outcome: int | str) -> str:
    return outcome if isinstance(outcome, str) else Outcome(outcome).word
