"""From a record back to the line of the raw file: the last step down that evidence itself can take."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from plantproof.evidence.layout import kind_of
from plantproof.model.assessment import EvidenceLink
from plantproof.model.evidence import Claims, Source

NOWHERE = ("", 0, "")


class _Seen(msgspec.Struct, gc=False):
    id: str
    raw: str = ""
    line: int = 0
    pointer: str = ""


class _Identified(msgspec.Struct, gc=False):
    id: str


_SEEN = msgspec.json.Decoder(_Seen)
_IDENTIFIED = msgspec.json.Decoder(_Identified)


def raw_places(claims: Claims, links: Iterable[EvidenceLink]) -> list[tuple[str, int, str]]:
    """For each link the raw file (from the project's root), its line and its pointer; `NOWHERE` for what is declared.

    Reads only the sightings of the kinds and sources that the links name, and each record once, however many gaps
    rest on it.
    """
    sources = {source.name: source for source in claims.sources}
    records: dict[str, list[bytes]] = {}
    sightings: dict[tuple[str, str], dict[str, _Seen]] = {}
    known: dict[tuple[str, str, int], tuple[str, int, str]] = {}

    def place_of(name: str, record: str, number: int) -> tuple[str, int, str]:
        source = sources.get(name)
        kind = kind_of(record)
        if source is None or kind not in source.records or kind not in source.sightings or number < 1:
            return NOWHERE
        if record not in records:
            records.update((path, data.split(b"\n")) for path, data in source.records[kind] if path == record)
        if (name, kind) not in sightings:
            sightings[name, kind] = _read_sightings(source, kind)
        seen = sightings[name, kind].get(_IDENTIFIED.decode(records[record][number - 1]).id)
        if seen is None:
            return NOWHERE
        folder = source.custody_path.rpartition("/")[0]
        return f"{folder}/raw/{seen.raw.removeprefix('raw/')}", seen.line, seen.pointer

    places = []
    for link in links:
        key = (link.source, link.record, link.record_line)
        if key not in known:
            known[key] = place_of(*key)
        places.append(known[key])
    return places


def _read_sightings(source: Source, kind: str) -> dict[str, _Seen]:
    return {seen.id: seen for _, data in source.sightings.get(kind, ()) for seen in _SEEN.decode_lines(data)}
