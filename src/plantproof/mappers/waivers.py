"""What waivers change: the gate and the plan, never the finding; and what a compensating countermeasure lifts
(verdicts.md 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plantproof.mappers.bindings import Key, compensating_key
from plantproof.mappers.identity import living
from plantproof.mappers.tallies import Placement, Tally, Unit, placement_of
from plantproof.model.assessment import Totals, WaiverState
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Outcome
from plantproof.model.waiver import Waiver
from plantproof.model.waiver_state import SAME_POLICY, State, day, state_of

PREFERENCE = {"in-force": 0, "expired": 1, "not-valid": 2}


class Lift(NamedTuple):
    """A failing row that a countermeasure stands in for, on the requirements that its waiver names; where it counts."""

    row: int
    placement: Placement
    controls: tuple[str, ...]


class Applied(NamedTuple):
    """One waiver on one date. `compensated`: its countermeasure is in force and passing on each of its subjects."""

    waiver: Waiver
    state: State
    why: str
    compensated: bool
    subjects: frozenset[str]


class Waivers:
    """The waivers of one site on one date, applied to its observations."""

    def __init__(
        self, waivers: Iterable[Waiver], bundle: Bundle, plant: Plant, tallies: Mapping[Key, Tally], on: str
    ) -> None:
        self._plant = plant
        self._ids: dict[str, dict[str, list[str]]] = {}
        self.applied = [
            self._apply(waiver, bundle, tallies, on)
            for waiver in sorted(waivers, key=lambda each: each.id)
            if waiver.site == plant.site.id
        ]
        self._by_policy: dict[str, dict[str, list[Applied]]] = {}
        for each in self.applied:
            subjects = self._by_policy.setdefault(each.waiver.policy, {})
            for subject in each.subjects:
                subjects.setdefault(subject, []).append(each)
        self.lifts = {key: lifts for key, tally in tallies.items() if (lifts := self._lifted(tally.observations))}

    def of(self, policy: str, subject: str) -> list[Applied]:
        """The waivers on a policy for a subject: those in force first, then expired, then not valid, each by id."""
        found = self._by_policy.get(policy, {}).get(subject)
        return (
            []
            if found is None
            else sorted(found, key=lambda each: (PREFERENCE[each.state], not each.compensated, each.waiver.id))
        )

    def states(self, gaps: Mapping[str, int]) -> list[WaiverState]:
        """Every waiver with its state; `gaps` says how many gaps each one stands on."""
        return [
            WaiverState(
                id=each.waiver.id,
                site=each.waiver.site,
                kind=each.waiver.kind,
                policy=each.waiver.policy,
                subjects=sorted(each.waiver.subjects),
                controls=sorted(each.waiver.controls),
                reason=each.waiver.reason,
                owner=each.waiver.owner.name,
                approver=each.waiver.approver.name,
                approved=day(each.waiver.approved),
                expires=day(each.waiver.expires),
                state=each.state,
                why=each.why,
                gaps=gaps.get(each.waiver.id, 0),
                compensated=each.compensated,
            )
            for each in self.applied
        ]

    def _apply(self, waiver: Waiver, bundle: Bundle, tallies: Mapping[Key, Tally], on: str) -> Applied:
        state, why = state_of(waiver, on)
        kind = bundle.policies[waiver.policy].metadata.subject if waiver.policy in bundle.policies else ""
        found = self._resolved(kind, waiver.subjects)
        if state == "in-force" and kind in self._plant.tables and (strangers := sorted({*waiver.subjects} - {*found})):
            why = f"nothing that {waiver.policy} judges is called {', '.join(strangers)}"
        compensated = False
        if waiver.kind == "compensating" and state == "in-force":
            broken = self._not_compensating(waiver, bundle, tallies)
            why, compensated = "; ".join(filter(None, [broken, why])), not broken
        return Applied(waiver, state, why, compensated, frozenset(found.values()))

    def _not_compensating(self, waiver: Waiver, bundle: Bundle, tallies: Mapping[Key, Tally]) -> str:
        """Why the countermeasure lifts nothing; "" where it passes on each of its subjects."""
        if waiver.compensation is None:
            return "it names no countermeasure"
        if not waiver.controls:
            return "it names no control, so its countermeasure lifts none"
        if not waiver.compensation.subjects:
            return "it lists no subject on which the countermeasure is judged"
        if waiver.compensation.policy == waiver.policy:
            return SAME_POLICY
        key = compensating_key(waiver, bundle)
        tally = tallies.get(key)
        if tally is None:
            return f"the countermeasure {key.policy} was not evaluated"
        observation = tally.observations
        table = self._plant.tables.get(observation.kind)
        wanted = self._resolved(observation.kind, waiver.compensation.subjects)
        for name in sorted(waiver.compensation.subjects):
            row = table.rows.get(wanted.get(name, ""), -1) if table else -1
            if row < 0:
                return f"the countermeasure {key.policy} has no subject {name}"
            if observation.outcomes[row] != Outcome.PASS:
                return f"the countermeasure {key.policy} is not passing on {name}: {_word(observation, row)}"
        return ""

    def _resolved(self, kind: str, names: Iterable[str]) -> dict[str, str]:
        """Subjects as people write them (an id, also of before a merger, or a name that only one subject of the kind
        bears) -> their ids."""
        table = self._plant.tables.get(kind)
        found = {}
        for name in names:
            if table and (subject := living(name, self._plant.merged_ids)) in table.rows:
                found[name] = subject
            elif len(ids := self._by_name(kind).get(name, [])) == 1:
                found[name] = ids[0]
        return found

    def _by_name(self, kind: str) -> dict[str, list[str]]:
        if kind not in self._ids:
            index: dict[str, list[str]] = {}
            table = self._plant.tables.get(kind)
            for subject in table.ids if table else ():
                index.setdefault(self._plant.name_of(kind, subject), []).append(subject)
            self._ids[kind] = index
        return self._ids[kind]

    def _lifted(self, observation: Observations) -> list[Lift]:
        table = self._plant.tables.get(observation.kind)
        lifts = []
        for subject, applied in self._by_policy.get(observation.policy, {}).items():
            row = table.rows.get(subject, -1) if table else -1
            if row >= 0 and observation.outcomes[row] == Outcome.FAIL:
                placement = placement_of(self._plant, observation, row)
                lifts += [
                    Lift(row, placement, tuple(sorted(each.waiver.controls))) for each in applied if each.compensated
                ]
        return sorted(lifts)


def compensated(totals: Totals, lifts: Iterable[Lift], unit: Unit, framework: str, control: str) -> Totals:
    """The totals of a unit with the failing subjects moved that a countermeasure stands in for, on this control."""
    names = control_names(framework, control)
    rows = {lift.row: lift.placement for lift in lifts if not names.isdisjoint(lift.controls)}
    moved = sum(unit.holds(placement) for placement in rows.values())
    return totals + Totals(passed=moved, failed=-moved) if moved else totals


def control_names(framework: str, control: str) -> frozenset[str]:
    """How a waiver may name a control: by its id, or by framework and id."""
    return frozenset({control, f"{framework}/{control}", f"{framework}:{control}", f"{framework} {control}"})


def _word(observation: Observations, row: int) -> str:
    return Outcome(observation.outcomes[row]).word
