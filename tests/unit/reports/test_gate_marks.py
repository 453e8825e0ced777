"""What stops a gate and is no gap is in every format that a forge or a CI server reads alone."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.assessment_example import example
from tests.support.delta_example import quiet_delta

from plantproof.model.assessment import Assessment, Totals
from plantproof.reports.delta_gate import Gate, Stop
from plantproof.reports.delta_reporters import DeltaResults, delta_reporter
from plantproof.reports.gate_marks import marks_of_gate, marks_of_stops
from plantproof.reports.reporters import Options, Results, pieces, reporter

POINTING = ("annotations", "code-quality", "job-summary", "junit", "sarif")
FRESH = Options()
STALE = Options(stale=True)


def clean(**more: object) -> Assessment:
    """The example without a gap and with every source fresh."""
    whole = example()
    site = whole.sites[0]
    sources = [msgspec.structs.replace(each, state="fresh", stale_since={}) for each in site.sources]
    policies = [
        msgspec.structs.replace(each, totals=Totals(passed=1, tested=1), reasons={}, examples={})
        for each in whole.policies
    ]
    sites = [msgspec.structs.replace(site, sources=sources)]
    return msgspec.structs.replace(whole, gaps=[], causes=[], sites=sites, policies=policies, **more)


def too_old() -> Assessment:
    whole = clean()
    site = whole.sites[0]
    source = msgspec.structs.replace(
        site.sources[0], stale_since={"asset": "2026-01-31"}, custody_path="its/custody.yaml"
    )
    sites = [msgspec.structs.replace(site, sources=[source, *site.sources[1:]])]
    return msgspec.structs.replace(whole, sites=sites)


def broken() -> Assessment:
    whole = clean()
    first = msgspec.structs.replace(whole.policies[0], totals=Totals(error=1), reasons={"engine-error": 1})
    return msgspec.structs.replace(whole, policies=[first, *whole.policies[1:]])


def told(name: str, assessment: Assessment, options: Options) -> str:
    return b"".join(pieces(reporter(name), Results(assessment), options)).decode()


@pytest.mark.parametrize("name", POINTING)
def test_evidence_that_is_too_old_is_told_where_the_gate_stops_for_it(name: str) -> None:
    assert "since 2026-01-31" in told(name, too_old(), STALE)
    assert "since 2026-01-31" not in told(name, too_old(), FRESH)
    assert "too old: " not in told(name, clean(), STALE)


def test_missing_verdicts_are_told_also_where_every_source_is_fresh() -> None:
    whole = clean()
    silent = msgspec.structs.replace(whole.policies[0], totals=Totals(no_evidence=2), reasons={"stale": 2})
    (mark,) = marks_of_stops(msgspec.structs.replace(whole, policies=[silent]), STALE)
    assert mark.message == "Evidence is not too old: bottling-north: 2 verdicts missing because evidence is too old"


@pytest.mark.parametrize("name", POINTING)
def test_a_policy_that_failed_to_run_is_told(name: str) -> None:
    assert "failed to run" in told(name, broken(), FRESH)
    assert "failed to run" not in told(name, clean(), FRESH)


@pytest.mark.parametrize("name", POINTING)
def test_what_else_stops_the_gate_of_a_change_is_told(name: str) -> None:
    gate = Gate([Stop("approval-missing", 2, "2 approvals missing")])
    assert b"2 approvals missing" in delta_reporter(name)(DeltaResults(quiet_delta(), {}, gate), FRESH)


def test_what_is_told_gap_by_gap_is_not_told_again() -> None:
    gate = Gate([Stop("opened", 1, "1 opened", "mark"), Stop("error", 1, "1 policy failed to run", "case")])
    assert [mark.why for mark in marks_of_gate(gate)] == ["1 policy failed to run"]
    assert marks_of_gate(gate, but_for=("mark", "case")) == []
