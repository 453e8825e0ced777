"""A gate that fails only on what was not known: `check --against adopted` and `check --against REF`, and `adopt`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.exports import IOS
from tests.support.git_repository import GitRepository
from tests.support.project import at, make_project

from plantproof.cli.start import run
from plantproof.evidence.identity_lines import encode
from plantproof.model.evidence import IdentityLine

SECURE = IOS.replace("line vty", "no ip http server\nline vty")
MILL = """schema: plantproof/site/1
id: mill
title: Mill
owner: Lee Works
zones:
  - {id: hall, title: Hall, kind: control, purdue_level: 2, subnets: [198.51.100.0/24]}
"""
TELNET = SECURE.replace("transport input ssh", "transport input telnet ssh")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("against") / "works"
    make_project(folder)
    return folder


@pytest.fixture
def works(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795132800")  # 2026-11-20
    monkeypatch.delenv("PLANTPROOF_REDACTION_KEY", raising=False)
    folder = tmp_path / "works"
    shutil.copytree(template, folder)
    monkeypatch.chdir(folder)
    repository = at(folder)
    collect(repository, SECURE)
    repository.commit("Switch off http")
    return repository


def collect(works: GitRepository, text: str, *more: str) -> None:
    export = works.folder.parent / "sw-77.cfg"
    export.write_text(text)
    arguments = ["collect", "--source", "switches", "--at", "2026-11-19T05:30:00Z", "--by", "Kim", "-q"]
    assert run([*arguments, *more, str(export)]) == 0


def adopt(*more: str) -> int:
    return run(["adopt", "--by", "Kim Plant", "--review", "2027-05-31", *more])


def test_what_is_adopted_no_longer_stops_the_gate_and_what_comes_does(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "-q"]) == 1
    assert adopt() == 0
    assert "controls/adopted/works.jsonl: " in capsys.readouterr().out
    assert run(["check", "-q", "--against", "adopted"]) == 0
    assert run(["check", "-q"]) == 1
    collect(works, TELNET)
    assert run(["check", "-q", "--against", "adopted"]) == 1


def test_nothing_adopted_is_no_reason_to_pass(works: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-q", "--against", "adopted"]) == 2
    assert "nothing is adopted yet" in capsys.readouterr().err


def test_adopting_twice_is_refused_and_pruning_takes_out_what_is_closed(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    collect(works, TELNET)
    assert adopt("-q") == 0
    assert adopt("-q") == 2
    assert "--prune takes out what is closed" in capsys.readouterr().err
    collect(works, SECURE)
    assert run(["adopt", "--status"]) == 0
    assert "1 closed" in capsys.readouterr().out
    assert run(["adopt", "--prune"]) == 0
    assert "1 taken out" in capsys.readouterr().out
    collect(works, TELNET)
    assert run(["check", "-q", "--against", "adopted"]) == 1


@pytest.mark.parametrize("order", [("mill", "works"), ("works", "mill")])
def test_where_one_site_is_refused_nothing_is_adopted(
    works: GitRepository, capsys: pytest.CaptureFixture[str], order: tuple[str, str]
) -> None:
    """Whichever site is judged first: half of a fleet that is adopted looks like all of it."""
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text() + "  mill:\n    sources: {}\n")
    works.commit("Add the mill", **{"controls/sites/mill.yaml": MILL})
    first, second = order
    assert adopt("-q", "--site", second) == 0
    assert adopt() == 2
    told = capsys.readouterr()
    assert f"controls/adopted/{second}.jsonl: " in told.err
    assert told.out == ""
    assert not (works.folder / f"controls/adopted/{first}.jsonl").exists()


def test_where_one_file_is_a_link_nothing_is_adopted(works: GitRepository) -> None:
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text() + "  mill:\n    sources: {}\n")
    works.commit("Add the mill", **{"controls/sites/mill.yaml": MILL})
    folder = works.folder / "controls/adopted"
    folder.mkdir()
    (folder / "works.jsonl").symlink_to(works.folder.parent / "elsewhere")
    assert adopt("-q", "--at", "HEAD") == 2
    assert not (folder / "mill.jsonl").exists()


def test_pruning_keeps_what_lives_on_under_another_id(works: GitRepository) -> None:
    assert adopt("-q") == 0
    path = works.folder / "controls/adopted/works.jsonl"
    rows = path.read_text().splitlines()
    subjects = {json.loads(row)["subject"].split("/")[0] for row in rows[1:]}
    identities = works.folder / "evidence/works/identities.jsonl"
    asset = min(subject for subject in subjects if subject.startswith("a-"))
    # As if it had been adopted under an id that was merged into the one that stays since.
    path.write_text("\n".join([rows[0], *(row.replace(asset, "z-before") for row in rows[1:])]) + "\n")
    path.write_text(path.read_text().replace('"id":"', '"id":"0'))
    known = IdentityLine(id="z-before", key="name", value="before the merger")
    identities.write_bytes(identities.read_bytes() + encode([known, IdentityLine(same=[asset, "z-before"])]))
    assert run(["check", "-q", "--against", "adopted"]) == 0
    assert run(["adopt", "--prune", "-q"]) == 0
    assert run(["check", "-q", "--against", "adopted"]) == 0


def test_what_is_not_known_any_more_is_not_closed_and_stays(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert adopt("-q") == 0
    path = works.folder / "controls/adopted/works.jsonl"
    before = path.read_bytes()
    assert run(["adopt", "--status", "--date", "2028-02-20"]) == 0
    told = capsys.readouterr().out
    assert " 0 closed, " in told
    assert " not known any more, " in told
    assert run(["adopt", "--prune", "--date", "2028-02-20"]) == 0
    assert "0 taken out; " in capsys.readouterr().out
    assert path.read_bytes() == before
    assert run(["check", "--date", "2028-02-20", "--exit-zero"]) == 0
    assert " not known any more, " in capsys.readouterr().out


def test_pruning_where_nothing_is_adopted_writes_nothing(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["adopt", "--prune"]) == 0
    told = capsys.readouterr().out
    assert "works: nothing is adopted" in told
    assert "Commit it" not in told
    assert not (works.folder / "controls/adopted").exists()


def test_what_comes_later_is_adopted_by_name_and_the_first_line_stays(works: GitRepository) -> None:
    assert adopt("-q") == 0
    path = works.folder / "controls/adopted/works.jsonl"
    first, *before = path.read_text().splitlines()
    assert run(["adopt", "--prune", "--date", "2026-12-01", "-q"]) == 0
    assert path.read_text().splitlines() == [first, *before]
    collect(works, TELNET)
    later = ["adopt", "--more", "--prune", "--date", "2026-12-01", "-q"]
    assert run(later) == 2
    assert run([*later, "--by", "Lee"]) == 2
    assert run([*later, "--by", "Lee", "--review", "2027-08-31"]) == 0
    head, *lines = path.read_text().splitlines()
    assert head == first
    (new,) = (json.loads(line) for line in lines if line not in before)
    assert (new["by"], new["adopted"], new["review"]) == ("Lee", "2026-12-01", "2027-08-31")


@pytest.mark.parametrize("other", ["--prune", "--more", "--by=Kim", "--owner=Kim", "--review=2027-01-01"])
def test_to_ask_for_the_status_and_for_something_else_is_refused(
    works: GitRepository, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    assert run(["adopt", "--status", other]) == 2
    assert "--status writes nothing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--by", "Kim"], ["--review", "2027-01-01"]])
def test_adoption_without_a_name_or_a_day_is_refused(works: GitRepository, arguments: list[str]) -> None:
    assert run(["adopt", *arguments]) == 2
    assert not (works.folder / "controls/adopted").exists()


def test_a_review_in_the_past_is_refused(works: GitRepository) -> None:
    assert run(["adopt", "--by", "Kim", "--review", "2026-11-20"]) == 2


def test_against_a_commit_only_what_got_worse_since_stops_the_gate(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "-q", "--against", "main"]) == 0
    assert "against main: nothing got worse" in capsys.readouterr().err
    collect(works, TELNET)
    assert run(["check", "-q", "--against", "main"]) == 1
    assert "against main: 1 opened" in capsys.readouterr().err
    assert run(["check", "-q", "--against", "mian"]) == 2


def test_what_is_wrong_with_the_other_side_is_told_before_a_report_is_written(works: GitRepository) -> None:
    report = works.folder.parent / "report.json"
    assert run(["check", "-q", "--against", "mian", "--format", "json", "--output", str(report)]) == 2
    assert not report.exists()


def test_only_the_sites_that_are_asked_for_stop_the_gate(
    works: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    path = works.folder / "plantproof.yaml"
    path.write_text(path.read_text() + "  mill:\n    sources: {}\n")
    works.commit("Add the mill", **{"controls/sites/mill.yaml": MILL})
    collect(works, TELNET, "--site", "works")
    assert run(["check", "-q", "--against", "HEAD", "--site", "mill"]) == 0
    assert run(["check", "-q", "--against", "HEAD", "--site", "works"]) == 1
    assert "against HEAD: 1 opened" in capsys.readouterr().err


def test_what_judges_is_named_where_it_is_edited_too(works: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt("-q") == 0
    capsys.readouterr()
    assert run(["check", "-q", "--against", "main"]) == 0
    told = capsys.readouterr().err
    assert "against main: nothing got worse\n1 file of what judges edited, not used for that" in told
    assert "gaps of works would be adopted" in told
