"""Day by day: on the days around one without a turn the same evidence makes the same plant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.support.plant_world import identities, plant, project, source

from plantproof.errors import InputError
from plantproof.model.project_file import SourceSettings
from plantproof.model.steady import EVERY_DAY, steady_around
from plantproof.plant.turns import turns_of_plant

DAYS = [(date(2026, 6, 1) + timedelta(days=number)).isoformat() for number in range(24)]
ODD = ["", "soon", "20260607", "2026-W23-1", "2026-06-31"]
EVERYTHING = {"asset": {"model"}}


@settings(max_examples=40)
@given(some.data())
def test_no_turn_no_change(data: some.DataObject) -> None:
    days = some.sampled_from(DAYS)
    sources = [
        source(
            name,
            {"asset": [{"id": "a", "model": name}, {"id": "b"}]},
            collected=data.draw(days),
            observed_to=data.draw(days | some.none()),
        )
        for name in ("s", "t")
    ]
    by = project(
        max_age_days={"default": data.draw(some.integers(0, 12))},
        settings={"t": SourceSettings(max_age_days=data.draw(some.integers(0, 12)))},
    )
    left = data.draw(days | some.sampled_from(ODD))
    known = identities(["a", "b", "c"], retired={"b": (left, "somebody", "scrapped"), "c": ("", "", "")})

    def seen(on: str) -> Any:
        try:
            built = plant(*sources, known=known, needs=EVERYTHING, by=by, on=on)
        except InputError as error:
            return error.problems
        return msgspec.to_builtins(msgspec.structs.replace(built, date=""), enc_hook=list)

    for on in DAYS:
        first = seen(on)
        if isinstance(first, tuple):
            continue
        states = plant(*sources, known=known, needs=EVERYTHING, by=by, on=on).sources
        steady = steady_around(on, turns_of_plant(states, known))
        for other in DAYS:
            if steady.holds(other):
                assert seen(other) == first, (on, other, steady)


def test_a_day_in_another_notation_is_never_relied_on() -> None:
    for text in ("20260607", "2026-W23-1"):
        assert EVERY_DAY in set(turns_of_plant((), identities(["b"], retired={"b": (text, "somebody", "")})))


def test_what_retires_nothing_turns_nothing() -> None:
    assert not set(turns_of_plant((), identities(["b"], retired={"b": ("2026-06-07", "", "")})))
