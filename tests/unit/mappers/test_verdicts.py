"""verdicts.md, line by line: from subject to control, population. Each case is worked by hand in its docstring."""

from __future__ import annotations

import pytest
from tests.support.mapper_world import (
    ERROR,
    FAIL,
    IEC,
    NIST,
    ON,
    OUT,
    PASS,
    SILENT,
    SITE,
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
    zone,
)

from plantproof.mappers.crosswalks import indicate
from plantproof.mappers.fold import fold
from plantproof.model.assessment import Provenance, Totals
from plantproof.model.catalog import Tailoring
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.evidence import AttestedScope
from plantproof.model.mapping import MappedPart
from plantproof.model.plant import Uncovered
from plantproof.model.vocabulary import Method, Outcome

CELL = AttestedScope(site=True, zones=["cell"])
PROVENANCE = Provenance(
    tool_version="1", engine="none", engine_version="1", content_version="1", content_hash="0", commit="", as_of=ON
)


def two_answers(first: Outcome, second: Outcome, answers: MappedPart) -> World:
    """One asset, judged by the policies f/x and f/y."""
    world = simple({"plc": first}, answers)
    assets = world.plant.tables["asset"]
    world.policies.append(policy("f/y"))
    world.observations.append(observe("f/y", assets, {"plc": second}))
    return world


# --- 1: parts ---------------------------------------------------------------------------------------------------------


def test_verdict_01_all_of_needs_every_answer() -> None:
    """All of x (pass) and y (no evidence): nobody knows y, so the part is not assessed. Both pass: satisfied."""
    answers = part(by("f/x"), by("f/y"))
    assert two_answers(PASS, SILENT, answers).finding("SR 1.1").conclusion == "not-assessed"
    assert two_answers(PASS, PASS, answers).finding("SR 1.1").conclusion == "satisfied"


def test_verdict_01_any_of_needs_one_full_answer() -> None:
    """Any of x (applies to nothing here) and y (pass, full): y is enough. So it is beside a statement nobody has
    made."""
    assert two_answers(OUT, PASS, part(by("f/x"), by("f/y"), any_of=True)).finding("SR 1.1").conclusion == "satisfied"
    assert simple({"plc": PASS}, part(by("f/x"), by("doors"), any_of=True)).finding("SR 1.1").conclusion == "satisfied"


@pytest.mark.parametrize(
    "answers", [part(by("f/x"), by("f/y"), any_of=True), part(by("f/x"), by("doors"), any_of=True)]
)
def test_verdict_02_losing_the_evidence_of_a_failure_never_satisfies(answers: MappedPart) -> None:
    """Any of x and something that holds: x fails, so the part does. Whoever deletes the evidence of x gets not
    assessed."""
    for outcome, conclusion in ((FAIL, "not-satisfied"), (SILENT, "not-assessed"), (ERROR, "not-assessed")):
        world = two_answers(outcome, PASS, answers)
        world.plant.attestations = (attest("doors", AttestedScope(zones=["cell"])),)
        assert world.finding("SR 1.1", "cell").conclusion == conclusion


@pytest.mark.parametrize("any_of", [False, True])
def test_verdict_01_partials_alone_never_satisfy(any_of: bool) -> None:
    """x and y both pass, each in part: not assessed, in the words of what they leave out."""
    answers = part(by("f/x", "partial"), by("f/y", "partial"), any_of=any_of)
    finding = two_answers(PASS, PASS, answers).finding("SR 1.1")
    assert finding.conclusion == "not-assessed"
    assert finding.parts[0].why == "answered in part only; left out: the rest; the rest"


def test_verdict_01_a_partial_answer_supports_a_full_one() -> None:
    """x passes in full, y in part: the full one carries the part."""
    answers = part(by("f/x"), by("f/y", "partial"))
    assert two_answers(PASS, PASS, answers).finding("SR 1.1").conclusion == "satisfied"


def test_verdict_01_a_failing_partial_answer_fails() -> None:
    """What is answered in part and fails cannot be saved by the other part."""
    answers = part(by("f/x"), by("f/y", "partial"))
    assert two_answers(PASS, FAIL, answers).finding("SR 1.1").conclusion == "not-satisfied"


def test_verdict_01_without_completeness_never_satisfied() -> None:
    """Its only part is satisfied, but nobody has said that the part is all: not assessed. A failure shows all the
    same."""
    for outcome, conclusion in ((PASS, "not-assessed"), (FAIL, "not-satisfied")):
        world = simple({"plc": outcome})
        world.mappings = [mapping(SR_1_1=mapped(part(by("f/x")), complete=False))]
        assert world.finding("SR 1.1").conclusion == conclusion


