"""From a record back to the line of the raw file: the last step down that evidence itself can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import repeat

import msgspec

from plantproof.evidence.layout import kind_of, source_folder
from plantproof.model.assessment import EvidenceLink
from plantproof.model.evidence import Claims, Custody, Source
from plantproof.tree import Tree

Place = tuple[str, int, str]
"""Raw file, line, pointer."""

NOWHERE: Place = ("", 0, "")


class _Seen(msgspec.Struct, gc=False):
    id: str
    raw: str = ""
    line: int = 0
    pointer: str = ""


class _Identified(msgspec.Struct, gc=False):
    id: str


_SEEN = msgspec.json.Decoder(_Seen)
_IDENTIFIED = msgspec.json.Decoder(_Identified)


def raw_places(
    claims: Claims, links: Iterable[EvidenceLink], called: Iterable[tuple[str, str]] | None = None
) -> list[Place]:
    """For each link the raw file (from the project's root), its line and its pointer; `NOWHERE` for what is declared.

    `called` gives kind and id of what each link belongs to, where they are known: a record of that kind has that id,
    and is not read to find it. Only the sightings of the kinds and sources that the links name are read, and each
    record once, however many gaps rest on it.
    """
    sources = {source.name: source for source in claims.sources}
    files: dict[tuple[str, str], _File | None] = {}
    sightings: dict[tuple[str, str], dict[str, _Seen]] = {}
    known: dict[tuple[str, str, int], Place] = {}
    places = []
    for link, (kind, identifier) in zip(
        links, repeat(("", "")) if called is None else called, strict=called is not None
    ):
        key = (link.source, link.record, link.record_line)
        place = known.get(key)
        if place is None:
            if key[:2] not in files:
                files[key[:2]] = _opened(sources.get(link.source), link.record, sightings)
            place = NOWHERE
            if (file := files[key[:2]]) and link.record_line > 0:
                place = file.place(identifier if file.kind == kind else file.id_in(link.record_line))
            known[key] = place
        places.append(place)
    return places


def raw_places_of_ids(
    tree: Tree, site: str, sources: Mapping[str, Custody], links: list[EvidenceLink], called: list[tuple[str, str]]
) -> list[Place]:
    """What `raw_places` gives where every record is `called`: only sightings are read, those that the custody of a
    source names. Raises LookupError for a record whose id is not known."""
    sightings: dict[tuple[str, str], dict[str, _Seen]] = {}
    for source, kind in sorted({(link.source, kind_of(link.record)) for link in links if link.source in sources}):
        folder = source_folder(site, source)
        paths = [f"{folder}/{entry.path}" for entry in sources[source].sightings if entry.kind == kind]
        read = (seen for _, data in tree.read_many(sorted(paths)) for seen in _SEEN.decode_lines(data))
        sightings[source, kind] = {seen.id: seen for seen in read}
    places = []
    for link, (kind, identifier) in zip(links, called, strict=True):
        seen = sightings.get((link.source, kind_of(link.record)))
        if seen is None or link.record_line < 1:
            places.append(NOWHERE)
        elif kind_of(link.record) != kind:
            raise LookupError(link.record)
        else:
            places.append(_place(seen.get(identifier), f"{source_folder(site, link.source)}/raw/"))
    return places


class _File:
    """One file of records, with the sightings of its source and kind."""

    def __init__(self, source: Source, record: str, sightings: dict[str, _Seen]) -> None:
        self.kind = kind_of(record)
        self._source, self._record, self._sightings = source, record, sightings
        self._raw = f"{source.custody_path.rpartition('/')[0]}/raw/"

    @cached_property
    def _lines(self) -> list[bytes]:
        return dict(self._source.records[self.kind])[self._record].split(b"\n")

    def id_in(self, number: int) -> str:
        """The id of the record in a line."""
        return _IDENTIFIED.decode(self._lines[number - 1]).id

    def place(self, identifier: str) -> Place:
        return _place(self._sightings.get(identifier), self._raw)


def _place(seen: _Seen | None, folder: str) -> Place:
    return (f"{folder}{seen.raw.removeprefix('raw/')}", seen.line, seen.pointer) if seen else NOWHERE


def _opened(source: Source | None, record: str, sightings: dict[tuple[str, str], dict[str, _Seen]]) -> _File | None:
    """None for what has no sightings: what is declared stands in no raw file."""
    kind = kind_of(record)
    if source is None or kind not in source.records or kind not in source.sightings:
        return None
    if (source.name, kind) not in sightings:
        sightings[source.name, kind] = _read_sightings(source, kind)
    return _File(source, record, sightings[source.name, kind])


def _read_sightings(source: Source, kind: str) -> dict[str, _Seen]:
    return {seen.id: seen for _, data in source.sightings.get(kind, ()) for seen in _SEEN.decode_lines(data)}
