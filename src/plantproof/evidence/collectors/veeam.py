"""Veeam Backup & Replication, the session report: many runs of a job summed to its newest run, result and success."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.evidence.collectors import dates, reading, values
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Draft, Export, Unread
from plantproof.model.project_file import SourceSettings
from plantproof.text import shown

FORMAT = "veeam-sessions"
TITLE = "Veeam Backup & Replication: session report (CSV)"
TOOL = "Veeam Backup & Replication"
KINDS = ("backup",)
METHOD = "active"

_COLUMNS = ("JobName", "Result", "Date")
_RESULTS = {"success": "success", "warning": "warning", "failed": "failed", "error": "failed"}


_SIZES = ("DataSize", "BackupSize")


class _Run(NamedTuple):
    time: str
    raw: str
    line: int
    result: str
    stored: bool


def recognise(export: Export) -> int:
    """By the header of the report: job, result, date, and the sizes that only a backup has."""
    head = export.data[:4_000].replace(b"\x00", b"").split(b"\n", 1)[0]
    if b"JobName" in head and b"Result" in head and b"Date" in head:
        return 95 if b"BackupSize" in head or b"DedupRatio" in head else 70
    return 0


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """One backup a job. The job's asset is the one named in `assets:`, else the one called as the job. Raises
    `InputError` for missing columns, and where nothing tells which of day and month comes first."""
    clock = dates.zone(settings.time_zone)
    unread: list[Unread] = []
    remarks: list[Unread] = []
    runs: dict[str, list[_Run]] = {}
    rows = {}
    sheets = [(export, reading.sheet(export)) for export in exports]
    for export, sheet in sheets:
        reading.require_columns(export, sheet.columns, _COLUMNS)
    for export, sheet in sheets:
        order = _order(export, sheet, settings)
        unread += [Unread(export.name, line, what) for line, what in sheet.uneven]
        rows[export.name] = len(sheet.rows) + len(sheet.uneven)
        for row in sheet.rows:
            remarks += [Unread(export.name, row.line, f"formula in `{column}`") for column in row.formulas]
            job, result = values.text(row.cells["JobName"]), _RESULTS.get(row.cells["Result"].strip().lower(), "")
            time = dates.iso(row.cells["Date"], order, clock)
            if not (job and result and time):
                lacking = "job" if not job else f"result `{shown(row.cells['Result'], 30)}`" if not result else "date"
                unread.append(Unread(export.name, row.line, f"session whose {lacking} is not understood"))
                continue
            stored = _stored(row)
            if result != "failed" and not stored:
                remarks.append(Unread(export.name, row.line, f"session with result `{result}` that stored nothing"))
            runs.setdefault(job, []).append(_Run(time, export.name, row.line, result, stored))
    assets, drafts = [], []
    for job in sorted(runs):
        newest_last = sorted(runs[job])
        host = settings.assets.get(job, job)
        assets.append(
            AssetDraft(
                f"job:{job}", [AssetKey("name", host)], {}, newest_last[-1].raw, line=newest_last[-1].line, refers=True
            )
        )
        drafts.append(_backup(job, newest_last))
    times = sorted(run.time for some in runs.values() for run in some)
    return Collected(
        assets=assets,
        drafts=drafts,
        unread=unread,
        secrets=[],
        rows=rows,
        remarks=remarks,
        observed_from=times[0] if times else "",
        observed_to=times[-1] if times else "",
    )


def _order(export: Export, sheet: reading.Sheet, settings: SourceSettings) -> str | None:
    """Which of day and month comes first, by the dates of this report: another may be of a server elsewhere."""
    cells = [row.cells["Date"] for row in sheet.rows]
    order = dates.order(cells, settings.date_order, export.name)
    if order is None and any(map(dates.ambiguous, cells)):
        raise refuse(
            "no date tells whether the day or the month comes first",
            "set `date_order: M/D/Y` or `D/M/Y` for the source; reports of unlike servers are sources of their own",
            path=export.name,
        )
    return order


def _stored(row: reading.Row) -> bool:
    """Whether anything can have come of a session: a job that finds no machine to back up ends with a warning, and
    with no data read and none written."""
    sizes = [cell.strip() for column, cell in row.cells.items() if column.startswith(_SIZES)]
    return len(sizes) < 2 or any(not size or size.strip("0.,") for size in sizes)


def _backup(job: str, runs: Sequence[_Run]) -> Draft:
    newest = runs[-1]
    # A warning is a finished backup, if it stored anything; "failed" leaves none.
    last_success = max((run.time for run in runs if run.result != "failed" and run.stored), default="")
    fields = values.known(job=job, last_run=newest.time, last_result=newest.result, last_success=last_success)
    return Draft(
        "backup",
        job,
        fields,
        newest.raw,
        asset=f"job:{job}",
        line=newest.line,
        first_seen=runs[0].time,
        last_seen=newest.time,
        count=len(runs),
    )