def test_verdict_01_the_providers_failure_is_everybodys() -> None:
    """The directory in zone `office` provides authentication for all. It fails: the cell with nothing of its own
    fails."""
    where = {"directory": ("office",), "plc": ("cell",)}
    world = simple({"directory": FAIL, "plc": OUT}, part(by("f/x"), provided_by="common: the directory"), where=where)
    assert world.finding("SR 1.1", "cell").conclusion == "not-satisfied"
    assert world.finding("SR 1.1", "office").conclusion == "not-satisfied"


def test_verdict_01_hybrid_needs_the_provider_and_the_zone() -> None:
    """The directory passes for the whole site; nothing of its own passes in the empty hall: hybrid asks both,
    common does not."""
    where = {"directory": ("office",), "panel": ("hall",)}
    outcomes = {"directory": PASS, "panel": OUT}
    hybrid = simple(outcomes, part(by("f/x"), provided_by="hybrid: the directory"), where=where)
    common = simple(outcomes, part(by("f/x"), provided_by="common: the directory"), where=where)
    assert hybrid.finding("SR 1.1", "hall").conclusion == "not-assessed"
    assert hybrid.finding("SR 1.1", "office").conclusion == "satisfied"
    assert common.finding("SR 1.1", "hall").conclusion == "satisfied"


def test_verdict_01_system_parts_are_answered_once_for_every_zone() -> None:
    """The log server in `office` passes; the part is one of the system, so the cell without a log server has it too."""
    where = {"log": ("office",), "plc": ("cell",)}
    world = simple({"log": PASS, "plc": OUT}, part(by("f/x"), scope="system"), where=where)
    assert world.finding("SR 1.1", "cell").conclusion == "satisfied"
    per_device = simple({"log": PASS, "plc": OUT}, part(by("f/x"), scope="component"), where=where)
    assert per_device.finding("SR 1.1", "cell").conclusion == "not-assessed"


def test_verdict_01_selected_but_unmapped_controls_are_named() -> None:
    """SR 1.2 is selected and no mapping names it: it is in the result, not assessed."""
    world = simple({"plc": PASS})
    world.frameworks = [framework([control("SR 1.1"), control("SR 1.2")])]
    finding = world.finding("SR 1.2")
    assert (finding.conclusion, finding.why) == ("not-assessed", "no mapping says what answers it")


# --- 2: precedence ----------------------------------------------------------------------------------------------------


def test_verdict_02_fail_beats_attestation() -> None:
    """Any of x (fails on the PLC) and a statement that all is well: not satisfied."""
    answers = part(by("f/x"), by("locked-doors"), any_of=True, scope="zone")
    world = simple({"plc": FAIL}, answers, attestations=[attest("locked-doors", CELL)])
    assert world.finding("SR 1.1").conclusion == "not-satisfied"
    assert world.finding("SR 1.1", "cell").parts[0].answers[1].conclusion == "satisfied"


@pytest.mark.parametrize(
    ("outcomes", "conclusion"),
    [
        ((FAIL, SILENT, PASS), "not-satisfied"),
        ((FAIL, ERROR, PASS), "not-satisfied"),
        ((SILENT, PASS, OUT), "not-assessed"),
        ((ERROR, PASS, PASS), "not-assessed"),
        ((PASS, PASS, OUT), "satisfied"),
        ((OUT, OUT, OUT), "not-assessed"),
    ],
)
def test_verdict_02_precedence_over_subjects(outcomes: tuple[Outcome, ...], conclusion: str) -> None:
    """Three subjects: a failure beats silence and errors, these beat passes; subjects to which a policy does not apply
    count neither way, and if it applies to none, nobody has justified that, so it is not assessed."""
    assert simple(dict(zip("abc", outcomes, strict=True))).finding("SR 1.1").conclusion == conclusion


def test_verdict_02_unjustified_not_applicable_beats_satisfied() -> None:
    """All of x (applies to nothing here) and y (pass): nobody has justified that x does not apply."""
    assert two_answers(OUT, PASS, part(by("f/x"), by("f/y"))).finding("SR 1.1").conclusion == "not-assessed"


