"""The terminal: readable at 80 columns, nothing obeyed, colour never alone."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile
from tests.support.assessment_large import large

from plantproof.reports.summary import build_summary
from plantproof.reports.text import render, render_demo
from plantproof.reports.text_lines import columns
from plantproof.reports.view import build_view


@pytest.mark.parametrize("make", [example, hostile])
def test_no_line_is_wider_than_80_columns(make) -> None:
    assert [line for line in render(build_summary(make())).splitlines() if columns(line) > 80] == []


def test_one_line_with_the_sums_comes_last() -> None:
    text = render(build_summary(example()), width=200)
    assert text.splitlines()[-1] == (
        "4 gaps from 3 causes; 6 controls not satisfied, 5 not assessed; 2 of 3 zones below target, 1 not known."
    )


def test_what_matters_is_there() -> None:
    text = render(build_summary(example()))
    for wanted in (
        "not satisfied           3   38 %",
        "✗ Filling cell (short; Level 1 · Control; 3 gaps)",
        "▲ 2 (50 %) Operators share one account",
        "✗ netbox (stale): asset stale since 2025-11-12",
        "✗ vendor-window-2025 (expired, 2025-09-01 to 2025-12-31), 1 gap",
        "c0ffee1234567890c0ffee1234567890c0ffee12",
        "Lapses on            2026-03-09",
    ):
        assert wanted in text


def test_colour_only_when_asked_and_never_alone() -> None:
    summary = build_summary(example())
    plain, coloured = render(summary), render(summary, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[31m✗\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_evidence_cannot_steer_the_terminal() -> None:
    text = render(build_summary(hostile()), gaps=build_view(hostile()).gaps) + render_demo(
        build_summary(hostile()), "a", "b"
    )
    assert [sign for sign in set(text) if sign != "\n" and (ord(sign) < 32 or sign == "\u202e")] == []


def test_verbose_adds_every_gap_with_its_line() -> None:
    summary, gaps = build_summary(example()), build_view(example()).gaps
    wanted = (
        "evidence/bottling-north/backup-jobs/raw/sessions.csv:12 availability/restore_tested medium: "
        "historian-nightly: Restore never tested (expected within 365 days) [gap-93c4be77]"
    )
    assert wanted in render(summary, gaps=gaps).splitlines()
    assert wanted not in render(summary)


@pytest.mark.parametrize("make", [example, hostile, lambda: large(100, 200)])
def test_the_demo_fits_25_lines_and_says_where_the_pack_lies(make) -> None:
    lines = render_demo(build_summary(make()), "build/pack", "build/pack.zip").splitlines()
    assert len(lines) <= 25
    assert lines[-2:] == ["Pack: build/pack/html/index.html", "      build/pack.zip"]


def test_what_looks_odd_is_told_up_to_three_times() -> None:
    assessment = example()
    (site,) = assessment.sites
    odd = replace(assessment, sites=[replace(site, remarks=[f"s.csv:{n}: odd" for n in range(5)])])
    told = [line for line in render(build_summary(odd)).splitlines() if line.startswith("! ")]
    assert told == [
        "! s.csv:0: odd",
        "! s.csv:1: odd",
        "! s.csv:2: odd",
        "! 2 more that look odd; the pack lists them",
    ]
