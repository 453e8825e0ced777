"""verdicts.md, line by line: waivers, attestations, time, identity of findings. Each case is worked by hand."""

from __future__ import annotations

from uuid import uuid5

import pytest
from msgspec.structs import replace
from tests.support.mapper_world import (
    FAIL,
    ON,
    OUT,
    PASS,
    SILENT,
    World,
    attest,
    by,
    observe,
    part,
    policy,
    simple,
    waive,
)

from plantproof.mappers.fold import fold
from plantproof.mappers.identity import NAMESPACE
from plantproof.model.assessment import Provenance
from plantproof.model.evidence import AttestedScope, Person, SeenEvidence
from plantproof.model.vocabulary import Method, Outcome
from plantproof.model.waiver import Compensation, Waiver
from plantproof.model.waiver_state import state_of

WATCH = Compensation(policy="f/watch", subjects=["plc"], description="The segment is watched.")


def waived(watch: Outcome, waiver: Waiver, **subjects: Outcome) -> World:
    """f/x on the subjects (the PLC fails), and f/watch, the countermeasure, on the PLC."""
    outcomes = {"plc": FAIL, **subjects}
    world = simple(outcomes, waivers=[waiver])
    world.policies.append(policy("f/watch"))
    watched = {each: watch if each == "plc" else OUT for each in outcomes}
    world.observations.append(observe("f/watch", world.plant.tables["asset"], watched))
    return world


# --- 13: waivers ------------------------------------------------------------------------------------------------------


def test_verdict_13_risk_acceptance_never_changes_the_finding() -> None:
    """The PLC fails and the risk is accepted until the end of the year: not satisfied in every view; the gap names
    it."""
    world = simple({"plc": FAIL}, waivers=[waive("f/x", ["plc"])])
    finding = world.finding("SR 1.1", "cell")
    assert [finding.conclusion, finding.tested, finding.compensated] == ["not-satisfied"] * 3
    gap = world.conclude().gaps[0]
    assert (gap.waiver, gap.waiver_state, gap.compensated) == ("w-1", "in-force", False)


def test_verdict_13_only_a_passing_countermeasure_lifts() -> None:
    """Passing: lifted in the compensated view, natively not satisfied. Silent, failing or not applicable (merely
    not failing): not lifted, and the waiver says why."""
    lifted = waived(PASS, waive("f/x", ["plc"], WATCH))
    finding = lifted.finding("SR 1.1", "cell")
    assert (finding.conclusion, finding.tested, finding.compensated) == ("not-satisfied", "not-satisfied", "satisfied")
    assert lifted.conclude().gaps[0].compensated
    for outcome, word in ((SILENT, "no-evidence"), (FAIL, "fail"), (OUT, "not-applicable")):
        world = waived(outcome, waive("f/x", ["plc"], WATCH))
        assert world.finding("SR 1.1", "cell").compensated == "not-satisfied"
        assert world.conclude().site.waivers[0].why == f"the countermeasure f/watch is not passing on plc: {word}"


def test_verdict_13_only_listed_subjects_are_lifted() -> None:
    """The HMI fails as well and is on no list: the zone stays not satisfied."""
    world = waived(PASS, waive("f/x", ["plc"], WATCH), hmi=FAIL)
    assert world.finding("SR 1.1", "cell").compensated == "not-satisfied"
    assert [gap.compensated for gap in world.conclude().gaps] == [False, True]


def test_verdict_13_only_the_named_requirement_is_lifted() -> None:
    """The waiver is for SR 9.9: SR 1.1 is not lifted by it."""
    world = waived(PASS, waive("f/x", ["plc"], WATCH, controls=["SR 9.9"]))
    assert world.finding("SR 1.1", "cell").compensated == "not-satisfied"
    assert not world.conclude().gaps[0].compensated


def test_verdict_13_the_countermeasure_itself_is_asked() -> None:
    """No mapping asks f/watch, the waiver does: it is among what is evaluated. Its own failure is no gap of a
    control."""
    world = waived(FAIL, waive("f/x", ["plc"], WATCH))
    assert world.bindings() == [("f/watch", {}), ("f/x", {})]
    assert [gap.policy for gap in world.conclude().gaps] == ["f/x"]


