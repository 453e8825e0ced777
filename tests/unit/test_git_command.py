"""A hostile repository's configuration names programs everywhere; none of them may run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof import git_command, git_objects
from plantproof.git import open_repository
from plantproof.git_command import environment

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
    blamed = repository.blame("HEAD", "controls/a.yaml", 2)
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
