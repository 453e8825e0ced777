"""The pack: the same bytes, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from tests.support.assessment_example import example

from plantproof.errors import InputError
from plantproof.reports.pack import build_pack, write_pack
from plantproof.reports.pack_definitions import load_pack_definitions


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return build_pack(example())


def test_manifest_and_sums_cover_every_file(files: dict[str, bytes]) -> None:
    manifest = msgspec.json.decode(files["MANIFEST.json"])
    listed = {file["path"]: file for file in manifest["files"]}
    assert set(listed) == set(files) - {"MANIFEST.json", "SHA256SUMS"}
    assert all(listed[path]["sha256"] == hashlib.sha256(files[path]).hexdigest() for path in listed)
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    assert (manifest["as_of"], manifest["lapses_on"], manifest["engine"]) == ("2026-03-02", "2026-03-09", "embedded")
    assert manifest["fictional"] is True


def test_the_same_bytes_under_another_hash_seed_time_zone_and_locale(files: dict[str, bytes], root: Path) -> None:
    code = (
        "import hashlib; from plantproof.reports.pack import build_pack;"
        "from tests.support.assessment_example import example;"
        "print(hashlib.sha256(b''.join(k.encode() + v for k, v in build_pack(example()).items())).hexdigest())"
    )
    wanted = hashlib.sha256(b"".join(path.encode() + data for path, data in files.items())).hexdigest()
    path = os.pathsep.join((str(root / "src"), str(root)))
    for seed, zone, language in (("1", "Asia/Tokyo", "C"), ("77", "America/Lima", "tr_TR.UTF-8")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONPATH": path}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == wanted


def test_folder_and_zip_hold_the_same_and_the_zip_is_the_same_again(files: dict[str, bytes], tmp_path: Path) -> None:
    one, two = (
        write_pack(tmp_path / "a" / "pack", files),
        write_pack(tmp_path / "b" / "pack", dict(reversed(files.items()))),
    )
    assert one.read_bytes() == two.read_bytes()
    folder = tmp_path / "a" / "pack"
    assert {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == files
    with zipfile.ZipFile(one) as archive:
        assert {info.filename.partition("/")[0] for info in archive.infolist()} == {
            "plantproof-2026-03-02-c0ffee123456"
        }
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["pack", "pack.zip"]


def test_an_older_pack_is_replaced_whole(files: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder, files)
    (folder / "stale.txt").write_text("old")
    write_pack(folder, files)
    assert not (folder / "stale.txt").exists()


def test_a_folder_of_something_else_is_left_alone(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(InputError, match="not empty and holds no pack"):
        write_pack(tmp_path / "thesis", files)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


def test_nothing_half_written_is_left_behind(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(tmp_path / "pack", files)
    before = sorted(p.name for p in tmp_path.iterdir())

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_pack(tmp_path / "pack", {**files, "new.txt": b"x"})
    monkeypatch.undo()
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert not (tmp_path / "pack" / "new.txt").exists()


def test_further_files_are_taken_along_and_unsafe_names_refused() -> None:
    assert build_pack(example(), extra={"policies/x.rego": b"package x"})["policies/x.rego"] == b"package x"
    for name in ("../x", "/x", "a\\b", "gaps.csv", "MANIFEST.json", "C:x", ""):
        with pytest.raises(ValueError, match="cannot add"):
            build_pack(example(), extra={name: b""})


def test_a_pack_definition_chooses_the_documents(root: Path) -> None:
    definitions = load_pack_definitions({p.name: p.read_bytes() for p in (root / "reports" / "packs").glob("*.yaml")})
    assert sorted(definitions) == ["audit", "management"]
    files = build_pack(example(), documents=definitions["management"].documents)
    assert sorted({path.partition("/")[0] for path in files}) == [
        *("MANIFEST.json", "SHA256SUMS", "assessment.json", "narrative", "summary.txt"),
    ]


def test_every_mistake_of_all_definitions_is_told() -> None:
    head = b"schema: plantproof/pack-definition/1\ntitle: A\naudience: B\n"
    with pytest.raises(InputError) as caught:
        load_pack_definitions(
            {
                "reports/packs/a.yaml": head + b"id: b\ndocuments: [html]\n",
                "reports/packs/c.yaml": head + b"id: c\ndocuments: [htm]\n",
            }
        )
    assert {problem.path for problem in caught.value.problems} == {"reports/packs/a.yaml", "reports/packs/c.yaml"}
