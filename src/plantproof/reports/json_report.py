"""The assessment itself as JSON: schema plantproof/assessment/1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from plantproof.files import encode_json
from plantproof.model.assessment import Assessment, SiteResult
from plantproof.model.long_lists import LongLists
from plantproof.reports.laid_rows import ASSETS_AT, GAPS_AT, indented, line_at, listed
from plantproof.reports.reporters import Options, Results

SITES_AT = 2
_NO_ASSETS = line_at(ASSETS_AT - 1) + b'"assets": '


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
    comma = b""
    for field in sorted(msgspec.structs.fields(Assessment), key=lambda each: each.encode_name):
        yield comma + line_at(1) + msgspec.json.encode(field.encode_name) + b": "
        value = getattr(assessment, field.name)
        if field.name == "sites":
            yield from listed((_site(site, lists.get(site.id)) for site in value), SITES_AT)
        elif field.name == "gaps":
            yield from listed(_gaps(assessment, lists), GAPS_AT)
        else:
            yield indented(encode_json(value), 1)
        comma = b","
    yield b"\n}\n"


def _gaps(assessment: Assessment, lists: Mapping[str, LongLists]) -> Iterator[Iterator[bytes]]:
    """The gaps laid out, one by one, or all of a site where they lie ready."""
    yield from (iter((line_at(GAPS_AT), indented(encode_json(gap), GAPS_AT))) for gap in assessment.gaps)
    yield from (
        lists[site.id].gaps.pieces() for site in assessment.sites if site.id in lists and lists[site.id].gaps.parts
    )


def _site(site: SiteResult, lists: LongLists | None) -> Iterator[bytes]:
    laid = indented(encode_json(site), SITES_AT)
    yield line_at(SITES_AT)
    if lists is None:
        yield laid
        return
    # No text holds a line break, so at this depth there is one such line.
    before, after = laid.split(_NO_ASSETS + b"[]")
    yield before + _NO_ASSETS
    yield from listed([lists.assets.pieces()] if lists.assets.parts else [], ASSETS_AT)
    yield after