@pytest.mark.parametrize(
    ("changes", "on", "state"),
    [
        ({}, "2026-06-30", "in-force"),
        ({}, "2026-12-31", "in-force"),
        ({}, "2027-01-01", "expired"),
        ({}, "2025-12-31", "not-valid"),
        ({"approver": Person(name="o.  WNER")}, "2026-06-30", "not-valid"),
        ({"renewals": 2}, "2026-06-30", "in-force"),
        ({"renewals": 3}, "2026-06-30", "not-valid"),
        ({"expires": "2027-02-05"}, "2026-06-30", "in-force"),
        ({"expires": "2027-02-06"}, "2026-06-30", "not-valid"),
        ({"expires": "2026-01-01"}, "2026-01-01", "not-valid"),
        ({"expires": "2026-02-31"}, "2026-01-01", "not-valid"),
    ],
)
def test_verdict_13_renewal_cap_and_approver_is_not_owner(changes: dict[str, object], on: str, state: str) -> None:
    """Approved 2026-01-01 until 2026-12-31, both days included; 400 days later is 2027-02-05, the last day allowed."""
    assert state_of(waive("f/x", ["plc"], **changes), on)[0] == state


@pytest.mark.parametrize("changes", [{"renewals": 3}, {"expires": "2026-03-01"}])
def test_verdict_13_a_waiver_out_of_force_lifts_nothing(changes: dict[str, object]) -> None:
    """Renewed too often, or expired: the passing countermeasure no longer lifts."""
    world = waived(PASS, waive("f/x", ["plc"], WATCH, **changes))
    assert world.finding("SR 1.1", "cell").compensated == "not-satisfied"
    assert world.conclude().gaps[0].waiver_state in ("expired", "not-valid")


# --- 14: attestations -------------------------------------------------------------------------------------------------


def attested(scope: AttestedScope, *, on: str = ON, unit: str = "cell", kind: str = "component", **more: object) -> str:
    """What one statement on `doors` says of the cell with its two devices (or of another unit)."""
    first_seen = more.pop("first_seen", None)
    world = simple(
        {"plc": PASS, "hmi": PASS},
        part(by("doors"), scope=kind),
        attestations=[attest("doors", scope, **more)],
        first_seen=first_seen,
    )
    return world.finding("SR 1.1", unit, on).conclusion.value


def test_verdict_14_the_scope_is_enumerated() -> None:
    """Both devices, or their zone: covered. One device, another zone, or just "the site": not."""
    assert attested(AttestedScope(assets=["plc", "hmi"])) == "satisfied"
    assert attested(AttestedScope(zones=["cell"])) == "satisfied"
    assert attested(AttestedScope(assets=["plc"])) == "not-assessed"
    assert attested(AttestedScope(zones=["hall"])) == "not-assessed"
    assert attested(AttestedScope(site=True)) == "not-assessed"
    assert attested(AttestedScope(site=True), kind="programme") == "satisfied"
    assert attested(AttestedScope(zones=["cell"]), kind="programme") == "not-assessed"


def test_verdict_14_a_new_subject_is_not_covered_by_an_old_attestation() -> None:
    """The zone was named on 2026-06-01. The HMI was first seen on 06-02: not covered, unless it is named itself."""
    new = {"hmi": "2026-06-02", "plc": "2020-01-01"}
    assert attested(AttestedScope(zones=["cell"]), first_seen=new) == "not-assessed"
    assert attested(AttestedScope(zones=["cell"], assets=["hmi"]), first_seen=new) == "satisfied"
    assert attested(AttestedScope(zones=["cell"]), first_seen={"hmi": "2026-06-01"}) == "satisfied"


def test_verdict_14_a_statement_on_a_zone_does_not_speak_of_what_came_later() -> None:
    """The same where the part asks of the zone as a whole: it is another zone with a device that nobody looked at."""
    new = {"hmi": "2026-06-02", "plc": "2020-01-01"}
    assert attested(AttestedScope(zones=["cell"]), kind="zone", first_seen=new) == "not-assessed"
    assert attested(AttestedScope(zones=["cell"], assets=["hmi"]), kind="zone", first_seen=new) == "satisfied"
    assert attested(AttestedScope(zones=["cell"]), kind="zone", first_seen={"hmi": "2026-06-01"}) == "satisfied"
    world = simple(
        {"plc": PASS, "hmi": PASS},
        part(by("doors"), scope="zone"),
        attestations=[attest("doors", AttestedScope(zones=["cell"]))],
        first_seen=new,
    )
    why = world.finding("SR 1.1", "cell").parts[0].answers[0].why
    assert why == "no attestation on doors names asset hmi, which came to zone cell on 2026-06-02"


