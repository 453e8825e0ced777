"""The gaps and assets of a site laid out as the JSON report has them, once: in parts, of which single rows are found
and replaced without reading the others.

Where a part ends its own bytes say, so that a change leaves most parts of a list what they were: they are kept and
written again as they are.
"""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from plantproof.files import encode_json
from plantproof.model.assessment import AssetRow, Gap
from plantproof.model.long_lists import LongList, LongLists, Part

STEP = 2
GAPS_AT, ASSETS_AT = 2, 4
"""How deep the rows stand in the report."""

SMALLEST, LARGEST, SHARE = 1 << 17, 1 << 19, 64
"""Bytes of a part at least and about at most; behind one row in so many it may end."""

WINDOW = 512
"""The bytes before an end that say whether it is one: about one row."""


def line_at(depth: int) -> bytes:
    """The line break before what stands at a depth."""
    return b"\n" + b" " * depth * STEP


class _Owner(msgspec.Struct, gc=False):
    subject: str
    asset: str = ""


def laid_out(gaps: Sequence[Gap], assets: Sequence[AssetRow]) -> LongLists:
    """The long lists of one site."""
    return LongLists(gap_list(gaps), asset_list(assets), weighed(gaps))


def laid_out_once(site: str, gaps: Sequence[Gap], assets: Sequence[AssetRow]) -> LongLists:
    """The same to be written as a whole and kept by nobody: a part is a list, named by its site. Cutting them, naming
    them by their bytes and reading whom they are about would take as long as laying them out."""
    return LongLists(
        _whole(f"{site}/gaps", encode_json(gaps), GAPS_AT),
        _whole(f"{site}/assets", encode_json(assets), ASSETS_AT),
        weighed(gaps),
    )


def weighed(gaps: Iterable[Gap]) -> list[tuple[str, str, str]]:
    """What a gate weighs of gaps."""
    return sorted({(gap.severity, gap.waiver_state, gap.adopted) for gap in gaps})


def gap_list(gaps: Sequence[Gap]) -> LongList:
    """Gaps, in their order."""
    return _in_parts(encode_json(gaps), GAPS_AT, _owners)


def asset_list(assets: Sequence[AssetRow]) -> LongList:
    """Assets, in the order of their ids."""
    return _in_parts(encode_json(assets), ASSETS_AT, _first)


def indented(data: bytes, depth: int) -> bytes:
    """Canonical JSON as it stands at a depth. A line break in JSON is never part of a text."""
    return msgspec.json.format(data, indent=STEP).replace(b"\n", line_at(depth))


def listed(items: Iterable[Iterable[bytes]], depth: int) -> Iterator[bytes]:
    """A list of what is laid out already, each item after its line break."""
    before = b"["
    for item in items:
        yield before
        yield from item
        before = b","
    yield b"[]" if before == b"[" else line_at(depth - 1) + b"]"


def gaps_in(gaps: LongList) -> list[Gap]:
    """All gaps, read."""
    return msgspec.json.decode(gaps.json(), type=list[Gap])


def gaps_about(gaps: LongList, assets: Collection[str]) -> Iterator[Gap]:
    """The gaps about some assets, in their order; among others, which are in the same parts."""
    wanted = frozenset(assets)
    for part in gaps.parts:
        if not part.about or not wanted.isdisjoint(part.about):
            yield from msgspec.json.decode(b"[%b]" % gaps.data(part), type=list[Gap])


def rows_in(rows: LongList, assets: Iterable[str]) -> dict[str, AssetRow]:
    """The rows of some assets, by id; those that are not there are left out. Raises `msgspec.DecodeError`."""
    found = {}
    for part, ids in _parts_with(rows, assets).items():
        data = rows.data(rows.parts[part])
        for asset in ids:
            place = _place(data, asset)
            if place is not None:
                found[asset] = msgspec.json.decode(data[slice(*place)], type=AssetRow)
    return found


