"""What became of every gap: by identity, never by name or line; and what is no longer known is never better."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.review_world import APART, FAIL, PASS, SILENT, judged, moved, renamed, told

from plantproof.model.moves import MIRRORED
from plantproof.model.plant import Uncovered
from plantproof.model.vocabulary import Outcome

OUTCOMES = st.sampled_from([PASS, FAIL, SILENT, APART])
SITES = st.dictionaries(st.sampled_from([f"a-{number}" for number in range(6)]), OUTCOMES, min_size=1)


@pytest.mark.parametrize(
    ("was", "now", "status"),
    [
        (PASS, FAIL, "opened"),
        (APART, FAIL, "opened"),
        (SILENT, FAIL, "known-now"),
        (FAIL, PASS, "closed"),
        (FAIL, APART, "closed"),
        (FAIL, SILENT, "unknown-now"),
    ],
)
def test_every_change_of_an_outcome_has_its_name(was: Outcome, now: Outcome, status: str) -> None:
    moves = moved(judged({"a-1": was}), judged({"a-1": now}))
    assert told(moves) == [(status, was.word, now.word, "a-1")]


def test_a_gap_that_stays_is_the_same_and_no_move() -> None:
    moves = moved(judged({"a-1": FAIL}), judged({"a-1": FAIL}))
    assert not moves.gaps
    assert moves.counts.same == 1


def test_more_violations_are_worse_fewer_better_and_others_have_changed() -> None:
    one = judged({"a-1": FAIL}, found={"a-1": ["old firmware"]})
    two = judged({"a-1": FAIL}, found={"a-1": ["old firmware", "no support"]})
    other = judged({"a-1": FAIL}, found={"a-1": ["no support"]})
    assert [(each.status, each.why) for each in moved(one, two).gaps] == [("worse", "now also: no support")]
    assert [(each.status, each.why) for each in moved(two, one).gaps] == [("better", "no longer: no support")]
    assert [(each.status, each.why) for each in moved(one, other).gaps] == [("changed", "was: old firmware")]


def test_an_asset_that_passed_and_is_not_known_any_more_is_lost_from_sight() -> None:
    moves = moved(judged({"a-1": PASS}), judged({"a-1": SILENT}))
    assert not moves.gaps
    assert [(each.subject, each.reason) for each in moves.lost] == [("a-1", "missing-field")]
    assert moves.counts.unknown_passed == 1


def test_what_is_lost_has_the_name_and_the_zones_of_its_own_kind() -> None:
    """An account may have the id of an asset."""
    moves = []
    for named in ({"names": {"a-1": "service"}, "own_names": {("asset", "a-1"): "PLC 7"}}, {"names": {"a-1": "PLC 7"}}):
        sides = []
        for outcome in (PASS, SILENT):
            side = judged({"a-1": outcome})
            account = msgspec.structs.replace(side.plant.tables["asset"], kind="account", zones=[("office",)])
            plant = msgspec.structs.replace(side.plant, tables={"account": account, **side.plant.tables}, **named)
            sides.append(msgspec.structs.replace(side, plant=plant))
        moves += moved(*sides).lost
    zones = list(judged({"a-1": PASS}).plant.tables["asset"].zones[0])
    assert [(each.name, each.zones) for each in moves] == [("PLC 7", zones)] * 2


def test_a_rename_moves_nothing() -> None:
    base = renamed(judged({"a-1": FAIL, "a-2": PASS}), {"a-1": "PLC 7"})
    head = renamed(judged({"a-1": FAIL, "a-2": PASS}), {"a-1": "PLC of filling"})
    assert not moved(base, head).gaps


def test_a_new_asset_that_fails_is_opened() -> None:
    assert told(moved(judged({"a-1": PASS}), judged({"a-1": PASS, "a-2": FAIL}))) == [
        ("opened", "absent", "fail", "a-2")
    ]


def test_an_asset_that_is_gone_without_retirement_is_unknown_and_a_retired_one_closed() -> None:
    base = judged({"a-1": FAIL, "a-2": PASS})
    vanished = judged({"a-2": PASS})
    retired = judged({"a-2": PASS}, retired={"a-1": ("2026-05-01", "Lee Works", "scrapped")})
    assert told(moved(base, vanished)) == [("unknown-now", "fail", "absent", "a-1")]
    assert told(moved(base, retired)) == [("closed", "fail", "absent", "a-1")]


def test_a_passing_asset_that_is_gone_is_lost_from_sight() -> None:
    moves = moved(judged({"a-1": PASS, "a-2": PASS}), judged({"a-2": PASS}))
    assert [each.subject for each in moves.lost] == ["a-1"]


def test_of_merged_assets_the_gap_stays_and_its_double_closes_by_the_merger() -> None:
    base = judged({"a-1": FAIL, "a-2": FAIL})
    head = judged({"a-1": FAIL}, canonical={"a-2": "a-1"})
    moves = moved(base, head)
    assert [(each.status, each.identity, each.gap.subject) for each in moves.gaps] == [("closed", "merged", "a-2")]
    assert moves.counts.same == 1


def test_a_merged_asset_that_was_alone_in_failing_keeps_its_gap_under_the_living_id() -> None:
    base = judged({"a-2": FAIL})
    head = judged({"a-1": FAIL}, canonical={"a-2": "a-1"})
    moves = moved(base, head)
    assert not moves.gaps
    assert moves.counts.same == 1


@pytest.mark.parametrize("living", [PASS, SILENT, APART])
def test_a_gap_stays_where_the_living_id_was_that_of_an_asset_without_it(living: Outcome) -> None:
    """One gap before, and the same one now: none opened, none became known, none closed."""
    base = judged({"a-1": living, "a-2": FAIL, "a-3": FAIL})
    head = judged({"a-1": FAIL}, canonical={"a-2": "a-1", "a-3": "a-1"})
    moves = moved(base, head)
    assert [(each.status, each.identity, each.gap.subject) for each in moves.gaps] == [("closed", "merged", "a-3")]
    assert moves.counts.same == 1


def test_the_gap_of_one_of_two_merged_assets_is_no_new_gap_of_the_other() -> None:
    """a-1, which passed, is the living id; the merger has a-2 that failed say of it what it said of itself."""
    apart = judged({"a-1": PASS, "a-2": FAIL}, found={"a-2": ["no support"]})
    one = judged({"a-1": FAIL}, canonical={"a-2": "a-1"}, found={"a-1": ["no support"]})
    for moves in (moved(apart, one), moved(one, apart)):
        assert (moves.gaps, moves.counts.same) == ([], 1)


def test_a_merger_hides_nothing_that_was_not_found_before() -> None:
    apart = judged({"a-1": PASS, "a-2": FAIL}, found={"a-2": ["no support"]})
    one = judged({"a-1": FAIL}, canonical={"a-2": "a-1"}, found={"a-1": ["no support", "default password"]})
    (move,) = moved(apart, one).gaps
    assert (move.status, move.why, move.gap.subject) == ("worse", "now also: default password", "a-1")
    assert move.before is not None
    assert move.before.subject == "a-2"


def test_of_a_split_asset_the_second_half_opens_by_the_split() -> None:
    base = judged({"a-1": FAIL}, canonical={"a-2": "a-1"})
    head = judged({"a-1": FAIL, "a-2": FAIL})
    moves = moved(base, head)
    assert [(each.status, each.identity, each.gap.subject) for each in moves.gaps] == [("opened", "split", "a-2")]


def test_an_asset_of_which_nobody_speaks_any_more_is_lost_and_one_of_which_somebody_speaks_at_last_is_no_worse() -> (
    None
):
    silent = [Uncovered("a-1", "asset", ("cell",), "not-covered", "no source speaks")]
    known, unknown = judged({"a-1": PASS}), judged({"a-1": PASS}, uncovered=silent)
    assert [each.subject for each in moved(known, unknown).lost] == ["a-1"]
    assert not moved(unknown, known).lost


@given(SITES)
def test_a_revision_compared_with_itself_has_no_move(outcomes: dict[str, Outcome]) -> None:
    site = judged(outcomes)
    moves = moved(site, site)
    assert not moves.gaps
    assert not moves.lost
    assert moves.counts.same == moves.counts.gaps_was == moves.counts.gaps_now


@given(SITES, SITES)
def test_opened_less_closed_is_the_difference_of_totals(before: dict[str, Outcome], after: dict[str, Outcome]) -> None:
    counts = moved(judged(before), judged(after)).counts
    assert counts.gaps_now - counts.gaps_was == (
        counts.opened + counts.known_failed - counts.closed - counts.unknown_failed
    )
    assert counts.gaps_was == list(before.values()).count(FAIL)
    assert counts.gaps_now == list(after.values()).count(FAIL)


@given(SITES, OUTCOMES, st.integers(1, 6))
def test_a_merger_opens_nothing_that_was_there(before: dict[str, Outcome], outcome: Outcome, many: int) -> None:
    """Any assets become one: what fails now was a gap of one of them before, or is one by the outcome of the whole."""
    ids = sorted(before)[:many]
    living, *others = ids
    after = {asset: found for asset, found in before.items() if asset not in others} | {living: outcome}
    moves = moved(judged(before), judged(after, canonical=dict.fromkeys(others, living)))
    counts = moves.counts
    assert counts.gaps_now - counts.gaps_was == (
        counts.opened + counts.known_failed - counts.closed - counts.unknown_failed
    )
    failed = any(before[asset] == FAIL for asset in ids)
    assert (counts.opened + counts.known_failed > 0) is (outcome == FAIL and not failed)


@given(SITES, SITES)
def test_backwards_is_the_mirror(before: dict[str, Outcome], after: dict[str, Outcome]) -> None:
    one, other = judged(before), judged(after)
    there, back = told(moved(one, other)), told(moved(other, one))
    assert [(now, was, subject) for _, was, now, subject in there] == [
        (was, now, subject) for _, was, now, subject in back
    ]
    # What is absent on one side is judged by why it is absent: bringing a device and losing sight of one differ.
    both = [(status, subject) for status, was, now, subject in there if "absent" not in (was, now)]
    mirrored = [(MIRRORED[status], subject) for status, was, now, subject in back if "absent" not in (was, now)]
    assert both == mirrored


@given(SITES, SITES, SITES)
def test_the_counts_of_sites_add(one: dict[str, Outcome], other: dict[str, Outcome], third: dict[str, Outcome]) -> None:
    first, second = moved(judged(one), judged(other)).counts, moved(judged(other), judged(third)).counts
    total = first + second
    assert total.opened == first.opened + second.opened
    assert total.gaps_now == first.gaps_now + second.gaps_now


def test_a_retirement_to_come_closes_nothing() -> None:
    base = judged({"a-1": FAIL})
    later = {"a-1": ("2036-05-01", "Lee Works", "scrapped")}
    assert told(moved(base, judged({"a-2": PASS}, retired={"a-1": ("2026-05-01", "Lee Works", "x")}))) == [
        ("closed", "fail", "absent", "a-1")
    ]
    still = judged({"a-1": SILENT}, retired=later)
    assert told(moved(base, still)) == [("unknown-now", "fail", "no-evidence", "a-1")]


def test_a_pass_that_is_merged_into_something_unknown_is_lost_from_sight() -> None:
    base = judged({"a-1": SILENT, "a-2": PASS})
    head = judged({"a-1": SILENT}, canonical={"a-2": "a-1"})
    assert [each.subject for each in moved(base, head).lost] == ["a-1"]
    assert moved(head, base).counts.known_passed == 1


# --- what is known at last --------------------------------------------------------------------------------------------


def silent(*assets: str) -> list[Uncovered]:
    return [Uncovered(each, "asset", ("cell",), "not-covered", "no source speaks") for each in assets]


def test_an_asset_of_which_somebody_speaks_at_last_is_known_now() -> None:
    base = judged({"a-1": PASS, "a-2": PASS}, uncovered=silent("a-1", "a-2"))
    head = judged({"a-1": PASS, "a-2": PASS}, uncovered=silent("a-2"))
    assert moved(base, head).counts.known_passed == moved(head, base).counts.unknown_passed == 1
    assert moved(head, head).counts.known_passed == 0


def test_an_asset_that_was_unknown_and_passes_is_counted_once() -> None:
    base, head = judged({"a-1": SILENT}, uncovered=silent("a-1")), judged({"a-1": PASS})
    assert moved(base, head).counts.known_passed == moved(head, base).counts.unknown_passed == 1


def test_an_asset_of_which_somebody_speaks_at_last_and_that_fails_is_known_now_by_its_gap() -> None:
    moves = moved(judged({"a-1": SILENT}, uncovered=silent("a-1")), judged({"a-1": FAIL}))
    assert (moves.counts.known_failed, moves.counts.known_passed) == (1, 0)


def test_an_asset_that_was_not_there_is_not_known_now() -> None:
    assert moved(judged({"a-1": PASS}), judged({"a-1": PASS, "a-2": PASS})).counts.known_passed == 0
    gone = moved(judged({"a-1": PASS, "a-2": PASS}, uncovered=silent("a-2")), judged({"a-1": PASS}))
    assert gone.counts.known_passed == 0


SOME = st.dictionaries(st.sampled_from(["a-1", "a-2", "a-3"]), st.sampled_from([PASS, SILENT, APART]), min_size=1)


@given(SOME, st.data())
def test_backwards_as_many_are_lost_from_sight_as_are_known_now(
    outcomes: dict[str, Outcome], data: st.DataObject
) -> None:
    others = {asset: data.draw(st.sampled_from([PASS, SILENT, APART])) for asset in outcomes}
    unseen = [data.draw(st.sets(st.sampled_from(sorted(outcomes)))) for _ in range(2)]
    one, other = judged(outcomes, uncovered=silent(*unseen[0])), judged(others, uncovered=silent(*unseen[1]))
    there, back = moved(one, other).counts, moved(other, one).counts
    assert (there.known_passed, there.unknown_passed) == (back.unknown_passed, back.known_passed)
