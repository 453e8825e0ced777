"""verdicts.md, line by line: security levels and what a zone has to meet. Each case is worked by hand in its
docstring."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.mapper_world import (
    FAIL,
    OUT,
    PASS,
    SILENT,
    World,
    attest,
    by,
    control,
    framework,
    mapped,
    mapping,
    observe,
    part,
    plant,
    policy,
    simple,
    site,
    table,
    waive,
    zone,
)

from plantproof.mappers.levels import Requirement, bounds_of
from plantproof.model.assessment import LevelBounds
from plantproof.model.catalog import Tailoring
from plantproof.model.evidence import AttestedScope
from plantproof.model.intent import SelectedControl
from plantproof.model.site import Conduit, EssentialFunction
from plantproof.model.vocabulary import Conclusion, Outcome
from plantproof.model.waiver import Compensation

MET, MISSED = Conclusion.SATISFIED, Conclusion.NOT_SATISFIED
OPEN, NOT_HERE = Conclusion.NOT_ASSESSED, Conclusion.NOT_APPLICABLE


def bounds(*rows: tuple[int, Conclusion]) -> tuple[int, int]:
    found = bounds_of(Requirement(f"r{n}", level, level, level, word) for n, (level, word) in enumerate(rows))
    return found.lower, found.upper


def ladder(outcomes: dict[int, Outcome]) -> World:
    """One requirement of IAC a level, each answered by a policy of its own on the one PLC of the cell."""
    assets = table("asset", {"plc": ("cell",)})
    return World(
        plant=plant(site([zone("cell", sl_target=[2] * 7), zone("empty")]), [assets]),
        policies=[policy(f"f/p{level}") for level in outcomes],
        mappings=[mapping(**{f"SR_1_{level}": mapped(part(by(f"f/p{level}"))) for level in outcomes})],
        frameworks=[framework([control(f"SR 1.{level}", level) for level in outcomes])],
        observations=[observe(f"f/p{level}", assets, {"plc": outcome}) for level, outcome in outcomes.items()],
    )


# --- 9: SL-A ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, MET), (2, MET), (3, OPEN), (4, MISSED)], (2, 3)),
        ([(1, MET), (2, MISSED), (3, MET), (4, MET)], (1, 1)),
        ([(1, MISSED), (4, MET)], (0, 0)),
        ([(1, MET), (2, MET)], (4, 4)),
        ([(1, MET), (3, OPEN)], (2, 4)),
        ([(1, OPEN), (2, OPEN)], (0, 4)),
        ([(1, MET), (2, NOT_HERE), (3, MISSED)], (2, 2)),
        ([], (0, 4)),
        ([(1, NOT_HERE)], (0, 4)),
        ([(2, MISSED)], (0, 1)),
    ],
)
def test_verdict_09_bounds(rows: list[tuple[int, Conclusion]], expected: tuple[int, int]) -> None:
    """Lower: the highest level up to which all is satisfied; upper: the highest up to which nothing is
    not-satisfied. A level that asks nothing new is met with the one below; not-applicable requirements do not
    count; a level is never reached on nothing at all."""
    assert bounds(*rows) == expected


def test_verdict_09_a_vector_of_seven_for_every_zone() -> None:
    """IAC: levels 1 and 2 pass, 3 has no evidence, 4 fails: [2, 3]. The six others and the empty zone: [0, 4]."""
    world = ladder({1: PASS, 2: PASS, 3: SILENT, 4: FAIL})
    cell = world.levels("cell")
    assert cell.tested[0] == LevelBounds(lower=2, upper=3, blocked_by=["SR 1.4"], unknown=["SR 1.3"])
    assert cell.tested[1:] == [LevelBounds(lower=0, upper=4)] * 6
    empty = world.levels("empty").attested
    assert [(each.lower, each.upper) for each in empty] == [(0, 4)] * 7
    assert empty[0].unknown == ["SR 1.1"]


def test_verdict_09_what_is_said_of_the_site_lifts_no_empty_zone() -> None:
    """All that is asked is a function of the site, and attested. The cell with its PLC reaches level 4 by it; the
    zone in which nothing stands, and the conduit through which nothing passes, stay at [0, 4]."""
    world = simple({"plc": PASS}, part(by("doors"), scope="system"))
    world.plant.attestations = (attest("doors", AttestedScope(site=True)),)
    nothing = Conduit(id="nothing", title="Nothing", zones=["cell", "yard"])
    world.plant.site = replace(world.plant.site, zones=[*world.plant.site.zones, zone("yard")], conduits=[nothing])
    found = {unit: world.levels(unit).attested[0] for unit in ("cell", "yard", "nothing")}
    assert {unit: (each.lower, each.upper) for unit, each in found.items()} == {
        "cell": (4, 4),
        "yard": (0, 4),
        "nothing": (0, 4),
    }
    assert found["yard"].unknown == ["SR 1.1"]


def test_verdict_09_no_expected_subject_is_not_assessed() -> None:
    """The policy applies to nothing in the cell: [0, 4], never a level."""
    cell = ladder({1: OUT, 2: OUT, 3: OUT, 4: OUT}).levels("cell")
    assert (cell.compensated[0].lower, cell.compensated[0].upper) == (0, 4)


def test_verdict_09_three_ways_to_show() -> None:
    """Level 1 is tested, level 2 attested, level 3 fails but is compensated: tested [1, 2], attested [2, 2],
    compensated [4, 4], since level 4 asks nothing."""
    assets = table("asset", {"plc": ("cell",)})
    countermeasure = Compensation(policy="f/watch", subjects=["plc"], description="Watched.")
    world = World(
        plant=plant(site([zone("cell")]), [assets], [attest("habits", AttestedScope(zones=["cell"]))]),
        policies=[policy("f/one"), policy("f/three"), policy("f/watch")],
        mappings=[
            mapping(
                SR_1_1=mapped(part(by("f/one"))),
                SR_1_2=mapped(part(by("habits"), scope="zone")),
                SR_1_3=mapped(part(by("f/three"))),
            )
        ],
        frameworks=[framework([control("SR 1.1", 1), control("SR 1.2", 2), control("SR 1.3", 3)])],
        observations=[
            observe("f/one", assets, {"plc": PASS}),
            observe("f/three", assets, {"plc": FAIL}),
            observe("f/watch", assets, {"plc": PASS}),
        ],
        waivers=[waive("f/three", ["plc"], countermeasure, controls=["SR 1.3"])],
    )
    cell = world.levels("cell")
    shown = [(view[0].lower, view[0].upper) for view in (cell.tested, cell.attested, cell.compensated)]
    assert shown == [(1, 2), (2, 2), (4, 4)]


def test_verdict_09_justified_not_applicable_requirements_do_not_count() -> None:
    """Level 1 is tailored away with reason, approver and date; level 2 passes: nothing at 3 and 4, so [4, 4]."""
    tailoring = Tailoring(
        control="SR 1.1", action="not-applicable", reason="None.", approver="A. Pprover", review_by="2027-01-01"
    )
    world = ladder({1: FAIL, 2: PASS})
    world.frameworks = [framework([control("SR 1.1", 1, tailoring=tailoring), control("SR 1.2", 2)])]
    assert (world.levels("cell").tested[0].lower, world.levels("cell").tested[0].upper) == (4, 4)


# --- 10: contested levels ---------------------------------------------------------------------------------------------


def test_verdict_10_contested_levels_are_given_over_their_range() -> None:
    """A is met at 1. B fails at 2, some sources say 3: [1, 1], over the range up to 2. C is unknown at 3, some say
    2: no change, B holds it down already."""
    found = bounds_of(
        [
            Requirement("A", 1, 1, 1, MET),
            Requirement("B", 2, 2, 3, MISSED),
            Requirement("C", 3, 2, 3, OPEN),
        ]
    )
    assert (found.lower, found.upper) == (1, 1)
    assert (found.contested_lower, found.contested_upper) == (1, 2)


def test_verdict_10_met_but_contested() -> None:
    """A is met at 1. B is unknown at 3, some sources say 2: lower 2, but 1 where those are right."""
    found = bounds_of([Requirement("A", 1, 1, 1, MET), Requirement("B", 3, 2, 3, OPEN)])
    assert (found.lower, found.upper, found.contested_lower, found.contested_upper) == (2, 4, 1, 4)


def test_verdict_10_agreed_levels_are_not_called_contested() -> None:
    """Nothing is contested: nothing is given twice."""
    found = bounds_of([Requirement("A", 1, 1, 1, MET)])
    assert (found.contested_lower, found.contested_upper) == (None, None)


def test_verdict_10_low_confidence_rows_are_named_where_a_level_rests_on_them() -> None:
    """The level 1 rests on a requirement whose level is known with low confidence only."""
    assets = table("asset", {"plc": ("cell",)})
    unsure = SelectedControl(id="SR 1.1", title="T", group="FR 1", level=1, confidence="low")
    world = World(
        plant=plant(site([zone("cell")]), [assets]),
        policies=[policy("f/x")],
        mappings=[mapping(SR_1_1=mapped(part(by("f/x"))))],
        frameworks=[framework([unsure, control("SR 1.2", 2)])],
        observations=[observe("f/x", assets, {"plc": PASS})],
    )
    assert world.levels("cell").tested[0].low_confidence == ["SR 1.1"]


# --- 11 and 12: targets and essential functions -----------------------------------------------------------------------


def test_verdict_11_the_target_of_a_zone_says_what_it_has_to_meet() -> None:
    """SL-T 2 of the cell asks for levels 1 and 2; the empty zone has none, so the profile's selection counts."""
    world = ladder({1: PASS, 2: PASS, 3: PASS, 4: PASS})
    units = world.conclude().frameworks[0].units
    assert [each.target for each in units if each.unit == "cell"] == [True, True, False, False]
    assert [each.target for each in units if each.unit == "empty"] == [True] * 4


