"""Day by day: between two turns every policy sees the same ages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from tests.support.policy_world import DictProject, column, path_of, plant_of, policy_source, table

from plantproof.model.policy import Bundle
from plantproof.model.steady import steady_around
from plantproof.policies.bundle import load_bundle
from plantproof.policies.projection import project
from plantproof.policies.turns import turns_of_ages
from plantproof.policies.views import Views

SOURCE = policy_source(
    'violations contains v if {\n\tinput.ages.support_ends == "over"\n\tv := {"message": "old"}\n}\n',
    "reads: {support_ends: required}\nages: {support_ends: most}\nparameters: {most: {description: a, default: 5.0}}",
)
DAYS = [(date(2026, 2, 20) + timedelta(days=number)).isoformat() for number in range(24)]
VALUES = [None, 7, "", "never", "2026-02-30", "20260225", "2026-W09-1", "9999-12-31", *DAYS, "2026-02-27T23:59:59Z"]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(DictProject({path_of(): SOURCE}))


@settings(max_examples=60)
@given(some.lists(some.sampled_from(VALUES), min_size=1, max_size=4), some.floats(-3, 12), some.sampled_from(VALUES))
@example(["2026-02-22"], 0.0, None)
@example(["2026-02-22"], -0.5, None)
@example(["2026-02-22"], 4.5, "2026-02-24")
def test_no_turn_no_other_age(bundle: Bundle, values: list[Any], limit: float, claimed: Any) -> None:
    disputed = {0: (values[0], claimed)} if claimed is not None else {}
    plant = plant_of(table("asset", len(values), {"support_ends": column(values, disputed=disputed)}))
    bindings = [("test/sample", {"most": limit})]

    def seen(on: str) -> Any:
        found = project(bundle.policies["test/sample"], {"most": limit}, Views(plant, on))
        assert found is not None
        return found.inputs, list(found.groups), found.decisions, found.disputed

    for on in DAYS:
        steady = steady_around(on, turns_of_ages(bundle, bindings, plant))
        for other in DAYS:
            if steady.holds(other):
                assert seen(other) == seen(on), (on, other, steady)


def test_only_what_is_asked_turns(bundle: Bundle) -> None:
    plant = plant_of(table("asset", 2, {"support_ends": column(["2026-02-22", "2026-02-22"])}))
    assert set(turns_of_ages(bundle, [], plant)) == set()
    assert set(turns_of_ages(bundle, [("test/sample", {})], plant)) == {"2026-02-22", "2026-02-28"}
    assert set(turns_of_ages(bundle, [("test/sample", {"most": 30.0})], plant)) == {"2026-02-22", "2026-03-25"}