@pytest.mark.parametrize(
    ("who", "owner", "conclusion"),
    [
        (Person(name="A. Ssessor", role="Plant manager"), "Plant manager Northmill", "not-assessed"),
        (Person(name="A. Ssessor", role="OT network desk"), "ot-network", "not-assessed"),
        (Person(name="A. Ssessor", role="IT"), "a.ssessor", "not-assessed"),
        (Person(name="A. Ssessor", role="Internal audit"), "ot-network", "satisfied"),
        (Person(name="A. Ssessor", role="IT"), "IT services", "satisfied"),
        (Person(name="A. Ssessor", role="IT"), "", "satisfied"),
    ],
)
def test_verdict_14_whoever_owns_a_thing_speaks_of_his_own_work(who: Person, owner: str, conclusion: str) -> None:
    """He says that it is not his own work, but his name or role is that of the zone's owner: claimed, all the same."""
    world = simple(
        {"plc": PASS},
        part(by("doors"), scope="zone"),
        attestations=[attest("doors", AttestedScope(zones=["cell"]), who=who)],
    )
    zones = [replace(zone, owner=owner) for zone in world.plant.site.zones]
    world.plant.site = replace(world.plant.site, zones=zones)
    assert world.finding("SR 1.1", "cell").conclusion == conclusion
    assert world.conclude().site.attestations[0].claimed == (conclusion == "not-assessed")


def test_verdict_14_calling_a_zone_external_takes_nothing_out_of_the_question() -> None:
    """The hall stands in the cell's plant and is not named. Called external it is still to be named, while a device
    stands in it; the world outside, with devices that could be anywhere, is not."""
    world = simple(
        {"plc": PASS, "hmi": PASS, "stray": PASS},
        part(by("doors"), scope="zone"),
        where={"plc": ("cell",), "hmi": ("hall",), "stray": ("cell", "hall", "world")},
        attestations=[attest("doors", AttestedScope(zones=["cell"]))],
    )
    world.plant.placement = {"stray": "unplaced"}
    kinds = {"hall": "external", "world": "external"}
    zones = [replace(each, kind=kinds.get(each.id, each.kind)) for each in world.plant.site.zones]
    world.plant.site = replace(world.plant.site, zones=zones)
    assert world.finding("SR 1.1").why == "part a: doors: no attestation on doors names zone hall"
    assert {each.unit for each in world.conclude().frameworks[0].units} == {"cell", "hall"}
    world.plant.tables["asset"].zones[0] = ("cell",)  # the panel moves to the cell
    assert world.finding("SR 1.1").conclusion == "satisfied"


def test_verdict_14_ones_own_word_shows_as_claimed() -> None:
    """The owner says that his own work is well done: claimed, not assessed. He says that it is not: that counts."""
    scope = AttestedScope(zones=["cell"])
    assert attested(scope, about_own_work=True) == "not-assessed"
    assert attested(scope, about_own_work=True, outcome="not-satisfied") == "not-satisfied"
    world = simple({"plc": PASS}, part(by("doors")), attestations=[attest("doors", scope, about_own_work=True)])
    answer = world.finding("SR 1.1", "cell").parts[0].answers[0]
    assert (answer.claimed, answer.why) == (True, "claimed by A. Ssessor about own work on doors")


def test_verdict_14_a_statement_against_beats_the_others() -> None:
    """One names the zone and says yes, another names one device in it and says no: no."""
    statements = [
        attest("doors", AttestedScope(zones=["cell"]), "yes"),
        attest("doors", AttestedScope(assets=["plc"]), "no", outcome="not-satisfied"),
    ]
    world = simple({"plc": PASS, "hmi": PASS}, part(by("doors")), attestations=statements)
    assert world.finding("SR 1.1", "cell").conclusion == "not-satisfied"


def test_verdict_14_what_leaves_out_who_or_what_satisfies_nothing_and_says_why() -> None:
    """Nobody, nothing stated, for ever, over a file that is another now: not assessed. Against, it counts."""
    for more in (
        {"who": Person(name="", role="")},
        {"statement": " "},
        {"seen": [SeenEvidence(document="Log", sha256="deadbeef")]},
        {"date": "1990-01-01", "expires": "9999-12-31"},
    ):
        assert attested(AttestedScope(zones=["cell"]), **more) == "not-assessed"
        assert attested(AttestedScope(zones=["cell"]), outcome="not-satisfied", **more) == "not-satisfied"
    world = simple({"plc": PASS}, part(by("doors")), attestations=[attest("doors", AttestedScope(zones=["cell"]))])
    world.plant.not_as_seen = {"att-1": (0, "evidence/works/log was seen, and is not there")}
    why = "the attestation att-1 is not valid: evidence/works/log was seen, and is not there"
    assert world.finding("SR 1.1", "cell").parts[0].answers[0].why == why
    (state,) = world.conclude().site.attestations
    assert (state.state, state.why) == ("not-valid", "evidence/works/log was seen, and is not there")


