"""The words for what moved: sums, sides, vectors."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.delta_example import BASE, SITE_DELTA, bounds, example_delta, gap, move, quiet_delta, results
from tests.support.example_names import SITE

from plantproof.model.delta import IntentChange, Side
from plantproof.model.moves import Counts
from plantproof.reports import delta_json, delta_markdown
from plantproof.reports.delta_text import render
from plantproof.reports.delta_words import (
    bounds_words,
    count_words,
    headline,
    level_lines,
    side_words,
    speaks,
    summary,
    worst_controls,
)
from plantproof.reports.reporters import Options


def test_counts_are_told_worst_first_and_zeros_are_not() -> None:
    counts = Counts(closed=1, opened=1200, unknown_failed=1, unknown_passed=2, known_passed=4, same=9)
    assert count_words(counts) == "1,200 opened, 3 not known any more, 4 known now without a gap, 1 closed"
    assert count_words(Counts(same=9)) == ""


def test_the_summary_says_how_many_were_judged_and_how_many_were_not() -> None:
    assert summary(example_delta(sites=[], untouched=["a", "b"])) == (
        "2 files of what judges edited; 0 sites judged, 2 untouched."
    )


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (Side(ref="main", commit=BASE, commit_date="2026-11-10T08:00:00Z"), "main (bbbbbbbbbbbb of 2026-11-10)"),
        (Side(ref=BASE, commit=BASE, commit_date="2026-11-10T08:00:00Z"), "bbbbbbbbbbbb (2026-11-10)"),
        (Side(ref="working tree"), "working tree"),
        (
            Side(ref="refs/remotes/origin/main", commit=BASE, commit_date="2026-11-10"),
            "origin/main (bbbbbbbbbbbb of 2026-11-10)",
        ),
        (
            Side(ref="HEAD", commit=BASE, commit_date="2026-11-10", proposed=["fw-1", "fw-2"]),
            "HEAD (bbbbbbbbbbbb of 2026-11-10, with proposed: fw-1, fw-2)",
        ),
    ],
)
def test_a_side_is_its_ref_its_commit_and_what_is_proposed(side: Side, words: str) -> None:
    assert side_words(side) == words


def test_bounds_that_are_one_are_told_as_one() -> None:
    assert (bounds_words(bounds(2, 2)), bounds_words(bounds(1, 3))) == ("2", "1 to 3")


def test_ways_to_look_that_moved_alike_are_one_line_and_the_lost_stand_first() -> None:
    lost, better = SITE_DELTA.levels
    moves = [
        better,
        *(msgspec.structs.replace(lost, view=view) for view in ("tested", "attested")),
        msgspec.structs.replace(lost, view="compensated", now=bounds(1, 1)),
    ]
    assert [(move.unit, views, told) for move, views, told in level_lines(moves)] == [
        ("filling-cell", "attested, tested", "RDF 2 → 0 to 1 (target 2)"),
        ("filling-cell", "compensated", "RDF 2 → 1 (target 2)"),
        ("dmz-cell", "attested", "RA 0 to 1 → 1"),
    ]


def test_controls_stand_worst_first() -> None:
    worse, better = SITE_DELTA.controls
    assert worst_controls([better, worse]) == [worse, better]


def test_what_only_an_edit_of_the_intent_closes_is_said_at_once() -> None:
    redrawn = IntentChange(site=SITE, path=f"controls/sites/{SITE}.yaml", closed=1)
    delta = quiet_delta(move(gap(1), "closed", because="intent"), intent=redrawn)
    assert headline(delta) == "1 closed (1 by the edit of the design intent alone)"


def test_a_conclusion_that_moves_without_a_gap_is_not_called_nothing() -> None:
    assert headline(quiet_delta(controls=SITE_DELTA.controls[:1])) == "1 conclusion on controls moved"
    assert headline(quiet_delta()) == ""


def test_subjects_that_are_known_at_last_are_said_by_every_reporter() -> None:
    delta = quiet_delta(counts=Counts(known_passed=1200))
    delta = msgspec.structs.replace(delta, counts=Counts(known_passed=1200))
    told = results(delta)
    assert speaks(delta)
    assert "1,200 observations without a gap where nothing was known before" in " ".join(render(told).split())
    assert "Nothing moved." not in render(told)
    assert "1,200 known now without a gap" in delta_markdown.report(told, Options()).decode()
    assert '"known_passed": 1200' in delta_json.report(told, Options()).decode()
