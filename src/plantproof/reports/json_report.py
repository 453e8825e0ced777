"""The assessment itself as JSON: schema plantproof/assessment/1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from plantproof.files import encode_json
from plantproof.model.assessment import Assessment, AssetRow, Gap, SiteResult
from plantproof.model.long_lists import LongLists
from plantproof.reports.reporters import Options, Results

Piece = bytes | memoryview
STEP = 2
ROWS_AT = 4
"""How deep the rows of a site's assets stand."""

_EMPTY = b"[]"
_OPEN = b"[\n" + b" " * 2 * STEP
_CLOSE = b"\n" + b" " * STEP + b"]"
_NO_ASSETS = b"\n" + b" " * 3 * STEP + b'"assets": []'


def report(results: Results, options: Options) -> Iterator[Piece]:
    """`--format json`."""
    return json_pieces(results.assessment, results.lists)


def render_json(assessment: Assessment) -> bytes:
    """Canonical JSON with sorted keys, indented so that two assessments can be compared line by line."""
    return b"".join(json_pieces(assessment))


def json_pieces(assessment: Assessment, lists: Mapping[str, LongLists] | None = None) -> Iterator[Piece]:
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
            yield from _laid(_site(site, lists.get(site.id)) for site in value)
        elif field.name == "gaps":
            yield from _laid((gap,) for gap in _gaps(assessment, lists))
        else:
            yield indented(encode_json(value), 1)
        comma = b",\n"
    yield b"\n}\n"


def gaps_laid_out(gaps: Sequence[Gap]) -> bytes:
    """The gaps of one site as `LongLists` holds them: the array as it stands in the report, so that it is laid out once
    and written as often as the site does not change."""
    return b"".join(_list(encode_json(gap) for gap in gaps))


def assets_laid_out(assets: Sequence[AssetRow]) -> bytes:
    """The assets of one site likewise, as they stand within the site."""
    return indented(encode_json(assets), ROWS_AT - 1)


def _gaps(assessment: Assessment, lists: Mapping[str, LongLists]) -> Iterator[Piece]:
    """The gaps laid out, one a piece, or all of a site where they lie ready."""
    yield from (indented(encode_json(gap), 2) for gap in assessment.gaps)
    for site in assessment.sites:
        ready = lists[site.id].gaps if site.id in lists else _EMPTY
        if ready != _EMPTY:
            yield ready[len(_OPEN) : -len(_CLOSE)]


def _site(site: SiteResult, lists: LongLists | None) -> Iterator[Piece]:
    laid = indented(encode_json(site), 2)
    if lists is None:
        yield laid
        return
    # No text holds a line break, so at this depth there is one such line.
    before, after = laid.split(_NO_ASSETS)
    yield before + _NO_ASSETS[: -len(_EMPTY)]
    yield lists.assets
    yield after


def _list(items: Iterable[bytes]) -> Iterator[Piece]:
    """A list on the second level, an item a piece."""
    yield from _laid((indented(item, 2),) for item in items)


def _laid(items: Iterable[Iterable[Piece]]) -> Iterator[Piece]:
    """A list on the second level of what is laid out already."""
    before = _OPEN
    for item in items:
        yield before
        yield from item
        before = b",\n" + b" " * 2 * STEP
    yield _EMPTY if before == _OPEN else _CLOSE


def indented(data: bytes, depth: int) -> bytes:
    """Canonical JSON as it stands at a depth. A line break in JSON is never part of a text."""
    return msgspec.json.format(data, indent=STEP).replace(b"\n", b"\n" + b" " * depth * STEP)
