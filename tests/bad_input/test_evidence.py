"""Exports and stored evidence as they should not be: refused with the file and line, and nothing half-written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.bad_input.conftest import Refusal
from tests.support.exports import FORTIOS, IOS, MEMBERS, SESSIONS, USERS, nozomi
from tests.support.project import COLLECTED, at, contents

from plantproof.cli.start import run

JUDGING = [["check"], ["validate"]]
SWITCH = "evidence/works/switches"


def collect(*arguments: str) -> list[str]:
    return ["collect", "--source", "new", "--at", COLLECTED, *arguments]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export.txt"


@pytest.mark.parametrize(
    ("format_", "data", "line", "told"),
    [
        ("cisco-ios", b"", 0, "the file is empty"),
        ("cisco-ios", b" \r\n\t", 0, "the file is empty"),
        ("cisco-ios", IOS[:-4].encode(), 16, "cut off"),
        ("cisco-ios", b"hostname x\n\x7fELF\x00\x01", 2, "binary"),
        ("cisco-ios", IOS.encode("utf-16"), 1, "UTF-16"),
        ("fortios", FORTIOS[:200].encode(), 0, "cut off"),
        ("nozomi-assets", nozomi().data[:-40], 0, "cut off"),
        ("nozomi-assets", b"\xff\xfe\x00", 0, ""),
        ("nozomi-assets", b'{"result": ' + b"[" * 1_000_000, 0, "deep"),
        ("veeam-sessions", SESSIONS.encode("utf-16")[:-3], 0, ""),
        ("veeam-sessions", b"\x80\x81" + SESSIONS.encode(), 1, "not utf-8"),
        ("veeam-sessions", SESSIONS.replace('"Result",', "").encode(), 1, "column `Result` is missing"),
        ("adrecon", USERS.replace('"UserName"', '"User-Name"').encode(), 1, "column `UserName` is missing"),
        ("netbox", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", 0, "Git LFS"),
    ],
)
def test_an_export_that_cannot_be_read(
    format_: str, data: bytes, line: int, told: str, export: Path, refused: Refusal
) -> None:
    export.write_bytes(data)
    lines = refused.of(*collect("--format", format_, str(export)))
    assert lines[0].startswith(f"export.txt:{line}" if line else "export.txt")
    assert told in lines[0]


def test_a_format_that_cannot_be_told_names_the_candidates(export: Path, refused: Refusal) -> None:
    export.write_text("hostname x\nversion 15.2\n")
    line = refused.one(*collect(str(export)))
    assert line.startswith("export.txt: the format is not recognised (candidates: cisco-ios")
    assert "say which with `--format cisco-ios`" in line


def test_exports_of_two_formats_are_two_sources(export: Path, refused: Refusal) -> None:
    export.write_text(IOS)
    other = export.with_name("other.csv")
    other.write_text(SESSIONS)
    line = refused.one(*collect(str(export), str(other)))
    assert "of different formats (cisco-ios: export.txt; veeam-sessions: other.csv)" in line


def test_formula_cells_are_kept_as_text_and_named(
    export: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No mistake: a tool's export may hold them. Who opens the evidence or a report in a spreadsheet must be safe."""
    hostile = "=cmd|' /C calc'!A0"
    users = USERS.replace('"anna","Anna"', f'"{hostile}","Anna"')
    export.write_text(users)
    members = export.with_name("m.csv")
    members.write_text(MEMBERS)
    assert run(collect(str(export), str(members))) == 0
    told = capsys.readouterr().out
    assert "remark: raw/export.txt:2:" in told
    assert "formula" in told
    stored = (project / "evidence/works/new/records/account.jsonl").read_text()
    assert hostile in {json.loads(line)["principal"] for line in stored.splitlines()}
    run(["check", "--format", "csv", "--output", "gaps.csv", "--exit-zero", "-q"])
    cells = (project / "gaps.csv").read_text().replace('"', "").replace("\n", ",").split(",")
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


@pytest.mark.parametrize("verb", JUDGING, ids=" ".join)
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("records/account.jsonl", "edited by hand: it is not what was collected"),
        ("sightings/account.jsonl", "edited by hand: it is not what was collected"),
        ("raw/sw-77.cfg", "edited by hand: it is not what custody says was collected"),
    ],
)
def test_evidence_edited_by_hand(path: str, told: str, verb: list[str], project: Path, refused: Refusal) -> None:
    file = project / SWITCH / path
    file.write_text(file.read_text().replace("admin", "nobody"))
    line = refused.one(*verb)
    assert line.startswith(f"{SWITCH}/{path}: {told}")


def test_the_line_of_an_edit_that_its_form_gives_away(project: Path, refused: Refusal) -> None:
    file = project / SWITCH / "records/setting.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace(":", ": ", 1)
    file.write_text("".join(lines))
    line = refused.one("check")
    assert line.startswith(f"{SWITCH}/records/setting.jsonl:3: edited by hand")
    assert "(not in canonical form)" in line
    assert "`plantproof collect --again --site works --source switches` makes them anew" in line


