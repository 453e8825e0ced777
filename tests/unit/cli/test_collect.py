"""`plantproof collect`: the table at the end, the dry run, doing it again, and nothing half-written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.exports import IOS
from tests.support.project import COLLECTED, KEY, contents

from plantproof.cli.collect import print_summary, user_name
from plantproof.cli.start import run
from plantproof.evidence.collect import Summary
from plantproof.evidence.matching import Proposal


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The configuration of another switch."""
    path = tmp_path / "sw-78.cfg"
    path.write_text(IOS.replace("sw-77", "sw-78").replace("192.0.2.77", "192.0.2.78"))
    return path


def test_the_table_counts_what_came_and_what_is_not_understood(
    project: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text(export.read_text().replace("line vty 0 4", "frobnicate all\nline vty 0 4"))
    assert run(["collect", "--source", "more", "--at", COLLECTED, str(export)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "works/more: Cisco IOS / IOS-XE running configuration"
    assert lines[1].split() == ["kind", "records", "new", "changed", "gone"]
    assert "account" in lines[2]
    assert "  10 rows, 1 not understood, 3 secrets redacted, 1 asset new to the plant" in lines
    assert "  not understood: raw/sw-78.cfg:14: command `frobnicate`" in lines


def test_no_secret_reaches_the_disk_and_a_key_makes_tokens(project: Path, export: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(KEY + "\n")
    arguments = ["--source", "more", "--at", COLLECTED, "--key-file", str(key), "--key-id", "k-7", str(export)]
    assert run(["collect", "-q", *arguments]) == 0
    stored = b"".join(path.read_bytes() for path in (project / "evidence/works/more").rglob("*") if path.is_file())
    for secret in (b"S3cretWord", b"0822455D0A16", b"$1$abcd$"):
        assert secret not in stored
    assert b"<redacted:k-7:" in stored
    assert b"key_id: k-7" in stored


def test_the_key_may_come_from_the_environment(project: Path, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTPROOF_REDACTION_KEY", KEY)
    assert run(["collect", "-q", "--source", "more", "--at", COLLECTED, str(export)]) == 0
    assert b"<redacted:key-1:" in (project / "evidence/works/more/raw/sw-78.cfg").read_bytes()


def test_a_short_key_is_refused(
    project: Path, export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLANTPROOF_REDACTION_KEY", "short")
    before = contents(project)
    assert run(["collect", "--source", "more", str(export)]) == 2
    assert "openssl rand -hex 32" in capsys.readouterr().err
    assert contents(project) == before


def test_a_dry_run_shows_the_same_table_and_writes_nothing(
    project: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project)
    arguments = ["collect", "--source", "more", "--at", COLLECTED, str(export)]
    assert run([*arguments, "--dry-run"]) == 0
    dry = capsys.readouterr().out
    assert contents(project) == before
    assert run(arguments) == 0
    assert dry.replace(" (dry run, nothing written)", "") == capsys.readouterr().out


def test_again_gives_the_same_bytes_for_every_source(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert run(["collect", "--again"]) == 0
    assert contents(project) == before
    told = capsys.readouterr().out
    assert "works/firewalls" in told
    assert "works/switches" in told


def test_again_of_one_source_makes_its_records_anew(project: Path) -> None:
    before = contents(project)
    (project / "evidence/works/switches/records/account.jsonl").write_text("{}\n")
    assert run(["collect", "--again", "-q", "--source", "switches"]) == 0
    assert contents(project) == before


def test_again_with_one_bad_source_writes_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first source would change, the second was edited by hand: both stay as they are."""
    (project / "evidence/works/firewalls/records/account.jsonl").write_text("{}\n")
    with (project / "evidence/works/switches/raw/sw-77.cfg").open("a") as raw:
        raw.write("! more\n")
    before = contents(project)
    assert run(["collect", "--again"]) == 2
    assert contents(project) == before
    assert "evidence/works/switches/raw/sw-77.cfg: the stored export was edited by hand" in capsys.readouterr().err


def test_a_new_collection_says_what_changed(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = tmp_path / "sw-77.cfg"
    export.write_text(IOS.replace("username admin privilege 15 password 7 0822455D0A16\n", "").replace("10 0", "5 0"))
    assert run(["collect", "--source", "switches", "--at", COLLECTED, str(export)]) == 0
    rows = {words[0]: words[1:] for line in capsys.readouterr().out.splitlines() if (words := line.split())[1:]}
    assert rows["account"] == ["0", "0", "0", "1"]
    assert rows["setting"][2] == "1"
    assert not (project / "evidence/works/switches/records/account.jsonl").exists()


def test_the_list_of_formats_needs_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["collect", "--list"]) == 0
    told = capsys.readouterr().out
    for name in ("adrecon", "cisco-ios", "csv", "fortios", "netbox", "nozomi-assets", "veeam-sessions"):
        assert f"\n{name} " in f"\n{told}"
    assert [line for line in told.splitlines() if len(line) > 80 and " -> " in line] == []


@pytest.mark.parametrize(
    ("variables", "system", "name"),
    [({"USER": "kim"}, "root", "kim"), ({}, "root", "root"), ({"USERNAME": "kim"}, "root", "kim"), ({}, "", "unknown")],
)
def test_who_collects_is_whom_the_system_knows(
    variables: dict[str, str], system: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getuser() -> str:
        if not system:
            raise OSError("No username set in the environment")
        return system

    for variable in ("USER", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr("getpass.getuser", getuser)
    assert user_name() == name


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["{export}"], "--source is missing"),
        (["--source", "more"], "name the exported files, or --again"),
        (["--source", "more", "--again", "{export}"], "name the exported files, or --again"),
        (["--source", "more", "--site", "work", "{export}"], "no such site: work (--site with one of: works)"),
        (["--source", "../out", "{export}"], "`../out` cannot be the name of a source"),
        (["--source", "more", "--at", "yesterday", "{export}"], "write it in UTC, as 2026-11-17T05:30:00Z"),
        (["--source", "more", "--format", "cisco", "{export}"], "there is no format `cisco`"),
        (["--source", "more", "--again"], "this source was never collected"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    arguments: list[str], told: str, project: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project)
    assert run(["collect", *(word.replace("{export}", str(export)) for word in arguments)]) == 2
    assert told in capsys.readouterr().err
    assert contents(project) == before


def test_an_export_that_is_not_there_is_wrong_input(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["collect", "--source", "more", "missing.cfg"]) == 2
    assert "missing.cfg" in capsys.readouterr().err


def test_a_site_without_evidence_has_nothing_to_collect_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / "evidence")
    assert run(["collect", "--again"]) == 2
    assert "site `works` has no evidence yet (collect an export first)" in capsys.readouterr().err


def test_the_reference_plants_collect_again_to_the_same_bytes(root: Path, tmp_path: Path) -> None:
    """Their records come from `collect` and from nothing else."""
    shutil.copytree(root / "evidence", tmp_path / "evidence")
    shutil.copy(root / "plantproof.yaml", tmp_path)
    before = contents(tmp_path)
    for site in ("eastbrook", "northmill"):
        assert run(["collect", "-C", str(tmp_path), "--site", site, "--again", "-q"]) == 0
    after = contents(tmp_path)
    assert [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)] == []
    assert sum("/records/" in path for path in after) > 10


def test_a_pair_is_asked_about_once_and_none_is_left_out_unsaid(capsys: pytest.CaptureFixture[str]) -> None:
    """An address and a MAC in common made two questions of one pair; after the tenth question there was silence."""
    whys = ("same ip 192.0.2.1", "same mac 02:00:00:00:00:01")
    proposals = [Proposal(f"a-{number:02}", f"b-{number:02}", why) for number in range(12) for why in whys]
    told_of = Summary("netbox", "NetBox", (), 24, (), (), (), 24, tuple(proposals))
    print_summary("works", "more", told_of, written=True)
    told = capsys.readouterr().out.splitlines()
    assert told[3:5] == [
        "  one asset or two? same ip 192.0.2.1, same mac 02:00:00:00:00:01",
        "    if one: plantproof asset merge a-00 b-00",
    ]
    assert told[-2:] == [
        "    if one: plantproof asset merge a-09 b-09",
        "  ... and 2 more pairs; merge what is one, then `--again` shows the next",
    ]
