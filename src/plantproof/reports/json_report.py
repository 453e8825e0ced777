"""The assessment itself as JSON: schema plantproof/assessment/1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from plantproof.files import encode_json
from plantproof.model.assessment import Assessment, SiteResult
from plantproof.model.long_lists import LongLists
from plantproof.reports.reporters import Options, Results

STEP = 2


def report(results: Results, options: Options) -> Iterator[bytes]:
    """`--format json`."""
    return json_pieces(results.assessment, results.lists)


def render_json(assessment: Assessment) -> bytes:
    """Canonical JSON with sorted keys, indented so that two assessments can be compared line by line."""
    return b"".join(json_pieces(assessment))


def json_pieces(assessment: Assessment, lists: Mapping[str, LongLists] | None = None) -> Iterator[bytes]:
    """The same bytes piece by piece, so that those of a large plant are never held at once.

    `lists` are the gaps and assets of each site, left encoded, of an assessment that was given none of its own.
    """
    lists = lists or {}
    yield b"{"
    comma = b"\n"
    for field in sorted(msgspec.structs.fields(Assessment), key=lambda each: each.encode_name):
        yield comma + b" " * STEP + msgspec.json.encode(field.encode_name) + b": "
        value = getattr(assessment, field.name)
        if field.name == "sites":
            yield from _list(_site(site, lists.get(site.id)) for site in value)
        elif field.name == "gaps":
            yield from _list(_gaps(assessment, lists))
        else:
            yield _indented(encode_json(value), 1)
        comma = b",\n"
    yield b"\n}\n"


def _gaps(assessment: Assessment, lists: Mapping[str, LongLists]) -> Iterator[bytes]:
    yield from (encode_json(gap) for gap in assessment.gaps)
    for site in assessment.sites:
        if site.id in lists:
            # A site at a time: the gaps of one are as much as is ever decoded.
            yield from map(bytes, msgspec.json.decode(lists[site.id].gaps, type=list[msgspec.Raw]))


def _site(site: SiteResult, lists: LongLists | None) -> bytes:
    if lists is None:
        return encode_json(site)
    fields = msgspec.to_builtins(site) | {"assets": msgspec.Raw(lists.assets)}
    return encode_json(fields)


def _list(items: Iterable[bytes]) -> Iterator[bytes]:
    """A list on the second level, an item a piece."""
    before = b"[\n" + b" " * 2 * STEP
    empty = True
    for item in items:
        empty = False
        yield before + _indented(item, 2)
        before = b",\n" + b" " * 2 * STEP
    yield b"[]" if empty else b"\n" + b" " * STEP + b"]"


def _indented(data: bytes, depth: int) -> bytes:
    """Canonical JSON as it stands at a depth. A line break in JSON is never part of a text."""
    return msgspec.json.format(data, indent=STEP).replace(b"\n", b"\n" + b" " * depth * STEP)