@pytest.mark.parametrize("verb", JUDGING, ids=" ".join)
@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("gone", "custody names this file, and it is missing"),
        ("more", "custody does not know this file"),
        ("custody", "evidence without custody"),
        ("stray", "a stray file"),
        ("crlf", "its line end was rewritten"),
        ("lfs", "a pointer of Git LFS"),
    ],
)
def test_a_source_that_is_not_whole(how: str, told: str, verb: list[str], project: Path, refused: Refusal) -> None:
    folder = project / SWITCH
    if how == "gone":
        (folder / "records/account.jsonl").unlink()
    elif how == "more":
        (folder / "records/software.jsonl").write_text("")
    elif how == "custody":
        (folder / "custody.yaml").unlink()
    elif how == "stray":
        (folder.parent / "notes.txt").write_text("x")
    elif how == "crlf":
        path = folder / "records/setting.jsonl"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    else:
        (folder / "raw/sw-77.cfg").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    lines = refused.of(*verb)
    assert any(line.startswith("evidence/works/") and told in line for line in lines)


@pytest.mark.parametrize("verb", [*JUDGING, ["collect", "--again"]], ids=" ".join)
def test_two_assets_under_one_strong_key(verb: list[str], project: Path, refused: Refusal) -> None:
    path = "evidence/works/identities.jsonl"
    lines = (project / path).read_text().splitlines()
    first = json.loads(next(line for line in lines if '"id"' in line))
    ids = sorted({json.loads(line)["id"] for line in lines})
    other = next(one for one in ids if one != first["id"])
    lines += [json.dumps({"key": "serial", "value": "cisco/F1", "id": one}) for one in (first["id"], other)]
    (project / path).write_text("\n".join(lines) + "\n")
    told = refused.of(*verb)
    assert any(line.startswith(f"{path}:") and first["id"] in line and other in line for line in told), told


def test_two_devices_of_one_name_in_one_collection(export: Path, refused: Refusal) -> None:
    export.write_text(IOS)
    other = export.with_name("other.txt")
    other.write_text(IOS.replace("192.0.2.77", "192.0.2.99"))
    lines = refused.of(*collect(str(export), str(other)))
    assert any("sw-77" in line and line.startswith(("other.txt", "export.txt")) for line in lines)


@pytest.mark.parametrize("verb", [["check"], ["validate"], ["collect", "--again"]], ids=" ".join)
@pytest.mark.parametrize("target", ["../../../outside", "/etc/hostname", "custody.yaml"])
def test_links_are_never_followed(target: str, verb: list[str], project: Path, refused: Refusal) -> None:
    (project.parent / "outside").write_text("secret of somebody else")
    link = project / SWITCH / "link.txt"
    link.symlink_to(target)
    line = refused.of(*verb)[0]
    assert line.startswith((f"{SWITCH}/link.txt: a symbolic link", f"{SWITCH}/link.txt: a symlink"))
    assert "secret" not in line


def test_a_linked_folder_is_never_written_through(project: Path, export: Path, refused: Refusal) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (project / "evidence/works/new").symlink_to(outside)
    export.write_text(IOS.replace("sw-77", "sw-78"))
    refused.of(*collect(str(export)))
    assert list(outside.iterdir()) == []


def test_a_link_in_a_commit_is_refused_too(project: Path, refused: Refusal) -> None:
    (project / SWITCH / "link.txt").symlink_to("/etc/hostname")
    at(project).commit("Link")
    assert f"{SWITCH}/link.txt" in refused.of("check", "--at", "HEAD")[0]


@pytest.mark.parametrize(
    "name",
    ["../escape", "..", "a/b", "a\\b", ".hidden", "", " ", "con", "nul.x", "a:b", "a\nb", "a\x1b[31mb", "x" * 200],
)
def test_a_source_cannot_lead_out_of_the_project(name: str, export: Path, project: Path, refused: Refusal) -> None:
    export.write_text(IOS)
    around = contents(project.parent)
    refused.of("collect", "--source", name, "--at", COLLECTED, str(export))
    assert contents(project.parent) == around


@pytest.mark.parametrize("name", ["a\nb.cfg", "a\x1b[31m.cfg", "a\u202eb.cfg", "aux.cfg", "a?.cfg"])
def test_an_export_of_an_odd_name_is_refused(name: str, tmp_path: Path, refused: Refusal) -> None:
    path = tmp_path / name
    path.write_text(IOS)
    line = refused.one(*collect(str(path)))
    assert "cannot be the name of" in line
    assert line.isprintable()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb.yaml", "a\x1b[2J.yaml", 'a"b.yaml', "AUX.yaml"])
def test_a_project_file_of_an_odd_name_is_refused(name: str, project: Path, refused: Refusal) -> None:
    (project / "controls/sites" / name).write_text("x")
    line = refused.of("check")[0]
    assert line.isprintable()
    assert "controls/sites/" in line


HOSTILE = "<img src=x onerror=alert(1)>\"'`|](javascript:x)"


def test_markup_and_escapes_in_evidence_stay_text_in_every_output(
    project: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = IOS.replace("sw-77", "sw-78").replace(" description uplink", f" description {HOSTILE}\x1b]0;x\x07")
    export.write_text(text.replace("username admin", "username \x1b[31m<b>adm1n</b>"))
    assert run(collect(str(export))) == 0
    assert run(["check", "--exit-zero", "-v"]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\x07" not in told
    at(project).commit("More evidence")
    assert run(["pack", "-q", "-o", "../out"]) == 0
    for page in (project.parent / "out/html").rglob("*.html"):
        shown = page.read_text()
        assert "<img src=x" not in shown
        assert "<b>adm1n" not in shown
        assert "\x1b" not in shown
    assert run(["verify", "../out"]) == 0
