"""Where the evidence of gaps stands after a source was collected again: the same record, on another line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from plantproof.errors import refuse
from plantproof.evidence.layout import kind_of
from plantproof.evidence.stored_site import Differing, StoredSite, ids_by_line, places_in_raw, same_places
from plantproof.evidence.tracing import raw_places
from plantproof.model.assessment import EvidenceLink, Gap
from plantproof.model.evidence import Claims, Source

_Files = dict[str, Sequence[str]]


def has_moved(where: Differing, old: StoredSite, new: StoredSite) -> bool:
    """Whether any record may stand on another line now, of its own file or of the raw file that it was read from."""
    if not all(same_places(old, new, paths) for paths in where.records.values()):
        return True
    return any(places_in_raw(old, paths) != places_in_raw(new, paths) for paths in where.sightings.values())


def relocated(
    gaps: Sequence[Gap], traced: Collection[str], where: Differing, old: StoredSite, new: StoredSite
) -> list[Gap]:
    """The gaps, with their evidence traced to the lines of `new`, but for those (by id) that are `traced` already.
    Raises `InputError` for a record that is not there any more."""
    moved = {path for paths in where.records.values() for path in paths}
    kinds = {*where.records, *where.sightings}
    kept = [number for number, gap in enumerate(gaps) if gap.id not in traced]
    links = [
        (number, place, link)
        for number in kept
        for place, link in enumerate(gaps[number].evidence)
        if (link.source, kind_of(link.record)) in kinds
    ]
    paths = sorted({link.record for _, _, link in links})
    before, after = ids_by_line(old, paths), ids_by_line(new, paths)
    lines = {path: {identifier: line for line, identifier in enumerate(after[path], 1)} for path in paths}
    followed = [_followed(link, before, lines) if link.record in moved else link for _, _, link in links]
    found = [*gaps]
    evidence: dict[int, list[EvidenceLink]] = {}
    places = raw_places(_claims(new, paths), followed)
    for (number, place, _), link, (raw, line, pointer) in zip(links, followed, places, strict=True):
        own = evidence.setdefault(number, list(gaps[number].evidence))
        own[place] = msgspec.structs.replace(link, raw=raw, raw_line=line, pointer=pointer)
    for number, own in evidence.items():
        found[number] = msgspec.structs.replace(gaps[number], evidence=own)
    return found


def _followed(link: EvidenceLink, before: _Files, lines: Mapping[str, Mapping[str, int]]) -> EvidenceLink:
    ids = before[link.record]
    identifier = ids[link.record_line - 1] if 0 < link.record_line <= len(ids) else ""
    line = lines[link.record].get(identifier)
    if not identifier or line is None:
        raise refuse("a record that a gap rests on is not there any more", path=link.record)
    return msgspec.structs.replace(link, record_line=line)


def _claims(stored: StoredSite, paths: Sequence[str]) -> Claims:
    """Claims of the files that are asked about, with all sightings of their kinds: enough to trace to raw lines."""
    wanted: dict[str, dict[str, list[str]]] = {}
    for path in paths:
        source = path.removeprefix(stored.root).partition("/")[0]
        wanted.setdefault(source, {}).setdefault(kind_of(path), []).append(path)
    sources = []
    for name, kinds in sorted(wanted.items()):
        folder, custody = f"{stored.root}{name}/", stored.custody(name)
        seen: dict[str, list[tuple[str, bytes]]] = {}
        for entry in sorted(custody.sightings, key=lambda each: (each.kind, each.path)):
            if entry.kind in kinds:
                path = folder + entry.path
                seen.setdefault(entry.kind, []).append((path, stored.read([path])[path]))
        records = {kind: list(stored.read(each).items()) for kind, each in kinds.items()}
        sources.append(
            Source(name=name, custody=custody, custody_path=f"{folder}custody.yaml", records=records, sightings=seen)
        )
    return Claims(site=stored.site, sources=tuple(sources), identities=stored.identities(), attestations=())
