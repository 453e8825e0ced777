"""`plantproof asset`: two that are one, and one that has left. Lines are appended, none is ever taken out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.project import contents

from plantproof.cli.start import run
from plantproof.evidence.identities import read_identities

FILE = "evidence/works/identities.jsonl"
RETIRE = ["--date", "2026-11-01", "--approved-by", "Lee Works", "--reason", "Scrapped"]


def ids(project: Path) -> dict[str, str]:
    """Name -> id."""
    identities = read_identities((project / FILE).read_bytes(), FILE)
    return {value: asset for (key, value), asset in identities.by_key.items() if key == "name"}


def last_line(project: Path) -> dict[str, object]:
    line = json.loads((project / FILE).read_text().splitlines()[-1])
    assert isinstance(line, dict)
    return line


@pytest.mark.parametrize("how", ["ids", "names", "names in capitals"])
def test_merge_appends_one_line(how: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / FILE).read_bytes()
    known = ids(project)
    words = {"ids": [known["fw-77"], known["sw-77"]], "names": ["fw-77", "sw-77"]}.get(how, ["FW-77", "SW-77"])
    assert run(["asset", "merge", *words]) == 0
    assert capsys.readouterr().out == f"{FILE}: one line appended; commit it\n"
    assert (project / FILE).read_bytes().startswith(before)
    assert last_line(project) == {"same": [known["fw-77"], known["sw-77"]]}
    assert len(read_identities((project / FILE).read_bytes(), FILE).ids) == 1


def test_two_that_are_one_already_are_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["asset", "merge", "sw-77", "sw-77"]) == 2
    assert "`sw-77` and `sw-77` are one asset already" in capsys.readouterr().err


def test_retire_says_who_approved_it_and_the_reader_believes_it(project: Path) -> None:
    asset = ids(project)["sw-77"]
    assert run(["asset", "retire", "sw-77", *RETIRE]) == 0
    expected = {"retired": asset, "date": "2026-11-01", "approved_by": "Lee Works", "reason": "Scrapped"}
    assert last_line(project) == expected
    read = read_identities((project / FILE).read_bytes(), FILE)
    assert read.retired == {asset: ("2026-11-01", "Lee Works", "Scrapped")}
    assert asset not in read.ids


def test_nobody_retires_twice(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["asset", "retire", "sw-77", *RETIRE])
    before = contents(project)
    assert run(["asset", "retire", "sw-77", *RETIRE]) == 2
    told = capsys.readouterr().err
    assert "`sw-77` is retired already, as of 2026-11-01" in told
    assert "correct its `retired` line" in told
    assert contents(project) == before


def test_a_name_of_two_assets_asks_for_the_id(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / FILE).open("a", newline="") as file:
        file.write('{"id":"a-other","key":"name","value":"SW-77"}\n')
    before = contents(project)
    assert run(["asset", "retire", "sw-77", *RETIRE]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert f"several assets are called `sw-77`: {', '.join(sorted(['a-other', 'a-ba6t7ikhetgr']))}" in told
    assert contents(project) == before


def test_what_was_merged_leaves_under_each_of_its_ids(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = ids(project)
    run(["asset", "retire", "sw-77", *RETIRE])
    run(["asset", "merge", "fw-77", "sw-77"])
    read = read_identities((project / FILE).read_bytes(), FILE)
    assert (read.retired, sum(map(len, read.retired_in_part.values()))) == ({}, 1)
    capsys.readouterr()
    assert run(["asset", "retire", known["fw-77"], *RETIRE]) == 0
    assert capsys.readouterr().out == f"{FILE}: one line appended; commit it\n"
    assert last_line(project)["retired"] == known["fw-77"]
    read = read_identities((project / FILE).read_bytes(), FILE)
    assert list(read.retired) == [min(known["fw-77"], known["sw-77"])]


def test_retiring_what_was_merged_says_so_of_each_id(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["asset", "merge", "fw-77", "sw-77"])
    capsys.readouterr()
    assert run(["asset", "retire", "fw-77", *RETIRE]) == 0
    assert capsys.readouterr().out == f"{FILE}: 2 lines appended; commit it\n"
    assert len(read_identities((project / FILE).read_bytes(), FILE).retired) == 1


def test_nobody_approves_by_a_blank(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert run(["asset", "retire", "sw-77", "--date", "2026-11-01", "--approved-by", " ", "--reason", "x"]) == 2
    assert "an asset retires with `approved_by`" in capsys.readouterr().err
    assert contents(project) == before


@pytest.mark.parametrize("left_out", ["--date", "--approved-by", "--reason"])
def test_retire_needs_date_approver_and_reason(
    left_out: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = RETIRE.index(left_out)
    assert run(["asset", "retire", "sw-77", *RETIRE[:at], *RETIRE[at + 2 :]]) == 2
    assert left_out in capsys.readouterr().err


def test_a_misspelt_asset_gets_the_nearest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert run(["asset", "merge", "sw-77", "fw-7"]) == 2
    assert f"{FILE}: no asset has the id or the name `fw-7` (did you mean `fw-77`?)" in capsys.readouterr().err
    assert contents(project) == before


def test_a_site_without_assets_has_none_to_merge(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / FILE).unlink()
    assert run(["asset", "merge", "a-1", "a-2"]) == 2
    assert "`plantproof explain NAME` shows ids" in capsys.readouterr().err
    assert not (project / FILE).exists()