def test_verdict_14_what_is_not_valid_is_told_beside_what_is_not_named() -> None:
    """One names the cell and is by nobody, one is whole and names the hall."""
    world = simple(
        {"plc": PASS},
        part(by("doors")),
        attestations=[
            attest("doors", AttestedScope(zones=["cell"]), "a", who=Person(name="", role="audit")),
            attest("doors", AttestedScope(zones=["hall"]), "b"),
        ],
    )
    assert world.finding("SR 1.1", "cell").parts[0].answers[0].why == (
        "no attestation on doors names asset plc; "
        "the attestation a is not valid: it does not say the name of who states it"
    )


# --- 15: time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "conclusion", "state"),
    [
        ("2026-05-31", "not-assessed", "not-yet"),
        ("2026-06-01", "satisfied", "in-force"),
        ("2026-12-31", "satisfied", "in-force"),
        ("2027-01-01", "not-assessed", "expired"),
    ],
)
def test_verdict_15_dates_decide_and_the_clock_does_not(on: str, conclusion: str, state: str) -> None:
    """A statement of 2026-06-01 that expires on 2026-12-31, both days included."""
    world = simple({"plc": PASS}, part(by("doors")), attestations=[attest("doors", AttestedScope(zones=["cell"]))])
    assert world.finding("SR 1.1", "cell", on).conclusion == conclusion
    assert world.conclude(on).site.attestations[0].state == state


def test_verdict_15_lapses_on_is_the_first_expiry_after_the_date() -> None:
    """As of 2026-06-30, things lapse on 06-30, 07-15 and 08-01: the result lapses on 07-15."""
    world = simple({"plc": PASS})
    world.plant.lapses = (("2026-06-30", "a"), ("2026-08-01", "c"), ("2026-07-15", "b"))
    provenance = Provenance(
        tool_version="1", engine="e", engine_version="1", content_version="1", content_hash="0", commit="", as_of=ON
    )
    assessment = fold(world.intent, world.mappings, [world.conclude()], title="T", provenance=provenance)
    assert assessment.provenance.lapses_on == "2026-07-15"
    assert assessment.provenance.lapses == [["2026-06-30", "a"], ["2026-07-15", "b"], ["2026-08-01", "c"]]


# --- 17: findings -----------------------------------------------------------------------------------------------------


def test_verdict_17_a_finding_keeps_its_id() -> None:
    """Other subjects, another method, another order: the PLC's gap is the same. Another parameter: another gap."""
    one = simple({"plc": FAIL}).conclude().gaps[0]
    other = simple({"hmi": FAIL, "plc": FAIL}, method=Method.PASSIVE).conclude().gaps[1]
    assert (one.id, one.findings) == (other.id, other.findings)
    assert one.id == "e1fca152-e940-5ede-a735-48dff39c906d"
    assert one.id == str(uuid5(NAMESPACE, "gap\nworks\nf/x\n{}\nplc\n"))
    bound = simple({"plc": FAIL}, part(by("f/x", params={"max": 3})), params={"max": 3})
    assert bound.conclude().gaps[0].id != one.id


def test_verdict_17_gaps_are_grouped_by_cause() -> None:
    """Three devices fail with words that differ in the device only: one cause with three quarters; other words:
    another."""
    world = simple({"plc-1": FAIL, "plc-2": FAIL, "plc-3": FAIL, "plc-4": FAIL})
    observation = world.observations[0]
    for row, name in enumerate(("plc-1", "plc-2", "plc-3")):
        violation = observation.violations[row][0]
        observation.violations[row] = (type(violation)(f"telnet is on at {name} (10.0.0.{row + 1})"),)
    causes = world.conclude().causes
    assert [(cause.title, cause.gaps, cause.share) for cause in causes] == [
        ("plc-1, plc-2 and plc-3 fail: Title of f/x", 3, 0.75),
        ("it is wrong", 1, 0.25),
    ]
