"""The formats of `check --format`: one row a format, imported when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from plantproof.errors import refuse
from plantproof.model.assessment import Assessment
from plantproof.model.long_lists import LongLists
from plantproof.plugins import load_table

if TYPE_CHECKING:
    from plantproof.reports.summary import Summary
    from plantproof.reports.view_types import View

BUILT_IN: dict[str, str] = {
    "annotations": "plantproof.reports.annotations:report",
    "code-quality": "plantproof.reports.code_quality:report",
    "csv": "plantproof.reports.csv_report:report",
    "job-summary": "plantproof.reports.job_summary:report",
    "json": "plantproof.reports.json_report:report",
    "junit": "plantproof.reports.junit:report",
    "sarif": "plantproof.reports.sarif:report",
    "text": "plantproof.reports.text:report",
}
"""Format -> `module:function`, a `Reporter`. A plugin adds rows through the entry point group `plantproof.reporters`,
and replaces none."""

WITHOUT_LISTS = frozenset({"json", "text"})
"""Formats that read no gap and no asset of the assessment: they may have been left out of it. Text tells single gaps
where they are asked for."""


class Results:
    """What there is to report: the assessment, and the view of it, which is made when a reporter first asks for it."""

    def __init__(self, assessment: Assessment, lists: Mapping[str, LongLists] | None = None) -> None:
        self.assessment = assessment
        self.lists = lists or {}
        """Per site what was left out of `assessment` for want of room; empty unless all formats are WITHOUT_LISTS."""

    @property
    def whole(self) -> Assessment:
        """The assessment, for a format that reads its gaps: with all of them, or not at all."""
        if self.lists:
            raise RuntimeError("a view needs the gaps and assets that were left out")
        return self.assessment

    @cached_property
    def summary(self) -> Summary:
        """What can be said without single gaps and assets."""
        from plantproof.reports.summary import build_summary

        return build_summary(self.assessment)

    @cached_property
    def view(self) -> View:
        """The one view that all reporters read; the same bytes follow from it whichever of them is asked first."""
        from plantproof.reports.view import build_view

        return build_view(self.whole)


class Options(NamedTuple):
    """What the person at the command line wants of a format that knows the difference."""

    colour: bool = False
    verbose: bool = False
    adopted: bool = False
    """What was adopted does not stop the gate: formats that point at what does tell it apart."""
    stale: bool = False
    """Evidence that is too old stops the gate: formats that point at what does point at it, too."""
    prefix: str = ""
    """Where the project lies in its repository: forges name files from there."""
    blob_url: str = ""
    """How the forge shows a line of a file at a commit, with {commit}, {path} and {line}; "" for no links."""


Reporter = Callable[[Results, Options], bytes | Iterator[bytes]]
"""Lays the results out, as bytes at once or piece by piece. Decides nothing, computes nothing, knows no clock."""


def reporter(name: str) -> Reporter:
    """The reporter of a format, built in or of a plugin. Raises `InputError` that lists the formats there are."""
    table = load_table("plantproof.reporters", BUILT_IN)
    if name not in table:
        raise refuse(f"there is no format `{name}`", f"there are: {', '.join(table)}")
    found: Reporter = table[name]
    return found


def pieces(report: Reporter, results: Results, options: Options) -> Iterable[bytes]:
    """What a reporter gives, piece by piece."""
    data = report(results, options)
    return [data] if isinstance(data, bytes) else data
