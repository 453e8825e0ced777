"""What a project consists of, as it lies on the disk: hashed by us, for `git add` and `git status` can run filters."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from plantproof.errors import InputError, Problem, refuse
from plantproof.git_command import run_git
from plantproof.git_tree import check_bytes
from plantproof.text import visible
from plantproof.tree import Entry, blob_id, folder_id, no_such_file
from plantproof.tree_names import PROJECT_PARTS, check_names, lies_under


class DirTree:
    """The working tree below `root`. With `repository` (git's top folder) it holds what git would track, so nothing
    that is ignored; without, everything that is there."""

    def __init__(
        self, root: Path, *, object_format: str = "sha1", repository: Path | None = None, trusted: Path | None = None
    ) -> None:
        self.commit = ""
        self.object_format = object_format
        self._root, self._repository, self._trusted = root, repository, trusted
        self._modes: dict[str, str] | None = None
        self._ids: dict[str, str] = {}

    def beside(self, entries: Iterable[Entry]) -> DirTree:
        """Files of the same folder as another process saw them: one that changed since is refused when it is read."""
        other = DirTree(
            self._root, object_format=self.object_format, repository=self._repository, trusted=self._trusted
        )
        there = sorted(entries)
        other._modes = {entry.path: entry.mode for entry in there}
        other._ids = {entry.path: entry.id for entry in there}
        return other

    def paths(self, under: str = "") -> Sequence[str]:
        return [path for path in self._all() if lies_under(path, under)]

    def list(self, under: str = "") -> list[Entry]:
        return [Entry(path, self._blob(path), mode) for path, mode in self._all().items() if lies_under(path, under)]

    def exists(self, path: str) -> bool:
        return path in self._all() or any(lies_under(other, path) for other in self._all())

    def id(self, path: str) -> str | None:
        if path in self._all():
            return self._blob(path)
        below = self.list(path)
        return folder_id(below, path) if below else None

    def read(self, path: str) -> bytes:
        if path not in self._all():
            raise no_such_file(path, self._all())
        data = self._bytes(path)
        identifier = blob_id(data, self.object_format)
        if self._ids.setdefault(path, identifier) != identifier:
            raise refuse("the file changed while it was being read", "try again when it is at rest", path=visible(path))
        return check_bytes(path, data)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for path in paths:
            yield path, self.read(path)

    def close(self) -> None:
        """Nothing is kept open."""

    def _blob(self, path: str) -> str:
        if path not in self._ids:
            self._ids[path] = blob_id(self._bytes(path), self.object_format)
        return self._ids[path]

    def _bytes(self, path: str) -> bytes:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            with open(os.open(self._root / path, flags), "rb") as file:
                return file.read()
        except OSError as error:
            reason = error.strerror or "cannot be read"
            raise refuse(
                f"cannot be read: {reason}", "check the file and its permissions", path=visible(path)
            ) from None

    def _all(self) -> dict[str, str]:
        if self._modes is None:
            paths = self._walked() if self._repository is None else self._tracked()
            self._modes = self._checked(sorted(set(paths)))
        return self._modes

    def _tracked(self) -> Iterator[str]:
        listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PROJECT_PARTS]
        for name in run_git(self._root, listing, trusted=self._trusted).split(b"\0")[:-1]:
            yield name.decode("utf-8", "surrogateescape")

    def _walked(self) -> Iterator[str]:
        waiting = [part for part in PROJECT_PARTS if os.path.lexists(self._root / part)]
        while waiting:
            path = waiting.pop()
            if (self._root / path).is_dir() and not (self._root / path).is_symlink():
                waiting.extend(f"{path}/{entry.name}" for entry in os.scandir(self._root / path))
            else:
                yield path

    def _checked(self, paths: Iterable[str]) -> dict[str, str]:
        modes: dict[str, str] = {}
        problems: list[Problem] = []
        plain_folders = {""}
        for path in paths:
            link = self._linked_folder(path, plain_folders)
            if link:
                problems.append(
                    Problem(visible(link), 0, "a symlink, which is never followed", "put here what it points to")
                )
                continue
            try:
                mode = (self._root / path).lstat().st_mode
            except (FileNotFoundError, NotADirectoryError):
                continue  # tracked, and deleted from the working tree
            if stat.S_ISREG(mode):
                modes[path] = "100755" if mode & stat.S_IXUSR else "100644"
            elif stat.S_ISLNK(mode):
                problems.append(
                    Problem(visible(path), 0, "a symlink, which is never followed", "put here what it points to")
                )
            elif stat.S_ISDIR(mode):
                hint = "copy its files here, without their .git"
                problems.append(
                    Problem(visible(path.rstrip("/")), 0, "a repository of its own inside the project", hint)
                )
            else:
                problems.append(Problem(visible(path), 0, "no plain file", "put a plain file here"))
        problems += check_names(modes)
        if problems:
            raise InputError(*sorted(set(problems)))
        return modes

    def _linked_folder(self, path: str, plain: set[str]) -> str:
        """The first folder on the way to `path` that is a symlink; those found plain are remembered in `plain`."""
        parts = path.rstrip("/").split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder not in plain:
                if (self._root / folder).is_symlink():
                    return folder
                plain.add(folder)
        return ""
