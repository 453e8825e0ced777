"""From a record back to the line of the raw file: the last step down that evidence itself can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

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


def raw_places(claims: Claims, links: Iterable[EvidenceLink]) -> list[Place]:
    """For each link the raw file (from the project's root), its line and its pointer; `NOWHERE` for what is declared.

    Reads only the sightings of the kinds and sources that the links name, and each record once, however many gaps
    rest on it.
    """
    sources = {source.name: source for source in claims.sources}
    files: dict[tuple[str, str], _File | None] = {}
    sightings: dict[tuple[str, str], dict[str, _Seen]] = {}
    known: dict[tuple[str, str, int], Place] = {}
    places = []
    for link in links:
        key = (link.source, link.record, link.record_line)
        place = known.get(key)
        if place is None:
            if key[:2] not in files:
                files[key[:2]] = _opened(sources.get(link.source), link.record, sightings)
            file = files[key[:2]]
            place = known[key] = file.place(link.record_line) if file and link.record_line > 0 else NOWHERE
        places.append(place)
    return places


def raw_places_of_ids(
    tree: Tree, site: str, sources: Mapping[str, Custody], ids: Mapping[tuple[str, int], str], links: list[EvidenceLink]
) -> list[Place]:
    """What `raw_places` gives where the ids of the records are known, by file and line: only sightings are read, those
    that the custody of a source names. Raises LookupError for a record whose id is not known."""
    sightings: dict[tuple[str, str], dict[str, _Seen]] = {}
    for source, kind in sorted({(link.source, kind_of(link.record)) for link in links if link.source in sources}):
        folder = source_folder(site, source)
        paths = [f"{folder}/{entry.path}" for entry in sources[source].sightings if entry.kind == kind]
        read = (seen for _, data in tree.read_many(sorted(paths)) for seen in _SEEN.decode_lines(data))
        sightings[source, kind] = {seen.id: seen for seen in read}
    places = []
    for link in links:
        seen = sightings.get((link.source, kind_of(link.record)))
        if seen is None or link.record_line < 1:
            places.append(NOWHERE)
        else:
            identifier = ids[link.record, link.record_line]
            places.append(_place(seen.get(identifier), f"{source_folder(site, link.source)}/raw/"))
    return places


class _File(NamedTuple):
    """One file of records, with the sightings of its source and the folder of its raw files."""

    lines: list[bytes]
    sightings: dict[str, _Seen]
    folder: str

    def place(self, number: int) -> Place:
        return _place(self.sightings.get(_IDENTIFIED.decode(self.lines[number - 1]).id), self.folder)


def _place(seen: _Seen | None, folder: str) -> Place:
    return (f"{folder}{seen.raw.removeprefix('raw/')}", seen.line, seen.pointer) if seen else NOWHERE


def _opened(source: Source | None, record: str, sightings: dict[tuple[str, str], dict[str, _Seen]]) -> _File | None:
    """None for what has no sightings: what is declared stands in no raw file."""
    kind = kind_of(record)
    if source is None or kind not in source.records or kind not in source.sightings:
        return None
    if (source.name, kind) not in sightings:
        sightings[source.name, kind] = _read_sightings(source, kind)
    data = dict(source.records[kind])[record]
    folder = source.custody_path.rpartition("/")[0]
    return _File(data.split(b"\n"), sightings[source.name, kind], f"{folder}/raw/")


def _read_sightings(source: Source, kind: str) -> dict[str, _Seen]:
    return {seen.id: seen for _, data in source.sightings.get(kind, ()) for seen in _SEEN.decode_lines(data)}
