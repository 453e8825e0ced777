"""`plantproof pack` and `plantproof verify`."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.support.project import contents

from plantproof import __version__
from plantproof.cli.start import run
from plantproof.cli.verify import sentence_of
from plantproof.reports.verify import Verified


@pytest.fixture(scope="module")
def pack(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of the template's commit, with the zip beside it."""
    folder = tmp_path_factory.mktemp("pack") / "pack"
    assert run(["pack", "-C", str(template), "-q", "--date", "2026-11-20", "-o", str(folder)]) == 0
    return folder


@pytest.fixture
def copy(pack: Path, tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    shutil.copytree(pack, tmp_path / "pack")
    shutil.copy(pack.with_name("pack.zip"), tmp_path / "pack.zip")
    return tmp_path / "pack"


def test_a_pack_says_where_it_lies_and_how_to_check_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pack", "-o", "out/pack"]) == 0
    told = capsys.readouterr().out
    assert told.endswith(
        "Pack: out/pack/html/index.html and out/pack.zip; check it with `plantproof verify out/pack.zip`.\n"
    )
    manifest = json.loads((project / "out/pack/MANIFEST.json").read_bytes())
    assert manifest["as_of"] == "2026-11-19"
    assert manifest["lapses_on"] > "2026-11-19"


def test_a_pack_for_managers_holds_their_documents(project: Path) -> None:
    assert run(["pack", "-q", "-o", "../out", "--for", "management"]) == 0
    assert not (project.parent / "out/html").exists()
    assert (project.parent / "out/summary.txt").is_file()
    assert run(["verify", "../out"]) == 0


def test_an_unknown_audience_gets_the_nearest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pack", "-q", "-o", "../out", "--for", "managment"]) == 2
    assert "no pack is called `managment` (did you mean `management`?)" in capsys.readouterr().err
    assert not (project.parent / "out").exists()


def test_the_short_summary_of_the_demo_has_at_most_25_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pack", "-o", "../out", "--summary", "demo"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert 5 < len(lines) <= 25
    assert any("../out" in line for line in lines)


@pytest.mark.parametrize("how", ["changed", "new", "gone"])
def test_a_dirty_tree_is_refused_with_the_way_out(how: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "controls/sites/works.yaml"
    if how == "changed":
        path.write_text(path.read_text() + "# more\n")
    elif how == "new":
        path.with_name("other.yaml").write_text("x")
    else:
        path.unlink()
    assert run(["pack", "-o", "../out"]) == 2
    told = capsys.readouterr().err
    assert "the working tree differs from HEAD (controls/sites/" in told
    assert "commit first, or name the commit to pack: `plantproof pack --at COMMIT`" in told
    assert not (project.parent / "out").exists()
    assert not (project.parent / "out.zip").exists()
    assert run(["pack", "-q", "-o", "../out", "--at", "main"]) == 0


def test_a_mistyped_folder_of_something_else_survives(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = project.parent / "other"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    assert run(["pack", "-q", "-o", str(other)]) == 2
    assert "holds no pack" in capsys.readouterr().err
    assert contents(other).keys() == {"letter.txt"}


@pytest.mark.parametrize("place", [".", "..", "../..", "/"])
def test_a_place_without_a_name_is_no_place_for_a_pack(
    place: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pack", "-o", place]) == 2
    assert f"`{place}` cannot be the place of a pack (name a folder" in capsys.readouterr().err


def test_verify_is_content_with_folder_and_zip(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(pack)]) == 0
    assert run(["verify", "-q", str(pack.with_name("pack.zip"))]) == 0
    assert capsys.readouterr().out == f"{pack}: whole and unchanged\n"


OLDER = (
    f"whole and unchanged by its checksums; pages were not made again: this is Plantproof {__version__}, "
    "the pack is of 0.0.9"
)


UNMADE = "whole and unchanged; only checksums speak for what Plantproof did not make again: a, b, c, d, e and 1 more"


@pytest.mark.parametrize(
    ("verified", "told"),
    [
        (Verified(problems=[]), "whole and unchanged"),
        (
            Verified(problems=[], version="0.0.9"),
            OLDER,
        ),
        (
            Verified(problems=[], not_compared=list("abcdef")),
            UNMADE,
        ),
    ],
)
def test_no_more_is_said_than_was_looked_at(verified: Verified, told: str) -> None:
    assert sentence_of(verified) == told


@pytest.mark.parametrize("path", ["assessment.json", "gaps.csv", "html/index.html", "MANIFEST.json", "SHA256SUMS"])
def test_verify_finds_one_flipped_byte(path: str, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = bytearray((copy / path).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / path).write_bytes(bytes(data))
    assert run(["verify", str(copy)]) == 2
    assert path in capsys.readouterr().err


def test_verify_finds_a_missing_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "gaps.csv").unlink()
    assert run(["verify", str(copy)]) == 2
    told = capsys.readouterr()
    assert "gaps.csv: missing, but listed in SHA256SUMS\n" in told.err
    assert told.err.endswith(f"{copy}: not shown to be whole and unchanged (2 differences): do not rely on it\n")
    assert told.out == ""


def test_verify_finds_an_extra_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "html/more.html").write_text("more")
    assert run(["verify", str(copy)]) == 2
    assert "html/more.html: not listed in SHA256SUMS: it was added later" in capsys.readouterr().err


def test_verify_finds_a_flipped_byte_in_the_zip(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = copy.with_name("pack.zip")
    data = bytearray(archive.read_bytes())
    at = data.index(b"gap") + 1
    data[at] ^= 1
    archive.write_bytes(bytes(data))
    assert run(["verify", str(archive)]) == 2
    assert capsys.readouterr().err


def test_verify_finds_an_extra_file_in_the_zip(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = copy.with_name("pack.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_STORED) as opened:
        top = opened.namelist()[0].split("/")[0]
        opened.writestr(f"{top}/more.txt", "more")
    assert run(["verify", str(archive)]) == 2
    assert "more.txt: not listed in SHA256SUMS" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"nonsense"])
def test_verify_refuses_what_is_no_pack(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.zip").write_bytes(data)
    assert run(["verify", str(tmp_path / "pack.zip")]) == 2
    assert "pack.zip: no zip: File is not a zip file (copy it again: it may be cut off)\n" in capsys.readouterr().err


def test_verify_of_nothing_is_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(tmp_path / "nothing.zip")]) == 2
    assert run(["verify", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("nothing.zip") == 1