@pytest.mark.parametrize(
    ("approver", "review_by", "outcome", "conclusion"),
    [
        ("A. Pprover", "2026-12-31", SILENT, "not-applicable"),
        ("A. Pprover", "2026-06-30", PASS, "not-applicable"),
        ("A. Pprover", "2026-06-29", PASS, "not-assessed"),
        ("", "2026-12-31", PASS, "not-assessed"),
        ("A. Pprover", None, PASS, "not-assessed"),
        ("A. Pprover", "2027-08-04", SILENT, "not-applicable"),
        ("A. Pprover", "2027-08-05", SILENT, "not-assessed"),
        ("A. Pprover", "9999-12-31", PASS, "not-assessed"),
        ("A. Pprover", "2026-13-01", PASS, "not-assessed"),
        ("\u200b", "2026-12-31", PASS, "not-assessed"),
        ("", None, FAIL, "not-satisfied"),
    ],
)
def test_verdict_02_not_applicable_needs_reason_approver_and_date(
    approver: str, review_by: str | None, outcome: Outcome, conclusion: str
) -> None:
    """On 2026-06-30: with an approver and a review date that has not passed, and comes within 400 days, it is not
    applicable; else not assessed, and a failure stays a failure."""
    tailoring = Tailoring(
        control="SR 1.1", action="not-applicable", reason="No wireless.", approver=approver, review_by=review_by
    )
    world = simple({"plc": outcome})
    world.frameworks = [framework([control("SR 1.1", tailoring=tailoring)])]
    assert world.finding("SR 1.1").conclusion == conclusion


# --- 3: objectives and parameters -------------------------------------------------------------------------------------


def nist(outcome: Outcome, parts: list[MappedPart], objectives: tuple[str, ...], **more: object) -> World:
    world = simple({"plc": outcome})
    parameters = more.pop("parameters", {})
    selected = control("ac-11", None, "AC", objectives=objectives, **more)
    world.frameworks = [framework([selected], name=NIST, parameters=parameters)]
    world.mappings = [mapping(NIST, **{"ac-11": mapped(*parts)})]
    return world


def test_verdict_03_coverage_is_in_objectives() -> None:
    """Two of three objectives have a part and pass: 2 of 3 answered; the third keeps the control from being
    satisfied."""
    parts = [part(by("f/x"), name="ac-11_obj.a"), part(by("f/x"), name="b", objectives=["ac-11_obj.b"])]
    finding = nist(PASS, parts, ("ac-11_obj.a", "ac-11_obj.b", "ac-11_obj.c")).finding("ac-11")
    assert (finding.objectives_answered, finding.objectives_total) == (2, 3)
    assert (finding.conclusion, finding.why) == (
        "not-assessed",
        "1 of its objectives are asked by no part: ac-11_obj.c",
    )
    assert nist(PASS, parts, ("ac-11_obj.a", "ac-11_obj.b")).finding("ac-11").conclusion == "satisfied"


def test_verdict_03_an_unset_parameter_leaves_its_part_not_assessed() -> None:
    """Nobody has said after how long a session locks, so neither pass nor fail means anything. Set, the failure
    counts."""
    parts = [part(by("f/x"), name="ac-11_obj.a", parameter="ac-11_odp.01")]
    world = nist(FAIL, parts, ("ac-11_obj.a",))
    assert world.finding("ac-11").conclusion == "not-assessed"
    assert world.bindings() == []
    set_to = nist(FAIL, parts, ("ac-11_obj.a",), parameters={"ac-11_odp.01": 15})
    assert set_to.finding("ac-11").conclusion == "not-satisfied"


def test_verdict_03_without_a_test_method_nothing_is_tested() -> None:
    """SP 800-53A names EXAMINE and INTERVIEW for it: a pass satisfies by the reviewer's judgement, but is not
    tested."""
    parts = [part(by("f/x"), name="ac-11_obj.a")]
    finding = nist(PASS, parts, ("ac-11_obj.a",), methods="EI").finding("ac-11")
    assert (finding.conclusion, finding.tested) == ("satisfied", "not-assessed")
    assert nist(PASS, parts, ("ac-11_obj.a",), methods="EIT").finding("ac-11").tested == "satisfied"


# --- 4: strength ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "tested"),
    [
        (Method.CONFIG, "satisfied"),
        (Method.ACTIVE, "satisfied"),
        (Method.PASSIVE, "satisfied"),
        (Method.PROPOSED, "not-assessed"),
        (Method.DECLARED, "not-assessed"),
        (Method.ATTESTED, "not-assessed"),
    ],
)
def test_verdict_04_declared_and_attested_never_count_as_tested(method: Method, tested: str) -> None:
    """Two passes, one of them read from the configuration, the other known by `method`: satisfied, but tested only
    where both are."""
    finding = simple({"a": PASS, "b": PASS}, methods={"b": method}).finding("SR 1.1")
    assert (finding.conclusion, finding.tested) == ("satisfied", tested)
    assert finding.totals == Totals(passed=2, tested=2 if tested == "satisfied" else 1)


