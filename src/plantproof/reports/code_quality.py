"""GitLab code quality: a list of findings, each with a fingerprint by which GitLab compares two branches."""

from __future__ import annotations

from collections.abc import Iterable

from plantproof.files import encode_json
from plantproof.reports.delta_reporters import DeltaResults
from plantproof.reports.delta_words import FAILS_NOW, MOVES
from plantproof.reports.forge import in_repository
from plantproof.reports.gate_marks import marks_of_gate, marks_of_stops
from plantproof.reports.marks import Mark, marks_of_assessment, marks_of_delta
from plantproof.reports.reporters import Options, Results
from plantproof.text import shown, visible

_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}
_LONGEST = 1_000


def report(results: Results, options: Options) -> bytes:
    """`check --format code-quality`: what stops the gate besides gaps, and every gap; one that does not stop the gate
    is `info`."""
    return findings([*marks_of_stops(results.whole, options), *marks_of_assessment(results.whole)], options)


def report_delta(results: DeltaResults, options: Options) -> bytes:
    """`diff --format code-quality`: what fails on the head and did not before, what is not known any more, and what
    else stops the gate."""
    marks = marks_of_delta(results.delta, (*FAILS_NOW, "unknown-now"))
    return findings([*marks_of_gate(results.gate), *marks], options)


def findings(marks: Iterable[Mark], options: Options) -> bytes:
    """The list as GitLab reads it: description, check_name, fingerprint, severity, location."""
    return encode_json([_finding(mark, options) for mark in marks], indent=1)


def _finding(mark: Mark, options: Options) -> dict[str, object]:
    place = mark.places[0]
    status = f"{MOVES[mark.status].word}: " if mark.status in MOVES else ""
    return {
        "description": shown(f"{status}{mark.message}", _LONGEST),
        "check_name": visible(mark.policy),
        "fingerprint": mark.id,
        "severity": "info" if mark.spared(options) else _SEVERITIES.get(mark.severity, "major"),
        "location": {"path": in_repository(place.path, options), "lines": {"begin": max(place.line, 1)}},
    }
