"""A configuration as numbered lines with the place of each in the file, so that a secret can be named by its bytes."""

from __future__ import annotations

import re
from typing import NamedTuple

from plantproof.errors import refuse


class Line(NamedTuple):
    """One line without its end. `number` counts from 1; `start` is its first byte in the file."""

    number: int
    start: int
    text: str

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """The bytes in the file of the characters `begin` to `end` of the line."""
        return (
            self.start + len(self.text[:begin].encode("utf-8", "surrogateescape")),
            self.start + len(self.text[:end].encode("utf-8", "surrogateescape")),
        )


LARGEST = 64_000_000
"""Bytes of a configuration: ten times the largest that devices hold, and what a machine reads within minutes."""


PAGING = re.compile(rb"(?m)^[ \t\b]*(?:-- ?More ?--|<--- More --->)")
"""What a terminal writes where it waits for a key. The line after it is lost, or hangs on it."""


def split_lines(data: bytes, name: str) -> list[Line]:
    """Lines of a text export. Raises InputError for a file that is empty, binary, gigantic, or what a terminal showed
    page by page; a byte that is not UTF-8 is kept."""
    if len(data) > LARGEST:
        size = f"{len(data) // 1_000_000} MB"
        raise refuse(f"{size} are no configuration of one device", "export each device to a file of its own", path=name)
    if not data.strip():
        raise refuse("the file is empty", "export it again", path=name)
    nul = data.find(b"\0")
    if nul >= 0:
        hint = (
            "export it as text; UTF-16 needs converting"
            if data[:2] in (b"\xff\xfe", b"\xfe\xff")
            else "export it as text"
        )
        raise refuse("this is a binary file, not a configuration", hint, path=name, line=data.count(b"\n", 0, nul) + 1)
    if page := PAGING.search(data):
        raise refuse(
            "the export was taken page by page: a command may hang on `--More--`, and be lost",
            "export it again without paging (`terminal length 0`; FortiOS: `config system console`, "
            "`set output standard`)",
            path=name,
            line=data.count(b"\n", 0, page.start()) + 1,
        )
    lines = []
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    number = 0
    while start < len(data):
        number += 1
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        text = data[start:end].removesuffix(b"\r").decode("utf-8", "surrogateescape")
        lines.append(Line(number, start, text))
        start = end + 1
    return lines


def is_number(word: str) -> bool:
    """Whether a word is a whole number as devices write it. Longer ones Python itself would refuse to read."""
    return word.isascii() and word.isdecimal() and len(word) <= 15


def number(word: str, most: int) -> int | None:
    """A plain decimal number up to `most`; None for anything else (other digits, signs, thousands of digits)."""
    return int(word) if is_number(word) and int(word) <= most else None


def clean(text: str, limit: int = 4096) -> str:
    """Text for a record: a byte that is no UTF-8 becomes `?`, what cannot be printed the replacement character."""
    return "".join(
        c if c.isprintable() or c == " " else "\ufffd" for c in text.encode("utf-8", "replace").decode("utf-8")
    )[:limit].strip()
