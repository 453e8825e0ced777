"""Objects by their ids: a few by a process each, many by one that stays open; the answers are the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof import git_command, git_objects
from plantproof.errors import InputError
from plantproof.git_objects import ObjectReader, Read


@pytest.fixture(params=[0, 100], ids=["kept open", "each by itself"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    """A repository that is read in both ways."""
    monkeypatch.setattr(git_objects, "FEW", request.param)
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n", "controls/a.yaml": "b\n" * 100_000})
    return made


def reader_of(made: GitRepository) -> ObjectReader:
    folder = made.folder / ".git"
    return ObjectReader(made.folder, git_dir=folder, common_dir=folder, trusted=None)


def test_objects_come_in_the_order_asked_for(made: GitRepository) -> None:
    names = ("HEAD:controls/a.yaml", "HEAD", "HEAD:plantproof.yaml", "HEAD:controls/a.yaml")
    reader = reader_of(made)
    for _ in range(3):
        large, commit, small, again = reader.read([made.git("rev-parse", name) for name in names])
        assert large == again == Read("blob", b"b\n" * 100_000)
        assert small == Read("blob", b"a\n")
        assert commit is not None
        assert commit.kind == "commit"
    reader.close()


def test_an_object_that_is_missing_takes_no_other_with_it(made: GitRepository) -> None:
    there = made.git("rev-parse", "HEAD:plantproof.yaml")
    reader = reader_of(made)
    assert reader.read(["0" * 40, there]) == [None, Read("blob", b"a\n")]
    assert reader.read([there]) == [Read("blob", b"a\n")]
    reader.close()


def test_a_damaged_object_is_none(made: GitRepository) -> None:
    large, small = (made.git("rev-parse", f"HEAD:{path}") for path in ("controls/a.yaml", "plantproof.yaml"))
    damaged = made.folder / ".git" / "objects" / large[:2] / large[2:]
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:40])
    reader = reader_of(made)
    assert reader.read([small, large])[1] is None
    assert reader.read([small]) == [Read("blob", b"a\n")]
    reader.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_in_place_of_an_object_is_waited_for_no_longer(
    made: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    large, small = (made.git("rev-parse", f"HEAD:{path}") for path in ("controls/a.yaml", "plantproof.yaml"))
    reader = reader_of(made)
    assert reader.read([small]) == [Read("blob", b"a\n")]
    place = made.folder / ".git" / "objects" / large[:2] / large[2:]
    place.unlink()
    os.mkfifo(place)
    monkeypatch.setattr(git_command, "MOST_SECONDS", 0.3)
    with pytest.raises(InputError, match="did not answer"):
        reader.read([small, large])
    monkeypatch.setattr(git_command, "MOST_SECONDS", 300)
    assert reader.read([small]) == [Read("blob", b"a\n")]
    reader.close()


def test_nothing_to_read_is_nothing(made: GitRepository) -> None:
    assert reader_of(made).read([]) == []


def test_without_git_it_is_said(made: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reader_of(made)
    identifier = made.git("rev-parse", "HEAD")
    if git_objects.FEW:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(InputError, match="git is not installed"):
            reader.read([identifier])


def test_who_reads_little_does_not_import_gitpython(tmp_path: Path, root: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n"})
    program = (
        "import sys\nfrom pathlib import Path\nfrom plantproof.git_opening import open_repository\n"
        "from plantproof.git_objects import FEW\n"
        "tree = open_repository(Path('.')).tree('HEAD')\n"
        "for _ in range(FEW):\n    assert tree.read('plantproof.yaml') == b'a\\n'\n"
        "assert 'git' not in sys.modules, 'imported too early'\n"
        "assert tree.read('plantproof.yaml') == b'a\\n'\n"
        "assert 'git' in sys.modules, 'read by a process each for ever'\ntree.close()\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(root / "src")}
    subprocess.run([sys.executable, "-c", program], check=True, cwd=made.folder, env=variables)


def test_many_are_asked_of_a_process_of_their_own_and_fewer_of_one_that_stays(made: GitRepository) -> None:
    reader = reader_of(made)
    there = made.git("rev-parse", "HEAD:plantproof.yaml")
    together = git_objects.AT_ONCE if git_objects.FEW else git_objects.ON_THE_WAY
    for _ in range(git_objects.FEW or 2):
        assert reader.together == together
        assert reader.read([there] * together) == [Read("blob", b"a\n")] * together
    assert reader.together == git_objects.ON_THE_WAY
    reader.close()


def test_what_was_read_ahead_is_what_would_be_read(made: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("HEAD:controls/a.yaml", "HEAD:plantproof.yaml", "HEAD")
    wanted = [made.git("rev-parse", name) for name in names]
    expected = reader_of(made).read(wanted)
    for part in (wanted, wanted[:1], ["0" * 40, *wanted], []):
        reader = reader_of(made)
        reader.ahead(part)
        assert reader.read(wanted) == expected
        assert reader.read([wanted[1], "0" * 40]) == [expected[1], None]
        reader.close()
        assert reader.read(wanted) == expected
        reader.close()
    reader = reader_of(made)
    reader.ahead(wanted)
    monkeypatch.setattr(reader, "_read", None)
    assert reader.read(wanted) == expected


def test_no_more_is_held_ahead_than_there_is_room_for(made: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_objects, "MOST_AHEAD", 10)
    monkeypatch.setattr(git_objects, "AT_ONCE", 1)
    wanted = sorted(made.git("rev-parse", f"HEAD:{path}") for path in ("controls/a.yaml", "plantproof.yaml"))
    reader = reader_of(made)
    reader.ahead(wanted)
    assert sorted(len(each.data) for each in reader.read(wanted) if each) == [2, 200_000]
    assert reader._ahead is not None
    assert sum(len(each.data) for each in reader._ahead.found(wanted).values()) <= 10
    reader.close()


def test_only_what_is_what_its_id_says_is_proven(made: GitRepository) -> None:
    commit, blob = made.git("rev-parse", "main"), made.blob(b"x\n")
    with reader_of(made).proving("sha1") as prove:
        assert prove("commit", [blob, "0" * 40, commit])[:2] == [None, None]
        assert prove("commit", [commit])[0] == made.git("cat-file", "commit", commit).encode() + b"\n"
        assert prove("blob", [blob, commit] * 3000) == [b"x\n", None] * 3000  # more than fits a pipe
        assert prove("blob", []) == []


def test_a_git_that_ended_proves_nothing(made: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reader_of(made)
    (tmp_path / "git").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with reader.proving("sha1") as prove:
        assert prove("blob", ["0" * 40] * 9000) == [None] * 9000
        assert prove("blob", ["0" * 40]) == [None]
