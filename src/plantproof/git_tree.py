"""What a project consists of, at a commit: read from git's objects, without a checkout.

Ids are git's own blob ids, so a commit and a working tree with the same bytes have the same ids.
"""

from __future__ import annotations

import contextlib
import os
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from plantproof.errors import InputError, Problem, refuse
from plantproof.git_command import ENVIRONMENT, git_missing, options, run_git
from plantproof.text import visible
from plantproof.tree import Entry, blob_id, folder_id, no_such_file
from plantproof.tree_names import PROJECT_PARTS, check_names

_SYMLINK, _SUBMODULE, _REGULAR = "120000", "160000", ("100644", "100755")
_LFS = b"version https://git-lfs.github.com/spec/v1"
_REMEMBERED = "core.deltaBaseCacheLimit=16m"
"""What git may keep of objects on which others are based: each is read once here, and its own default takes 96 MB."""

_AHEAD = 50  # requests on the way: few enough to fit the smallest pipe, so neither side ever waits for the other


def check_bytes(path: str, data: bytes) -> bytes:
    """The bytes, unless they are git-lfs's note of where the real ones lie: evidence has to be in git itself."""
    if data.startswith(_LFS) and len(data) < 1024:
        hint = f"`git lfs migrate export --include={visible(path)}` brings the file itself into git"
        raise refuse("a pointer of Git LFS stands here instead of the file", hint, path=visible(path))
    return data


def refuse_modes(entries: Iterable[tuple[str, str]]) -> list[Problem]:
    """A problem for each (path, mode) that is no plain file."""
    problems = []
    for path, mode in entries:
        if mode == _SYMLINK:
            problems.append(
                Problem(visible(path), 0, "a symlink, which is never followed", "put here what it points to")
            )
        elif mode == _SUBMODULE:
            problems.append(
                Problem(visible(path), 0, "a submodule: its files are not in this repository", "copy them here")
            )
        elif mode not in _REGULAR:
            problems.append(Problem(visible(path), 0, f"no plain file (mode {mode})", "put a plain file here"))
    return problems


