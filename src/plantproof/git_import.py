"""A new repository with a history that was made here: no hook, filter, template or configuration has a say in it.

`git fast-import` takes commits as they are given: names, dates and bytes, so the ids are the same on every machine.
"""

from __future__ import annotations

import calendar
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from plantproof.git_command import run_git


class Signature(NamedTuple):
    """Who (`Name <mail>`) and when (UTC)."""

    person: str
    at: str


class NewCommit(NamedTuple):
    """A commit with all its files by path. `parents` are places in the list of commits, all before this one."""

    branch: str
    parents: tuple[int, ...]
    by: Signature
    message: str
    tag: str
    files: Mapping[str, bytes]


def write_repository(folder: Path, commits: Sequence[NewCommit], head: str = "main") -> None:
    """Make a repository in the empty folder `folder` and check its branch `head` out.

    Raises `InputError` where git is missing, `GitError` where it refuses.
    """
    run_git(folder, ["init", "--quiet", "--template=", "--object-format=sha1", f"--initial-branch={head}"])
    run_git(folder, ["fast-import", "--quiet", "--done", "--date-format=raw"], data=b"".join(_stream(commits)))
    # Not `checkout`: the working tree's bytes are the commit's, whatever line ends the system prefers.
    run_git(folder, ["-c", "core.autocrlf=false", "reset", "--quiet", "--hard"])


def _stream(commits: Sequence[NewCommit]) -> Iterator[bytes]:
    """The commands of `git fast-import`: each blob once, then the commits. Marks: commits from 1, blobs after them."""
    blobs: dict[bytes, int] = {}
    for commit in commits:
        for data in commit.files.values():
            digest = hashlib.sha256(data).digest()
            if digest not in blobs:
                blobs[digest] = len(commits) + len(blobs) + 1
                yield b"blob\nmark :%d\n" % blobs[digest] + _data(data)
    for number, commit in enumerate(commits, 1):
        seconds = calendar.timegm(time.strptime(commit.by.at, "%Y-%m-%dT%H:%M:%SZ"))
        yield f"commit refs/heads/{commit.branch}\nmark :{number}\n".encode()
        yield f"author {commit.by.person} {seconds} +0000\ncommitter {commit.by.person} {seconds} +0000\n".encode()
        yield _data(commit.message.encode())
        for place, parent in enumerate(commit.parents):
            yield f"{'merge' if place else 'from'} :{parent + 1}\n".encode()
        yield b"deleteall\n"
        for path, data in sorted(commit.files.items()):
            yield f"M 100644 :{blobs[hashlib.sha256(data).digest()]} {path}\n".encode()
        if commit.tag:
            yield f"reset refs/tags/{commit.tag}\nfrom :{number}\n\n".encode()
    yield b"done\n"


def _data(data: bytes) -> bytes:
    return b"data %d\n" % len(data) + data + b"\n"