def test_verdict_12_near_an_essential_function_the_remedy_is_a_review() -> None:
    """The policy may affect control; the cell controls, the office does not. Two causes: in the cell an engineering and
    safety review, never "enable"; in the office the policy's own words."""
    assets = table("asset", {"plc": ("cell",), "pc": ("office",)})
    function = EssentialFunction(id="mixing", title="Mixing", kind="control")
    world = World(
        plant=plant(site([zone("cell", essential_functions=["mixing"]), zone("office")], (), [function]), [assets]),
        policies=[policy("f/lock", may_affect=["control"])],
        mappings=[mapping(SR_1_1=mapped(part(by("f/lock"))))],
        frameworks=[framework([control("SR 1.1")])],
        observations=[observe("f/lock", assets, {"plc": FAIL, "pc": FAIL})],
    )
    found = world.conclude()
    assert {gap.subject: gap.review for gap in found.gaps} == {"pc": "", "plc": "engineering and safety review"}
    actions = {cause.zones[0]: cause.action for cause in found.causes}
    assert actions["office"] == "Enable it."
    assert actions["cell"].startswith("Engineering and safety review first")
    assert "enable" not in actions["cell"].casefold()


# --- 16: operation ----------------------------------------------------------------------------------------------------


def test_verdict_16_a_point_in_time_never_proves_operation() -> None:
    """The newest backup is there today: that the backups are made all year round is not assessed, nor if somebody
    says so without a period. Stated for the year, it is satisfied, but not tested. A missing backup fails at once."""
    scope = AttestedScope(zones=["cell"])
    year = {"period_from": "2025-06-01", "period_to": "2026-05-31"}
    answers = part(by("f/x"), by("backups"), aspect="operation", scope="zone")
    alone = part(by("f/x"), aspect="operation")
    assert simple({"plc": PASS}, alone).finding("SR 1.1", "cell").conclusion == "not-assessed"
    assert simple({"plc": FAIL}, alone).finding("SR 1.1", "cell").conclusion == "not-satisfied"
    undated = simple({"plc": PASS}, answers, attestations=[attest("backups", scope)])
    assert undated.finding("SR 1.1", "cell").conclusion == "not-assessed"
    dated = simple({"plc": PASS}, answers, attestations=[attest("backups", scope, **year)])
    finding = dated.finding("SR 1.1", "cell")
    assert (finding.conclusion, finding.tested) == ("satisfied", "not-assessed")


