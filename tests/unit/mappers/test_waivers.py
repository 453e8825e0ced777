"""Waivers applied: whom they name, and why a countermeasure lifts nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.mapper_world import FAIL, OUT, PASS, SITE, World, observe, policy, simple, waive

from plantproof.model.vocabulary import Outcome
from plantproof.model.waiver import Compensation, Waiver

WATCH = Compensation(policy="f/watch", subjects=["plc"], description="The segment is watched.")


def world(waiver: Waiver, *more: Waiver, watch: Outcome = PASS) -> World:
    found = simple({"plc": FAIL, "hmi": FAIL}, waivers=[waiver, *more])
    found.policies.append(policy("f/watch"))
    found.observations.append(observe("f/watch", found.plant.tables["asset"], {"plc": watch, "hmi": OUT}))
    return found


@pytest.mark.parametrize(
    ("waiver", "why"),
    [
        (waive("f/x", ["plc"], WATCH, controls=[]), "it names no control, so its countermeasure lifts none"),
        (
            waive("f/x", ["plc"], Compensation(policy="f/watch", subjects=[], description="d")),
            "it lists no subject on which the countermeasure is judged",
        ),
        (
            waive("f/x", ["plc"], Compensation(policy="f/gone", subjects=["plc"], description="d")),
            "the countermeasure f/gone was not evaluated",
        ),
        (
            waive("f/x", ["plc"], Compensation(policy="f/watch", subjects=["nobody"], description="d")),
            "the countermeasure f/watch has no subject nobody",
        ),
        (
            waive("f/watch", ["hmi"], Compensation(policy="f/watch", subjects=["plc"], description="d")),
            "it is the requirement it deviates from, not a countermeasure",
        ),
        (
            waive(
                "f/x", ["plc"], Compensation(policy="f/x", parameters={"days": 365}, subjects=["plc"], description="d")
            ),
            "it is the requirement it deviates from, not a countermeasure",
        ),
    ],
)
def test_a_countermeasure_that_cannot_be_judged_lifts_nothing(waiver: Waiver, why: str) -> None:
    """In force by its dates, but nothing shows that the countermeasure is there."""
    found = world(waiver)
    (state,) = found.conclude().site.waivers
    assert (state.state, state.why, state.compensated) == ("in-force", why, False)
    assert found.finding("SR 1.1").compensated == "not-satisfied"


def test_a_waiver_on_an_asset_stands_through_its_merger() -> None:
    found = world(waive("f/x", ["plc-before"], WATCH))
    merged = replace(found, plant=replace(found.plant, merged_ids={"plc-before": "plc"}))
    assert [gap.subject for gap in merged.conclude().gaps if gap.waiver_state] == ["plc"]


def test_subjects_may_be_named_as_people_call_them() -> None:
    """The PLC is called `Mixer`: a waiver on that name is on it. A name that two subjects bear is on neither."""
    named = world(waive("f/x", ["Mixer"], WATCH))
    named.plant.names = {"plc": "Mixer"}
    assert [(gap.subject, gap.compensated) for gap in named.conclude().gaps] == [("hmi", False), ("plc", True)]
    named.plant.names = {"plc": "Mixer", "hmi": "Mixer"}
    assert [gap.waiver for gap in named.conclude().gaps] == ["", ""]


def test_a_subject_that_nobody_bears_is_named() -> None:
    """A waiver on a name that was misspelt, or that nothing bears any more, stands on nothing, and says so."""
    (state,) = world(waive("f/x", ["plc", "plcc"])).conclude().site.waivers
    assert (state.state, state.why, state.gaps) == ("in-force", "nothing that f/x judges is called plcc", 1)
    (state,) = world(waive("f/x", ["plc", "plcc"], WATCH)).conclude().site.waivers
    assert (state.compensated, state.why) == (True, "nothing that f/x judges is called plcc")


def test_subjects_may_be_named_by_an_id_of_before_a_merge() -> None:
    """`old` was found to be the PLC: a waiver on it, and a countermeasure on it, are on the asset that lives on."""
    named = world(waive("f/x", ["old"], replace(WATCH, subjects=["old"])))
    named.plant.merged_ids = {"old": "plc"}
    assert [(gap.subject, gap.compensated) for gap in named.conclude().gaps] == [("hmi", False), ("plc", True)]


def test_the_waiver_in_force_is_the_one_shown() -> None:
    """One expired and one in force on the same gap: the one in force; both count what they stand on."""
    expired = waive("f/x", ["plc"], id="w-0", expires="2026-02-01")
    found = world(waive("f/x", ["plc"], id="w-9"), expired).conclude()
    gap = next(each for each in found.gaps if each.subject == "plc")
    assert (gap.waiver, gap.waiver_state) == ("w-9", "in-force")
    assert [(each.id, each.state, each.gaps) for each in found.site.waivers] == [
        ("w-0", "expired", 0),
        ("w-9", "in-force", 1),
    ]


def test_compensating_by_nothing_is_not_valid() -> None:
    """Its dates are in order, but it names no countermeasure."""
    found = world(waive("f/x", ["plc"], kind="compensating"))
    (state,) = found.conclude().site.waivers
    assert (state.state, state.why, state.compensated) == (
        "not-valid",
        "it names no countermeasure that compensates",
        False,
    )
    assert found.finding("SR 1.1").compensated == "not-satisfied"


def test_waivers_of_other_sites_do_not_count() -> None:
    elsewhere = replace(waive("f/x", ["plc"]), site="elsewhere")
    found = world(elsewhere).conclude()
    assert found.site.id == SITE
    assert (found.site.waivers, [gap.waiver for gap in found.gaps]) == ([], ["", ""])


@pytest.mark.parametrize("name", ["SR 1.1", "iec62443-3-3/SR 1.1", "iec62443-3-3:SR 1.1", "iec62443-3-3 SR 1.1"])
def test_a_requirement_may_be_named_with_its_framework(name: str) -> None:
    """A countermeasure on the PLC alone: the HMI keeps failing, so two failures become one."""
    found = world(waive("f/x", ["plc"], WATCH, controls=[name]))
    assert [gap.compensated for gap in found.conclude().gaps] == [False, True]
