"""Subjects counted by outcome, for the site and for each zone and conduit in which they count. Columns, not objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from plantproof.mappers.bindings import Key
from plantproof.mappers.identity import canonical_again
from plantproof.model.assessment import Totals
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant, Table
from plantproof.model.vocabulary import Method, Outcome

UnitKind = Literal["site", "zone", "conduit"]
WEAKEST_TESTED = max(method for method in Method if method.tested)
Placement = tuple[tuple[str, ...], tuple[str, ...]]
"""The zones and the conduits in which a subject counts."""


class Unit(NamedTuple):
    """Where a control is judged: the site, or one of its zones or conduits."""

    kind: UnitKind
    id: str

    def holds(self, placement: Placement) -> bool:
        """Whether a subject with this placement counts in the unit."""
        if self.kind == "site":
            return True
        return self.id in placement[0 if self.kind == "zone" else 1]


class Tally(NamedTuple):
    """One policy with parameters: its observations, and the totals of each unit in which any subject counts."""

    observations: Observations
    totals: dict[Unit, Totals]

    def of(self, unit: Unit) -> Totals:
        return self.totals.get(unit, NOTHING)


NOTHING = Totals()
FEW = 8
"""Up to one row in so many is an exception, to be looked at by itself."""


def tallies_of(plant: Plant, observations: Iterable[Observations]) -> dict[Key, Tally]:
    """Count every observation of a site. A shared or unplaced subject counts in each of its zones, once at the site."""
    placements: dict[str, _Placed] = {}
    found = {}
    for observation in sorted(observations, key=lambda each: (each.policy, each.parameters)):
        if observation.kind not in placements:
            placements[observation.kind] = _interned(plant.tables.get(observation.kind))
        key = Key(observation.policy, canonical_again(observation.parameters))
        found[key] = Tally(observation, _count(plant, observation, placements[observation.kind]))
    return found


def rows_of(observation: Observations, outcome: Outcome) -> Iterator[int]:
    """The rows with an outcome, in order. `find` walks the column in C: they are few among many."""
    row = observation.outcomes.find(outcome)
    while row >= 0:
        yield row
        row = observation.outcomes.find(outcome, row + 1)


def placement_of(plant: Plant, observation: Observations, row: int) -> Placement:
    """Where the subject of a row counts: a row of the table, or behind it an uncovered subject."""
    table = plant.tables.get(observation.kind)
    rows = len(table.ids) if table else 0
    if table and row < rows:
        return table.zones[row], table.conduits[row]
    return _uncovered_placement(plant, observation, row - rows)


class _Placed(NamedTuple):
    """Where the subjects of a table count: for each row the number of its placement, these, and how often each is."""

    column: list[int]
    placements: list[Placement]
    counts: Counter[int]


def _interned(table: Table | None) -> _Placed:
    numbers: dict[Placement, int] = {}
    if table is None:
        return _Placed([], [], Counter())
    column = [numbers.setdefault(each, len(numbers)) for each in zip(table.zones, table.conduits, strict=True)]
    return _Placed(column, list(numbers), Counter(column))


def _count(plant: Plant, observation: Observations, placed: _Placed) -> dict[Unit, Totals]:
    rows = len(placed.column)
    if len(observation.outcomes) != rows + len(observation.uncovered) or len(observation.methods) != len(
        observation.outcomes
    ):
        raise ValueError(f"{observation.policy}: its columns do not fit the subjects of kind {observation.kind}")
    counted: dict[Unit, list[int]] = {Unit("site", plant.site.id): [0] * 6}
    for (number, outcome, method), many in _combinations(placed, observation).items():
        _add(counted, plant.site.id, placed.placements[number], outcome, method, many)
    for index in range(len(observation.uncovered)):
        placement = _uncovered_placement(plant, observation, index)
        row = rows + index
        _add(counted, plant.site.id, placement, observation.outcomes[row], observation.methods[row], 1)
    return {
        unit: Totals(passed=n[0], failed=n[1], not_applicable=n[2], no_evidence=n[3], error=n[4], tested=n[5])
        for unit, n in counted.items()
    }


def _combinations(placed: _Placed, observation: Observations) -> Counter[tuple[int, int, int]]:
    """How many rows have each placement, outcome and method.

    Usually one method was read throughout and nearly all rows pass: those are counted in C, and the few others moved.
    """
    column = placed.column
    rows = len(column)
    outcomes, methods = observation.outcomes, observation.methods
    usual = max(Outcome, key=lambda outcome: outcomes.count(outcome, 0, rows))
    few = rows - outcomes.count(usual, 0, rows) <= rows // FEW
    if not few or methods.count(methods[:1], 0, rows) != rows:
        return Counter(zip(column, outcomes, methods, strict=False))
    method = methods[0]
    found = Counter({(number, int(usual), method): many for number, many in placed.counts.items()})
    for outcome in set(Outcome) - {usual}:
        row = outcomes.find(outcome, 0, rows)
        while row >= 0:
            found[column[row], usual, method] -= 1
            found[column[row], outcome, method] += 1
            row = outcomes.find(outcome, row + 1, rows)
    return found


def _add(counted: dict[Unit, list[int]], site: str, placement: Placement, outcome: int, method: int, many: int) -> None:
    zones, conduits = placement
    units = [Unit("site", site), *(Unit("zone", zone) for zone in zones), *(Unit("conduit", each) for each in conduits)]
    for unit in units:
        numbers = counted.setdefault(unit, [0] * 6)
        numbers[outcome] += many
        if outcome == Outcome.PASS and method <= WEAKEST_TESTED:
            numbers[5] += many


def _uncovered_placement(plant: Plant, observation: Observations, index: int) -> Placement:
    """An uncovered asset counts where it stands; a zone in which nobody would see anything also in its conduits."""
    uncovered = observation.uncovered[index]
    if uncovered.subject_kind == "zone":
        joining = (conduit.id for conduit in plant.site.conduits if uncovered.subject in conduit.zones)
        return uncovered.zones, tuple(sorted(joining))
    assets = plant.tables.get("asset")
    row = assets.rows.get(uncovered.subject, -1) if assets and uncovered.subject_kind == "asset" else -1
    return uncovered.zones, assets.conduits[row] if assets and row >= 0 else ()
