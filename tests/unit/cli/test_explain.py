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


def test_an_id_and_a_name_of_before_a_merge_mean_the_asset_that_lives_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (project / "evidence/works/identities.jsonl").open("a", newline="") as file:
        file.write('{"id":"a-zzzz","key":"name","value":"the old switch"}\n')
    assert run(["asset", "merge", "sw-77", "a-zzzz"]) == 0
    for what in ("a-zzzz", "The old switch"):
        capsys.readouterr()
        assert run(["explain", what, *ON]) == 0
        assert capsys.readouterr().out.startswith("Asset sw-77")


def test_an_asset_that_has_left_says_who_approved_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    retire = ["--date", "2026-11-19", "--approved-by", "Lee Works", "--reason", "Scrapped"]
    assert run(["asset", "retire", "sw-77", *retire]) == 0
    assert run(["explain", "sw-77", "--date", "2026-11-19"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "`sw-77` left works on 2026-11-19: Scrapped (approved by Lee Works)" in told
