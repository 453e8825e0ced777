"""`check --changed`: only what differs from a commit is judged, and nothing that differs is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.project import ATTESTATION, DAY, WAIVER, at

from plantproof.cli.start import run

ON = ["--date", DAY, "-q", "--exit-zero", "--format", "json"]
SECOND = """schema: plantproof/site/1
id: mill
title: Mill
owner: Lee Works
zones:
  - {id: hall, title: Hall, kind: control, purdue_level: 2, subnets: [198.51.100.0/24]}
"""


@pytest.fixture
def two_sites(project: Path) -> Path:
    """The project with a second site, committed."""
    file = project / "plantproof.yaml"
    file.write_text(file.read_text() + "  mill:\n    sources: {}\n")
    at(project).commit("Add the mill", **{"controls/sites/mill.yaml": SECOND})
    return project


def sites_judged(*arguments: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert run(["check", *ON, *arguments]) == 0
    printed = capsys.readouterr().out
    return [site["id"] for site in json.loads(printed)["sites"]] if printed else []


def edited(path: Path) -> None:
    path.write_text(path.read_text() + "# A comment more.\n")


def test_a_clean_tree_has_nothing_to_judge_and_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--changed", "HEAD", "--date", DAY]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "No site differs from HEAD: nothing was judged, and nothing is written.\n"


def test_quiet_does_not_even_say_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sites_judged("--changed", "HEAD", capsys=capsys) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("controls/sites/mill.yaml", ["mill"]),
        ("controls/sites/works.yaml", ["works"]),
        ("evidence/works/attestations/power.yaml", ["works"]),
        ("plantproof.yaml", ["mill", "works"]),
        ("README.md", []),
        ("controls/programme/company.yaml", []),
    ],
)
def test_a_file_changes_the_sites_that_it_has_a_say_in(
    path: str, expected: list[str], two_sites: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at(two_sites).commit(
        "Add what the first commit lacks",
        **{
            "README.md": "# Works\n",
            "controls/programme/company.yaml": "schema: plantproof/programme/1\n",
            "evidence/works/attestations/power.yaml": ATTESTATION.format(
                id="A-1", topic="emergency-power", zone="line"
            ),
        },
    )
    edited(two_sites / path)
    assert sites_judged("--changed", "HEAD", capsys=capsys) == expected


def test_a_waiver_is_judged_with_every_site(two_sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(two_sites).write(
        **{"controls/waivers/W-1.yaml": WAIVER.format(policy="confidentiality.no_clear_text_management")}
    )
    assert sites_judged("--changed", "HEAD", capsys=capsys) == ["mill", "works"]


def test_a_commit_is_compared_with_the_ref_and_not_with_the_working_tree(
    two_sites: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(two_sites / "controls/sites/works.yaml")
    assert sites_judged("--at", "HEAD", "--changed", "HEAD~1", capsys=capsys) == ["mill", "works"]
    assert sites_judged("--at", "HEAD", "--changed", "HEAD", capsys=capsys) == []


def test_site_limits_what_is_changed(two_sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(two_sites / "controls/sites/works.yaml")
    assert sites_judged("--changed", "HEAD", "--site", "works", capsys=capsys) == ["works"]
    assert sites_judged("--changed", "HEAD", "--site", "mill", capsys=capsys) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--changed", "HEAD", "--site", "moon"], "no such site: moon (there are: works)"),
        (["--changed", "no-such-branch"], "`no-such-branch` names no commit"),
        (["--changed", "empty"], "`empty` has no plantproof.yaml"),
        (["--site", "moon"], "no such site: moon (there are: works)"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: list[str], told: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = at(project)
    tree = repository.git("hash-object", "-t", "tree", "-w", "--stdin", data=b"")
    repository.git("branch", "empty", repository.git("commit-tree", "-m", "Nothing", tree))
    assert run(["check", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_diff_refuses_a_site_that_is_not_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(project / "controls/sites/works.yaml")
    assert run(["diff", "HEAD", "--working-tree", "--site", "moon", "--date", DAY]) == 2
    assert "no such site: moon" in capsys.readouterr().err


def test_site_limits_a_diff(two_sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("works", "mill"):
        edited(two_sites / f"controls/sites/{name}.yaml")
    assert run(["diff", "HEAD", "--working-tree", "--site", "mill", "--date", DAY, "--format", "json"]) == 0
    delta = json.loads(capsys.readouterr().out)
    assert [site["site"] for site in delta["sites"]] == ["mill"]


def test_a_site_that_is_gone_is_not_judged(two_sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = two_sites / "plantproof.yaml"
    file.write_text(file.read_text().replace("  mill:\n    sources: {}\n", ""))
    (two_sites / "controls/sites/mill.yaml").unlink()
    assert sites_judged("--changed", "HEAD", capsys=capsys) == ["works"]


def test_a_waiver_of_a_site_that_is_not_reviewed_is_not_said_to_move_nothing(
    two_sites: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at(two_sites).write(
        **{"controls/waivers/W-1.yaml": WAIVER.format(policy="confidentiality.no_clear_text_management")}
    )
    run(["diff", "HEAD", "--working-tree", "--site", "mill", "--date", DAY, "-q", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["judge"]["words"] == [
        "waivers of works were not tried out: not reviewed here"
    ]
