"""Policies to which two plants differ, and only those, observed in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from tests.support.policy_world import (
    ON,
    DictProject,
    column,
    path_of,
    plant_of,
    policy_source,
    table,
    uncovered_asset,
    words,
)

from plantproof.model.plant import Plant
from plantproof.policies.bundle import load_bundle
from plantproof.policies.differing import Both, observe_differing
from plantproof.policies.protocol import Engine, Request, Verdict

BODY = 'violations contains {"message": "old"} if input.vendor == "old"\n'
DECLARES = "reads:\n  vendor: required\n"


class Counting:
    """An engine that notes how much it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.inputs = engine, 0

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        def noting() -> Iterator[Request]:
            for request in requests:
                self.inputs += len(request.inputs)
                yield request

        return self.engine.evaluate(noting())


def both(engine: Any, before: Plant, after: Plant, source: str = "") -> list[Both]:
    bundle = load_bundle(DictProject({path_of(): source or policy_source(BODY, DECLARES)}))
    return observe_differing(bundle, [("test/sample", {})], before, after, engine, ON)


def assets(*vendors: str | None, **given: Any) -> Plant:
    columns = {"vendor": column(vendors), "model": column(["m"] * len(vendors))}
    return plant_of(table("asset", len(vendors), columns, **given), uncovered=given.get("uncovered", {}))


def test_what_differs_is_observed_before_and_after(engine: Engine) -> None:
    (found,) = both(engine, assets("new", "old"), assets("old", None))
    assert words(found.before) == ["pass", "fail"]
    assert words(found.after) == ["fail", "no-evidence: missing-field"]
    assert list(found.after.violations) == [0]


def test_each_input_is_asked_about_once(engine: Engine) -> None:
    counting = Counting(engine)
    (found,) = both(counting, assets("new", "old"), assets("old", "new"))
    assert counting.inputs == 2
    assert words(found.before) == ["pass", "fail"]
    assert words(found.after) == ["fail", "pass"]


def test_nobody_is_asked_where_nothing_differs(engine: Engine) -> None:
    counting = Counting(engine)
    changed = assets("new", "old")
    changed.tables["asset"].columns["model"] = column(["other", "other"])
    assert both(counting, assets("new", "old"), changed) == []
    assert counting.inputs == 0


@pytest.mark.parametrize(
    "given", [{"fresh": [1, 0]}, {"zones": [("cell",), ("office",)]}, {"ids": ["asset-0", "asset-7"]}]
)
def test_where_a_subject_counts_and_how_fresh_it_is(given: dict[str, Any], engine: Engine) -> None:
    assert len(both(engine, assets("new", "old"), assets("new", "old", **given))) == 1


def test_another_name_is_shown_in_reasons(engine: Engine) -> None:
    named = assets("new", "old")
    named.names["asset-1"] = "plc"
    assert len(both(engine, assets("new", "old"), named)) == 1


ACCOUNTS = policy_source(
    'violations contains {"message": "x"} if input.enabled\n',
    "reads:\n  enabled: required\nfor:\n  asset.vendor: [old]\n",
    subject="account",
)


def test_an_asset_without_records_that_a_field_rules_out_now(engine: Engine) -> None:
    """Nothing is projected of it, and its outcome is another."""

    def plant(vendor: str) -> Plant:
        found = assets(vendor)
        found.tables["account"] = table("account", 0, {"enabled": column([])})
        found.uncovered = {"account": [uncovered_asset("asset-0")]}
        return found

    (found,) = both(engine, plant("old"), plant("new"), ACCOUNTS)
    assert words(found.before) == ["no-evidence: not-covered"]
    assert words(found.after) == ["not-applicable"]
    assert both(engine, plant("new"), plant("new"), ACCOUNTS) == []


def test_an_asset_of_which_nobody_looks_any_more(engine: Engine) -> None:
    before = assets("old")
    before.tables["account"] = table("account", 0, {"enabled": column([])})
    after = assets("old")
    after.tables["account"] = table("account", 0, {"enabled": column([])})
    after.uncovered = {"account": [uncovered_asset("asset-0")]}
    (found,) = both(engine, before, after, ACCOUNTS)
    assert (words(found.before), words(found.after)) == ([], ["no-evidence: not-covered"])
