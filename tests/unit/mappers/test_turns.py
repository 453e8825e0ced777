"""Day by day: between two turns the same observations come to the same conclusions."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.support.mapper_world import (
    FAIL,
    PASS,
    SITE,
    World,
    attest,
    by,
    control,
    framework,
    observe,
    part,
    policy,
    simple,
    waive,
)

from plantproof.mappers.adopted import with_adoption
from plantproof.mappers.turns import turns_of_conclusions
from plantproof.model.adopted import Adopted, AdoptedGap, AdoptedHead
from plantproof.model.assessment import Gap
from plantproof.model.catalog import Tailoring
from plantproof.model.evidence import AttestedScope
from plantproof.model.mapping import Answer
from plantproof.model.steady import steady_around
from plantproof.model.waiver import Compensation

DAYS = [(date(2026, 6, 20) + timedelta(days=number)).isoformat() for number in range(16)]
DATES = [*DAYS, "2026-06-31", "2026-06-25T23:59:59Z"]


def turning(on: str, world: World) -> list[str]:
    return list(turns_of_conclusions(world.intent, SITE, world.plant.attestations))


@settings(max_examples=40)
@given(some.lists(some.sampled_from(DATES), min_size=6, max_size=6))
def test_no_turn_no_other_conclusion(dates: list[str]) -> None:
    spoken = attest("doors", AttestedScope(site=True, zones=["cell"]), date=dates[0], expires=dates[1])
    waived = waive(
        "f/x",
        ["a"],
        Compensation(policy="f/watch", subjects=["b"], description="watched"),
        approved=dates[2],
        expires=dates[3],
    )
    answers = part(by("f/x"), Answer(attestation="doors", coverage="full"))
    world = simple({"a": FAIL, "b": PASS}, answers, attestations=[spoken], waivers=[waived])
    world.policies.append(policy("f/watch"))
    world.observations.append(observe("f/watch", world.plant.tables["asset"], {"a": PASS, "b": PASS}))
    gone = Tailoring(
        control="SR 1.2", action="not-applicable", reason="none here", approver="somebody", review_by=dates[4]
    )
    selected = framework([control("SR 1.1"), control("SR 1.2", tailoring=gone)])
    world = msgspec.structs.replace(world, frameworks=[selected])
    found = {on: world.conclude(on) for on in DAYS}
    for on in DAYS:
        steady = steady_around(on, turning(on, world))
        assert all(found[other] == found[on] for other in DAYS if steady.holds(other)), (on, steady)


def test_the_waiver_of_another_site_turns_nothing_here() -> None:
    elsewhere = msgspec.structs.replace(waive("f/x", ["a"]), site="elsewhere")
    world = simple({"a": FAIL}, waivers=[elsewhere])
    assert turning(DAYS[0], world) == []


def test_gaps_are_among_what_is_compared() -> None:
    world = simple({"a": FAIL}, waivers=[waive("f/x", ["a"], approved="2026-06-22", expires="2026-06-25")])

    def states(on: str) -> list[str]:
        gaps: list[Gap] = world.conclude(on).gaps
        return [gap.waiver_state for gap in gaps]

    assert [states(on) for on in ("2026-06-21", "2026-06-22", "2026-06-25", "2026-06-26")] == [
        ["not-valid"],
        ["in-force"],
        ["in-force"],
        ["expired"],
    ]
    assert sorted(turning("", world)) == ["2026-06-22", "2026-06-26"]


def test_adopted_gaps_turn_after_their_review() -> None:
    world = simple({"a": FAIL})
    gap = world.conclude().gaps[0]
    entry = AdoptedGap(
        id=gap.id,
        policy=gap.policy,
        subject=gap.subject,
        name=gap.name,
        severity="high",
        violations=len(gap.violations),
        owner="somebody",
        adopted="2026-06-01",
        review="2026-06-25",
    )
    head = AdoptedHead(schema="plantproof/adopted/1", site=SITE, by="somebody", on="2026-06-01")
    adopted = Adopted(head=head, gaps=(entry,))
    intent = msgspec.structs.replace(world.intent, adopted={SITE: adopted, "elsewhere": adopted})
    assert list(turns_of_conclusions(intent, SITE, ())) == ["2026-06-26"]
    states = {on: [each.adopted for each in with_adoption([gap], adopted, {}, on, ())] for on in DAYS}
    for on in DAYS:
        steady = steady_around(on, ["2026-06-26"])
        assert all(states[other] == states[on] for other in DAYS if steady.holds(other))
    assert states["2026-06-25"] != states["2026-06-26"]


def test_a_review_that_is_too_far_ahead_justifies_from_its_turn_on() -> None:
    """The review of 2027-07-30 is 400 days ahead on 2026-06-25."""
    gone = Tailoring(
        control="SR 1.1", action="not-applicable", reason="none", approver="somebody", review_by="2027-07-30"
    )
    world = simple({"a": PASS})
    world.frameworks = [framework([control("SR 1.1", tailoring=gone)])]
    found = {on: world.finding("SR 1.1", on=on) for on in ("2026-06-24", "2026-06-25")}
    assert [each.conclusion for each in found.values()] == ["not-assessed", "not-applicable"]
    why = "not-applicable is not justified: its review is due in 401 days; 400 is the most"
    assert found["2026-06-24"].why == why
    assert sorted({*turning("", world)}) == ["2026-06-25", "2027-07-31"]
