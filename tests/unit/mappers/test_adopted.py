"""Adoption: by identity, never by place; it changes the gate and no finding."""

from __future__ import annotations

from collections.abc import Container

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import mapper_world as world

from plantproof.mappers.adopted import adoption_state, still_open, with_adoption
from plantproof.mappers.bindings import Key
from plantproof.mappers.conclude import conclude_site
from plantproof.model.adopted import Adopted, AdoptedHead
from plantproof.model.assessment import Gap
from plantproof.model.policy import Violation
from plantproof.model.vocabulary import Outcome
from plantproof.review.adoption import adopt, burn_down_words, causes_words

PASS, FAIL, SILENT = Outcome.PASS, Outcome.FAIL, Outcome.NO_EVIDENCE
ON, REVIEW = "2026-06-30", "2026-12-31"


def gaps_of(**outcomes: Outcome) -> list[Gap]:
    return world.simple({name.replace("_", "-"): each for name, each in outcomes.items()}).conclude().gaps


def adopted(gaps: list[Gap], *, on: str = ON, review: str = REVIEW) -> Adopted:
    _, new = adopt(gaps, None, on=on, review=review)
    return Adopted(head=AdoptedHead(schema="plantproof/adopted/1", site="works", by="Kim", on=on), gaps=tuple(new))


ASKED = {Key("f/x", b"{}")}


def states(gaps: list[Gap], known: Adopted, on: str = ON, asked: Container[Key] = ASKED) -> list[tuple[str, str]]:
    return [(gap.subject, gap.adopted) for gap in with_adoption(gaps, known, {}, on, asked)]


def test_what_was_there_is_adopted_and_what_comes_is_not() -> None:
    known = adopted(gaps_of(a_1=FAIL))
    assert states(gaps_of(a_1=FAIL, a_2=FAIL), known) == [("a-1", "adopted"), ("a-2", "")]


def test_more_than_was_adopted_is_worse() -> None:
    known = adopted(gaps_of(a_1=FAIL))
    (gap,) = gaps_of(a_1=FAIL)
    more = msgspec.structs.replace(gap, violations=[*gap.violations, Violation("and that")])
    assert states([more], known) == [("a-1", "worse")]


@pytest.mark.parametrize(
    ("seen", "state"),
    [(60, "adopted"), (30, "adopted"), (61, "worse"), (480, "worse"), ("never", "adopted"), (None, "adopted")],
)
def test_what_is_farther_from_what_is_expected_than_was_adopted_is_worse(seen: object, state: str) -> None:
    """A session was to end after 15 minutes, and ended after 60. What cannot be measured is compared by its number."""
    (gap,) = gaps_of(a_1=FAIL)

    def with_minutes(minutes: object) -> Gap:
        return msgspec.structs.replace(gap, violations=[Violation("late", field="value", seen=minutes, expected=15)])

    known = adopted([with_minutes(60)])
    assert known.gaps[0].distances == {"value": 45.0}
    assert states([with_minutes(seen)], known) == [("a-1", state)]
    other = msgspec.structs.replace(with_minutes(480), parameters={"max": 10})
    assert states([other], known, asked=()) == [("a-1", "adopted")]


def test_after_the_day_of_review_it_is_overdue() -> None:
    known = adopted(gaps_of(a_1=FAIL))
    assert states(gaps_of(a_1=FAIL), known, REVIEW) == [("a-1", "adopted")]
    assert states(gaps_of(a_1=FAIL), known, "2027-01-01") == [("a-1", "overdue")]


def test_another_limit_of_the_policy_makes_no_new_gap_of_an_old_one() -> None:
    known = adopted(gaps_of(a_1=FAIL))
    (gap,) = gaps_of(a_1=FAIL)
    other = msgspec.structs.replace(gap, id="other", parameters={"max": 5})
    asked = {Key("f/x", b'{"max":5}')}
    assert states([other], known, asked=asked) == [("a-1", "adopted")]
    assert still_open(known, [other], {}, asked) == list(known.gaps)


