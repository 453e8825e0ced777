"""What a project consists of, at a commit: read from git's objects, without a checkout.

Ids are git's own blob ids, so a commit and a working tree with the same bytes have the same ids.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from plantproof.errors import InputError, Problem, refuse
from plantproof.git_command import run_git
from plantproof.git_objects import ObjectReader, Read
from plantproof.text import visible
from plantproof.tree import Entry, blob_id, folder_id, no_such_file
from plantproof.tree_names import PROJECT_PARTS, check_names

_SYMLINK, _SUBMODULE, _REGULAR = "120000", "160000", ("100644", "100755")
_LFS = b"version https://git-lfs.github.com/spec/v1"
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
    """The project at one commit: `ls-tree` lists, `objects` reads; trees of one repository share it."""

    def __init__(
        self,
        root: Path,
        commit: str,
        prefix: str = "",
        *,
        object_format: str = "sha1",
        objects: ObjectReader,
        trusted: Path | None = None,
    ) -> None:
        self.commit = commit
        self.object_format = object_format
        self._root, self._prefix, self._trusted, self._objects = root, prefix, trusted, objects
        self._entries: dict[str, Entry] | None = None
        self._sorted: list[str] = []
        self._folders: dict[str, str] = {}

    def beside(self, commit: str, entries: Iterable[Entry]) -> GitTree:
        """Files of another commit, which the caller knows (and has checked) without asking."""
        other = GitTree(
            self._root,
            commit,
            self._prefix,
            object_format=self.object_format,
            objects=self._objects,
            trusted=self._trusted,
        )
        other._entries = {entry.path: entry for entry in sorted(entries)}
        other._sorted = list(other._entries)
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

    def ahead(self, entries: Iterable[Entry]) -> None:
        """Begin to read files, of this tree or of one that is read with it, that will be asked for soon."""
        self._objects.ahead(entry.id for entry in entries)

    def close(self) -> None:
        """End the process that reads, if one was kept open; reading on starts another."""
        self._objects.close()

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
        problems = refuse_modes((entry.path, entry.mode) for entry in entries)
        problems += _checked_names(tuple(entry.path for entry in entries))
        if problems:
            raise InputError(*sorted(problems))
        return {entry.path: entry for entry in entries}

    def _read(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        found = self._objects.read([entry.id for entry in entries])
        return [check_bytes(entry.path, self._checked(entry, each)) for entry, each in zip(entries, found, strict=True)]

    def _checked(self, entry: Entry, found: Read | None) -> bytes:
        # git does not compare a packed object with its id on reading.
        if found is None or found.kind != "blob" or blob_id(found.data, self.object_format) != entry.id:
            raise refuse(
                "git does not give back what its id says", "run `git fsck`, then fetch again", path=visible(entry.path)
            )
        return found.data


@lru_cache(maxsize=2)  # the two sides of a change mostly have the same files
def _checked_names(paths: tuple[str, ...]) -> tuple[Problem, ...]:
    return tuple(check_names(paths))
