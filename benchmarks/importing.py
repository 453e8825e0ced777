"""Commits written through `git fast-import`, the same ones each time. For a thousand of them, see packing.py."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FIRST = 1780401600
"""2026-06-02 12:00 UTC, in seconds: when the first commit is made, so the date of the assessment."""


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints, with no settings of the machine."""
    return git_bytes(folder, *arguments).decode().strip()


def git_bytes(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """The same as bytes, whatever they are; the command reads what is `given`."""
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    command = [*_git(folder), *arguments]
    return subprocess.run(command, check=True, env=environment, input=given, stdout=subprocess.PIPE).stdout


def _git(folder: Path) -> list[str]:
    return [shutil.which("git") or "git", "-C", str(folder), "-c", "core.autocrlf=false", "-c", "gc.auto=0"]


class Importer:
    """Takes commits on `main`, one after the other."""

    def __init__(self, stream: IO[bytes], grown: bool) -> None:
        self._stream = stream
        self._after = b"from refs/heads/main^0\n" if grown else b""

    def commit(self, message: str, seconds: int, files: Iterable[tuple[str, bytes]]) -> None:
        """One commit, `seconds` after the first, that writes `files`; all others stay as they are."""
        self._stream.write(b"commit refs/heads/main\n")
        for role in (b"author", b"committer"):
            self._stream.write(b"%b Nobody <nobody@plant.example> %d +0000\n" % (role, FIRST + seconds))
        self._stream.write(b"data %d\n%b\n" % (len(message.encode()), message.encode()))
        self._stream.write(self._after)
        self._after = b""  # what follows in one stream follows what is before
        for path, data in files:
            self._stream.write(b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data))


@contextmanager
def importing(folder: Path) -> Iterator[Importer]:
    """Commit to the repository in `folder`, made if it is not there; its working tree follows at the end."""
    grown = (folder / ".git").exists()
    if not grown:
        folder.mkdir(parents=True)
        git(folder, "init", "-q", "-b", "main")
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    # Quickly rather than tightly: a third of the time.
    quickly = ["-c", "core.compression=1", "-c", "pack.compression=1"]
    command = [*_git(folder), *quickly, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None  # noqa: S101  for the type checker: a pipe was asked for
        yield Importer(process.stdin, grown)
        process.stdin.close()
        if process.wait():
            raise SystemExit("git fast-import failed")
    git(folder, "reset", "--hard", "-q")
