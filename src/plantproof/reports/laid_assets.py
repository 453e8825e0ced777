"""Single rows of the assets of a site as `LongLists` holds them: found and replaced without reading the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from plantproof.files import encode_json
from plantproof.model.assessment import AssetRow
from plantproof.reports.json_report import ROWS_AT, STEP, indented

_BREAK = b"\n" + b" " * ROWS_AT * STEP
_OPENS, _CLOSES = _BREAK + b"{", _BREAK + b"}"
_ID = _BREAK + b" " * STEP + b'"id": '
"""What stands before the id of a row. No text holds a line break, so at this depth there is one such line a row."""


def rows_in(laid: bytes, assets: Iterable[str]) -> dict[str, AssetRow]:
    """The rows of some assets, by id; those that are not there are left out. Raises `msgspec.DecodeError`."""
    found = {}
    for asset in assets:
        place = _place(laid, asset)
        if place is not None:
            found[asset] = msgspec.json.decode(laid[slice(*place)], type=AssetRow)
    return found


def with_rows(laid: bytes, rows: Mapping[str, AssetRow]) -> bytes:
    """The list with the rows of some assets in place of those that were there. Raises KeyError for a new asset."""
    parts, position = [], 0
    for asset in sorted(rows):
        place = _place(laid, asset)
        if place is None:
            raise KeyError(asset)
        parts += [laid[position : place[0]], indented(encode_json(rows[asset]), ROWS_AT)]
        position = place[1]
    return b"".join([*parts, laid[position:]])


def _place(laid: bytes, asset: str) -> tuple[int, int] | None:
    """Where the row of an asset begins and ends. Rows are in the order of their ids, so half of them are ruled out at a
    time."""
    low, high = 0, len(laid)
    while low < high:
        middle = (low + high) // 2
        at = laid.find(_ID, middle, high + len(_ID))
        end = laid.find(b"\n", at + len(_ID)) if at >= 0 else -1
        if at < 0 or at >= high:
            at = laid.rfind(_ID, low, middle + len(_ID))
            if at < low or at < 0:
                return None
            end = laid.find(b"\n", at + len(_ID))
        name = msgspec.json.decode(laid[at + len(_ID) : end].rstrip(b","), type=str)
        if name == asset:
            start = laid.rfind(_OPENS, 0, at) + len(_BREAK)
            return start, laid.find(_CLOSES, at) + len(_CLOSES)
        if name < asset:
            low = at + 1
        else:
            high = min(at, middle)
    return None
