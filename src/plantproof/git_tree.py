"""What a project consists of, at a commit: read from git's objects, without a checkout.

Ids are git's own blob ids, so a commit and a working tree with the same bytes have the same ids.
"""

from __future__ import annotations

import re
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from plantproof.errors import InputError, Problem, refuse
from plantproof.git_objects import DAMAGED, ObjectReader, Prove, Read, Row, forged_commit
from plantproof.text import visible
from plantproof.tree import Entry, blob_id, folder_id, no_such_file
from plantproof.tree_names import PROJECT_PARTS, check_names

_SYMLINK, _SUBMODULE, _REGULAR = "120000", "160000", ("100644", "100755")
_LFS = b"version https://git-lfs.github.com/spec/v1"
FOLDER = "040000"
MOST_ROWS = 2_000_000
"""Files and folders of one commit: a few folders that hold each other many times over would be endless."""

_ROWS = {size: re.compile(rb"([0-7]{1,7}) ([^\0/]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}
"""How a folder's object says what stands in it, by the size of its ids: SHA-1's and SHA-256's."""


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


class Folders:
    """What stands in the folders of commits, each compared with its id: git itself does not do so. `known`: by id."""

    def __init__(self, prove: Prove, known: dict[str, tuple[Row, ...]]) -> None:
        self._prove, self._known = prove, known
        self._seen = 0

    def commit(self, identifier: str) -> bytes:
        """What the object of a commit says. Raises `InputError` for one that is not what its id says."""
        data = self._prove("commit", [identifier])[0]
        if data is None or not data.startswith(b"tree "):
            raise forged_commit(identifier)
        return data

    def root(self, commit: str) -> str:
        """The id of the folder that a commit holds. Raises `InputError` as `commit`."""
        return self.commit(commit).partition(b"\n")[0][5:].decode("ascii", "replace")

    def project(self, commit: str, prefix: str) -> str:
        """The id of the folder at `prefix` in a commit; "" where there is none. Raises `InputError` as `rows`."""
        identifier, place = self.root(commit), ""
        for part in prefix.split("/") if prefix else ():
            rows = self.rows([(place, identifier)])[identifier]
            identifier = next((row.id for row in rows if row.name == part and row.mode == FOLDER), "")
            if not identifier:
                return ""
            place += f"{part}/"
        return identifier

    def rows(self, folders: Sequence[tuple[str, str]]) -> dict[str, tuple[Row, ...]]:
        """What stands in folders, given by path and id. Raises `InputError` for those that are not what their ids say,
        and where this has been asked for endless numbers of them."""
        wanted = {identifier: place for place, identifier in folders if identifier not in self._known}
        problems = []
        for (identifier, place), data in zip(wanted.items(), self._prove("tree", list(wanted)), strict=True):
            rows = None if data is None else _parsed(data, len(identifier) // 2)
            if rows is None:
                what = f"git does not give back what the folder's id says: {identifier}"
                problems.append(Problem(visible(place.rstrip("/")), 0, what, DAMAGED))
            else:
                self._known[identifier] = rows
        if problems:
            raise InputError(*sorted(problems))
        self._seen += sum(len(self._known[identifier]) for _, identifier in folders)
        if self._seen > MOST_ROWS:
            raise refuse(f"the repository has more than {MOST_ROWS:,} files and folders", "divide it into several")
        return self._known

    def differing(self, before: str, after: str, only: Sequence[str] = ()) -> Iterator[tuple[str, Row | None]]:
        """What differs between two folders (ids, "" for none), and in those below them: path, and what stands there
        after. `only`: of what stands in the folders themselves, these names."""
        self._seen = 0
        level = [("", before, after)] if before != after else []
        while level:
            known = self.rows([(place, each) for place, *both in level for each in both if each])
            below = []
            for place, first, second in level:
                old = {row.name: row for row in known[first]} if first else {}
                new = {row.name: row for row in known[second]} if second else {}
                for name in sorted(old.keys() | new.keys()):
                    was, now = old.get(name), new.get(name)
                    if was == now or (only and not place and name not in only):
                        continue
                    if (was and was.mode != FOLDER) or (now and now.mode != FOLDER):
                        yield place + name, now if now and now.mode != FOLDER else None
                    folders = [row.id if row and row.mode == FOLDER else "" for row in (was, now)]
                    if any(folders):
                        below.append((f"{place}{name}/", folders[0], folders[1]))
            level = below


class GitTree:
    """The project at one commit, read by `objects`, which trees of one repository share. Each folder from the commit
    down is compared with its id, as each file is."""

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
        while wanted:
            many = self._objects.together
            part, wanted = wanted[:many], wanted[many:]
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
        with self._objects.proving(self.object_format) as prove:
            entries = sorted(self._walked(Folders(prove, self._objects.folders)))
        problems = refuse_modes((entry.path, entry.mode) for entry in entries)
        problems += _checked_names(tuple(entry.path for entry in entries))
        if problems:
            raise InputError(*sorted(problems))
        return {entry.path: entry for entry in entries}

    def _walked(self, folders: Folders) -> Iterator[Entry]:
        """The files of the project, folder by folder from the commit down: one level of folders at a time."""
        top = folders.project(self.commit, self._prefix)
        rows = folders.rows([(self._prefix, top)])[top] if top else ()
        level = [("", row) for row in rows if row.name in PROJECT_PARTS]
        while level:
            yield from (Entry(place + row.name, row.id, row.mode) for place, row in level if row.mode != FOLDER)
            below = [(f"{place}{row.name}/", row.id) for place, row in level if row.mode == FOLDER]
            known = folders.rows(below)
            level = [(place, row) for place, identifier in below for row in known[identifier]]

    def _read(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        found = self._objects.read([entry.id for entry in entries])
        return [check_bytes(entry.path, self._checked(entry, each)) for entry, each in zip(entries, found, strict=True)]

    def _checked(self, entry: Entry, found: Read | None) -> bytes:
        # git does not compare a packed object with its id on reading.
        if found is None or found.kind != "blob" or blob_id(found.data, self.object_format) != entry.id:
            raise refuse("git does not give back what its id says", DAMAGED, path=visible(entry.path))
        return found.data


def _parsed(data: bytes, size: int) -> tuple[Row, ...] | None:
    """What stands in a folder whose object holds `data`, the ids in it of `size` bytes; None for what git would not
    have written: half a row, a name twice, a name that is a path."""
    found = _ROWS[size].findall(data)
    if sum(len(mode) + len(name) + 2 + size for mode, name, _ in found) != len(data):
        return None
    if len({name for _, name, _ in found}) != len(found):
        return None
    return tuple(
        Row(name.decode("utf-8", "surrogateescape"), _mode(mode), identifier.hex()) for mode, name, identifier in found
    )


@lru_cache(maxsize=64)
def _mode(written: bytes) -> str:
    """A mode as git takes it, whatever bits of permission an old git wrote."""
    bits = int(written, 8)
    kind = stat.S_IFMT(bits)
    if kind == stat.S_IFREG:
        return "100755" if bits & stat.S_IXUSR else "100644"
    return {stat.S_IFLNK: _SYMLINK, stat.S_IFDIR: FOLDER}.get(kind, _SUBMODULE)


@lru_cache(maxsize=2)  # the two sides of a change mostly have the same files
def _checked_names(paths: tuple[str, ...]) -> tuple[Problem, ...]:
    return tuple(check_names(paths))
