"""SARIF 2.1.0 (OASIS): results by the identity of gaps, rules of the policies, lines of the raw evidence.

Within what GitHub takes: it stores 5,000 results of a run (of 25,000 that it accepts) and 10 MB; what is more is left
out by severity, and a notification counts it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plantproof.files import encode_json
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.delta_words import FAILS_NOW, severity_words
from plantproof.reports.forge import in_repository
from plantproof.reports.gate_marks import RULES, marks_of_gate, marks_of_stops
from plantproof.reports.markdown import JOINER, prose
from plantproof.reports.marks import (
    STOPS,
    Mark,
    RuleText,
    marks_of_assessment,
    marks_of_delta,
    rules_of_assessment,
)
from plantproof.reports.reporters import Options, Results
from plantproof.reports.safe import for_address
from plantproof.text import shown

MOST_RESULTS = 5_000
MOST_BYTES = 9_000_000
"""Before compression; with the rules it stays below the 10 MB that GitHub takes compressed."""
_LONGEST = 1_000
_MOST_PLACES = 20

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""Within the bands by which GitHub calls a score critical, high, medium or low."""
_BASELINE = {
    STOPS: "new",
    "opened": "new",
    "known-now": "new",
    "unknown-now": "updated",
    "worse": "updated",
    "changed": "updated",
}
_ADOPTED = {"adopted": "unchanged", "overdue": "unchanged", "worse": "updated"}


def report(results: Results, options: Options) -> bytes:
    """`check --format sarif`: what stops the gate besides gaps, and every gap; one that a waiver in force covers is
    suppressed."""
    assessment = results.whole
    errors = sorted({policy.policy for policy in assessment.policies if policy.totals.error})
    marks = [*marks_of_stops(assessment, options), *marks_of_assessment(assessment)]
    rules = rules_of_assessment(assessment)
    return log(marks, rules, errors, assessment.provenance.tool_version, "plantproof/check/", options)


def report_delta(results: DeltaResults, options: Options) -> bytes:
    """`diff --format sarif`: what stops the gate and is none of what moved; what fails on the head and did not before,
    or did otherwise; what is not known any more is of the kind `open`."""
    delta = results.delta
    errors = sorted({policy for site in delta.sites for policy in site.errors})
    marks = [*marks_of_gate(results.gate), *marks_of_delta(delta, (*FAILS_NOW, "unknown-now"))]
    return log(marks, results.rules, errors, delta.tool_version, "plantproof/diff/", options)


def log(
    marks: Sequence[Mark],
    rules: Mapping[str, RuleText],
    errors: Iterable[str],
    version: str,
    automation: str,
    options: Options,
) -> bytes:
    """A log of one run. Of too many `marks` the last are left out; `errors` are policies that failed to run."""
    rules = {**rules, **{rule: RULES[rule] for rule in RULES if any(mark.policy == rule for mark in marks)}}
    known = sorted({*rules, *(mark.policy for mark in marks)})
    index = {identifier: number for number, identifier in enumerate(known)}
    results: list[dict[str, Any]] = []
    used = 0
    for mark in marks[:MOST_RESULTS]:
        result = _result(mark, index[mark.policy], options)
        used += len(encode_json(result))
        if used > MOST_BYTES:
            break
        results.append(result)
    notes = [
        _note("plantproof/policy-error", "error", f"the policy {policy} failed to run: it judged nothing")
        for policy in errors
    ]
    left_out = Counter(mark.severity for mark in marks[len(results) :])
    if left_out:
        told = f"{left_out.total():,} results left out for want of room ({severity_words(left_out)}); JSON has them all"
        notes.append(_note("plantproof/left-out", "warning", told))
    driver = {
        "name": "Plantproof",
        "semanticVersion": version,
        "rules": [_rule(rules.get(identifier), identifier) for identifier in known],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": automation},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(errors), "toolExecutionNotifications": notes}],
        "results": results,
    }
    document = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return encode_json(document, indent=1)


def _result(mark: Mark, rule: int, options: Options) -> dict[str, Any]:
    unknown = mark.status == "unknown-now"
    places = mark.places[:_MOST_PLACES]
    result: dict[str, Any] = {
        "ruleId": mark.policy,
        "ruleIndex": rule,
        # SARIF 3.27.10: the level of what does not fail is none.
        "kind": "open" if unknown else "fail",
        "level": "none" if unknown else _LEVELS.get(mark.severity, "warning"),
        "message": {"text": _text(mark.message)},
        "locations": [_location(place.path, place.line, options) for place in places[:1]],
        # GitHub tells alerts apart by this one, and would make it of the line's text: a gap moves with its line.
        "partialFingerprints": {"plantproof/gap/v1": mark.id, "primaryLocationLineHash": f"{mark.id}:1"},
        "properties": {"severity": mark.severity, "site": mark.site, "zones": mark.zones, "status": mark.status},
    }
    if places[1:]:
        result["relatedLocations"] = [
            {"id": number, **_location(place.path, place.line, options)} for number, place in enumerate(places[1:], 1)
        ]
    state = _BASELINE.get(mark.status) or _ADOPTED.get(mark.adopted)
    if state:
        result["baselineState"] = state
    spared = mark.spared(options)
    if spared:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _text(spared)}]
    return result


def _location(path: str, line: int, options: Options) -> dict[str, Any]:
    place: dict[str, Any] = {
        "artifactLocation": {"uri": for_address(in_repository(path, options)), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": max(line, 1)},
    }
    return {"physicalLocation": place}


def _rule(rule: RuleText | None, identifier: str) -> dict[str, Any]:
    rule = rule or RuleText(id=identifier, title=identifier, description="", severity="medium")
    return {
        "id": identifier,
        "name": "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", identifier)) or "Policy",
        "shortDescription": {"text": _text(rule.title)},
        "fullDescription": {"text": _text(rule.description or rule.title)},
        "help": {"text": _text(rule.help), "markdown": "\n\n".join(prose(line) for line in rule.help.splitlines())},
        "defaultConfiguration": {"level": _LEVELS.get(rule.severity, "warning")},
        "properties": {
            "security-severity": _SCORES.get(rule.severity, "5.5"),
            "tags": ["security", identifier.partition("/")[0]],
        },
    }


def _note(identifier: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": identifier}, "level": level, "message": {"text": _text(text)}}


def _text(text: str) -> str:
    """Text as a message: no control characters, no embedded link and no placeholder (SARIF 3.11.5 and 3.11.6)."""
    return re.sub(r"\](?=\()|\{(?=\d)", lambda found: found[0] + JOINER, shown(text, _LONGEST))
