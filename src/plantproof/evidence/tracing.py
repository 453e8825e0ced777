"""From a record back to the line of the raw file: the last step down that evidence itself can take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from plantproof.evidence.layout import kind_of
from plantproof.model.assessment import EvidenceLink
from plantproof.model.evidence import Claims, Source

NOWHERE = ("", 0, "")


class _Seen(msgspec.Struct):
    id: str
    raw: str = ""
    line: int = 0
    pointer: str = ""


class _Identified(msgspec.Struct):
    id: str


def raw_places(claims: Claims, links: Iterable[EvidenceLink]) -> list[tuple[str, int, str]]:
    """For each link the raw file (from the project's root), its line and its pointer; `NOWHERE` for what is declared.

    Reads only the sightings of the kinds and sources that the links name.
    """
    sources = {source.name: source for source in claims.sources}
    records: dict[str, list[bytes]] = {}
    sightings: dict[tuple[str, str], dict[str, _Seen]] = {}
    places = []
    for link in links:
        source = sources.get(link.source)
        kind = kind_of(link.record)
        if source is None or kind not in source.records or kind not in source.sightings or link.record_line < 1:
            places.append(NOWHERE)
            continue
        if link.record not in records:
            records |= {path: data.split(b"\n") for path, data in source.records[kind] if path == link.record}
        if (source.name, kind) not in sightings:
            sightings[source.name, kind] = _read_sightings(source, kind)
        identifier = _decode(_Identified, records[link.record][link.record_line - 1]).id
        seen = sightings[source.name, kind].get(identifier)
        folder = source.custody_path.rpartition("/")[0]
        places.append((f"{folder}/raw/{seen.raw.removeprefix('raw/')}", seen.line, seen.pointer) if seen else NOWHERE)
    return places


def _read_sightings(source: Source, kind: str) -> dict[str, _Seen]:
    decoder = msgspec.json.Decoder(_Seen)
    return {
        seen.id: seen
        for _, data in source.sightings.get(kind, [])
        for line in data.splitlines()
        if line
        for seen in (decoder.decode(line),)
    }


def _decode(kind: type[Any], line: bytes) -> Any:
    return msgspec.json.decode(line, type=kind)
