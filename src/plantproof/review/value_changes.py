"""What differs between two versions of a file that people write, value by value, by names instead of positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plantproof.model.delta import ValueChange

_NAMES = ("id", "name", "topic", "asset", "path", "policy", "attestation")
"""Keys by which the entries of a list are known, the first that all of them have."""

MOST_CHANGES = 200
"""Value changes told of one file: a file that is new altogether is one change, and no review reads more than these."""


def value_changes(path: str, before: Any, after: Any) -> list[ValueChange]:
    """The values that differ between two parsed YAML or JSON documents (dicts, lists, scalars), in the order of the
    pointers. Entries of lists are matched by their id or name; plain lists as sets where order means nothing."""
    found = []
    for change in _differences((), before, after):
        pointer, was, now = change
        found.append(ValueChange(path=path, pointer=_readable(pointer), was=was, now=now))
        if len(found) >= MOST_CHANGES:
            break
    return found


def _differences(at: tuple[str, ...], before: Any, after: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from _differences((*at, str(key)), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        name = _name_of(before + after)
        if name:
            was = {str(each[name]): each for each in before}
            now = {str(each[name]): each for each in after}
            for key in sorted({*was, *now}):
                yield from _differences((*at, f"[{key}]"), was.get(key), now.get(key))
        else:
            gone = [each for each in before if each not in after]
            came = [each for each in after if each not in before]
            if gone or came:
                yield at, gone or None, came or None
            else:
                yield at, before, after
    else:
        yield at, before, after


def _name_of(entries: list[Any]) -> str:
    if entries and all(isinstance(each, dict) for each in entries):
        for name in _NAMES:
            if all(isinstance(each.get(name), str) for each in entries):
                return name
    return ""


def _readable(pointer: tuple[str, ...]) -> str:
    text = ""
    for step in pointer:
        text += step if step.startswith("[") or not text else f".{step}"
    return text
