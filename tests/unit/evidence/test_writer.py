"""Written whole or not at all: crashes, a full disk, two writers, links."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.exports import nozomi, nozomi_row

from plantproof.errors import InputError
from plantproof.evidence import writer
from plantproof.evidence.collect import Plan, collect
from plantproof.evidence.ledger import read_claims
from plantproof.git_worktree import DirTree
from plantproof.model.evidence import Collector
from plantproof.model.project_file import SourceSettings


def plan(root: Path, *numbers: int, source: str = "nozomi") -> Plan:
    return collect(
        site="works", source=source, exports=[nozomi(*(nozomi_row(number) for number in numbers))],
        settings=SourceSettings(), who=Collector(name="Kim"), when="2026-11-20",
        existing=writer.read_existing(root, "works"),
    )  # fmt: skip


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_is_written_is_what_the_ledger_reads(tmp_path: Path) -> None:
    first = plan(tmp_path, 1, 2)
    writer.write(tmp_path, first)
    assert files(tmp_path) == {**first.files, "evidence/works/identities.jsonl": first.appended}
    assert len(read_claims(DirTree(tmp_path), "works").identities.ids) == 2


def test_the_second_collection_replaces_the_folder_and_appends_identities(tmp_path: Path) -> None:
    writer.write(tmp_path, plan(tmp_path, 1, 2))
    before = files(tmp_path)["evidence/works/identities.jsonl"]
    (tmp_path / "evidence/works/nozomi/raw/old.json").write_bytes(b"{}")
    second = plan(tmp_path, 2, 3)
    assert second.deleted == ("evidence/works/nozomi/raw/old.json",)
    writer.write(tmp_path, second)
    after = files(tmp_path)
    assert set(after) == {*second.files, "evidence/works/identities.jsonl"}
    assert after["evidence/works/identities.jsonl"] == before + second.appended


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.write(tmp_path, plan(tmp_path, 1))
    before = files(tmp_path)
    second = plan(tmp_path, 1, 2)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        writer.write(tmp_path, second)
    assert files(tmp_path) == before


def test_a_rename_that_fails_brings_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.write(tmp_path, plan(tmp_path, 1))
    before = files(tmp_path)
    second = plan(tmp_path, 1, 2)
    rename = Path.rename

    def refuse_new(self: Path, target: Path) -> Path:
        if self.name.endswith(".new-"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(InputError, match="Permission denied"):
        writer.write(tmp_path, second)
    assert files(tmp_path) == before


@pytest.mark.parametrize("at", range(20))
def test_ctrl_c_at_any_step_leaves_the_old_evidence_or_the_new(
    at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.write(tmp_path, plan(tmp_path, 1))
    before = files(tmp_path)
    second = plan(tmp_path, 1, 2)
    identities = "evidence/works/identities.jsonl"
    after = {**second.files, identities: before[identities] + second.appended}
    steps = iter(range(1000))

    def interrupted(function: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            if next(steps) == at:
                raise KeyboardInterrupt
            return function(*given)

        return step

    monkeypatch.setattr(os, "fsync", interrupted(os.fsync))
    monkeypatch.setattr(Path, "rename", interrupted(Path.rename))
    monkeypatch.setattr(Path, "replace", interrupted(Path.replace))
    try:
        writer.write(tmp_path, second)
    except KeyboardInterrupt:
        assert files(tmp_path) in (before, after)
    else:
        assert files(tmp_path) == after
        assert next(steps) <= at


def test_half_a_line_of_identities_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.write(tmp_path, plan(tmp_path, 1))
    before = files(tmp_path)
    second = plan(tmp_path, 1, 2)
    write = writer._write

    def full(path: Path, data: bytes) -> None:
        if "identities" in path.name:
            path.write_bytes(data[:-7])
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data)

    monkeypatch.setattr(writer, "_write", full)
    with pytest.raises(InputError, match="No space left"):
        writer.write(tmp_path, second)
    assert files(tmp_path) == before


def test_what_a_crash_left_is_put_right_by_the_next_collection(tmp_path: Path) -> None:
    writer.write(tmp_path, plan(tmp_path, 1))
    folder = tmp_path / "evidence/works/nozomi"
    second = plan(tmp_path, 1, 2)
    folder.rename(folder.with_name(".nozomi.old-"))
    half = folder.with_name(".nozomi.new-")
    half.mkdir()
    (half / "custody.yaml").write_bytes(b"half")
    writer.write(tmp_path, second)
    assert set(files(tmp_path)) == {*second.files, "evidence/works/identities.jsonl"}


def test_a_plan_made_from_other_files_is_void(tmp_path: Path) -> None:
    writer.write(tmp_path, plan(tmp_path, 1))
    slow = plan(tmp_path, 1, 2)
    writer.write(tmp_path, plan(tmp_path, 1, 3))
    before = files(tmp_path)
    with pytest.raises(InputError, match="changed while this was collected"):
        writer.write(tmp_path, slow)
    assert files(tmp_path) == before


def test_another_process_that_writes_is_waited_for_by_the_user(tmp_path: Path) -> None:
    mine = plan(tmp_path, 1)
    held = threading.Event()
    with writer._one_writer(tmp_path / "evidence/works/nozomi"):
        held.set()
        code = (
            "import sys; from pathlib import Path; from plantproof.evidence import writer\n"
            "from plantproof.errors import InputError\n"
            "try:\n    with writer._one_writer(Path(sys.argv[1])): print('in')\n"
            "except InputError as error: print(error)\n"
        )
        source = str(Path(writer.__file__).parents[2])
        answer = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "evidence/works/other")],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": source},
        )  # fmt: skip
    assert "another process is collecting into this site" in answer.stdout
    writer.write(tmp_path, mine)
    assert set(mine.files) <= set(files(tmp_path))


def test_an_unfinished_last_line_is_ended_before_lines_are_appended(tmp_path: Path) -> None:
    folder = tmp_path / "evidence/works"
    folder.mkdir(parents=True)
    (folder / "identities.jsonl").write_bytes(b'{"id":"a-1","key":"name","value":"x"}')
    writer.write(tmp_path, plan(tmp_path, 1))
    assert len(read_claims(DirTree(tmp_path), "works").identities.ids) == 2


@pytest.mark.skipif(os.name == "nt", reason="making links takes a privilege on Windows")
def test_links_out_of_the_project_are_refused(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    mine = plan(root, 1)
    (root / "evidence").mkdir(parents=True)
    (root / "evidence/works").symlink_to(outside, target_is_directory=True)
    with pytest.raises(InputError, match="a symlink, which is never followed"):
        writer.write(root, mine)
    with pytest.raises(InputError, match="a symlink, which is never followed"):
        writer.read_existing(root, "works")
    assert files(outside) == {}
    (root / "evidence/works").unlink()
    (root / "evidence/works").mkdir()
    (root / "evidence/works/secret.txt").symlink_to(tmp_path / "root")
    with pytest.raises(InputError, match="symbolic link"):
        writer.read_existing(root, "works")
