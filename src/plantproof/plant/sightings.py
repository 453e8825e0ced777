"""When assets were seen: since when they are known, and which of the retired ones are back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.model.evidence import Claims, Custody, Source
from plantproof.model.vocabulary import Method
from plantproof.plant.claims import ReadKind


class Seen(msgspec.Struct, gc=False):
    """The little of a sighting that is asked here."""

    id: str
    first_seen: str = ""
    last_seen: str = ""


def first_seen(claims: Claims, canonical: Mapping[str, str]) -> dict[str, str]:
    """Asset id -> the earliest day on which any source saw it; only for assets of which a source says one.

    Asked only where attestations exist, which are what it is for (verdicts.md 14). Raises InputError naming every file
    whose sightings do not parse.
    """
    found: dict[str, str] = {}
    for source in claims.sources if claims.attestations else ():
        for seen in _sightings(source, b'"first_seen"'):
            if seen.first_seen:
                living, day = canonical.get(seen.id, seen.id), seen.first_seen[:10]
                found[living] = min(found.get(living, day), day)
    return found


def first_days(files: Iterable[bytes]) -> dict[str, str]:
    """Asset id -> the earliest day on which these files of sightings say that it was seen. Raises `msgspec.DecodeError`
    for what are no sightings."""
    found: dict[str, str] = {}
    decode = msgspec.json.Decoder(Seen).decode_lines
    for seen in (each for data in files for each in decode(data)):
        if seen.first_seen:
            found[seen.id] = min(found.get(seen.id, seen.first_seen[:10]), seen.first_seen[:10])
    return found


def returned(
    claims: Claims, read: ReadKind, retired: Mapping[str, str], canonical: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Retired assets (`retired`: living id -> day) that are there again: id -> (source, day).

    A fresh source reports the asset, and looked after the day of its retirement. Where the sighting says when the asset
    was last seen, that day decides: sensors remember what is gone. A register (declared, attested) that still lists the
    asset is late, and no sighting.
    """
    if not retired:
        return {}
    sources = {source.name: source for source in claims.sources}
    last: dict[str, dict[str, str]] = {}
    found: dict[str, tuple[str, str]] = {}
    for batch in read.batches:
        if batch.stale or not Method(batch.method).tested:
            continue
        source = sources[batch.source]
        for given in batch.ids:
            identifier = canonical.get(given, given)
            if identifier not in retired:
                continue
            if source.name not in last:
                last[source.name] = {seen.id: seen.last_seen[:10] for seen in _sightings(source, b'"last_seen"')}
            day = last[source.name].get(given) or looked_until(source.custody)
            if day > retired[identifier]:
                found[identifier] = max(found.get(identifier, ("", "")), (source.name, day), key=lambda one: one[::-1])
    return found


def looked_until(custody: Custody) -> str:
    """The last day of which a source can speak: nothing is observed after it was collected."""
    return min(custody.collected_at[:10], (custody.observed_to or custody.collected_at)[:10])


def _sightings(source: Source, needle: bytes) -> Iterable[Seen]:
    """The sightings of assets in the files that hold the needle: most exports say nothing of the kind."""
    problems = []
    found: list[Seen] = []
    decoder = msgspec.json.Decoder(Seen)
    for path, data in source.sightings.get("asset", ()):
        if needle not in data:
            continue
        try:
            found += decoder.decode_lines(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(path, 0, f"not sightings: {error}", "collect the source again"))
    if problems:
        raise InputError(*problems)
    return found
