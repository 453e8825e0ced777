"""Finding the repository of a project: which are refused, and what is known of one from its opening on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof import git_command
from plantproof.errors import InputError
from plantproof.git_blame import blame
from plantproof.git_opening import open_repository


@pytest.fixture
def made(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "plant")
    made.commit("Begin", **{"plantproof.yaml": "title: Plant\n", "controls/sites/a.yaml": "one\ntwo\n"})
    return made


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def test_not_a_repository(tmp_path: Path) -> None:
    text = refusal(lambda: open_repository(tmp_path))
    assert text.endswith("is not in a git repository (`git init` makes one; evidence needs a history)")


def test_no_such_folder(tmp_path: Path) -> None:
    assert "does not exist" in refusal(lambda: open_repository(tmp_path / "nowhere"))


def test_a_file_is_no_folder(made: GitRepository) -> None:
    assert "is a file" in refusal(lambda: open_repository(made.folder / "plantproof.yaml"))


def test_no_commit_yet(tmp_path: Path) -> None:
    GitRepository(tmp_path / "plant")
    repository = open_repository(tmp_path / "plant")
    assert refusal(lambda: repository.tree("HEAD")) == (
        "the repository has no commit yet (`git add` and `git commit` the project first)"
    )


def test_bare_repository(tmp_path: Path) -> None:
    bare = GitRepository(tmp_path / "bare.git", "--bare")
    assert "bare repository" in refusal(lambda: open_repository(bare.folder))


def test_git_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(lambda: open_repository(tmp_path)).startswith("git is not installed")


def test_repository_of_another_owner(made: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(git_command.ENVIRONMENT, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    text = refusal(lambda: open_repository(made.folder))
    assert "belongs to another user" in text
    assert f"git config --global --add safe.directory {made.folder}" in text
    (tmp_path / ".gitconfig").write_text(f"[safe]\n\tdirectory = {made.folder}\n")
    assert open_repository(made.folder).commit("HEAD").subject == "Begin"
    assert open_repository(made.folder).tree("HEAD").read("plantproof.yaml") == b"title: Plant\n"


def test_worktree_led_elsewhere_by_its_configuration(made: GitRepository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    made.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    assert "core.worktree" in refusal(lambda: open_repository(made.folder))


def test_refs_asked_for_at_the_opening_are_those_that_are_resolved(made: GitRepository) -> None:
    """Also where one of them names nothing, is no ref at all, or more than one thing."""
    made.git("tag", "release")
    made.git("branch", "both")
    first, second = made.git("rev-parse", "HEAD"), made.commit("Second")
    made.git("tag", "both", second)
    for others in ([], ["nowhere"], ["-n"], ["a b"], ["HEAD..main"], ["^main"], ["both"]):
        repository = open_repository(made.folder, "HEAD", "release", *others)
        assert [repository.resolve(ref) for ref in ("HEAD", "release", "HEAD")] == [second, first, second]
        for other in others:
            with pytest.raises(InputError):
                repository.resolve(other)


def test_a_branch_that_moves_after_the_opening_is_seen(made: GitRepository) -> None:
    repository = open_repository(made.folder, "main")
    first = repository.resolve("main")
    assert first != made.commit("Second") == repository.resolve("main")


def test_project_in_a_subfolder(made: GitRepository) -> None:
    made.commit("Nest", **{"plants/b/plantproof.yaml": "b\n", "plants/b/controls/c.yaml": "c\nd\n"})
    repository = open_repository(made.folder / "plants" / "b")
    assert repository.prefix == "plants/b"
    for tree in (repository.tree("HEAD"), repository.working_tree()):
        assert [entry.path for entry in tree.list()] == ["controls/c.yaml", "plantproof.yaml"]
        assert tree.read("plantproof.yaml") == b"b\n"
    blamed = blame(repository, "HEAD", "controls/c.yaml", 2)
    assert blamed is not None
    assert (blamed.path, blamed.subject) == ("controls/c.yaml", "Nest")
    assert repository.is_clean()


def test_sha256_repository(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant", "--object-format=sha256")
    made.commit(**{"plantproof.yaml": "a\n", "controls/a.yaml": "b\n"})
    repository = open_repository(made.folder)
    assert repository.object_format == "sha256"
    assert repository.is_clean()
    assert repository.tree("HEAD").read("controls/a.yaml") == b"b\n"


def test_linked_worktree(made: GitRepository, tmp_path: Path) -> None:
    made.git("worktree", "add", "-q", str(tmp_path / "linked"))
    repository = open_repository(tmp_path / "linked")
    assert repository.tree("HEAD").read("plantproof.yaml") == b"title: Plant\n"
    assert repository.is_clean()


def test_variables_of_a_hook_lead_nowhere(made: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = GitRepository(tmp_path / "other")
    other.commit("Other", **{"plantproof.yaml": "other\n"})
    for name, place in [("GIT_DIR", ".git"), ("GIT_OBJECT_DIRECTORY", ".git/objects"), ("GIT_WORK_TREE", ".")]:
        monkeypatch.setenv(name, os.fspath(other.folder / place))
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(other.folder / ".git" / "index"))
    repository = open_repository(made.folder)
    assert repository.commit("HEAD").subject == "Begin"
    assert repository.tree("HEAD").read("plantproof.yaml") == b"title: Plant\n"
    assert repository.is_clean()
