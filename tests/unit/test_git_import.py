"""A history made here is written as given: names, dates, bytes, branches, merges, tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.git_command import GitError, run_git
from plantproof.git_import import NewCommit, Signature, write_repository

ADA = Signature("Ada Plant <ada@plant.example>", "2026-01-02T03:04:05Z")
BOB = Signature("Bob \N{LATIN SMALL LETTER E WITH ACUTE} Plant <bob@plant.example>", "2026-01-03T03:04:05Z")


def commit(*parents: int, by: Signature = ADA, branch: str = "main", tag: str = "", **files: bytes) -> NewCommit:
    named = {name.replace("_", "/"): data for name, data in files.items()}
    return NewCommit(branch=branch, parents=parents, by=by, message="Say\n\nmore\n", tag=tag, files=named)


def test_commits_are_as_they_were_given(tmp_path: Path) -> None:
    first = commit(tag="story/1", a_file=b"one\r\n\0\n")
    other = commit(0, by=BOB, branch="change/b", a_file=b"one\r\n\0\n", b=b"")
    last = commit(0, a_file=b"two")
    merge = commit(2, 1, by=BOB, a_file=b"two", b=b"")
    write_repository(tmp_path, [first, other, last, merge])

    def git(*arguments: str) -> str:
        return run_git(tmp_path, arguments).decode().strip()

    assert git("log", "--all", "--topo-order", "--reverse", "--format=%an <%ae> %cI %p|%B").count("|Say\n\nmore") == 4
    assert git("log", "-1", "--format=%an <%ae>|%ad|%cd", "--date=raw", "change/b") == (
        f"{BOB.person}|1767409445 +0000|1767409445 +0000"
    )
    assert git("rev-parse", "main^1^", "main^2^", "story/1").split()[0] == git("rev-parse", "story/1")
    assert git("rev-parse", "main^2") == git("rev-parse", "change/b")
    assert git("ls-tree", "-r", "--name-only", "story/1") == "a/file"
    assert run_git(tmp_path, ["cat-file", "blob", "story/1:a/file"]) == b"one\r\n\0\n"
    assert (tmp_path / "a/file").read_bytes() == b"two"
    assert git("status", "--porcelain") == ""
    assert list((tmp_path / ".git").glob("hooks/*")) == []


def test_what_git_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="fast-import"):
        write_repository(tmp_path, [commit(branch="no..branch")])
