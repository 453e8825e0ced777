"""The working tree: what git would track, hashed by us; links and odd files are refused."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.errors import InputError
from plantproof.git import DirTree
from plantproof.git_opening import open_repository

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot make such a file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in ("plantproof.yaml", "controls/a.yaml", "evidence/s/raw/x.csv", "notes/x.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(path.encode())
    return tmp_path


def problems_of(tree: DirTree) -> list[str]:
    with pytest.raises(InputError) as caught:
        tree.list()
    return [str(problem) for problem in caught.value.problems]


def test_a_folder_without_git_is_walked(folder: Path) -> None:
    tree = DirTree(folder)
    assert list(tree.paths()) == ["controls/a.yaml", "evidence/s/raw/x.csv", "plantproof.yaml"]
    assert dict(tree.read_many(["controls/a.yaml"])) == {"controls/a.yaml": b"controls/a.yaml"}
    assert tree.id("controls/a.yaml") == hashlib.sha1(b"blob 15\0controls/a.yaml", usedforsecurity=False).hexdigest()


def test_what_git_ignores_is_not_there(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{".gitignore": "*.log\n", "plantproof.yaml": "a", "evidence/kept.log": "tracked all the same"})
    made.write(**{"evidence/other.log": "ignored", "evidence/new.csv": "not added yet"})
    (made.folder / "plantproof.yaml").unlink()
    assert list(open_repository(made.folder).working_tree().paths()) == ["evidence/kept.log", "evidence/new.csv"]


@posix
def test_links_are_refused_and_never_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.yaml").write_text("secret")
    (folder / "controls" / "link.yaml").symlink_to(outside / "secret.yaml")
    (folder / "controls" / "gone.yaml").symlink_to(outside / "nowhere")
    (folder / "policies").symlink_to(outside)
    (folder / "evidence" / "linked").symlink_to(outside)
    (folder / "evidence" / "loop").symlink_to(folder / "evidence")
    assert problems_of(DirTree(folder)) == [
        f"{path}: a symlink, which is never followed (put here what it points to)"
        for path in ("controls/gone.yaml", "controls/link.yaml", "evidence/linked", "evidence/loop", "policies")
    ]


@posix
def test_tracked_folder_that_became_a_link_is_refused(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a", "evidence/s/x.csv": "1"})
    (made.folder / "evidence" / "s").rename(tmp_path / "moved")
    (made.folder / "evidence" / "s").symlink_to(tmp_path / "moved")
    assert problems_of(open_repository(made.folder).working_tree()) == [
        "evidence/s: a symlink, which is never followed (put here what it points to)"
    ]


@posix
def test_link_put_in_place_after_listing_is_not_followed(folder: Path) -> None:
    tree = DirTree(folder)
    tree.paths()
    (folder / "controls" / "a.yaml").unlink()
    (folder / "controls" / "a.yaml").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="cannot be read"):
        tree.read("controls/a.yaml")


@posix
def test_pipe_is_refused_and_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "evidence" / "pipe")
    assert problems_of(DirTree(folder)) == ["evidence/pipe: no plain file (put a plain file here)"]


def test_repository_inside_the_project_is_refused(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a"})
    GitRepository(made.folder / "evidence" / "inner").commit(x="1")
    assert problems_of(open_repository(made.folder).working_tree()) == [
        "evidence/inner: a repository of its own inside the project (copy its files here, without their .git)"
    ]


@posix
def test_hostile_names_are_told_in_print(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a"})
    for name in ("a\nb", 'q"uote', "esc\x1b[31m", "dot.", "COM1.csv", "'single'", "\u00fcber"):
        (made.folder / "evidence").mkdir(exist_ok=True)
        (made.folder / "evidence" / name).write_text("x")
    (made.folder / "evidence" / os.fsdecode(b"latin\xff")).write_text("x")
    found = problems_of(open_repository(made.folder).working_tree())
    assert [line.split(": ")[0] for line in found] == [
        "evidence/COM1.csv",
        "evidence/a⏎b",
        "evidence/dot.",
        "evidence/esc⟨U+001B⟩[31m",
        "evidence/latin⟨U+DCFF⟩",
        'evidence/q"uote',
    ]
    assert all(line.isprintable() for line in found)


def test_file_that_changes_between_id_and_reading_is_refused(folder: Path) -> None:
    tree = DirTree(folder)
    tree.id("controls/a.yaml")
    (folder / "controls" / "a.yaml").write_text("another")
    with pytest.raises(InputError, match="changed while it was being read"):
        tree.read("controls/a.yaml")


def test_file_that_goes_away_is_told(folder: Path) -> None:
    tree = DirTree(folder)
    tree.paths()
    (folder / "controls" / "a.yaml").unlink()
    with pytest.raises(InputError, match="cannot be read: No such file"):
        tree.read("controls/a.yaml")