def with_rows(rows: LongList, changed: Mapping[str, AssetRow]) -> LongList:
    """The list with the rows of some assets in place of those that were there. Raises KeyError for a new asset."""
    parts = {}
    for number, ids in _parts_with(rows, changed).items():
        part = rows.parts[number]
        data, pieces, position = rows.data(part), [], 0
        for asset in sorted(ids):
            place = _place(data, asset)
            if place is None:
                raise KeyError(asset)
            pieces += [data[position : place[0]], indented(encode_json(changed[asset]), ASSETS_AT)]
            position = place[1]
        parts[part.name] = _part(b"".join([*pieces, data[position:]]), _first)
    return rows.replaced(parts)


def _parts_with(rows: LongList, assets: Iterable[str]) -> dict[int, list[str]]:
    """By the number of a part, the assets that have their row in it, if they have one."""
    firsts = [part.about[0] for part in rows.parts]
    found: dict[int, list[str]] = {}
    for asset in assets:
        if firsts:
            found.setdefault(max(bisect_right(firsts, asset) - 1, 0), []).append(asset)
    return found


def _in_parts(rows: bytes, depth: int, about: Callable[[bytes], list[str]]) -> LongList:
    held: dict[str, bytes] = {}
    parts = []
    for data in _cut(_rows(rows, depth), b"," + line_at(depth) + b"{"):
        part, _ = _part(data, about)
        held[part.name] = data
        parts.append(part)
    return LongList(parts, held)


def _whole(name: str, rows: bytes, depth: int) -> LongList:
    data = _rows(rows, depth)
    return LongList([Part(name, len(data), [])], {name: data}) if data else LongList([], {})


def _rows(rows: bytes, depth: int) -> bytes:
    """The rows of a list at a depth, without its brackets."""
    return indented(rows, depth - 1)[1 : -len(line_at(depth - 1)) - 1]


def _part(data: bytes, about: Callable[[bytes], list[str]]) -> tuple[Part, bytes]:
    return Part(hashlib.sha256(data).hexdigest(), len(data), about(data)), data


def _cut(body: bytes, between: bytes) -> Iterator[bytes]:
    begin = 0
    while begin < len(body):
        end = body.find(between, begin + SMALLEST)
        while 0 <= end < begin + LARGEST and zlib.crc32(body[end - WINDOW : end]) % SHARE:
            end = body.find(between, end + 1)
        end = len(body) if end < 0 else end
        yield body[begin:end]
        begin = end + 1


def _owners(gaps: bytes) -> list[str]:
    decoded = msgspec.json.decode(b"[%b]" % gaps, type=list[_Owner])
    return sorted({each.asset or each.subject.partition("/")[0] for each in decoded})


_OPENS, _CLOSES = line_at(ASSETS_AT) + b"{", line_at(ASSETS_AT) + b"}"
_ID = line_at(ASSETS_AT + 1) + b'"id": '
"""What stands before the id of a row. No text holds a line break, so at this depth there is one such line a row."""


def _first(assets: bytes) -> list[str]:
    return [_id_at(assets, assets.find(_ID))]


def _id_at(laid: bytes, at: int) -> str:
    end = laid.find(b"\n", at + len(_ID))
    return msgspec.json.decode(laid[at + len(_ID) : end].rstrip(b","), type=str)


def _place(laid: bytes, asset: str) -> tuple[int, int] | None:
    """Where the row of an asset begins and ends. Rows are in the order of their ids, so half of them are ruled out at a
    time."""
    low, high = 0, len(laid)
    while low < high:
        middle = (low + high) // 2
        at = laid.find(_ID, middle, high + len(_ID))
        if at < 0 or at >= high:
            at = laid.rfind(_ID, low, middle + len(_ID))
            if at < low or at < 0:
                return None
        name = _id_at(laid, at)
        if name == asset:
            start = laid.rfind(_OPENS, 0, at) + len(_OPENS) - 1
            return start, laid.find(_CLOSES, at) + len(_CLOSES)
        if name < asset:
            low = at + 1
        else:
            high = min(at, middle)
    return None
