"""Conclusions drawn again: what they would be if they were drawn from the whole."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.mapper_world import ON, World, simple

from plantproof.mappers.again import Judging, conclude_gaps, conclude_totals, in_order
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.policy_results import silence_of
from plantproof.mappers.standing import totals_moved
from plantproof.mappers.tallies import tallies_of
from plantproof.model.catalog import Tailoring
from plantproof.model.vocabulary import Outcome

PASS, FAIL, SILENT, OUT = Outcome.PASS, Outcome.FAIL, Outcome.NO_EVIDENCE, Outcome.NOT_APPLICABLE


def judging(world: World) -> Judging:
    return Judging(world.intent, world.mappings, world.bundle, ON)


def again(before: World, after: World) -> SiteConclusions:
    old, new = (tallies_of(each.plant, each.observations) for each in (before, after))
    silences = {key: silence_of(after.plant, tally.observations) for key, tally in new.items()}
    found = conclude_totals(judging(before), before.conclude(), totals_moved(old, new), silences)
    titles = {unit.id: unit.title for unit in (*found.site.zones, *found.site.conduits)}
    return conclude_gaps(judging(before), found, after.conclude().gaps, {}, titles)


def plain(found: SiteConclusions) -> SiteConclusions:
    """Without the rows of assets, which are made from the plant."""
    return msgspec.structs.replace(found, standing=None, site=msgspec.structs.replace(found.site, assets=[]))


@pytest.mark.parametrize("now", [PASS, FAIL, SILENT, OUT])
@pytest.mark.parametrize("was", [PASS, FAIL, SILENT, OUT])
def test_one_subject_of_two_says_something_else(was: Outcome, now: Outcome) -> None:
    for other in (PASS, FAIL, SILENT, OUT):
        before, after = (simple({"a": each, "b": other}) for each in (was, now))
        assert plain(again(before, after)) == plain(after.conclude())


@pytest.mark.parametrize("now", [PASS, FAIL, SILENT, OUT])
def test_a_removed_requirement_of_which_the_review_is_overdue_is_found_again(now: Outcome) -> None:
    removal = Tailoring(control="SR 1.1", action="remove", reason="none", approver="somebody", review_by="2026-06-29")
    worlds = [simple({"a": each}) for each in (PASS, now)]
    for world in worlds:
        (selected,) = world.frameworks
        world.frameworks = [msgspec.structs.replace(selected, controls=(), removed=(("SR 1.1", removal),))]
    assert plain(again(*worlds)) == plain(worlds[1].conclude())


def test_nothing_moved_is_what_it_was() -> None:
    before = simple({"a": PASS}).conclude()
    assert conclude_totals(judging(simple({"a": PASS})), before, {}, {}) is before


def test_it_has_to_be_known_what_conclusions_rest_on() -> None:
    world = simple({"a": PASS})
    before = msgspec.structs.replace(world.conclude(), standing=None)
    with pytest.raises(ValueError, match="do not say what they rest on"):
        conclude_totals(judging(world), before, {}, {})


def test_gaps_are_in_the_order_in_which_they_are_found() -> None:
    gaps = simple({"c": FAIL, "a": FAIL, "b": FAIL}).conclude().gaps
    assert in_order(reversed(gaps)) == gaps
