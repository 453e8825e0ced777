"""What persons state: taken away, narrowed or turned round it is a loss, whatever else rests on the control."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support import mapper_world as world
from tests.support.review_world import PASS, judged

from plantproof.model.evidence import Attestation, AttestedScope, Person
from plantproof.model.plant import Plant
from plantproof.review.statements import statement_moves

ON = world.ON
HONEST = Attestation(
    schema="plantproof/attestation/1",
    id="a-1",
    topic="backups",
    who=Person(name="G. Wolff", role="audit"),
    about_own_work=False,
    method="examine",
    scope=AttestedScope(zones=["cell", "hall"]),
    outcome="satisfied",
    statement="It is so.",
    period_from="2026-01-01",
    period_to="2026-05-31",
    date="2026-06-01",
    expires="2026-12-31",
)


def plant(*stated: Attestation) -> Plant:
    return msgspec.structs.replace(judged({"a-1": PASS}).plant, attestations=stated)


def told(was: list[Attestation], now: list[Attestation]) -> list[tuple[str, str]]:
    return [(move.of, move.status) for move in statement_moves(plant(*was), plant(*now), ON)]


def edited(**more: Any) -> Attestation:
    return msgspec.structs.replace(HONEST, **more)


def test_what_is_not_edited_moves_nothing() -> None:
    assert not told([HONEST], [HONEST])


def test_a_statement_that_is_gone_is_not_known_any_more_of_each_thing() -> None:
    assert told([HONEST], []) == [("zone cell", "unknown-now"), ("zone hall", "unknown-now")]


def test_a_statement_of_a_shortcoming_that_is_gone_is_a_loss_too() -> None:
    assert {status for _, status in told([edited(outcome="not-satisfied")], [])} == {"unknown-now"}


@pytest.mark.parametrize(
    "edit",
    [
        {"scope": AttestedScope(zones=["hall"])},
        {"scope": AttestedScope(zones=["hall"]), "date": "2026-06-20"},
    ],
)
def test_a_statement_that_speaks_of_less_loses_the_rest(edit: dict[str, Any]) -> None:
    assert told([HONEST], [edited(**edit)]) == [("zone cell", "unknown-now")]


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        ({"outcome": "not-satisfied"}, "worse"),
        ({"period_from": None, "period_to": None}, "unknown-now"),
        ({"about_own_work": True}, "unknown-now"),
        ({"expires": "2027-06-30"}, "changed"),
        ({"expires": "2039-12-31"}, "unknown-now"),
        ({"statement": "It is all so."}, "changed"),
        ({"expires": "2026-06-29"}, "unknown-now"),
    ],
)
def test_every_edit_under_the_old_date_has_its_name(edit: dict[str, Any], status: str) -> None:
    assert {found for _, found in told([HONEST], [edited(**edit)])} == {status}


def test_who_looks_again_later_moves_nothing_and_may_turn_the_answer() -> None:
    assert not told([HONEST], [edited(id="a-2", date="2026-06-20", expires="2027-06-30", statement="Still so.")])
    against = edited(outcome="not-satisfied")
    again = edited(id="a-2", date="2026-06-20")
    assert {status for _, status in told([against], [again])} == {"better"}


def test_a_shortcoming_that_is_turned_round_under_its_old_date_is_not_known_any_more() -> None:
    assert {status for _, status in told([edited(outcome="not-satisfied")], [HONEST])} == {"unknown-now"}


def test_a_statement_that_is_renamed_moves_nothing() -> None:
    assert not told([HONEST], [edited(id="backups-of-june")])


def test_a_first_statement_is_known_now_whatever_it_says() -> None:
    assert {status for _, status in told([], [HONEST])} == {"known-now"}
    assert {status for _, status in told([], [edited(outcome="not-satisfied")])} == {"known-now"}


def test_what_lapsed_on_both_sides_moves_nothing() -> None:
    lapsed = edited(expires="2026-06-02")
    assert not told([lapsed], [])
