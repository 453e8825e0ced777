"""`plantproof test`: results, coverage by line, situations that no test shows, lint."""

from __future__ import annotations

import pytest
from tests.support.policy_world import DictProject, path_of, policy_source

from plantproof.errors import InputError
from plantproof.policies import testing
from plantproof.policies.worker import Workers

SOURCE = policy_source(
    'violations contains v if {\n\tobject.get(input, "firmware", "old") == "old"\n\tv := {"message": "old"}\n}\n',
    "reads: {firmware: required}",
)
TEST_PATH = path_of().replace(".rego", "_test.rego")
TESTS = """package policies.test.sample_test

import data.policies.test.sample
import rego.v1

test_passes_new if sample.violations == set() with input as {"firmware": "new"}

test_fails_old if count(sample.violations) == 1 with input as {"firmware": "old"}

test_missing_evidence_is_no_pass if count(sample.violations) == 1 with input as {}
"""


def report(workers: Workers, tests: str, source: str = SOURCE) -> testing.Report:
    return testing.test_policies(DictProject({path_of(): source, TEST_PATH: tests}), (), workers)


def test_all_is_well(workers: Workers) -> None:
    found = report(workers, TESTS)
    assert found.passed
    assert list(found.lines()) == [
        "3 of 3 tests passed, 1 of 1 files covered whole, 0 situations untested, 0 lint findings"
    ]
    assert f"{TEST_PATH}:6: test_passes_new: ok" in list(found.lines(verbose=True))


def test_failing_and_undefined_tests_are_named(workers: Workers) -> None:
    tests = TESTS.replace("== 1 with input as {}", "== 2 with input as {}")
    tests += '\ntest_error if semver.compare(input.v, "1.0.0") == 0 with input as {"v": "n/a"}\n'
    found = report(workers, tests)
    assert not found.passed
    failed = [(result.line, result.name) for result in found.results if result.message]
    assert failed == [(10, "test_missing_evidence_is_no_pass"), (12, "test_error")]
    assert "invalid semver" in found.results[-1].message


def test_lines_that_no_test_runs(workers: Workers) -> None:
    tests = TESTS.split("test_fails_old")[0]
    found = report(workers, tests)
    assert [sorted(item.missed) for item in found.coverage] == [[16, 18]]
    assert found.coverage[0].percent == "33 %"
    assert found.untested == (f"{path_of()}: no test for a fail", f"{path_of()}: no test for missing evidence")
    assert not found.passed


def test_policy_without_any_test(workers: Workers) -> None:
    found = testing.test_policies(DictProject({path_of(): SOURCE}), (), workers)
    assert not found.passed
    assert found.coverage[0].missed


def test_applicable_needs_its_own_test(workers: Workers) -> None:
    source = SOURCE.replace("violations contains", "applicable if input.firmware\n\nviolations contains")
    assert f"{path_of()}: no test for not-applicable" in report(workers, TESTS, source).untested


def test_lint_findings_fail_it(workers: Workers) -> None:
    source = SOURCE.replace("{firmware: required}", "{firmware: required, vendor: optional}")
    found = report(workers, TESTS, source)
    assert [finding.rule for finding in found.findings] == ["unused-declaration"]
    assert not found.passed


def test_test_that_never_ends_is_a_failed_test() -> None:
    from plantproof.policies.protocol import Limits

    endless = "count([1 | some x in numbers.range(1, 1000000); some y in numbers.range(1, 1000000); x < y]) == 0"
    with Workers(Limits(seconds=1)) as short:
        found = report(short, TESTS + f"\ntest_endless if {endless}\n")
    assert {result.message for result in found.results} == {"took longer than 1 s"}


def test_unknown_policy_gets_a_hint(workers: Workers) -> None:
    project = DictProject({path_of(): SOURCE, TEST_PATH: TESTS})
    with pytest.raises(InputError, match="did you mean `test/sample`"):
        testing.test_policies(project, ["test/sampel"], workers)
    assert testing.test_policies(project, ["test"], workers).passed
