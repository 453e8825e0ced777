"""The files of a project at one moment: what all readers ask for, whether they lie in a commit or on the disk.

Knows nothing of git's programs, so that stages which may not touch git can still name what they read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from plantproof.errors import InputError, refuse
from plantproof.spelling import did_you_mean
from plantproof.text import visible


class Entry(NamedTuple):
    """A file of the project: path with forward slashes, git's blob id, git's mode (100644 or 100755)."""

    path: str
    id: str
    mode: str


class Tree(Protocol):
    """The files of a project at one moment. Paths are relative to the project's root, with forward slashes.

    `commit` is empty for the working tree. Only what `tree_names.PROJECT_PARTS` names is there. A symlink, a submodule
    or a name that some system could not hold raises `InputError`, with all such files, when the tree is first listed.
    """

    commit: str
    object_format: str

    def paths(self, under: str = "") -> Sequence[str]:
        """The paths below `under`, sorted: as `list`, without the cost of the ids."""
        ...

    def list(self, under: str = "") -> list[Entry]:
        """The files below `under` (a folder, a file, or everything), in path order."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises `InputError` where it does not exist."""
        ...

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files, in the order asked for."""
        ...

    def id(self, path: str) -> str | None:
        """The blob id of a file; of a folder a digest of the paths and ids below it; None where nothing is there."""
        ...

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""
        ...


def blob_id(data: bytes, object_format: str = "sha1") -> str:
    """The id that git gives a file of these bytes."""
    digest = hashlib.new(object_format, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def folder_id(entries: Sequence[Entry], under: str) -> str:
    """A digest of what lies below a folder. Not git's tree id: file modes are no part of it, for Windows has none."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(f"{entry.path[len(under) + 1 :] if under else entry.path}\0{entry.id}\n".encode())
    return digest.hexdigest()


def no_such_file(path: str, known: Iterable[str]) -> InputError:
    """The refusal of a path that does not exist, with the nearest that does."""
    return refuse("no such file in the project", did_you_mean(path, known), path=visible(path))
