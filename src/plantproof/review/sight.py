"""What gets out of sight with a change, and what comes into sight: subjects without a gap on either side, of which
nothing is known any more, or something at last. Silence is never a pass, and seeing more is no fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from plantproof.model.moves import Because, Counts, LostSight
from plantproof.model.observation import Observations
from plantproof.model.policy import Policy
from plantproof.model.vocabulary import Outcome, Severity
from plantproof.review.judged import Judged, Key
from plantproof.review.subjects import asset_of, zones_of

UNKNOWN = frozenset((int(Outcome.NO_EVIDENCE), int(Outcome.ERROR)))


class _Lost(NamedTuple):
    policy: str
    parameters: bytes
    subject: str
    kind: str
    reason: str
    why: str


class Sight:
    """What is seen of one site on both sides of a change, binding by binding."""

    def __init__(self, base: Judged, head: Judged, policies: Mapping[str, Policy], because: Because) -> None:
        self._base, self._head, self._policies, self._because = base, head, policies, because
        self._found: Counter[_Lost] = Counter()
        self._lost: defaultdict[Key, set[str]] = defaultdict(set)
        self._known: defaultdict[Key, set[str]] = defaultdict(set)
        self._passing = 0
        self.blind: set[str] = set()
        """The assets and zones of which the base knew nothing, of the binding that is compared."""

    def compare(self, asked: Key, asks: Key, before: Observations, after: Observations) -> None:
        """Begin with a binding: as the base asked it, and as the head does."""
        self._asked, self._asks, self._before, self._after = asked, asks, before, after
        self.blind = _uncovered_subjects(before)

    def know(self, subject: str) -> None:
        """One subject of which nothing was known, and of which there is nothing bad to say now."""
        self._passing += 1
        self._known[self._asked].add(subject)

    def lose(self, kind: str, subject: str, reason: str, why: str) -> None:
        """One subject that passed, or of which there was nothing bad to say, and of which nothing is known now."""
        self._found[_Lost(*self._asks, subject, kind, reason, why)] += 1
        self._lost[self._asks].add(subject)

    def of_uncovered(self) -> None:
        """The assets and zones of which nobody speaks any more, or somebody does at last, and of which there was, or
        is, nothing wrong to find."""
        after = self._after
        base_assets = self._base.plant.tables.get("asset")
        base_zones = {zone.id for zone in self._base.plant.site.zones}
        rows = len(after.outcomes) - len(after.uncovered)
        for index, each in enumerate(after.uncovered):
            if after.outcomes[rows + index] not in UNKNOWN or each.subject in self.blind:
                continue
            there = (
                base_assets and each.subject in base_assets.rows
                if each.subject_kind == "asset"
                else each.subject in base_zones
            )
            if there and each.subject not in self._lost[self._asks]:
                self.lose(each.subject_kind, each.subject, each.reason, each.detail)
        seen = self.blind - _uncovered_subjects(after)
        if not seen:
            return
        assets = self._head.plant.tables.get("asset")
        here = {zone.id for zone in self._head.plant.site.zones} | (assets.rows.keys() if assets else set())
        for subject in (seen & here) - self._known[self._asked] - self._failing():
            self.know(subject)

    def _failing(self) -> set[str]:
        """The assets and zones of which something fails on the head."""
        table = self._head.plant.tables.get(self._after.kind)
        found: set[str] = set()
        for row, outcome in enumerate(self._after.outcomes):
            if table and outcome == Outcome.FAIL:
                found |= {asset_of(table, row, self._head.plant), *table.zones[row]}
        return found

    def counts(self) -> Counts:
        """How many came into sight and got out of it."""
        return Counts(known_passed=self._passing, unknown_passed=self._found.total())

    def lost(self) -> list[LostSight]:
        """What got out of sight, by severity, policy and subject."""
        rank = {severity.value: severity.rank for severity in Severity}
        lost = [self._lost_sight(each, many) for each, many in sorted(self._found.items())]
        return sorted(lost, key=lambda each: (rank[each.severity], each.policy, each.subject, each.reason))

    def _lost_sight(self, each: _Lost, many: int) -> LostSight:
        policy = self._policies[each.policy]
        called = (side.plant.name_of(each.kind, each.subject) for side in (self._head, self._base))
        return LostSight(
            policy=each.policy,
            parameters=msgspec.json.decode(each.parameters),
            criterion=policy.title,
            severity=policy.metadata.severity,
            site=self._head.plant.site.id,
            subject=each.subject,
            name=next((name for name in called if name != each.subject), each.subject),
            zones=zones_of(each.kind, each.subject, self._head) or zones_of(each.kind, each.subject, self._base),
            subjects=many,
            reason=each.reason,
            why=each.why,
            because=self._because,
        )


def _uncovered_subjects(observations: Observations) -> set[str]:
    rows = len(observations.outcomes) - len(observations.uncovered)
    return {
        each.subject for row, each in enumerate(observations.uncovered, rows) if observations.outcomes[row] in UNKNOWN
    }