def test_another_limit_that_is_asked_beside_is_another_question() -> None:
    known = adopted(gaps_of(a_1=FAIL))
    (gap,) = gaps_of(a_1=FAIL)
    other = msgspec.structs.replace(gap, id="other", parameters={"max": 5})
    asked = {*ASKED, Key("f/x", b'{"max":5}')}
    assert states([gap, other], known, asked=asked) == [("a-1", "adopted"), ("a-1", "")]
    assert still_open(known, [other], {}, asked) == []


def test_a_merged_asset_keeps_its_adoption() -> None:
    known = adopted(gaps_of(a_2=FAIL))
    (gap,) = with_adoption(gaps_of(a_1=FAIL), known, {"a-2": "a-1"}, ON, ASKED)
    assert (gap.subject, gap.adopted) == ("a-1", "adopted")


def test_adopting_again_keeps_day_owner_and_review() -> None:
    known = adopted(gaps_of(a_1=FAIL))
    kept, new = adopt(
        with_adoption(gaps_of(a_1=FAIL, a_2=FAIL), known, {}, ON, ASKED), known, on="2026-08-01", review="2027-08-01"
    )
    assert [entry.adopted for entry in kept] == [ON]
    assert [(entry.subject, entry.adopted) for entry in new] == [("a-2", "2026-08-01")]


def test_the_burn_down_adds_up() -> None:
    known = adopted(gaps_of(a_1=FAIL, a_2=FAIL))
    gaps = with_adoption(gaps_of(a_1=FAIL, a_3=FAIL), known, {}, ON, ASKED)
    state = adoption_state(gaps, known, {}, (), ASKED)
    assert state is not None
    assert burn_down_words(state) == "2 adopted: 1 closed, 1 open; 1 new"


def test_what_is_not_known_any_more_is_counted_apart_and_stays() -> None:
    known = adopted(gaps_of(a_1=FAIL, a_2=FAIL, a_3=FAIL))
    later = world.simple({"a-1": FAIL, "a-2": SILENT, "a-3": PASS})
    found = conclude_site(
        msgspec.structs.replace(later.intent, adopted={"works": known}),
        later.mappings,
        later.bundle,
        later.plant,
        later.observations,
        ON,
    )
    state = found.site.adopted
    assert state is not None
    assert burn_down_words(state) == "3 adopted: 1 closed, 1 not known any more, 1 open; 0 new"
    assert found.standing is not None
    assert [entry.subject for entry in still_open(known, found.gaps, {}, ASKED, found.standing.unknown)] == [
        "a-1",
        "a-2",
    ]


def test_the_fewest_causes_behind_most_gaps_are_named() -> None:
    causes = world.simple({f"a-{number}": FAIL for number in range(10)}).conclude().causes
    assert causes_words(causes) == "1 cause explains 100 % of 10 gaps"
    assert causes_words([]) == "no gaps"


@given(
    st.sets(st.sampled_from([f"a-{number}" for number in range(8)])),
    st.sets(st.sampled_from([f"a-{n}" for n in range(8)])),
)
def test_every_adopted_gap_is_open_or_closed_and_every_gap_adopted_or_new(before: set[str], after: set[str]) -> None:
    names = [f"a-{number}" for number in range(8)]
    was = world.simple({name: FAIL if name in before else PASS for name in names}).conclude().gaps
    known = adopted(was)
    now = world.simple({name: FAIL if name in after else PASS for name in names}).conclude().gaps
    gaps = with_adoption(now, known, {}, ON, ASKED)
    state = adoption_state(gaps, known, {}, (), ASKED)
    assert state is not None
    assert state.adopted == len(before)
    assert state.open == len(before & after) == len(still_open(known, gaps, {}, ASKED))
    assert state.new == len(after - before)
