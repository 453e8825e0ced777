"""The summary of a job of `check`, in Markdown: what stands how, where most gaps come from, and each gap."""

from __future__ import annotations

from plantproof.reports.forge import blob_address
from plantproof.reports.gate_marks import marks_of_stops
from plantproof.reports.markdown import code, link, prose, table
from plantproof.reports.markdown_sections import Section, laid_out
from plantproof.reports.marks import Mark, Place, marks_of_assessment
from plantproof.reports.reporters import Options, Results
from plantproof.reports.view_parts import CauseView
from plantproof.reports.view_types import View
from plantproof.reports.words import SEVERITIES, counted, status_of

LIMIT = 900_000
"""A job summary of GitHub takes 1 MiB a step."""


def report(results: Results, options: Options) -> bytes:
    """`check --format job-summary`."""
    view = results.view
    commit = results.whole.provenance.commit
    stops = marks_of_stops(results.whole, options)
    sections = [
        Section(title=f"Stops the gate besides gaps: {len(stops):,}", items=stops, line=_stop),
        Section(title=f"Where they come from: {counted(len(view.causes), 'cause')}", items=view.causes, line=_cause),
        Section(
            title=f"Each gap: {len(view.gaps):,}",
            items=marks_of_assessment(results.whole),
            line=lambda mark: _gap(mark, commit, options),
        ),
    ]
    shown = [section for section in sections if section.items]
    foot = f"<sub>{prose(' '.join(view.banners), 1000)} As of {view.as_of}.</sub>\n"
    return laid_out(_head(view), shown, foot, LIMIT, f"; to see all: {code('plantproof check --verbose')}").encode()


def _head(view: View) -> str:
    rows = [
        [prose(framework.short, 80), code(framework.profile, 80), *(f"{count.count:,}" for count in framework.counts)]
        for framework in view.frameworks
    ]
    heads = ["Framework", "Profile", *(count.status.word for count in view.frameworks[0].counts)] if rows else []
    return "\n".join(
        [
            f"### Plantproof: {prose(view.title, 200)}",
            "",
            prose(view.summary),
            "",
            *([table(heads, rows, numbers=len(heads) - 2), ""] if rows else []),
        ]
    )


def _cause(cause: CauseView) -> str:
    where = f", {prose(cause.where, 80)}" if cause.where else ""
    return (
        f"- **{cause.severity.symbol} {prose(cause.severity.word, 20)}, {cause.gaps:,} ({cause.share}){where}:** "
        f"{prose(cause.title)}\n  - {prose(cause.action)}"
    )


def _stop(mark: Mark) -> str:
    return f"- **✗ {prose(mark.criterion)}:** {code(mark.subject, 160)}: {prose('; '.join(mark.conditions))}"


def _gap(mark: Mark, commit: str, options: Options) -> str:
    severity = status_of(SEVERITIES, mark.severity)
    waived = f" (waiver {code(mark.waiver, 60)})" if mark.waived else ""
    found = "; ".join(mark.conditions)
    place = _place(mark.places[0], commit, options)
    what = f"{prose(mark.criterion)}: {code(mark.subject, 160)}{waived}"
    return f"- **{severity.symbol} {prose(severity.word, 20)}:** {what}\n  - {prose(found)} {place}"


def _place(place: Place, commit: str, options: Options) -> str:
    address = blob_address(place, commit, options)
    shown = code(str(place), 200)
    return link(shown, address) if address else shown
