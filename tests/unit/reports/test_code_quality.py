"""GitLab code quality, held against what GitLab documents of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile
from tests.support.delta_example import LOST, example_delta, hostile_delta, quiet_delta, results
from tests.support.forge_readers import CODE_QUALITY

from plantproof.reports.code_quality import report, report_delta
from plantproof.reports.marks import mark_of_lost
from plantproof.reports.reporters import Options, Results

OPTIONS = Options(prefix="ot/north")
SCHEMA = jsonschema.Draft202012Validator(CODE_QUALITY)


def checked(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data)
    SCHEMA.validate(found)
    fingerprints = [finding["fingerprint"] for finding in found]
    assert len(set(fingerprints)) == len(fingerprints)
    return found


def test_each_gap_stands_at_its_line_with_gitlabs_word_for_its_severity() -> None:
    found = {finding["fingerprint"]: finding for finding in checked(report(Results(example()), OPTIONS))}
    assert {name: finding["severity"] for name, finding in found.items()} == {
        "gap-5b1c0a52": "blocker",
        "gap-8e11aa04": "critical",
        "gap-7f00d3e1": "info",  # a waiver in force
        "gap-93c4be77": "major",
    }
    assert found["gap-93c4be77"]["location"] == {
        "path": "ot/north/evidence/bottling-north/backup-jobs/raw/sessions.csv",
        "lines": {"begin": 12},
    }


def test_a_change_gives_what_fails_now_and_what_is_not_known_any_more() -> None:
    found = checked(report_delta(results(example_delta()), OPTIONS))
    words = {finding["description"].partition(":")[0] for finding in found}
    gate = "The gate of the change opens"
    assert words == {"opened", "worse", "changed", "known now", "not known any more", gate}


def test_what_has_no_line_has_the_first() -> None:
    (finding,) = checked(report_delta(results(quiet_delta(lost=[LOST])), OPTIONS))
    assert finding["fingerprint"] == mark_of_lost(LOST).id
    assert finding["location"] == {"path": "ot/north/controls/sites/bottling-north.yaml", "lines": {"begin": 1}}


def test_nothing_is_an_empty_list() -> None:
    assert checked(report_delta(results(quiet_delta()), OPTIONS)) == []


def test_hostile_text_breaks_nothing() -> None:
    assert len(checked(report(Results(hostile()), OPTIONS))) == len(example().gaps)
    assert checked(report_delta(results(hostile_delta()), OPTIONS))


@pytest.mark.parametrize(
    ("field", "value"),
    [("severity", "high"), ("fingerprint", ""), ("location", {"path": "../x", "lines": {"begin": 1}}), ("more", 1)],
)
def test_the_reader_sees_what_is_broken(field: str, value: object) -> None:
    found = checked(report(Results(example()), OPTIONS))
    found[0][field] = value
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(found)
