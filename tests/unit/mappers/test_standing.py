"""The sums behind conclusions, and what a few subjects move in them."""

from __future__ import annotations

import pytest
from tests.support.mapper_world import observe, plant, site, table, zone

from plantproof.mappers.attestations import Spoken
from plantproof.mappers.bindings import Key
from plantproof.mappers.policy_results import Silence, Silent
from plantproof.mappers.standing import Remembered, Standing, totals_moved, with_moved
from plantproof.mappers.tallies import Tally, Unit, tallies_of
from plantproof.model.assessment import Totals
from plantproof.model.vocabulary import Conclusion, Outcome

KEY = Key("f/x", b"{}")
SITE, CELL, OFFICE = Unit("site", "works"), Unit("zone", "cell"), Unit("zone", "office")


def tallied(**outcomes: Outcome) -> dict[Key, Tally]:
    where = {each: ("office",) if each.startswith("o") else ("cell",) for each in outcomes}
    assets = table("asset", where)
    return tallies_of(plant(site([zone("cell"), zone("office")]), [assets]), [observe("f/x", assets, outcomes)])


def test_only_what_moved_is_told() -> None:
    before = tallied(a=Outcome.PASS, o=Outcome.FAIL)
    after = tallied(a=Outcome.FAIL, o=Outcome.FAIL)
    change = Totals(passed=-1, failed=1, tested=-1)
    (units,) = totals_moved(before, after).values()
    assert {unit.kind: moved for unit, moved in units.items()} == {"site": change, "zone": change}
    assert CELL in units
    assert OFFICE not in units
    assert totals_moved(before, before) == {}


def test_subjects_come_and_go() -> None:
    one, both = tallied(a=Outcome.PASS), tallied(a=Outcome.PASS, b=Outcome.NO_EVIDENCE)
    assert totals_moved(one, both)[KEY][CELL] == Totals(no_evidence=1)
    assert totals_moved(both, one)[KEY][CELL] == Totals(no_evidence=-1)
    assert totals_moved({}, one)[KEY][CELL] == Totals(passed=1, tested=1)


def test_sums_follow_and_empty_zones_are_not_named() -> None:
    standing = Standing(totals=[(KEY, [(SITE, Totals(passed=1)), (CELL, Totals(passed=1))])])
    gone = {KEY: {CELL: Totals(passed=-1), SITE: Totals(passed=-1), OFFICE: Totals(failed=1)}}
    moved = with_moved(standing, gone, {})
    assert moved.totals_by_key() == {KEY: {SITE: Totals(), OFFICE: Totals(failed=1)}}
    assert with_moved(standing, {}, {}) == standing


def test_silences_are_replaced_where_they_are_others() -> None:
    other = Key("f/y", b"{}")
    was, now = ({"stale": Silence(1, [Silent(False, each, each)])} for each in "ab")
    standing = Standing(totals=[], silences=[(KEY, was), (other, was)])
    assert with_moved(standing, {}, {KEY: now}).silences == [(KEY, now), (other, was)]


def test_what_was_said_is_remembered_and_nothing_else() -> None:
    said = Spoken(Conclusion.SATISFIED, "seen", claimed=False, over_period=False)
    remembered = Remembered([(("patching", "site", SITE, False), said)])
    assert remembered.on("patching", "site", SITE) is said
    with pytest.raises(KeyError):
        remembered.on("patching", "site", SITE, period=True)