@pytest.mark.parametrize(
    ("first", "last", "conclusion"),
    [
        ("2025-06-01", "2026-06-01", "satisfied"),
        ("2025-06-01", "2026-06-02", "not-assessed"),
        ("2026-05-02", "2026-05-01", "not-assessed"),
    ],
)
def test_verdict_16_nobody_vouches_for_days_to_come(first: str, last: str, conclusion: str) -> None:
    """Stated on 2026-06-01: up to that day it is satisfied. One day more, or a period that ends before it begins, is
    over no period at all."""
    stated = attest("backups", AttestedScope(zones=["cell"]), period_from=first, period_to=last)
    world = simple({"plc": PASS}, part(by("backups"), aspect="operation", scope="zone"), attestations=[stated])
    finding = world.finding("SR 1.1", "cell")
    assert finding.conclusion == conclusion
    if conclusion == "not-assessed":
        assert finding.why.startswith("part a: backups: attested on backups, but over no period that had passed")


@pytest.mark.parametrize(
    ("first", "why"), [("2026-05-05", ""), ("2026-05-06", "over 27 days of operation; 28 are the least")]
)
def test_verdict_16_a_period_is_long_enough_for_what_is_due_every_month(first: str, why: str) -> None:
    stated = attest("backups", AttestedScope(zones=["cell"]), period_from=first, period_to="2026-06-01")
    world = simple({"plc": PASS}, part(by("backups"), aspect="operation", scope="zone"), attestations=[stated])
    finding = world.finding("SR 1.1", "cell")
    assert finding.conclusion == ("not-assessed" if why else "satisfied")
    assert finding.parts[0].answers[0].why == (f"attested on backups, but {why}" if why else "attested by A. Ssessor")
