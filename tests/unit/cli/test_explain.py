"""`plantproof explain`: from a name down to the line of the raw file and the commit that brought it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support.project import DAY, at

from plantproof.cli.start import run

ON = ["--date", DAY]


def test_a_policy_and_a_gap_lead_to_line_and_commit(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit = at(project).git("rev-parse", "HEAD")
    assert run(["explain", "confidentiality/snmp_secure", *ON]) == 0
    gap = re.search(r"\[([0-9a-f]{8})\]", capsys.readouterr().out)
    assert gap
    assert run(["explain", gap[1], *ON]) == 0
    told = capsys.readouterr().out
    assert "evidence/works/switches/raw/sw-77.cfg:13" in told
    assert commit[:7] in told


@pytest.mark.parametrize("what", ["SR 1.1", "sr-1.1", "sw-77", "line", "office-line", "switches", "works"])
def test_names_of_all_kinds(what: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", what, *ON]) == 0
    assert capsys.readouterr().out


def test_a_control_needs_no_quotes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "SR 1.1", *ON]) == 0
    quoted = capsys.readouterr().out
    assert run(["explain", "SR", "1.1", *ON]) == 0
    assert capsys.readouterr().out == quoted


def test_a_misspelt_name_gets_the_nearest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "sw-7", *ON]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_a_name_like_nothing_here_gets_the_way_to_the_names(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "qqqqqq", *ON]) == 2
    assert "(`plantproof explain works` lists what a site has" in capsys.readouterr().err


def test_a_control_that_no_profile_selects_is_said_to_be_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "SR 1.1 RE 9", *ON]) == 2
    assert capsys.readouterr().err
