"""Repositories as they should not be: none, empty, shallow, partial, with replacements, with wrong clocks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.bad_input.conftest import Refusal
from tests.support.git_repository import GitRepository
from tests.support.project import at, contents

from plantproof.cli.start import run

JUDGING = [["check"], ["check", "--at", "HEAD"], ["pack", "-o", "../out"], ["validate"]]


@pytest.mark.parametrize("verb", JUDGING, ids=" ".join)
def test_not_a_repository(verb: list[str], project: Path, refused: Refusal) -> None:
    shutil.rmtree(project / ".git")
    line = refused.one(*verb)
    assert line == f"{project} is not in a git repository (`git init` makes one; evidence needs a history)"
    assert not (project.parent / "out").exists()


@pytest.mark.parametrize("verb", [["check", "--at", "HEAD"], ["pack", "-o", "../out"], ["validate", "--at", "HEAD"]])
def test_no_commit_yet(verb: list[str], project: Path, refused: Refusal) -> None:
    shutil.rmtree(project / ".git")
    GitRepository(project)
    line = refused.one(*verb)
    assert line == "the repository has no commit yet (`git add` and `git commit` the project first)"


def test_the_working_tree_can_be_judged_before_the_first_commit(project: Path) -> None:
    shutil.rmtree(project / ".git")
    GitRepository(project)
    assert run(["check", "-q"]) == 1


def test_not_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in (["check"], ["pack"], ["validate"], ["collect", "--again"], ["config", "show"]):
        assert run(verb) == 2
        assert f"no plantproof.yaml in {tmp_path} or above it (`plantproof init`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_commit_without_project_file(project: Path, refused: Refusal) -> None:
    repository = at(project)
    repository.git("rm", "-q", "--cached", "plantproof.yaml")
    repository.git("commit", "-q", "-m", "Take the project file out")
    commit = repository.git("rev-parse", "HEAD")
    assert refused.one("check", "--at", "HEAD") == (
        f"commit {commit[:12]} has no plantproof.yaml (`plantproof init` makes one)"
    )


@pytest.mark.parametrize("ref", ["maim", "v1", "0" * 40, "HEAD~99", "main:controls"])
def test_an_unknown_ref(ref: str, refused: Refusal) -> None:
    line = refused.one("check", "--at", ref)
    assert line.startswith(f"`{ref}` names no commit (")
    if ref == "maim":
        assert line.endswith("(did you mean `main`?)")


@pytest.mark.parametrize("ref", ["--output=x", "-h", "", "a b", "main\n", "\x1b[31m"])
def test_a_ref_that_could_be_anything_else(ref: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert run(["check", "--at", ref]) == 2
    told = capsys.readouterr().err
    assert "names no commit" in told
    assert "\x1b" not in told
    assert contents(project) == before


def clone(project: Path, *options: str) -> Path:
    """A clone beside the project, with git's own transport."""
    folder = project.parent / "clone"
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", "clone", "-q", *options, project.as_uri(), str(folder)],
        env=environment,
        check=True,
        capture_output=True,
    )
    return folder


def test_a_shallow_clone_says_how_to_get_what_is_missing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = at(project)
    first = repository.git("rev-parse", "HEAD")
    repository.commit("Second", **{"README.md": "x"})
    folder = clone(project, "--depth=1")
    assert run(["check", "-C", str(folder), "--at", first]) == 2
    told = capsys.readouterr().err
    assert told == (
        f"`{first}` is not in this shallow clone (`git fetch --unshallow` brings the whole history "
        "(in CI: fetch-depth 0, GIT_DEPTH 0))\n"
    )


def test_a_partial_clone_is_refused_before_git_fetches(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(project).git("config", "uploadpack.allowFilter", "true")
    folder = clone(project, "--filter=blob:none")
    assert run(["check", "-C", str(folder), "--at", "HEAD"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("a partial clone: git would fetch missing files from elsewhere while we read (clone again")


def test_replace_refs_change_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`git replace` shows another commit under the same id: whoever trusts the id would be deceived."""
    repository = at(project)
    run(["check", "--at", "HEAD", "--format", "json", "--exit-zero"])
    before = capsys.readouterr().out
    real = repository.git("rev-parse", "HEAD")
    site = (project / "controls/sites/works.yaml").read_text()
    other = repository.commit("Lower the target", **{"controls/sites/works.yaml": site.replace("[2, 2", "[0, 0")})
    repository.git("reset", "-q", "--hard", real)
    repository.git("replace", real, other)
    assert "[0, 0" in repository.git("show", "HEAD:controls/sites/works.yaml")
    run(["check", "--at", "HEAD", "--format", "json", "--exit-zero"])
    assert capsys.readouterr().out == before


def test_a_commit_dated_before_its_evidence(project: Path, refused: Refusal) -> None:
    repository = at(project)
    repository.git("checkout", "-q", "--orphan", "early")
    repository.date = "2026-11-17T12:00:00Z"
    repository.commit("Dated before the collection")
    lines = refused.of("check", "--at", "HEAD")
    assert lines[0].startswith("evidence/works/firewalls/custody.yaml: `collected_at: 2026-11-18T05:30:00Z` is after")
    assert "--date 2026-11-18" in lines[0]
    assert len(lines) == 3
    refused.of("pack", "-o", "../out")
    assert not (project.parent / "out").exists()


def test_a_commit_dated_before_its_parent(project: Path, refused: Refusal) -> None:
    repository = at(project)
    repository.date = "2026-11-18T12:00:00Z"
    repository.commit("With a slow clock")
    line = refused.one("pack", "-o", "../out")
    assert "is dated 2026-11-18, before its parent" in line
    assert line.endswith("(its clock was wrong: say which day is meant with --date)")


def test_a_commit_dated_in_the_future(project: Path, refused: Refusal) -> None:
    repository = at(project)
    repository.date = "2031-01-01T12:00:00Z"
    repository.commit("From the future")
    assert refused.one("check", "--at", "HEAD").endswith(
        "is dated 2031-01-01, later than today (say which day is meant with --date)"
    )
