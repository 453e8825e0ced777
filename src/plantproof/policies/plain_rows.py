"""The short way for most rows: everything is there and fresh, so that what the policy sees is a template filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

SHOWN = ("own", "follow", "join", "age")
"""Uses of a column that become part of the input."""


class PlainRows:
    """Gives the input of a row about which nothing needs to be decided, and None for every other row.

    `columns` are (use, name) of the columns of a row, `objects` the names under which the input always has an object.
    """

    def __init__(self, columns: Sequence[tuple[str, str]], objects: Iterable[str]) -> None:
        self.own: list[tuple[int, bytes]] = []
        nested: dict[str, list[tuple[int, bytes]]] = {name: [] for name in objects}
        for index, (use, name) in enumerate(columns):
            if use in SHOWN:
                group, _, inner = name.rpartition(".")
                group = {"join": "joins", "age": "ages"}.get(use, group)
                member = (index, msgspec.json.encode(inner) + b":")
                (nested.setdefault(group, []) if group else self.own).append(member)
        self.groups = [(msgspec.json.encode(group) + b":{", nested[group]) for group in sorted(nested)]
        self._limits = [(index, name) for index, (use, name) in enumerate(columns) if use == "for"]
        self._present = [index for index, (use, _) in enumerate(columns) if use in ("fresh", "resolved")]
        self._absent = [index for index, (use, _) in enumerate(columns) if use in ("covered", "incomplete")]
        self._order = [index for index, _ in self.own]
        self._order += [index for _, inside in self.groups for index, _ in inside]
        members = [_slot(name) for _, name in self.own]
        members += [
            _escaped(group) + b",".join(_slot(name) for _, name in inside) + b"}" for group, inside in self.groups
        ]
        self._template = b"{" + b",".join(members) + b"}"

    def subject(self, row: tuple[Any, ...], in_list: Callable[[str, bytes], bool]) -> bytes | None:
        """The input as JSON. `in_list` tells whether a value is one that the policy is for."""
        for index in self._present:
            if not row[index]:
                return None
        for index in self._absent:
            if row[index]:
                return None
        for index, name in self._limits:
            if not row[index] or not in_list(name, row[index]):
                return None
        values = tuple([row[index] for index in self._order])
        return self._template % values if all(values) else None

    def subjects(
        self, columns: Sequence[Sequence[Any]], in_list: Callable[[str, bytes], bool]
    ) -> Iterable[bytes] | None:
        """The inputs of all rows, column by column, where none of them needs to be decided about; else None."""
        if not self._order or not columns[0] or not all(all(columns[each]) for each in (*self._present, *self._order)):
            return None
        if any(any(columns[index]) for index in self._absent):
            return None
        for index, name in self._limits:
            if not all(value and in_list(name, value) for value in set(columns[index])):
                return None
        return map(self._template.__mod__, zip(*(columns[index] for index in self._order), strict=True))


def _escaped(name: bytes) -> bytes:
    return name.replace(b"%", b"%%")


def _slot(name: bytes) -> bytes:
    return _escaped(name) + b"%b"
