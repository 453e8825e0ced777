"""A hostile repository's configuration names programs everywhere; none of them may run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof import git_command, git_objects
from plantproof.errors import InputError
from plantproof.git_blame import blame
from plantproof.git_command import GitError, answers_of_git, environment, run_git
from plantproof.git_opening import open_repository

HOOKS = ("post-index-change", "post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman")
PROGRAMS = (
    "core.fsmonitor",
    "core.pager",
    "core.sshCommand",
    "core.alternateRefsCommand",
    "core.askPass",
    "core.editor",
    "credential.helper",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.x509.program",
    "gpg.ssh.defaultKeyCommand",
    "pager.blame",
    "pager.log",
    "alias.cat-file",
    "alias.blame",
    "merge.evil.driver",
    "uploadpack.packObjectsHook",
)


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[GitRepository, Path]:
    """A repository that runs a program on whatever git offers; the program leaves a marker."""
    made = GitRepository(tmp_path / "plant")
    files = {"plantproof.yaml": "a\n", "controls/a.yaml": "one\ntwo\n", "evidence/a/x.csv": "1\n"}
    made.commit("First", **files, **{".gitattributes": "* diff=evil filter=evil merge=evil\n"})
    second = made.commit("Second", **{"controls/a.yaml": "one\nTWO\n"})
    (tmp_path / "ignored").write_text(second + "\n")
    marker = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {marker}\ncat\n')
    program.chmod(0o755)
    hooks = made.folder / "hooks"
    hooks.mkdir()
    for hook in HOOKS:
        for folder in (hooks, made.folder / ".git" / "hooks"):
            (folder / hook).write_bytes(program.read_bytes())
            (folder / hook).chmod(0o755)
    with (made.folder / ".git" / "config").open("a") as config:
        config.write(f"[core]\n\thooksPath = {hooks}\n[log]\n\tshowSignature = true\n")
        config.write(f"[blame]\n\tignoreRevsFile = {tmp_path / 'ignored'}\n")
        for name in PROGRAMS:
            section, *middle, key = name.split(".")
            title = f'[{section} "{".".join(middle)}"]' if middle else f"[{section}]"
            config.write(f"{title}\n\t{key} = {'!' if section == 'alias' else ''}{program}\n")
        config.write("[extensions]\n\tworktreeConfig = true\n")
    return made, marker


def test_the_trap_works(hostile: tuple[GitRepository, Path]) -> None:
    made, marker = hostile
    made.git("status", "--porcelain")
    assert marker.exists()


@pytest.mark.parametrize("few", [0, 100])
def test_nothing_of_the_configuration_runs(
    hostile: tuple[GitRepository, Path], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where objects are read by a process that stays open, nor by one each."""
    monkeypatch.setattr(git_objects, "FEW", few)
    made, marker = hostile
    made.write(**{"controls/a.yaml": "changed\n", "evidence/a/new.csv": "2\n"})
    repository = open_repository(made.folder)
    working, tree = repository.working_tree(), repository.tree("main")
    assert [path for path, _ in working.read_many(working.paths())] == list(working.paths())
    assert dict(tree.read_many(tree.paths()))["controls/a.yaml"] == b"one\nTWO\n"
    assert repository.commit("HEAD").subject == "Second"
    blamed = blame(repository, "HEAD", "controls/a.yaml", 2)
    assert blamed is not None
    assert blamed.subject == "Second"
    assert [commit.subject for commit in repository.log_path("HEAD", "controls/a.yaml", 9)] == ["Second", "First"]
    assert repository.changed_paths() == ["controls/a.yaml", "evidence/a/new.csv"]
    tree.close()
    assert not marker.exists(), marker.read_text()


