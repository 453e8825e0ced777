"""A tree of files in memory: what a commit or a working tree looks like to its readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from plantproof.tree import Entry, blob_id


class MemoryTree:
    """Files by path; `modes` for those that are no regular files."""

    commit = ""
    object_format = "sha1"

    def __init__(self, files: Mapping[str, bytes], modes: Mapping[str, str] | None = None) -> None:
        self._files, self._modes = dict(files), dict(modes or {})

    def paths(self, under: str = "") -> Sequence[str]:
        return [path for path in sorted(self._files) if not under or path == under or path.startswith(under + "/")]

    def list(self, under: str = "") -> list[Entry]:
        return [Entry(path, blob_id(self._files[path]), self._modes.get(path, "100644")) for path in self.paths(under)]

    def read(self, path: str) -> bytes:
        return self._files[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, self._files[path]) for path in paths)

    def id(self, path: str) -> str | None:
        if path in self._files:
            return blob_id(self._files[path])
        below = "".join(f"{entry.mode} {entry.id} {entry.path}\n" for entry in self.list(path))
        return blob_id(below.encode()) if below else None

    def exists(self, path: str) -> bool:
        return bool(self.paths(path))
