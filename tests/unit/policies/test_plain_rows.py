"""The short ways of a projection show an engine the very bytes that deciding row by row would."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.policy_world import ON, DictProject, column, path_of, plant_of, policy_source, table

from plantproof.model.plant import Plant
from plantproof.model.policy import Policy
from plantproof.policies.bundle import load_bundle
from plantproof.policies.plain_rows import PlainRows
from plantproof.policies.projection import Projection, project
from plantproof.policies.views import Views

BODY = """violations contains v if {
	input.purdue_level > 3
	input.model == input.asset.role
	count(input.joins.setting) > 0
	input.ages.support_ends == "over"
	v := {"message": "m"}
}
"""
READS = """for: {role: [plc, hmi]}
reads:
  purdue_level: required
  model: optional
  support_ends: required
follow: {asset: [role, "vendor?"]}
joins: {setting: {where: {key: [a]}, fields: ["value?"], covered: optional}}
ages: {support_ends: days}
parameters: {days: {description: d, default: 30}}
"""
TEXTS = st.sampled_from(["plc", "hmi", "x", "10.0.0.0", "100%", "%b%s", 'a"b', "\\", ".0,", "é"])


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_bundle(DictProject({path_of(): policy_source(BODY, READS)})).policies["test/sample"]


def some(values: st.SearchStrategy[Any], known: bool, size: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(values if known else st.none() | values, min_size=size, max_size=size)


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    """Assets of which all is known, or not; with settings that belong to them."""
    size, known = draw(st.integers(1, 5)), draw(st.booleans())
    levels = st.sampled_from([1.0, 3.5, 2, 10.0])
    dates = st.sampled_from(["2020-01-01", "2030-01-01", ON])
    columns = {
        "role": column(draw(some(st.sampled_from(["plc", "hmi"]) if known else TEXTS, known, size))),
        "purdue_level": column(draw(some(levels, known, size))),
        "model": column(draw(some(TEXTS, known, size))),
        "vendor": column(draw(some(TEXTS, known, size))),
        "support_ends": column(draw(some(dates, known, size))),
    }
    fresh = [1] * size if known else draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    owners = draw(st.lists(st.integers(0, size - 1), max_size=4))
    settings = {
        "key": column(["a"] * len(owners)),
        "value": column(draw(some(TEXTS, known, len(owners)))),
    }
    return plant_of(
        table("asset", size, columns, fresh=fresh), table("setting", len(owners), settings, asset_rows=owners)
    )


def told(found: Projection | None) -> list[Any]:
    assert found is not None
    return [
        (found.inputs[decision.input] if decision.outcome is None else decision, decision.incomplete)
        for decision in map(found.decisions.__getitem__, found.groups)
    ]


@given(plant=plants())
def test_templates_and_whole_columns_give_what_row_by_row_does(policy: Policy, plant: Plant) -> None:
    quick = told(project(policy, {"days": 30}, Views(plant, ON)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlainRows, "subjects", lambda *arguments: None)
        by_row = told(project(policy, {"days": 30}, Views(plant, ON)))
        patch.setattr(PlainRows, "subject", lambda *arguments: None)
        slow = told(project(policy, {"days": 30}, Views(plant, ON)))
    assert quick == by_row == slow


def test_both_ways_are_really_taken(policy: Policy) -> None:
    columns = {
        "role": column(["plc"]),
        "purdue_level": column([5.0]),
        "model": column(["100%"]),
        "vendor": column(["v"]),
        "support_ends": column(["2020-01-01"]),
    }
    taken: list[bytes | None] = []
    with pytest.MonkeyPatch.context() as patch:
        real = PlainRows.subjects
        patch.setattr(PlainRows, "subjects", lambda *given: taken.extend(real(*given) or [None]) or real(*given))
        found = project(policy, {"days": 30}, Views(plant_of(table("asset", 1, columns)), ON))
    assert found is not None
    assert taken[0] is not None
    own = b'"model":"100%","purdue_level":5,"support_ends":"2020-01-01"'
    nested = b'"ages":{"support_ends":"over"},"asset":{"role":"plc","vendor":"v"},"joins":{"setting":[]}'
    assert found.inputs == [b"{" + own + b"," + nested + b"}"]
