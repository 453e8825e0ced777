"""The gap register: one line a gap, fixed columns, for spreadsheets and ticket systems."""

from __future__ import annotations

import csv
import io

from plantproof.reports.reporters import Options, Results
from plantproof.reports.safe import for_spreadsheet
from plantproof.reports.view_parts import CauseView, GapView
from plantproof.reports.view_types import View
from plantproof.reports.view_values import condition

COLUMNS = (
    "id",  # stable through renames and re-collection
    "site",
    "severity",  # critical, high, medium, low
    "zones",  # ids, separated by "; "
    "conduits",
    "asset",
    "subject",
    "subject kind",
    "name",
    "policy",
    "parameters",
    "criterion",  # what must hold
    "condition",  # what was seen
    "controls",  # framework/control/part, separated by "; "
    "findings",  # ids in the same order as controls
    "evidence",  # raw file:line, else the record
    "method",
    "cause",
    "action",
    "window",
    "interim measure",
    "review",
    "owner",
    "waiver",
    "waiver state",
    "compensated",
    "asset id",  # as in identities.jsonl; `asset` is its name
    "adopted",  # known on the day of adoption, and how it stands to that day
)
"""Fixed: columns are only ever added at the end, so that whoever reads them by number is not surprised."""


def report(results: Results, options: Options) -> bytes:
    """`--format csv`."""
    return render_csv(results.view)


def render_csv(view: View) -> bytes:
    """UTF-8, comma, line feed at the end of each row; no cell that a spreadsheet would take for a formula."""
    causes = {(cause.site, cause.key): cause for cause in view.causes}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for gap in view.gaps:
        writer.writerow([for_spreadsheet(cell) for cell in _row(gap, causes.get((gap.site, gap.cause)))])
    return text.getvalue().encode("utf-8")


def _row(gap: GapView, cause: CauseView | None) -> tuple[str, ...]:
    return (
        gap.id,
        gap.site,
        gap.severity.word,
        "; ".join(zone.id for zone in gap.zones),
        "; ".join(conduit.id for conduit in gap.conduits),
        gap.asset,
        gap.subject,
        gap.subject_kind,
        gap.name,
        gap.policy,
        gap.parameters,
        gap.criterion,
        "; ".join(condition(violation) for violation in gap.violations),
        "; ".join("/".join(filter(None, (a.framework, a.control, a.part))) for a in gap.against),
        "; ".join(against.finding for against in gap.against),
        "; ".join(trace.raw_place or trace.record_place for trace in gap.evidence),
        gap.method,
        gap.cause,
        cause.action if cause else "",
        cause.window if cause else "",
        cause.interim if cause else "",
        gap.review,
        gap.owner,
        gap.waiver,
        gap.waiver_status.word if gap.waiver_status else "",
        "yes" if gap.compensated else "",
        gap.asset_id,
        gap.adopted.word if gap.adopted else "",
    )
