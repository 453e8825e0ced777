"""What an edited judge would ask otherwise, in words: nothing that it moves goes without one."""

from __future__ import annotations

import msgspec
import pytest
from tests.support import delta_example
from tests.support import mapper_world as world
from tests.support.judging import LOCKOUT, asked, judging, key

from plantproof.model.adopted import Adopted, AdoptedGap, AdoptedHead
from plantproof.model.catalog import Tailoring
from plantproof.model.delta import JudgeChange
from plantproof.model.intent import Intent
from plantproof.model.moves import Counts
from plantproof.model.waiver import Compensation
from plantproof.review.gap_moves import Matched
from plantproof.review.judge_words import (
    adopted_words,
    binding_words,
    countermeasure_words,
    effect,
    untried_words,
    waiver_words,
)

MAPPING = JudgeChange(kind="mapping", path="mappers/iec.yaml", how="edited")
PROFILE = JudgeChange(kind="profile", path="controls/profiles/ours.yaml", how="edited")
POLICY = JudgeChange(kind="policy", path="policies/f/lockout/lockout.rego", how="edited")


def test_subjects_that_are_no_gap_on_either_side_are_told_too() -> None:
    assert effect(Counts(known_passed=2, unknown_passed=1, unasked=3)) == (
        "2 subjects of which too little is known would pass, 1 subject would pass no more, and not be known, "
        "3 subjects would not be asked about any more"
    )
    assert effect(Counts(same=7)) == "nothing would move"


def test_an_edited_policy_that_moves_nothing_says_so() -> None:
    words = binding_words(Matched(key(5), key(5)), Counts(), LOCKOUT, LOCKOUT)
    assert words == "another text of f/lockout (Title of f/lockout): nothing would move"


@pytest.mark.parametrize(("severity", "weigh"), [("low", "less"), ("critical", "more")])
def test_another_severity_is_told_with_the_gaps_that_it_weighs(severity: str, weigh: str) -> None:
    edited = world.policy("f/lockout", severity=severity)
    words = binding_words(Matched(key(5), key(5)), Counts(gaps_now=3, same=3), LOCKOUT, edited)
    assert words.endswith(f"nothing would move; severity from high to {severity}: 3 gaps would weigh {weigh}")


def test_what_the_remedy_may_affect_is_told() -> None:
    before = world.policy("f/lockout", may_affect=["safety"])
    words = binding_words(Matched(key(5), key(5)), Counts(), before, LOCKOUT)
    assert words.endswith("its remedy may affect nothing, and no longer safety")


def test_parameters_of_policies_alone_are_tried_out() -> None:
    assert untried_words([MAPPING], judging(asked()), judging(asked(most=50))) == []
    sides = (judging(asked(), parameters={"most": each}) for each in (5, 50))
    assert untried_words([PROFILE], *sides) == []


def test_whatever_else_a_mapping_says_is_named_also_beside_an_edited_policy() -> None:
    partial = world.part(world.by("f/lockout", "partial"))
    words = untried_words([MAPPING, POLICY], judging(partial), judging(asked()))
    assert words == ["not tried out, so that nobody knows what would move: mappers/iec.yaml"]


def test_whatever_else_a_profile_says_is_named() -> None:
    tailored = world.control(
        "SR 1.1",
        tailoring=Tailoring(
            control="SR 1.1", action="not-applicable", reason="None here.", approver="A. B", review_by="2027-01-01"
        ),
    )
    after = judging(asked(), selected=[tailored, world.control("SR 1.2")])
    words = untried_words([POLICY, PROFILE], judging(asked()), after)
    assert words == ["not tried out, so that nobody knows what would move: controls/profiles/ours.yaml"]
    set_now = judging(asked(), parameters={"most": 5})
    assert untried_words([PROFILE], judging(asked()), set_now) == words


def test_an_edited_countermeasure_is_named() -> None:
    waiver = world.waive("f/x", ["a-1"], Compensation(policy="f/lockout", subjects=["a-1"], description="Locks."))
    edited = msgspec.structs.replace(LOCKOUT, source="another text")
    before = judging(asked(), waivers=(waiver,))
    assert countermeasure_words(before, before) == []
    assert countermeasure_words(before, judging(asked(), policies=(edited,), waivers=(waiver,))) == [
        "f/lockout, the countermeasure of w-1, is edited: not tried out, so that nobody knows what it would lift"
    ]


def test_what_would_count_as_compensated_is_told() -> None:
    waived = delta_example.gap(1, waiver="w-1", waiver_state="in-force")
    lifted = msgspec.structs.replace(waived, compensated=True)
    change = JudgeChange(kind="waiver", path="controls/waivers/w-1.yaml", how="edited")
    assert waiver_words([change], [waived], [lifted]) == ["waiver w-1: 1 gap would count as compensated"]
    assert waiver_words([change], [lifted], [waived]) == ["waiver w-1: 1 gap would no longer count as compensated"]
    assert waiver_words([change], [waived], [waived]) == ["no gap moves by controls/waivers/w-1.yaml"]


def adopting(*gaps: str) -> Intent:
    head = AdoptedHead(schema="plantproof/adopted/1", site="works", by="Kim", on="2026-01-01")
    rows = tuple(
        AdoptedGap(
            id=each, policy="f/lockout", subject="a", name="a", severity="low", violations=1, owner="b",
            adopted="2026-01-01", review="2027-01-01",
        )
        for each in gaps
    )  # fmt: skip
    return Intent(frameworks=(), sites={}, waivers=(), adopted={"works": Adopted(head=head, gaps=rows)} if gaps else {})


def test_what_would_be_adopted_is_counted() -> None:
    assert adopted_words(adopting(), adopting("1", "2")) == [
        "2 gaps of works would be adopted: `check --against adopted` would let them pass"
    ]
    assert adopted_words(adopting("1", "2"), adopting("2")) == ["1 gap of works would no longer be adopted"]
    assert adopted_words(adopting("1"), adopting("1")) == []
