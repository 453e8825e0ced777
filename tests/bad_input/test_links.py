"""Links that a project brings along: nothing is written through them, and nothing over what lies where they lead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plantproof.cli.output import write_bytes
from plantproof.cli.start import run

ON = "2026-11-20"
RETIRE = ["asset", "retire", "--site", "eastbrook", "--date", ON, "--approved-by", "A", "--reason", "R", "office-eb-03"]
WAIVER = [
    *("waiver", "new", "--site", "northmill", "--policy", "use_control/account_lockout", "--subject", "x"),
    *("--control", "SR 1.11", "--reason", "R", "--owner", "A", "--approver", "B", "--expires", "2027-01-01"),
]
WRITING = [
    (["config", "copy", "mappers/iec62443-3-3.yaml"], "mappers"),
    (["policy", "new", "integrity/another_one"], "policies"),
    (["policy", "new", "integrity/another_one"], "policies/integrity"),
    (["adopt", "--at", "HEAD", "--date", ON, "--by", "A", "--review", "2027-01-01"], "controls/adopted"),
    (["baseline", "--at", "HEAD", "--date", ON, "--by", "A", "--site", "northmill"], "controls/approved"),
    (RETIRE, "evidence/eastbrook"),
    (WAIVER, "controls/waivers"),
    (["site", "draft", "eastbrook"], "controls/sites"),
    (["pack", "--date", ON], "build"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("links") / "sample"
    assert run(["init", "--sample", str(folder)]) == 0
    return folder


@pytest.fixture
def project(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(sample, folder, symlinks=True)
    monkeypatch.chdir(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("verb", "linked"), WRITING, ids=lambda given: given if isinstance(given, str) else given[0])
def test_no_verb_writes_through_a_link_in_the_project(
    verb: list[str], linked: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside"
    place = project / linked
    if place.exists():
        shutil.move(place, outside)
    outside.mkdir(exist_ok=True)
    if verb[:2] == ["site", "draft"]:
        (outside / "eastbrook.yaml").unlink()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside)
    before = contents(outside)
    assert run(verb) == 2
    assert "a symlink, which is never followed" in capsys.readouterr().err
    assert contents(outside) == before


def test_init_writes_through_no_link_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outside").mkdir()
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "controls").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(folder)
    assert run(["init"]) == 2
    assert "a symlink, which is never followed" in capsys.readouterr().err
    assert contents(tmp_path / "outside") == {}
    assert [path.name for path in folder.iterdir()] == ["controls"]


def test_what_is_not_finished_yet_is_written_where_nobody_can_have_put_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever lies at the name that is tried, a link too, is not written to."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    monkeypatch.setattr("os.urandom", lambda count: b"\0" * count)
    (tmp_path / f".report.json.{'00' * 8}.part").symlink_to(precious)
    with pytest.raises(FileExistsError):
        write_bytes(b"theirs", str(tmp_path / "report.json"))
    assert precious.read_bytes() == b"mine"
    assert not (tmp_path / "report.json").exists()
