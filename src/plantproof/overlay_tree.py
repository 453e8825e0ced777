"""A tree with some of its files replaced: what the project would be, had they been written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from plantproof.tree import Entry, Tree, blob_id, folder_id
from plantproof.tree_names import lies_under


class OverlayTree:
    """`under` with `files` over it; a file of None is gone. `commit` stays that of the tree below: what is laid over
    it is named beside it."""

    def __init__(self, under: Tree, files: Mapping[str, bytes | None]) -> None:
        self.commit, self.object_format = under.commit, under.object_format
        self._under = under
        self._files = dict(files)

    def paths(self, under: str = "") -> Sequence[str]:
        """See `Tree.paths`."""
        kept = {path for path in self._under.paths(under) if path not in self._files}
        laid = {path for path, data in self._files.items() if data is not None and lies_under(path, under)}
        return sorted(kept | laid)

    def list(self, under: str = "") -> list[Entry]:
        """See `Tree.list`."""
        kept = [entry for entry in self._under.list(under) if entry.path not in self._files]
        laid = [
            Entry(path, blob_id(data, self.object_format), "100644")
            for path, data in self._files.items()
            if data is not None and lies_under(path, under)
        ]
        return sorted([*kept, *laid])

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        data = self._files.get(path)
        return data if data is not None else self._under.read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """See `Tree.read_many`."""
        return ((path, self.read(path)) for path in paths)

    def id(self, path: str) -> str | None:
        """See `Tree.id`."""
        if not any(lies_under(laid, path) for laid in self._files):
            return self._under.id(path)
        entries = self.list(path)
        if not entries:
            return None
        return entries[0].id if entries[0].path == path else folder_id(entries, path)

    def exists(self, path: str) -> bool:
        """See `Tree.exists`."""
        return bool(self.paths(path))
