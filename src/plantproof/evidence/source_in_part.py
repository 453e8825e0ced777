"""What is read of one source for the sake of a few assets: their lines, found by what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from plantproof.errors import refuse
from plantproof.evidence import layout
from plantproof.model.evidence import Custody, RecordsFile, Source


class SourceInPart:
    """What is read of one source for the sake of some assets: the files that may hold lines about them, and of each
    kind the first file, which tells whether there is any record."""

    def __init__(
        self,
        name: str,
        custody: Custody,
        folder: str,
        assets: Sequence[str],
        kinds: Collection[str],
        *,
        sightings: bool,
    ) -> None:
        self._name, self._custody, self._folder = name, custody, folder
        self._records, self._sightings = (
            by_kind(entries, self._folder) for entries in (self._custody.records, self._custody.sightings)
        )
        of_records, of_sightings = (
            {kind: holding(kind, paths, assets) for kind, paths in by_kind.items() if kind in kinds and assets}
            for by_kind in (self._records, self._sightings)
        )
        self._holding = of_records
        self._seen = {path for holding in of_sightings.values() for path in holding if sightings}
        self.wanted = {path for holding in of_records.values() for path in holding} | self._seen
        self.wanted |= {paths[0] for paths in self._records.values()}

    def source(self, contents: Mapping[str, bytes], is_plain: Callable[[str], bool]) -> Source:
        """The source, of which only what was `wanted` is there. Raises InputError where lines cannot be told apart by
        what stands in them: a file (by its path) that is not plain."""
        return Source(
            name=self._name,
            custody=self._custody,
            custody_path=f"{self._folder}custody.yaml",
            records={kind: self._lines(kind, paths, contents, is_plain) for kind, paths in self._records.items()},
            sightings={
                kind: [(path, contents[path] if path in self._seen else b"") for path in paths]
                for kind, paths in self._sightings.items()
            },
            left_out=frozenset(kind for kind, paths in self._records.items() if contents[paths[0]].strip()),
        )

    def _lines(
        self, kind: str, paths: Sequence[str], contents: Mapping[str, bytes], is_plain: Callable[[str], bool]
    ) -> list[tuple[str, bytes]]:
        found = []
        for path in paths:
            assets = self._holding.get(kind, {}).get(path, ())
            needles = [needle for asset in assets for needle in _needles(kind, asset)]
            if needles and not is_plain(path):
                raise refuse("records are not written as a collection writes them", path=path)
            found.append((path, only_holding(contents[path], needles) if needles else b""))
        return found


def by_kind(entries: Iterable[RecordsFile], folder: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in sorted(entries, key=lambda each: (each.kind, each.path)):
        found.setdefault(entry.kind, []).append(folder + entry.path)
    return found


def holding(kind: str, paths: Sequence[str], assets: Sequence[str]) -> dict[str, list[str]]:
    """The files that may hold lines of some assets, with those assets: each line is in the file that its id says, and
    the id of an asset's own line is the asset's."""
    numbered = all(layout.shard_of(path, kind) == number for number, path in enumerate(paths))
    if kind != "asset" or not numbered or len(paths) & (len(paths) - 1):
        return {path: list(assets) for path in paths}
    found: dict[str, list[str]] = {}
    for asset in assets:
        found.setdefault(paths[layout.shard(asset, len(paths))], []).append(asset)
    return found


def _needles(kind: str, asset: str) -> list[bytes]:
    """What stands in the lines about an asset: its id, or in other records whose they are and are called."""
    name = msgspec.json.encode(asset)[1:-1]
    return [b'"id":"%s"' % name] if kind == "asset" else [b'"asset":"%s"' % name, b'"id":"%s/' % name]


def only_holding(data: bytes, needles: Iterable[bytes]) -> bytes:
    """A file in which the lines that hold none of the needles are left empty: the others keep their numbers."""
    kept: dict[int, int] = {}
    for needle in needles:
        at = data.find(needle)
        while at >= 0:
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            kept[data.rfind(b"\n", 0, at) + 1] = end
            at = data.find(needle, end)
    parts: list[bytes] = []
    position = 0
    for start in sorted(kept):
        parts += [b"\n" * data.count(b"\n", position, start), data[start : kept[start]]]
        position = kept[start]
    return b"".join([*parts, b"\n" * data.count(b"\n", position)])
