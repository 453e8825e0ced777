"""The gap register: fixed columns, no formulas."""

from __future__ import annotations

import csv
import io

import pytest
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile, hostile_ids

from plantproof.reports.csv_report import COLUMNS, render_csv
from plantproof.reports.view import build_view


def test_one_line_a_gap_with_what_was_seen_and_what_to_do() -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv(build_view(example())).decode())))
    assert [row["id"] for row in rows] == ["gap-5b1c0a52", "gap-8e11aa04", "gap-7f00d3e1", "gap-93c4be77"]
    assert rows[3]["condition"] == "Restore never tested (expected within 365 days)"
    assert rows[3]["evidence"] == "evidence/bottling-north/backup-jobs/raw/sessions.csv:12"
    assert rows[3]["window"] == "any time: nothing in production is touched"
    assert (rows[2]["waiver"], rows[2]["waiver state"], rows[2]["compensated"]) == (
        "filler-plc-shared-login",
        "in force",
        "yes",
    )


def test_columns_are_those_documented() -> None:
    assert tuple(next(csv.reader(io.StringIO(render_csv(build_view(example())).decode())))) == COLUMNS


@pytest.mark.parametrize("make", [hostile, hostile_ids])
def test_no_cell_starts_a_formula_and_every_row_is_whole(make) -> None:
    rows = list(csv.reader(io.StringIO(render_csv(build_view(make())).decode())))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r|%")] == []


def test_rows_end_in_a_line_feed() -> None:
    data = render_csv(build_view(example()))
    assert data.endswith(b"\n")
    assert b"\r" not in data
