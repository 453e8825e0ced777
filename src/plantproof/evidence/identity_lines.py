"""Lines of identities.jsonl: read, each mistake with its line, and written."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from plantproof.errors import Problem
from plantproof.model.evidence import IdentityLine
from plantproof.text import says_something

FILE = "identities.jsonl"
_DATE = re.compile(r"\A\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_ID = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z", re.ASCII)
_DECODER = msgspec.json.Decoder(IdentityLine)

Numbered = list[tuple[int, IdentityLine]]
"""Lines with their numbers, from 1."""


def encode(lines: list[IdentityLine]) -> bytes:
    """Lines as they are appended: canonical JSON, sorted, each once."""
    return b"".join(sorted({msgspec.json.encode(line, order="sorted") + b"\n" for line in lines}))


def read_lines(data: bytes, path: str) -> tuple[Numbered, list[Problem]]:
    """The lines that hold, and what is wrong with the others."""
    if (whole := _whole(data)) is not None:
        return list(enumerate(whole, 1)), []
    lines, problems = [], []
    for number, raw in enumerate(data.splitlines(), 1):
        if not raw.strip():
            continue
        try:
            line = _DECODER.decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            hint = "take both sides of the merge" if raw.startswith((b"<<<<", b"====", b">>>>")) else ""
            problems.append(Problem(path, number, f"no identity: {error}", hint))
            continue
        if mistake := _mistake(line):
            problems.append(Problem(path, number, mistake))
        else:
            lines.append((number, line))
    return lines, problems


def _whole(data: bytes) -> list[IdentityLine] | None:
    """A file without a mistake, decoded at once; None for one that has to be read line by line."""
    try:
        lines = _DECODER.decode_lines(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if b"\r" in data or data.count(b"\n") != len(lines) or not data.endswith(b"\n"):
        return None
    # Nearly every line bears an identifier, so that only its id is left to be looked at.
    bearing = [line.id for line in lines if line.key and line.value and line.id and not (line.same or line.retired)]
    if len(bearing) != len(lines) and any(map(_mistake, lines)):
        return None
    return lines if all(map(_ID.match, set(bearing))) else None


def _mistake(line: IdentityLine) -> str:
    forms = [bool(line.key or line.value or line.id), bool(line.same), bool(line.retired)]
    if sum(forms) != 1:
        return "a line is either {key, value, id}, or {same: [...]}, or {retired, approved_by, date, reason}"
    if line.id or line.key or line.value:
        if not (line.key and line.value and line.id):
            return "`key`, `value` and `id` belong together"
        if not _ID.match(line.id):
            return f"`{line.id!a}` is no asset id: letters, digits, `.`, `_` and `-`"
        return ""
    if line.same and len(line.same) < 2:
        return "`same` takes two ids or more"
    if line.retired and not (says_something(line.approved_by) and says_something(line.reason) and _is_day(line.date)):
        return "an asset retires with `approved_by`, `date` (YYYY-MM-DD, a day that there is) and `reason`"
    return ""


def _is_day(text: str) -> bool:
    try:
        return bool(_DATE.match(text) and date.fromisoformat(text))
    except ValueError:
        return False
