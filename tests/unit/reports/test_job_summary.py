"""The summary of a job of `check`, read by GitHub's own parser."""

from __future__ import annotations

import pytest
from tests.support.assessment_example import example, two_sites
from tests.support.assessment_hostile import hostile, hostile_ids
from tests.support.assessment_large import large
from tests.support.forge_readers import Page, gfm

from plantproof.reports.job_summary import LIMIT, report
from plantproof.reports.reporters import Options, Results

ELEMENTS = {
    "h3",
    "p",
    "strong",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "ul",
    "li",
    "code",
    "sub",
}


def page(text: str) -> Page:
    read = Page(gfm(text))
    assert {tag for tag, _ in read.elements} <= ELEMENTS
    assert (read.wrong, read.unclosed, read.comments) == ([], [], [])
    return read


def test_it_says_what_stands_how_and_each_gap() -> None:
    read = page(report(Results(example()), Options()).decode())
    assert Results(example()).view.summary in read.text
    assert read.cells[0][:2] == ["Framework", "Profile"]
    assert len(read.cells) == 1 + len(example().frameworks)
    for gap in example().gaps:
        assert read.text.count(gap.name) >= 1
    assert "evidence/bottling-north/backup-jobs/raw/sessions.csv:12" in read.text


@pytest.mark.parametrize("make", [hostile, hostile_ids])
def test_hostile_text_is_text(make) -> None:
    page(report(Results(make()), Options()).decode())


def test_what_does_not_fit_is_left_out_by_severity_and_counted() -> None:
    data = report(Results(large(100, 8_000)), Options())
    assert len(data) <= LIMIT
    assert "low); to see all: `plantproof check --verbose`" in data.decode()
    page(data.decode())


def test_a_cause_says_its_site_where_there_are_several_and_its_share_of_all_gaps() -> None:
    assert "4 (50 %), Bottling South:**" in report(Results(two_sites()), Options()).decode()
    assert "2 (50 %):**" in report(Results(example()), Options()).decode()
