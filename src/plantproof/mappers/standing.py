"""What the conclusions on a site rest on, summed: enough to conclude again where only a few subjects have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from plantproof.mappers.attestations import Question, Spoken, Statements
from plantproof.mappers.bindings import Key
from plantproof.mappers.policy_results import Silence
from plantproof.mappers.tallies import Tally, Unit
from plantproof.mappers.waivers import Lift
from plantproof.model.assessment import Totals


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of one site: subjects by outcome for each policy with parameters and unit, those without a verdict by
    reason, the rows that a countermeasure stands in for, what people's statements say to each question, the assets that
    they name and the files that they rest on, the units with nobody in them, how many subjects there are of all kinds,
    and the ids of the adopted gaps that are not known any more."""

    totals: list[tuple[Key, list[tuple[Unit, Totals]]]]
    silences: list[tuple[Key, dict[str, Silence]]] = []
    lifts: list[tuple[Key, list[Lift]]] = []
    spoken: list[tuple[Question, Spoken]] = []
    named: list[str] = []
    seen: list[str] = []
    empty: list[Unit] = []
    subjects: int = 0
    unknown: list[str] = []

    def totals_by_key(self) -> dict[Key, dict[Unit, Totals]]:
        """Policy with parameters -> unit -> subjects by outcome."""
        return {key: dict(units) for key, units in self.totals}


class Remembered:
    """What statements said, as `Statements` would say it of the same plant."""

    def __init__(self, spoken: Iterable[tuple[Question, Spoken]]) -> None:
        self._spoken = dict(spoken)

    def on(self, topic: str, scope: str, unit: Unit, *, period: bool = False) -> Spoken:
        """See `Statements.on`. Raises KeyError for what was never asked: the mappings are others."""
        return self._spoken[topic, scope, unit, period]


def standing_of(
    tallies: Mapping[Key, Tally],
    silences: Mapping[Key, dict[str, Silence]],
    lifts: Mapping[Key, Sequence[Lift]],
    statements: Statements,
    empty: Iterable[Unit],
    subjects: int,
    unknown: Iterable[str] = (),
) -> Standing:
    """The sums behind conclusions, once all of them are drawn: `statements` know by then what they were asked."""
    return Standing(
        totals=[(key, sorted(tally.totals.items(), key=lambda each: each[0])) for key, tally in tallies.items()],
        silences=[(key, silences[key]) for key in sorted(silences)],
        lifts=[(key, list(lifts[key])) for key in sorted(lifts)],
        spoken=sorted(statements.said.items(), key=lambda each: each[0]),
        named=statements.named,
        seen=statements.seen,
        empty=list(empty),
        subjects=subjects,
        unknown=sorted(unknown),
    )


def totals_moved(before: Mapping[Key, Tally], after: Mapping[Key, Tally]) -> dict[Key, dict[Unit, Totals]]:
    """What the totals of some subjects have changed by, from one set of observations to another: only what is not
    nothing. May be less than zero."""
    moved: dict[Key, dict[Unit, Totals]] = {}
    for key in sorted({*before, *after}):
        old, new = (side[key].totals if key in side else {} for side in (before, after))
        for unit in sorted({*old, *new}):
            if changed := _less(new.get(unit, Totals()), old.get(unit, Totals())):
                moved.setdefault(key, {})[unit] = changed
    return moved


def with_moved(
    standing: Standing, moved: Mapping[Key, Mapping[Unit, Totals]], silences: Mapping[Key, dict[str, Silence]]
) -> Standing:
    """The sums after they have changed by so much, with the `silences` that are others now. A zone or conduit without
    any subject is not named."""
    totals = []
    for key, units in standing.totals:
        counted = dict(units)
        for unit, change in moved.get(key, {}).items():
            counted[unit] = counted.get(unit, Totals()) + change
        kept = [(unit, each) for unit, each in counted.items() if each != Totals() or unit.kind == "site"]
        totals.append((key, sorted(kept, key=lambda each: each[0])))
    silent = [(key, silences.get(key, known)) for key, known in standing.silences]
    return msgspec.structs.replace(standing, totals=totals, silences=silent)


def _less(one: Totals, other: Totals) -> Totals | None:
    if one == other:
        return None
    return Totals(
        passed=one.passed - other.passed,
        failed=one.failed - other.failed,
        not_applicable=one.not_applicable - other.not_applicable,
        no_evidence=one.no_evidence - other.no_evidence,
        error=one.error - other.error,
        tested=one.tested - other.tested,
    )