class GitTree:
    """The project at one commit: `ls-tree` lists, one `cat-file --batch` that stays open reads."""

    def __init__(
        self,
        root: Path,
        commit: str,
        prefix: str = "",
        *,
        object_format: str = "sha1",
        git_dir: Path,
        common_dir: Path,
        trusted: Path | None = None,
    ) -> None:
        self.commit = commit
        self.object_format = object_format
        self._root, self._prefix, self._trusted = root, prefix, trusted
        self._git_dir, self._common_dir = git_dir, common_dir
        self._entries: dict[str, Entry] | None = None
        self._sorted: list[str] = []
        self._folders: dict[str, str] = {}
        self._reading = _Reading()

    def beside(self, commit: str, entries: Iterable[Entry]) -> GitTree:
        """Files of another commit, which the caller knows (and has checked) without asking, read through the same
        process."""
        other = GitTree(
            self._root,
            commit,
            self._prefix,
            object_format=self.object_format,
            git_dir=self._git_dir,
            common_dir=self._common_dir,
            trusted=self._trusted,
        )
        other._entries = {entry.path: entry for entry in sorted(entries)}
        other._sorted = list(other._entries)
        other._reading = self._reading
        return other

    def paths(self, under: str = "") -> Sequence[str]:
        known = self._all()
        if not under:
            return list(known)
        return [under] if under in known else self._below(under)

    def list(self, under: str = "") -> list[Entry]:
        known = self._all()
        return [known[path] for path in self.paths(under)]

    def exists(self, path: str) -> bool:
        return bool(self.paths(path))

    def id(self, path: str) -> str | None:
        entry = self._all().get(path)
        if entry is not None:
            return entry.id
        if path not in self._folders:
            below = self.list(path)
            if not below:
                return None
            self._folders[path] = folder_id(below, path)
        return self._folders[path]

    def read(self, path: str) -> bytes:
        return next(self.read_many([path]))[1]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        entries = self._all()
        wanted = []
        for path in paths:
            if path not in entries:
                raise no_such_file(path, entries)
            wanted.append(entries[path])
        for start in range(0, len(wanted), _AHEAD):
            part = wanted[start : start + _AHEAD]
            yield from zip([entry.path for entry in part], self._read(part), strict=True)

    def close(self) -> None:
        """End the reading process, if one was started."""
        reader, self._reading.reader = self._reading.reader, None
        if reader is not None:
            for stream in (reader.stdin, reader.stdout, reader.stderr):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            reader.wait_or_kill()

    def _below(self, folder: str) -> Sequence[str]:
        # Sorted, what lies in a folder stands together: after `folder/`, before `folder0`, for 0 follows the slash.
        return self._sorted[bisect_left(self._sorted, f"{folder}/") : bisect_left(self._sorted, f"{folder}0")]

    def _all(self) -> dict[str, Entry]:
        if self._entries is None:
            self._entries = self._listed()
            self._sorted = list(self._entries)
        return self._entries

    def _listed(self) -> dict[str, Entry]:
        head = f"{self._prefix}/" if self._prefix else ""
        wanted = [head + part for part in PROJECT_PARTS]
        output = run_git(
            self._root, ["ls-tree", "-r", "-z", "--full-tree", self.commit, "--", *wanted], trusted=self._trusted
        )
        entries = []
        for row in output.split(b"\0")[:-1]:
            facts, _, name = row.partition(b"\t")
            mode, _, identifier = facts.decode("ascii").split(" ")
            entries.append(Entry(name.decode("utf-8", "surrogateescape").removeprefix(head), identifier, mode))
        entries.sort()
        problems = refuse_modes((entry.path, entry.mode) for entry in entries) + check_names(
            entry.path for entry in entries
        )
        if problems:
            raise InputError(*sorted(problems))
        return {entry.path: entry for entry in entries}

    def _read(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        with self._reading.lock:
            if self._reading.reader is None:
                self._reading.reader = self._started()
            requests = "".join(f"{entry.id}\n" for entry in entries).encode("ascii")
            try:
                self._reading.reader.stdin.write(requests)
                self._reading.reader.stdin.flush()
                return [check_bytes(entry.path, self._answer(entry)) for entry in entries]
            except BaseException:
                self.close()  # half an answer may be left in the pipe: the next reader must not take it for its own
                raise

    def _answer(self, entry: Entry) -> bytes:
        answered = self._reading.reader.stdout.readline().split()
        if len(answered) == 3 and answered[0].decode("ascii", "replace") == entry.id and answered[1] == b"blob":
            size = int(answered[2])
            data: bytes = self._reading.reader.stdout.read(size + 1)[:-1]
            # git does not compare a packed object with its id on reading.
            if len(data) == size and blob_id(data, self.object_format) == entry.id:
                return data
        raise refuse(
            "git does not give back what its id says", "run `git fsck`, then fetch again", path=visible(entry.path)
        )

    def _started(self) -> Any:
        # GitPython takes 0.1 s to import and starts git to find out its version: not before something is read.
        with _quiet_import():
            from git import Git
        variables = ENVIRONMENT | {
            # GitPython adds to the process's variables and cannot take away: these would lead to other objects.
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
            "GIT_COMMON_DIR": str(self._common_dir),
            "GIT_CONFIG_COUNT": "0",
            "GIT_CONFIG_PARAMETERS": "",
            "GIT_DIR": str(self._git_dir),
            "GIT_OBJECT_DIRECTORY": str(self._common_dir / "objects"),
            "GIT_TRACE": "0",
        }
        command = ["git", *options(self._trusted), "-c", _REMEMBERED, "cat-file", "--batch"]
        process = Git(str(self._root)).execute(command, istream=-1, as_process=True, env=variables)
        return _Reader(process)


class _Reading:
    """The one process that trees beside each other read through, and whose turn it is."""

    def __init__(self) -> None:
        self.reader: Any = None
        self.lock = threading.Lock()


class _Reader:
    """The open `cat-file`. GitPython's own wrapper ends the process when it is dropped."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self.stdin, self.stdout, self.stderr = process.stdin, process.stdout, process.stderr

    def wait_or_kill(self) -> None:
        process = self._process.proc
        if process is not None:
            with contextlib.suppress(OSError):
                process.terminate()
            process.wait()


@contextlib.contextmanager
def _quiet_import() -> Iterator[None]:
    # GitPython raises ImportError where git is missing, with advice that is not for our users.
    try:
        yield
    except ImportError:
        if not any(os.access(Path(folder) / "git", os.X_OK) for folder in os.get_exec_path()):
            raise git_missing() from None
        raise
