"""SARIF, read by somebody else's reader and held against what the standard and GitHub say of it."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import jsonschema
import msgspec
import pydantic
import pytest
from sarif_pydantic import Sarif
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile, hostile_ids
from tests.support.assessment_large import large
from tests.support.delta_example import (
    LOST,
    example_delta,
    gap,
    hostile_delta,
    large_delta,
    move,
    quiet_delta,
    results,
    violations,
)

from plantproof.reports.marks import mark_of_lost
from plantproof.reports.reporters import Options, Results
from plantproof.reports.sarif import MOST_RESULTS, report, report_delta

OPTIONS = Options(prefix="ot/north")
Log = dict[str, Any]

WRITTEN: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "message": {
            "type": "object",
            "required": ["text"],
            "additionalProperties": False,
            "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}},
        },
        "location": {
            "type": "object",
            "required": ["physicalLocation"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "integer", "minimum": 0},
                "physicalLocation": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "required": ["uri", "uriBaseId"],
                            "properties": {
                                "uri": {"pattern": "^[A-Za-z0-9._~/%-]+$"},
                                "uriBaseId": {"const": "%SRCROOT%"},
                            },
                        },
                        "region": {
                            "type": "object",
                            "required": ["startLine"],
                            "properties": {"startLine": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
        "result": {
            "type": "object",
            "additionalProperties": False,
            "required": ["ruleId", "ruleIndex", "message", "locations", "partialFingerprints", "level", "kind"],
            "properties": {
                "ruleId": {"type": "string", "minLength": 1},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "kind": {"enum": ["fail", "open"]},
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": {"$ref": "#/$defs/message"},
                "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/location"}},
                "relatedLocations": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
                "suppressions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["kind"],
                        "additionalProperties": False,
                        "properties": {
                            "kind": {"enum": ["inSource", "external"]},
                            "status": {"enum": ["accepted", "underReview", "rejected"]},
                            "justification": {"type": "string"},
                        },
                    },
                },
                "properties": {"type": "object"},
            },
            # 3.27.10: what does not fail has no level.
            "if": {"properties": {"kind": {"const": "fail"}}},
            "else": {"properties": {"level": {"const": "none"}}},
        },
        "rule": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "shortDescription", "fullDescription", "help", "properties"],
            "properties": {
                "id": {"type": "string", "minLength": 1},
                "name": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
                "shortDescription": {"$ref": "#/$defs/message"},
                "fullDescription": {"$ref": "#/$defs/message"},
                "help": {"$ref": "#/$defs/message"},
                "defaultConfiguration": {
                    "type": "object",
                    "properties": {"level": {"enum": ["none", "note", "warning", "error"]}},
                },
                "properties": {
                    "type": "object",
                    "required": ["security-severity", "tags"],
                    "properties": {
                        "security-severity": {"pattern": r"^(10\.0|\d\.\d)$"},
                        "tags": {"type": "array", "maxItems": 10, "items": {"type": "string"}},
                    },
                },
            },
        },
        "run": {
            "type": "object",
            "additionalProperties": False,
            "required": ["tool", "results", "invocations"],
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name", "rules", "semanticVersion"],
                            "properties": {"rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}},
                        }
                    },
                },
                "results": {"type": "array", "maxItems": 5000, "items": {"$ref": "#/$defs/result"}},
                "invocations": {
                    "type": "array",
                    "items": {"type": "object", "required": ["executionSuccessful"]},
                },
                "automationDetails": {"type": "object"},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            },
        },
    },
}
"""Of the standard what we write, and nothing else; with what GitHub asks for besides."""
SCHEMA = jsonschema.Draft202012Validator(WRITTEN)


def checked(data: bytes) -> Log:
    """The log, after both readers took it and each result found its rule."""
    log: Log = json.loads(data)
    Sarif.model_validate(log)
    SCHEMA.validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    return log


def of_check(**more: Any) -> Log:
    return checked(b"".join([report(Results(msgspec.structs.replace(example(), **more)), OPTIONS)]))


def run(log: Log) -> dict[str, Any]:
    found: dict[str, Any] = log["runs"][0]
    return found


def notes(log: Log) -> list[str]:
    return [note["message"]["text"] for note in run(log)["invocations"][0]["toolExecutionNotifications"]]


def test_each_gap_is_a_result_at_its_line_most_severe_first() -> None:
    found = run(of_check())["results"]
    assert [result["level"] for result in found] == ["error", "error", "error", "warning"]
    assert {result["partialFingerprints"]["plantproof/gap/v1"] for result in found} == {
        gap.id for gap in example().gaps
    }
    place = found[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "ot/north/evidence/bottling-north/fw-exports/raw/fw-cell-1.conf"
    assert place["region"] == {"startLine": 1242}


def test_a_waiver_in_force_suppresses_and_takes_nothing_away() -> None:
    suppressed = [result for result in run(of_check())["results"] if "suppressions" in result]
    (result,) = suppressed
    assert result["partialFingerprints"]["plantproof/gap/v1"] == "gap-7f00d3e1"
    assert result["suppressions"][0]["justification"] == "under a waiver in force: filler-plc-shared-login"


def test_what_was_adopted_is_as_before_and_suppressed_where_the_gate_lets_it_be() -> None:
    states = ["adopted", "overdue", "worse", ""]
    gaps = [
        msgspec.structs.replace(each, adopted=state, waiver_state="")
        for each, state in zip(example().gaps, states, strict=True)
    ]
    adopted_results = Results(msgspec.structs.replace(example(), gaps=gaps))
    names = {each.id: state for each, state in zip(gaps, states, strict=True)}
    for adopted in (False, True):
        found = run(checked(report(adopted_results, Options(adopted=adopted))))["results"]
        told = {names[each["partialFingerprints"]["plantproof/gap/v1"]]: each for each in found}
        baseline = {state: each.get("baselineState") for state, each in told.items()}
        assert baseline == {"adopted": "unchanged", "overdue": "unchanged", "worse": "updated", "": None}
        suppressed = {state for state, each in told.items() if "suppressions" in each}
        assert suppressed == ({"adopted", "overdue"} if adopted else set())


def test_rules_explain_what_to_do() -> None:
    rules = {rule["id"]: rule for rule in run(of_check())["tool"]["driver"]["rules"]}
    assert set(rules) == {policy.policy for policy in example().policies}
    told = rules["availability/restore_tested"]["help"]
    assert told["text"].startswith("What to do: ")
    assert "any time: nothing in production is touched" in told["text"]
    assert rules["zones/no_any_rule"]["properties"]["security-severity"] == "9.5"


def test_the_fingerprint_of_a_gap_stays_when_its_line_and_wording_move() -> None:
    moved = gap(1, evidence=[], violations=violations("Otherwise said"))
    logs = [checked(report_delta(results(quiet_delta(move(each, "opened"))), OPTIONS)) for each in (gap(1), moved)]
    before, after = (run(log)["results"][0]["partialFingerprints"] for log in logs)
    assert before == after


def test_a_change_shows_what_fails_now_and_what_is_not_known_any_more() -> None:
    log = checked(report_delta(results(example_delta()), OPTIONS))
    by_status = {result["properties"]["status"]: result for result in run(log)["results"]}
    assert set(by_status) == {"stops", "opened", "worse", "changed", "known-now", "unknown-now"}
    assert {status: result["baselineState"] for status, result in by_status.items()} == {
        "stops": "new",
        "opened": "new",
        "known-now": "new",
        "worse": "updated",
        "changed": "updated",
        "unknown-now": "updated",
    }
    unknown = by_status["unknown-now"]
    assert (unknown["kind"], unknown["level"]) == ("open", "none")
    lost = mark_of_lost(LOST).id
    assert lost in {result["partialFingerprints"]["plantproof/gap/v1"] for result in run(log)["results"]}


def test_a_policy_that_failed_to_run_is_told() -> None:
    log = checked(report_delta(results(example_delta()), OPTIONS))
    assert notes(log) == ["the policy zones/no_any_rule failed to run: it judged nothing"]
    assert run(log)["invocations"][0]["executionSuccessful"] is False
    assert run(of_check())["invocations"][0]["executionSuccessful"] is True


def test_beyond_what_github_keeps_the_least_severe_are_left_out_and_counted() -> None:
    data = report(Results(large(400, 12_000)), OPTIONS)
    log = checked(data)
    assert len(run(log)["results"]) == MOST_RESULTS
    assert notes(log) == [
        "7,000 results left out for want of room (1,000 high, 3,000 medium, 3,000 low); JSON has them all"
    ]
    assert len(gzip.compress(data)) < 10_000_000


def test_long_texts_are_left_out_by_severity_too() -> None:
    long = [move(gap(number, violations=violations(f"{number}" + "ä" * 3000)), "opened") for number in range(5_000)]
    data = report_delta(results(quiet_delta(*long)), OPTIONS)
    log = checked(data)
    assert len(data) < 13_000_000
    (note,) = notes(log)
    left = f"{5_000 - len(run(log)['results']):,}"
    assert note == f"{left} results left out for want of room ({left} critical); JSON has them all"


@pytest.mark.parametrize("make", [hostile, hostile_ids])
def test_hostile_text_is_no_link_and_no_placeholder(make: Callable[[], Any]) -> None:
    log = checked(report(Results(make()), OPTIONS))
    texts = [result["message"]["text"] for result in run(log)["results"]]
    assert texts
    assert not any("](" in text or "{0" in text or "\u202e" in text or "\x1b" in text for text in texts)


def test_hostile_paths_stay_paths() -> None:
    log = checked(report_delta(results(hostile_delta()), OPTIONS))
    for result in run(log)["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri).startswith(("ot/north/evidence/", "ot/north/controls/sites/", "ot/north/plantproof"))


def test_the_same_results_give_the_same_bytes() -> None:
    assert report_delta(results(example_delta()), OPTIONS) == report_delta(results(example_delta()), OPTIONS)


def broken_level(log: Log) -> None:
    run(log)["results"][0]["level"] = "critical"


def broken_message(log: Log) -> None:
    del run(log)["results"][0]["message"]


def broken_tool(log: Log) -> None:
    del run(log)["tool"]


@pytest.mark.parametrize("break_it", [broken_level, broken_message, broken_tool])
def test_the_readers_see_what_is_broken(break_it: Callable[[Log], None]) -> None:
    log = copy.deepcopy(of_check())
    break_it(log)
    with pytest.raises(pydantic.ValidationError):
        Sarif.model_validate(log)
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(log)


@pytest.mark.parametrize(
    ("field", "value"), [("level", "none"), ("baselineState", "gone"), ("locations", []), ("nonsense", 1)]
)
def test_ours_sees_what_the_other_does_not(field: str, value: object) -> None:
    log = copy.deepcopy(of_check())
    result = run(log)["results"][0]
    result[field] = value
    if field == "level":
        result["kind"] = "open"
        result["level"] = "error"
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(log)


def test_a_large_change_is_cut_alike() -> None:
    log = checked(report_delta(results(large_delta(6_000)), OPTIONS))
    assert [result["properties"]["severity"] for result in run(log)["results"][-3:]] == ["low"] * 3
    assert notes(log) == ["1,000 results left out for want of room (1,000 low); JSON has them all"]