def test_bare_repository_inside_a_project_is_not_taken(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n"})
    inner = GitRepository(made.folder / "inner.git", "--bare")
    with pytest.raises(Exception, match="bare repository"):
        open_repository(inner.folder)


def test_user_configuration_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n", "evidence/a.tmp": "x\n"})
    made.write(**{"evidence/b.tmp": "y\n"})
    (tmp_path / "ignored").write_text("*.tmp\n")
    (tmp_path / ".gitconfig").write_text(f"[core]\n\texcludesFile = {tmp_path / 'ignored'}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert list(open_repository(made.folder).working_tree().paths("evidence")) == ["evidence/a.tmp", "evidence/b.tmp"]


def test_environment_has_no_variable_of_git_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "x")
    monkeypatch.setenv("GIT_SSH_COMMAND", "x")
    assert {name for name in environment() if name.startswith("GIT_")} == {
        name for name in git_command.ENVIRONMENT if name.startswith("GIT_")
    }
    assert environment()["PATH"] == os.environ["PATH"]


def test_git_gets_no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTPROOF_REDACTION_KEY", "0123456789abcdef")
    assert not [name for name in environment() if name.startswith("PLANTPROOF_")]


# --- objects that are missing, and git that would fetch them ----------------------------------------------------------


def set_directly(made: GitRepository, promise: str) -> None:
    with (made.folder / ".git" / "config").open("a") as config:
        config.write(promise)


def set_by_an_included_file(made: GitRepository, promise: str) -> None:
    (made.folder / ".git" / "evil.inc").write_text(promise)
    set_directly(made, "[include]\n\tpath = evil.inc\n")


def set_for_the_worktree(made: GitRepository, promise: str) -> None:
    (made.folder / ".git" / "config.worktree").write_text(promise)
    set_directly(made, "[extensions]\n\tworktreeConfig = true\n")


PLACES = (set_directly, set_by_an_included_file, set_for_the_worktree)


@pytest.fixture(params=PLACES, ids=lambda place: place.__name__)
def promised(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[GitRepository, str, Path]:
    """A repository without its commit, which a program is to bring; and a git that knows nothing of GIT_NO_LAZY_FETCH.
    With the commit's id, and the mark that the program leaves."""
    made, marker = GitRepository(tmp_path / "plant"), tmp_path / "ran"
    commit = made.commit(**{"plantproof.yaml": "a\n"})
    promise = f'[remote "origin"]\n\turl = "ext::touch {marker}"\n\tpromisor = true\n'
    request.param(made, promise + '\tpartialclonefilter = blob:none\n[protocol "ext"]\n\tallow = always\n')
    (made.folder / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    old = tmp_path / "old" / "git"
    old.parent.mkdir()
    old.write_text(f'#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec {shutil.which("git")} "$@"\n')
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{os.environ['PATH']}")
    return made, commit, marker


def test_a_missing_object_is_a_trap(promised: tuple[GitRepository, str, Path]) -> None:
    made, commit, marker = promised
    with pytest.raises(subprocess.CalledProcessError):
        made.git("-c", "protocol.allow=never", "cat-file", "commit", commit)
    assert marker.exists()


def test_nothing_is_fetched_whatever_the_repository_allows(promised: tuple[GitRepository, str, Path]) -> None:
    made, commit, marker = promised
    with pytest.raises(GitError):
        run_git(made.folder, ["cat-file", "commit", commit])
    assert not marker.exists()


def test_a_partial_clone_is_refused_before_an_object_is_asked_for(
    promised: tuple[GitRepository, str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _, marker = promised
    monkeypatch.delitem(git_command.ENVIRONMENT, "GIT_ALLOW_PROTOCOL")
    asked: tuple[Callable[[], object], ...] = (
        lambda: open_repository(made.folder, "main"),
        lambda: open_repository(made.folder, "-n").resolve("main"),
        lambda: open_repository(made.folder).tree("main"),
        lambda: open_repository(made.folder).commit("main"),
        lambda: blame(open_repository(made.folder), "main", "plantproof.yaml", 1),
    )
    for ask in asked:
        with pytest.raises(InputError, match="a partial clone"):
            ask()
    assert not marker.exists()


def test_a_configuration_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n"})
    set_directly(made, "[remote\n")
    with pytest.raises(InputError, match=r"cannot read the configuration of the repository: .*bad config"):
        open_repository(made.folder, "main")


# --- git that never ends ----------------------------------------------------------------------------------------------


def test_a_configuration_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n"})
    os.mkfifo(made.folder / ".git" / "pipe")
    set_directly(made, "[include]\n\tpath = pipe\n")
    monkeypatch.setattr(git_command, "MOST_SECONDS", 0.3)
    for refs in ([], ["main"]):
        with pytest.raises(InputError, match=r"`git (rev-parse|config)` did not answer within 0\.3 sec.*pipe"):
            open_repository(made.folder, *refs)


def test_a_list_of_ignored_files_that_never_ends_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n", "evidence/a.csv": "b\n"})
    os.mkfifo(made.folder / ".gitignore")
    tree = open_repository(made.folder).working_tree()
    monkeypatch.setattr(git_command, "MOST_SECONDS", 0.3)
    with pytest.raises(InputError, match="`git ls-files` did not answer"):
        tree.list()


def test_an_object_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = GitRepository(tmp_path / "plant")
    made.commit(**{"plantproof.yaml": "a\n"})
    blob = made.git("rev-parse", "HEAD:plantproof.yaml")
    place = made.folder / ".git" / "objects" / blob[:2] / blob[2:]
    place.unlink()
    os.mkfifo(place)
    tree = open_repository(made.folder).tree("main")
    assert list(tree.paths()) == ["plantproof.yaml"]
    monkeypatch.setattr(git_command, "MOST_SECONDS", 0.3)
    with pytest.raises(InputError, match="`git cat-file` did not answer"):
        tree.read("plantproof.yaml")
    with (
        pytest.raises(InputError, match="`git cat-file` did not answer"),
        answers_of_git(made.folder, ["cat-file", "--batch"], f"{blob}\n".encode()) as stdout,
    ):
        raise ValueError(stdout.readline())
