"""YAML that this program wrote, read line by line: a list of a thousand files takes a hundredth of a second.

What is read is written again and compared: where the bytes are the same, it is what was written, whatever the reading
took it for. Everything else is for `yaml_events`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from plantproof.yaml_events import emit, resolve_plain

_KEY = re.compile(r"([A-Za-z0-9_]+):(?: (.+))?")
_STEP = 2


class _OtherwiseError(Exception):
    """The text is not of a form that is read here."""


def read_written(text: str) -> Any:
    """What `emit` was given to write `text`: mappings and lists of texts on one line, numbers and words; UNSET for any
    other text."""
    try:
        value, end = _container(text.removesuffix("\n").split("\n"), 0, 0)
        if end or "\n".join(emit(value)) + "\n" != text:
            return msgspec.UNSET
    except (_OtherwiseError, RecursionError, TypeError, IndexError):
        return msgspec.UNSET
    return value


def _container(lines: list[str], at: int, depth: int) -> tuple[Any, int]:
    """A mapping or a list that begins in the line `at`, and the line behind it; 0 behind the last one."""
    listed = lines[at].startswith("- ", depth)
    found_list: list[Any] = []
    found: dict[str, Any] = {}
    while True:
        line = lines[at]
        if listed:
            if not line.startswith("- ", depth):
                raise _OtherwiseError
            inner = depth + _STEP
            if line.startswith("- ", inner) or _KEY.fullmatch(line, inner):
                lines[at] = " " * inner + line[inner:]
                item, at = _container(lines, at, inner)
            else:
                item, at = _scalar(line[inner:]), at + 1
            found_list.append(item)
        else:
            match = _KEY.fullmatch(line, depth)
            if match is None:
                raise _OtherwiseError
            if match[2] is None:
                item, at = _container(lines, at + 1, depth + _STEP)
            else:
                item, at = _scalar(match[2]), at + 1
            found[match[1]] = item
        if at in (0, len(lines)):
            return (found_list if listed else found), 0
        if lines[at][:depth].strip(" "):  # it stands further to the left
            return (found_list if listed else found), at


def _scalar(text: str) -> Any:
    if text in ("[]", "{}"):
        return [] if text == "[]" else {}
    if text[0] == '"':
        return text[1:-1]
    value = resolve_plain(text)
    if value is msgspec.UNSET:
        raise _OtherwiseError
    return value
