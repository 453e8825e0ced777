"""JUnit, read by junitparser: what fails, what is skipped and why, and that the counts are those of the cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile, hostile_ids
from tests.support.delta_example import (
    BROKEN,
    GONE,
    LOST,
    OPERATOR,
    SITE_DELTA,
    example_delta,
    gap,
    hostile_delta,
    large_delta,
    move,
    quiet_delta,
    results,
)
from tests.support.example_gaps import GAPS

from plantproof.model.assessment import Assessment, PolicyResult, Totals
from plantproof.model.delta import Delta
from plantproof.reports import junit, junit_delta
from plantproof.reports.junit_xml import Case, Suite
from plantproof.reports.junit_xml import junit as written
from plantproof.reports.reporters import Options, Results

OPTIONS = Options()


def read(data: bytes) -> dict[str, list[TestCase]]:
    """Suites with their cases, after the counts were found to be those of the cases."""
    document = JUnitXml.fromstring(data)
    found = {}
    totals = [0, 0, 0]
    for suite in document:
        cases = list(suite)
        counted = [
            sum(isinstance(part, kind) for case in cases for part in case.result) for kind in (Failure, Error, Skipped)
        ]
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (len(cases), *counted)
        totals = [total + count for total, count in zip(totals, (len(cases), *counted[:2]), strict=True)]
        found[suite.name] = cases
    assert [document.tests, document.failures, document.errors] == totals
    return found


def outcome(case: TestCase) -> tuple[str, str]:
    (result,) = case.result or [None]
    return (type(result).__name__, result.message) if result is not None else ("passed", "")


def of_check(assessment: Assessment) -> dict[str, tuple[str, str]]:
    (cases,) = read(junit.report(Results(assessment), OPTIONS)).values()
    return {case.name: outcome(case) for case in cases}


def policy(**more: Any) -> Assessment:
    """The example with one policy of these totals and none of its gaps but those named."""
    gaps = more.pop("gaps", [])
    result = msgspec.structs.replace(example().policies[0], reasons={}, examples={}, title="One", **more)
    return msgspec.structs.replace(example(), policies=[result], gaps=gaps)


def test_each_policy_is_a_case_of_its_site() -> None:
    suites = read(junit.report(Results(example()), OPTIONS))
    assert list(suites) == ["bottling-north"]
    assert len(suites["bottling-north"]) == len(example().policies)
    case = next(case for case in suites["bottling-north"] if "restore" in case.classname)
    assert case.classname == "bottling-north.availability.restore_tested"
    assert outcome(case)[0] == "Failure"
    assert "evidence/bottling-north/backup-jobs/raw/sessions.csv:12: A restore of each backup" in case.result[0].text


@pytest.mark.parametrize(
    ("totals", "reasons", "expected"),
    [
        (Totals(passed=3), {}, ("passed", "")),
        (Totals(passed=3, not_applicable=9), {}, ("passed", "")),
        (Totals(not_applicable=2), {}, ("Skipped", "no subject to which it applies")),
        (Totals(), {}, ("Skipped", "no subject to which it applies")),
        (Totals(no_evidence=2), {"stale": 2}, ("Skipped", "2 of 2 not assessed: 2 evidence too old")),
        (Totals(passed=8, no_evidence=2), {"stale": 2}, ("Skipped", "2 of 10 not assessed: 2 evidence too old")),
        (Totals(passed=8, error=1), {"engine-error": 1}, ("Error", "failed to run for 1 subject")),
    ],
)
def test_silence_is_never_a_pass(totals: Totals, reasons: dict[str, int], expected: tuple[str, str]) -> None:
    assessment = policy(totals=totals)
    (found,) = (msgspec.structs.replace(each, reasons=reasons) for each in assessment.policies)
    cases = of_check(msgspec.structs.replace(assessment, policies=[found]))
    assert list(cases.values()) == [expected]


def shared(gaps: list[Any]) -> Assessment:
    found = next(each for each in example().policies if each.policy == "identity/no_shared_accounts")
    mine: PolicyResult = msgspec.structs.replace(found, totals=Totals(passed=4, failed=len(gaps)))
    return msgspec.structs.replace(example(), policies=[mine], gaps=gaps)


def test_what_a_waiver_covers_is_skipped_and_never_passed() -> None:
    waived = [gap for gap in GAPS if gap.waiver_state == "in-force"]
    assert list(of_check(shared(waived)).values()) == [
        ("Skipped", "1 gap under a waiver in force: filler-plc-shared-login")
    ]
    both = [gap for gap in GAPS if gap.policy == "identity/no_shared_accounts"]
    assert list(of_check(shared(both)).values()) == [("Failure", "1 gap, 4 passed, 0 without evidence")]


def test_what_was_adopted_fails_unless_the_gate_lets_it_be() -> None:
    gaps = [msgspec.structs.replace(gap, adopted="adopted", waiver_state="") for gap in GAPS[1:3]]
    for adopted, expected in ((False, "2 gaps, 4 passed, 0 without evidence"), (True, "2 gaps adopted")):
        (cases,) = read(junit.report(Results(shared(gaps)), Options(adopted=adopted))).values()
        assert [outcome(case) for case in cases] == [("Skipped" if adopted else "Failure", expected)]


def test_gaps_do_not_vanish_behind_an_error_nor_silence_behind_a_waiver() -> None:
    (gap,) = (gap for gap in GAPS if gap.waiver_state == "in-force")
    (found,) = shared([gap]).policies
    silent = msgspec.structs.replace(found, totals=Totals(passed=4, failed=1, no_evidence=2), reasons={"stale": 2})
    assert list(of_check(msgspec.structs.replace(shared([gap]), policies=[silent])).values()) == [
        ("Skipped", "1 gap under a waiver in force: filler-plc-shared-login; 2 of 7 not assessed")
    ]
    bare = msgspec.structs.replace(gap, waiver="", waiver_state="")
    broken = msgspec.structs.replace(found, totals=Totals(failed=1, error=2), reasons={"engine-error": 2})
    (cases,) = read(junit.report(Results(msgspec.structs.replace(shared([bare]), policies=[broken])), OPTIONS)).values()
    assert [outcome(case) for case in cases] == [("Error", "failed to run for 2 subjects, 1 gap besides")]
    assert bare.id in cases[0].result[0].text


def of_delta(delta: Delta) -> dict[str, list[tuple[str, str]]]:
    suites = read(junit_delta.report(results(delta), OPTIONS))
    return {name: [outcome(case) for case in cases] for name, cases in suites.items()}


def test_a_change_fails_for_what_got_worse_and_for_what_is_not_known_any_more() -> None:
    found = of_delta(example_delta())
    assert found["bottling-north"] == [
        ("passed", ""),
        # The restore test that is lost is of the same policy with the same parameters as the backup that was closed.
        ("Failure", "2 not known any more"),
        ("Skipped", "1 gap under a waiver in force"),
        ("Failure", "1 opened, 1 worse, 1 not known any more"),
        ("Failure", "satisfied → none"),
    ]
    assert found["brewery"] == [("Skipped", "the change does not touch the site")]
    assert found["old-works"][0] == ("Failure", "the site would no longer be assessed")
    assert found["packaging"] == [("Error", "1 policy failed to run")]


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (move(gap(1), "closed"), ("passed", "")),
        (move(gap(1), "better"), ("passed", "")),
        (move(gap(1), "known-now"), ("Skipped", "1 gap known now that was not known before")),
        (move(gap(1), "opened", identity="split"), ("passed", "")),
        (move(OPERATOR, "opened"), ("Skipped", "1 gap under a waiver in force")),
        (move(gap(1), "opened"), ("Failure", "1 opened")),
    ],
)
def test_one_move_is_one_case(moved: Any, expected: tuple[str, str]) -> None:
    assert of_delta(quiet_delta(moved)) == {"bottling-north": [("passed", ""), expected]}


def test_a_site_has_a_case_also_where_nothing_moved() -> None:
    assert of_delta(quiet_delta()) == {"bottling-north": [("passed", "")]}
    assert of_delta(quiet_delta(policies=0)) == {"bottling-north": [("Failure", "nothing was judged")]}


def test_a_control_of_which_a_statement_is_gone_fails() -> None:
    control = msgspec.structs.replace(
        SITE_DELTA.controls[0], now="not-assessed", gaps=[], totals_was=Totals(), totals_now=Totals()
    )
    assert of_delta(quiet_delta(controls=[control])) == {
        "bottling-north": [
            ("passed", ""),
            ("Failure", "without the statement it rested on: satisfied → not assessed"),
        ]
    }


def test_a_change_that_touches_nothing_has_no_failure() -> None:
    assert of_delta(example_delta(sites=[], untouched=["brewery"])) == {
        "brewery": [("Skipped", "the change does not touch the site")]
    }


@pytest.mark.parametrize("make", [hostile, hostile_ids])
def test_hostile_text_is_text(make: Callable[[], Assessment]) -> None:
    suites = read(junit.report(Results(make()), OPTIONS))
    assert sum(map(len, suites.values())) == len(example().policies)


def test_hostile_changes_are_text() -> None:
    assert len(read(junit_delta.report(results(hostile_delta()), OPTIONS))) == 5  # with that of the gate


@pytest.mark.parametrize(
    "text", ["\ud800", "\x00\x08\x0b\x1f", "\ufffe\uffff", "]]>", "&lt;", "\u2028\r\n", "\U0001f4a5"]
)
def test_what_xml_forbids_is_spelled_out(text: str) -> None:
    case = Case(name=f"n{text}", group=text, failure=f"f{text}", lines=[text, text])
    found = read(written([Suite(name=f"s{text}", cases=[case])]))
    ((read_case,),) = found.values()
    assert read_case.name.startswith("n")
    assert outcome(read_case)[1].startswith("f")


def test_a_case_with_many_lines_counts_the_rest() -> None:
    data = junit_delta.report(results(large_delta(1_000)), OPTIONS)
    case = read(data)["bottling-north"][1]
    assert case.result[0].text.endswith("\nand 900 more")
    assert len(data) < 60_000


@pytest.mark.parametrize("broken", [b"</testsuite>", b'message="', b"<testsuites"])
def test_the_reader_sees_what_is_broken(broken: bytes) -> None:
    data = junit_delta.report(results(example_delta()), OPTIONS)
    assert broken in data
    with pytest.raises(SyntaxError):
        read(data.replace(broken, b"<", 1))


def test_the_reader_sees_counts_that_are_wrong() -> None:
    data = junit_delta.report(results(example_delta(sites=[GONE, BROKEN], untouched=[])), OPTIONS)
    read(data)
    with pytest.raises(AssertionError):
        read(data.replace(b'errors="1"', b'errors="0"'))


def test_lost_subjects_are_counted_each() -> None:
    assert of_delta(quiet_delta(lost=[LOST]))["bottling-north"][1] == ("Failure", "2 not known any more")
