"""Columns that policies see and no source brings: what a subject points at, what points at it, and ages.

Built once for a plant and shared by all policies. Values are JSON fragments, row by row, as in `Column`.
"""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from plantproof.model.choosing import lets_in
from plantproof.model.plant import NO_METHOD, Column, Plant, Table
from plantproof.model.policy import Join
from plantproof.policies.columns import STALE, empty_column
from plantproof.policies.joins import Joined, join_records
from plantproof.policies.metadata import REFERENCES


class Views:
    """Everything derived from one plant for projection, computed when first asked for."""

    def __init__(self, plant: Plant, on: str) -> None:
        self.plant = plant
        self._on = datetime.date.fromisoformat(on[:10])
        self._targets: dict[tuple[str, str], list[int]] = {}
        self._followed: dict[tuple[str, str, str], Column] = {}
        self._marked: dict[tuple[str, str], list[bytes | None]] = {}
        self._joined: dict[bytes, Joined] = {}
        self._rows_by: dict[tuple[str, str], dict[bytes | None, list[int]]] = {}
        self._ages: dict[tuple[str, str, float], list[bytes | None]] = {}

    def table(self, kind: str) -> Table | None:
        return self.plant.tables.get(kind)

    def column(self, kind: str, field: str) -> Column:
        """A field of a kind; unknown everywhere where no source brings it."""
        table = self.plant.tables[kind]
        return table.columns.get(field) or empty_column(len(table.ids))

    def marked(self, kind: str, field: str) -> list[bytes | None]:
        """The values of a field (`firmware`, or `asset.zone` by reference), STALE where only stale sources say it."""
        if (kind, field) not in self._marked:
            column = self.followed(kind, *field.split(".", 1)) if "." in field else self.column(kind, field)
            values = column.values
            if column.stale:
                values = list(values)
                for row in column.stale:
                    if values[row] is None:
                        values[row] = STALE
            self._marked[kind, field] = values
        return self._marked[kind, field]

    def targets(self, kind: str, reference: str) -> list[int]:
        """Row by row the row of what `reference` points at, in the table of its kind; -1 where that is not known. Where
        sources differ on it, that of the first claim, by the text, that points at something."""
        if (kind, reference) not in self._targets:
            table = self.plant.tables[kind]
            target = self.plant.tables.get(REFERENCES.get(reference, ""))
            if target is None:
                rows = [-1] * len(table.ids)
            elif reference == "asset":
                rows = list(range(len(table.ids))) if kind == "asset" else table.asset_rows
            else:
                known: dict[bytes | None, int] = {None: -1}
                rows = []
                for value in self.column(kind, reference).values:
                    if value not in known:
                        name = msgspec.json.decode(value or b"null")
                        known[value] = target.rows.get(name, -1) if isinstance(name, str) else -1
                    rows.append(known[value])
            if claimed := self.claimed(kind, reference):
                rows = list(rows)
                for row, targets in claimed.items():
                    rows[row] = targets[0] if targets else -1
            self._targets[kind, reference] = rows
        return self._targets[kind, reference]

    def claimed(self, kind: str, reference: str) -> dict[int, list[int]]:
        """Rows of subjects on whose reference sources differ -> the rows of all that it may point at, and that are
        known, in the order of their ids."""
        target = self.plant.tables.get(REFERENCES.get(reference, ""))
        if target is None or (kind, reference) == ("asset", "asset"):
            return {}
        found = {}
        for row, claims in self.column(kind, reference).disputed.items():
            names = sorted(name for claim in claims if isinstance(name := msgspec.json.decode(claim), str))
            found[row] = [target.rows[name] for name in names if name in target.rows]
        return found

    def in_doubt(self, kind: str, reference: str, field: str) -> list[int]:
        """Rows of subjects on whose reference sources differ, and of one of those that it may point at a field is not
        known, or nothing is: it may be anything there."""
        claimed = self.claimed(kind, reference)
        if not claimed:
            return []
        values = self.column(REFERENCES[reference], field).values
        told = self.column(kind, reference).disputed
        return [
            row
            for row, targets in claimed.items()
            if len(targets) < len(told[row]) or any(values[to] is None for to in targets)
        ]

    def followed(self, kind: str, reference: str, field: str) -> Column:
        """A field of what `reference` points at, seen from the subject."""
        key = (kind, reference, field)
        if key not in self._followed:
            rows = self.targets(kind, reference)
            target = REFERENCES.get(reference, "")
            if target not in self.plant.tables:
                return empty_column(len(rows))
            column = self.column(target, field)
            disputed, stale = {}, set()
            if column.disputed or column.stale:
                disputed = {row: column.disputed[to] for row, to in enumerate(rows) if to in column.disputed}
                stale = {row for row, to in enumerate(rows) if to in column.stale}
            for row, targets in self.claimed(kind, reference).items():
                every = (column.disputed.get(to) or (column.values[to],) for to in targets)
                if seen := dict.fromkeys(value for values in every for value in values if value is not None):
                    disputed[row] = tuple(seen)
            # Index -1 is the extra last element: nothing.
            values, methods = [*column.values, None], bytes([*column.methods, NO_METHOD])
            self._followed[key] = Column(
                values=[values[row] for row in rows],
                methods=bytearray(map(methods.__getitem__, rows)),
                disputed=disputed,
                stale=stale,
            )
        return self._followed[key]

    def joined(self, kind: str, joined_kind: str, join: Join, asked: dict[str, list[Any]]) -> Joined:
        """The records of `joined_kind` that point at each subject of `kind`, where the conditions `asked` may apply."""
        key = msgspec.json.encode([kind, joined_kind, join, asked], order="sorted")
        if key not in self._joined:
            out = self._ruled_out(kind, asked) if asked else None
            self._joined[key] = join_records(self.plant, kind, joined_kind, join, self.rows_by, out)
        return self._joined[key]

    def rows_by(self, kind: str, field: str) -> dict[bytes | None, list[int]]:
        """The rows that have each value of a field, in order."""
        if (kind, field) not in self._rows_by:
            index: dict[bytes | None, list[int]] = {}
            for row, value in enumerate(self.column(kind, field).values):
                rows = index.get(value)
                if rows is None:
                    index[value] = [row]
                else:
                    rows.append(row)
            self._rows_by[kind, field] = index
        return self._rows_by[kind, field]

    def _ruled_out(self, kind: str, asked: dict[str, list[Any]]) -> bytes:
        """1 for subjects to which the conditions certainly do not apply."""
        out = bytearray(len(self.plant.tables[kind].ids))
        for name, wanted in asked.items():
            values = self.marked(kind, name)
            verdicts = {value: bool(value) and lets_in(name, wanted, value) is False for value in set(values)}
            column = self.followed(kind, *name.split(".", 1)) if "." in name else self.column(kind, name)
            found = bytearray(map(verdicts.__getitem__, values))
            for row in column.disputed:
                found[row] = 0
            out = bytearray(map(max, out, found))
        return bytes(out)

    def ages(self, kind: str, field: str, days: float) -> list[bytes | None]:
        """`"within"`, `"over"` or `"unknown"` (no date, or one in the future) against a limit in days."""
        key = (kind, field, days)
        if key not in self._ages:
            known: dict[bytes | None, bytes | None] = {}
            result = []
            for value in self.column(kind, field).values:
                if value not in known:
                    known[value] = self.age(value, days)
                result.append(known[value])
            self._ages[key] = result
        return self._ages[key]

    def age(self, value: bytes | None, days: float) -> bytes:
        """The age of one JSON date on the date of the assessment."""
        try:
            text = msgspec.json.decode(value or b"null", type=str)
            passed = (self._on - datetime.date.fromisoformat(text[:10])).days
        except (msgspec.DecodeError, ValueError):
            return b'"unknown"'
        if passed < 0:
            return b'"unknown"'
        return b'"over"' if passed > days else b'"within"'
