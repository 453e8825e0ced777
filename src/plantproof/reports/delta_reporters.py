"""The formats of `diff --format`: one row a format, imported when asked for. All read one delta."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.model.delta import Delta
from plantproof.plugins import Table
from plantproof.reports.delta_gate import Gate
from plantproof.reports.marks import RuleText
from plantproof.reports.reporters import Options

BUILT_IN: dict[str, str] = {
    "annotations": "plantproof.reports.annotations:report_delta",
    "code-quality": "plantproof.reports.code_quality:report_delta",
    "job-summary": "plantproof.reports.delta_markdown:report_summary",
    "json": "plantproof.reports.delta_json:report",
    "junit": "plantproof.reports.junit_delta:report",
    "markdown": "plantproof.reports.delta_markdown:report",
    "sarif": "plantproof.reports.sarif:report_delta",
    "text": "plantproof.reports.delta_text:report",
}
"""Format -> `module:function`, a `DeltaReporter`."""


class DeltaResults(NamedTuple):
    """What there is to report of a change: the delta, what its policies demand, and what stops the gate."""

    delta: Delta
    rules: Mapping[str, RuleText]
    gate: Gate


DeltaReporter = Callable[[DeltaResults, Options], bytes]
"""Lays a delta out. Decides nothing, computes nothing, knows no clock."""


def delta_reporter(name: str) -> DeltaReporter:
    """The reporter of a format. Raises `InputError` that lists the formats there are."""
    if name not in BUILT_IN:
        raise refuse(f"there is no format `{name}` of a change", f"there are: {', '.join(sorted(BUILT_IN))}")
    table: Table[DeltaReporter] = Table(BUILT_IN)
    return table[name]