def test_verdict_04_an_attestation_is_no_test() -> None:
    """Satisfied by a person's statement alone: satisfied, not tested."""
    world = simple({"plc": PASS}, part(by("doors"), scope="zone"), attestations=[attest("doors", CELL)])
    finding = world.finding("SR 1.1", "cell")
    assert (finding.conclusion, finding.tested) == ("satisfied", "not-assessed")


# --- 5 and 6: crosswalks ----------------------------------------------------------------------------------------------


def test_verdict_05_a_crosswalk_indicates_and_never_satisfies() -> None:
    """SR 1.1 is satisfied and speaks to ac-2, which nothing answers: ac-2 stays not assessed and says what
    indicates it."""
    world = simple({"plc": PASS})
    world.frameworks.append(framework([control("ac-2", None, "AC"), control("ac-3", None, "AC")], name=NIST))
    pairs = {"SR 1.1": ["ac-2"], "SR 9.9": ["ac-3"]}
    crosswalk = Crosswalk(schema="plantproof/crosswalk/1", from_=IEC, to=NIST, source="by hand", pairs=pairs)
    assessment = fold(
        world.intent, world.mappings, [world.conclude()], title="T", provenance=PROVENANCE, crosswalks=[crosswalk]
    )
    ac2, ac3 = assessment.frameworks[1].controls
    assert (ac2.conclusion, ac2.indicated_by) == ("not-assessed", [f"{IEC}/SR 1.1: satisfied"])
    assert ac3.indicated_by == []


def test_verdict_06_a_framework_of_ids_only_has_no_verdict_of_its_own() -> None:
    """NIS2 has ids and no mapping: every control is not assessed, whatever is indicated; SL-A is not claimed."""
    world = simple({"plc": FAIL})
    world.frameworks.append(framework([control("21-2-a", None, "21")], name="nis2"))
    pairs = {"SR 1.1": ["21-2-a"]}
    crosswalk = Crosswalk(schema="plantproof/crosswalk/1", from_=IEC, to="nis2", source="by hand", pairs=pairs)
    assessment = fold(world.intent, world.mappings, [world.conclude()], title="T", provenance=PROVENANCE)
    indicated = indicate(assessment.frameworks, [crosswalk])[1]
    assert indicated.conclusions == {"satisfied": 0, "not-satisfied": 0, "not-assessed": 1, "not-applicable": 0}
    assert indicated.controls[0].indicated_by == [f"{IEC}/SR 1.1: not-satisfied"]
    assert indicated.units == []


# --- 7 and 8: population ----------------------------------------------------------------------------------------------


def test_verdict_07_an_unplaced_asset_counts_in_every_zone_it_could_be_in() -> None:
    """The unplaced asset fails: cell and hall both fail; at the site it counts once."""
    where = {"plc": ("cell",), "hmi": ("hall",), "stray": ("cell", "hall")}
    world = simple({"plc": PASS, "hmi": PASS, "stray": FAIL}, where=where)
    assert world.finding("SR 1.1", "cell").totals == Totals(passed=1, failed=1, tested=1)
    assert world.finding("SR 1.1", "hall").totals == Totals(passed=1, failed=1, tested=1)
    assert world.finding("SR 1.1").totals == Totals(passed=2, failed=1, tested=2)


def test_verdict_08_what_no_fresh_source_covers_is_no_evidence() -> None:
    """The account on the server passes; of the PLC no source says anything about accounts: one without a verdict."""
    assets = table("asset", {"plc": ("cell",), "server": ("cell",)})
    accounts = table("account", {"server:root": ("cell",)}, assets=assets.ids)
    dark = Uncovered("plc", "asset", ("cell",), "not-covered", "no source speaks for accounts")
    world = World(
        plant=plant(site([zone("cell")]), [assets, accounts]),
        policies=[policy("f/x", "account")],
        mappings=[mapping(SR_1_1=mapped(part(by("f/x"))))],
        frameworks=[framework([control("SR 1.1")])],
        observations=[observe("f/x", accounts, {"server:root": PASS}, uncovered=[dark])],
    )
    assert world.finding("SR 1.1", "cell").conclusion == "not-assessed"
    result = world.conclude().policies[0]
    assert result.totals == Totals(passed=1, tested=1, no_evidence=1)
    assert (result.reasons, result.examples) == (
        {"not-covered": 1},
        {"not-covered": ["plc: no source speaks for accounts"]},
    )
    assert result.site == SITE
