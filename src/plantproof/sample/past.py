"""A file as it was at a moment: today's file with the differences of that time, and with its dates moved."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.sample.story import FILE, Difference, Edit, Entry, Moving

_DATES = {
    "yyyy-mm-dd": re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"),
    "m/d/yyyy": re.compile(r"(?<![\d/])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})(?!\d)"),
    "d/mm/yyyy": re.compile(r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{2})/(?P<y>\d{4})(?!\d)"),
}
_WRITTEN = {"yyyy-mm-dd": "{y:04}-{m:02}-{d:02}", "m/d/yyyy": "{m}/{d}/{y}", "d/mm/yyyy": "{d}/{m:02}/{y}"}


def as_it_was(path: str, data: bytes, differences: Sequence[Difference], at: str) -> bytes:
    """The file of today as it was at `at`. Raises `InputError` where an edit does not fit the file."""
    for difference in differences:
        if difference.path == path and difference.since <= at < difference.until:
            for edit in difference.edits:
                data = _edited(data, edit, difference.title)
    return data


def moved(data: bytes, moving: Moving, at: str) -> bytes:
    """An export as if it had been taken at `at`: its newest dates are earlier by whole days, older ones stay."""
    taken = datetime.date.fromisoformat(moving.as_of[:10])
    back = taken - datetime.date.fromisoformat(at[:10])
    oldest = taken - datetime.timedelta(days=moving.younger_than_days)

    def earlier(found: re.Match[str]) -> str:
        day = datetime.date(int(found["y"]), int(found["m"]), int(found["d"]))
        if day < oldest:
            return found[0]
        then = day - back
        return _WRITTEN[moving.dates].format(y=then.year, m=then.month, d=then.day)

    return _DATES[moving.dates].sub(earlier, data.decode("utf-8")).encode("utf-8")


def _edited(data: bytes, edit: Edit, title: str) -> bytes:
    text = data.decode("utf-8")
    if edit.entry is not None:
        return _with_entry(data, edit.entry, title)
    if edit.without_block:
        return _without_block(text, edit.without_block, title).encode("utf-8")
    if edit.without_lines:
        lines = text.splitlines(keepends=True)
        for gone in edit.without_lines:
            kept = [line for line in lines if gone not in line]
            if len(kept) == len(lines):
                raise _misfit(title, f"no line holds `{gone}`")
            lines = kept
        return "".join(lines).encode("utf-8")
    # The line ends of the file, so that the story can be written with plain ones.
    today, then = edit.today, edit.then
    if "\r\n" in text:
        today, then = today.replace("\n", "\r\n"), then.replace("\n", "\r\n")
    found = text.count(today) if today else 0
    if found != edit.times:
        raise _misfit(title, f"{today!r} stands there {found} times, not {edit.times}")
    return text.replace(today, then).encode("utf-8")


def _without_block(text: str, head: str, title: str) -> str:
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.rstrip("\r\n") == head]
    if len(starts) != 1:
        raise _misfit(title, f"`{head}` is on {len(starts)} lines, not on one")
    depth = len(head) - len(head.lstrip())
    end = starts[0] + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
        end += 1
    return "".join([*lines[: starts[0]], *lines[end:]])


def _with_entry(data: bytes, entry: Entry, title: str) -> bytes:
    document: dict[str, Any] = msgspec.json.decode(data)
    elements = document[entry.of]
    places = [number for number, element in enumerate(elements) if element["name"] == entry.name]
    if len(places) != 1:
        raise _misfit(title, f"{len(places)} elements are called `{entry.name}`, not one")
    if not entry.was:
        del elements[places[0]]
        # Both inventories say how many they list.
        document |= {name: len(elements) for name in ("count", "total") if name in document}
    for field, value in entry.was.items():
        *outer, inner = field.split(".")
        holder = elements[places[0]]
        for step in outer:
            holder = holder[step]
        if inner not in holder or holder[inner] == value:
            raise _misfit(title, f"`{field}` of `{entry.name}` is not there, or was no other")
        holder[inner] = value
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _misfit(title: str, what: str) -> InputError:
    return InputError(Problem(FILE, 0, f"difference `{title}` does not fit today's file: {what}"))
