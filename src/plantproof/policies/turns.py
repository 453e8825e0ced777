"""On which days a policy sees another age: `input.ages` is all that it knows of the calendar."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.steady import turn_after, turn_at
from plantproof.policies.evaluate import Binding, bind_parameters


def turns_of_ages(bundle: Bundle, bindings: Sequence[Binding], plant: Plant) -> Iterator[str]:
    """Every day on which `evaluate` may show a policy another age than on the day before, in no order.

    A date is of unknown age before it has come, within the limit from then on, and over it once more days have passed.
    """
    asked: set[tuple[str, str, float]] = set()
    for name, given in bindings:
        policy = bundle.policies[name]
        if policy.metadata.ages:
            parameters = bind_parameters(policy, given)
            kind = policy.metadata.subject
            asked |= {(kind, field, float(parameters[limit])) for field, limit in policy.metadata.ages.items()}
    days: dict[tuple[str, str], set[str]] = {}
    for kind, field, limit in sorted(asked):
        if (kind, field) not in days:
            days[kind, field] = _days(plant, kind, field)
        for day in days[kind, field]:
            yield turn_at(day)
            if math.isfinite(limit):
                yield turn_after(day, max(math.floor(limit), -1))


def _days(plant: Plant, kind: str, field: str) -> set[str]:
    """The days that a field holds, whoever claims them; what is no date has no age on any day."""
    table = plant.tables.get(kind)
    column = table.columns.get(field) if table else None
    if column is None:
        return set()
    values: set[bytes | None] = set(column.values)
    for claims in column.disputed.values():
        values.update(claims)
    return set(_read(values))


def _read(values: Iterable[bytes | None]) -> Iterator[str]:
    decode = msgspec.json.Decoder(str).decode
    for value in values:
        try:
            day = turn_at(decode(value or b"null"))
        except msgspec.DecodeError:
            continue
        if day:
            yield day
