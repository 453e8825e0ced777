"""Records that point at a subject, gathered once for each way of asking."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from plantproof.model.plant import NO_METHOD, Plant, Table
from plantproof.model.policy import Join
from plantproof.model.roles import with_narrower
from plantproof.policies.columns import empty_column, weakest

MOST_COMBINATIONS = 32
"""How many combinations of disputed values are tried before a subject is given up as disputed."""


class Joined(msgspec.Struct):
    """Row by row of the subjects: the JSON array of the records, the weakest method among them, what is not known.

    `arrays` holds b"[]" where there are none. `uncovered[row]` is 1 where there are none and no fresh source speaks of
    them. `incomplete` are rows with a record of which a required field is unknown, with that field. `disputed` holds
    all possible arrays of a row, or none if there are too many.
    """

    arrays: list[bytes | None]
    methods: bytearray
    uncovered: bytearray
    incomplete: dict[int, str]
    disputed: dict[int, tuple[bytes, ...]]


def matches(value: bytes | None, wanted: Iterable[Any]) -> bool:
    """Whether a JSON value is one of those in a list, or a list that holds one of them. `true` is not 1."""
    found = msgspec.json.decode(value or b"null")
    values = found if isinstance(found, list) else [found]
    return any(
        item == choice and isinstance(item, bool) == isinstance(choice, bool) for item in values for choice in wanted
    )


def chosen(field: str, wanted: list[Any]) -> list[Any]:
    """What a `for` on a field lets in: a role with every narrower one of its kind (a historian is a server)."""
    return list(with_narrower(wanted)) if field.rpartition(".")[2] == "role" else wanted


def owners_of(plant: Plant, kind: str, joined: Table) -> Iterator[tuple[int, Iterable[int]]]:
    """(row of a joined record, rows of the subjects it points at), where that is not simply its asset."""
    subjects = plant.tables[kind]
    if kind in ("zone", "conduit"):
        places = joined.zones if kind == "zone" else joined.conduits
        for row, names in enumerate(places):
            yield row, [subjects.rows[name] for name in names if name in subjects.rows]
        return
    by_asset: dict[int, list[int]] = {}
    for row, asset in enumerate(subjects.asset_rows):
        by_asset.setdefault(asset, []).append(row)
    for row, asset in enumerate(joined.asset_rows):
        yield row, by_asset.get(asset, ()) if asset >= 0 else ()


def join_records(plant: Plant, kind: str, joined_kind: str, join: Join) -> Joined:
    """Gather the records. Only what a fresh source reports is joined; the rest is judged by its own policies."""
    size = len(plant.tables[kind].ids)
    table = plant.tables.get(joined_kind)
    result = Joined(
        arrays=[b"[]"] * size,
        methods=bytearray([NO_METHOD]) * size,
        uncovered=_uncovered(plant, kind, joined_kind, join),
        incomplete={},
        disputed={},
    )
    if table is None:
        return result
    gatherer = _Gatherer(table, join)
    rows = gatherer.candidates()
    if kind == "asset":
        pairs: Iterable[tuple[int, int]] = ((row, table.asset_rows[row]) for row in rows if table.asset_rows[row] >= 0)
    else:
        wanted = set(rows)
        owned = owners_of(plant, kind, table)
        pairs = ((row, owner) for row, owners in owned if row in wanted for owner in owners)
    gathered: dict[int, list[int]] = {}
    for row, owner in pairs:
        gathered.setdefault(owner, []).append(row)
    arrays, methods, uncovered = result.arrays, result.methods, result.uncovered
    known: dict[tuple[bytes, ...], bytes] = {}
    for owner, records in gathered.items():
        fragments = []
        for row in records:
            variants = gatherer.variants(row)
            if len(variants) > 1:
                result.disputed[owner] = ()
            if variants[0] is not None:
                fragments.append(variants[0])
                uncovered[owner] = 0
            if gatherer.unknown and row in gatherer.unknown:
                result.incomplete.setdefault(owner, gatherer.unknown[row])
            method = gatherer.methods[row]
            if method != NO_METHOD and (methods[owner] == NO_METHOD or method > methods[owner]):
                methods[owner] = method
        if owner in result.disputed:
            result.disputed[owner] = _all_arrays([gatherer.variants(row) for row in records])
        fragments.sort()
        key = tuple(fragments)
        if key not in known:
            known[key] = _array(fragments)
        arrays[owner] = known[key]
    return result


def _array(fragments: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(fragments) + b"]"


def _all_arrays(variants: list[tuple[bytes | None, ...]]) -> tuple[bytes, ...]:
    count = 1
    for options in variants:
        count *= len(options)
        if count > MOST_COMBINATIONS:
            return ()
    combined = (sorted(part for part in parts if part is not None) for parts in itertools.product(*variants))
    return tuple(dict.fromkeys(_array(parts) for parts in combined))


def _uncovered(plant: Plant, kind: str, joined_kind: str, join: Join) -> bytearray:
    """1 where no fresh source speaks of the joined kind. A zone is spoken for when all of its assets are."""
    subjects = plant.tables[kind]
    size = len(subjects.ids)
    if join.covered == "optional":
        return bytearray(size)
    keys = [str(key) for key in join.where.get("key", [])]
    assets = plant.tables.get("asset")
    count = len(assets.ids) if assets else 0
    silent = bytearray(not plant.covered(joined_kind, row, keys) for row in range(count))
    if assets is not None and joined_kind == "asset":
        silent = bytearray(not fresh for fresh in assets.fresh)
    if kind == "asset":
        return silent
    if kind not in ("zone", "conduit"):
        silent.append(1)  # -1: a subject without an asset is spoken for by nobody
        return bytearray(silent[row] for row in subjects.asset_rows)
    result = bytearray([1]) * size
    members: dict[str, list[int]] = {}
    for row, zones in enumerate(assets.zones if assets else ()):
        for zone in zones:
            members.setdefault(zone, []).append(row)
    for row, zones in enumerate(subjects.zones):
        inside = [member for zone in zones for member in members.get(zone, ())]
        result[row] = not inside or any(silent[member] for member in inside)
    return result


class _Gatherer:
    """Which records of a table a join wants, and what it shows of each."""

    def __init__(self, table: Table, join: Join) -> None:
        self._table = table
        self._join = join
        self._optional = {field[:-1] for field in join.fields if field.endswith("?")}
        self._fields = sorted({field.removesuffix("?") for field in join.fields} | set(join.where))
        size = len(table.ids)
        self._columns = {field: table.columns.get(field) or empty_column(size) for field in self._fields}
        self._names = {field: msgspec.json.encode(field) + b":" for field in self._fields}
        self._fragments: dict[tuple[bytes | None, ...], bytes | None] = {}
        self._disputed = set().union(*(column.disputed for column in self._columns.values()))
        self.unknown: dict[int, str] = {}
        self.methods = weakest([column.methods for column in self._columns.values()], size)

    def candidates(self) -> list[int]:
        """Rows that a fresh source reports and that match, or may match."""
        fresh = self._table.fresh
        rows: Iterable[int] = range(len(self._table.ids))
        for field, wanted in sorted(self._join.where.items()):
            column = self._columns[field]
            verdicts: dict[bytes | None, bool] = {None: True}
            kept = []
            values, disputed = column.values, column.disputed
            for row in rows:
                value = values[row]
                if value not in verdicts:
                    verdicts[value] = matches(value, wanted)
                if verdicts[value] or row in disputed:
                    kept.append(row)
            rows = kept
        found = [row for row in rows if fresh[row]]
        for field in self._fields:
            if field not in self._optional:
                values = self._columns[field].values
                for row in found:
                    if values[row] is None:
                        self.unknown.setdefault(row, field)
        return found

    def variants(self, row: int) -> tuple[bytes | None, ...]:
        """What the record may look like, the accepted values first; None where it would not match."""
        accepted = tuple(self._columns[field].values[row] for field in self._fields)
        if row not in self._disputed:
            return (self._fragment(accepted),)
        options: list[tuple[bytes | None, ...]]
        options = [
            self._columns[field].disputed.get(row) or (value,)
            for field, value in zip(self._fields, accepted, strict=True)
        ]
        first = self._fragment(accepted)
        combined = itertools.islice(itertools.product(*options), MOST_COMBINATIONS + 1)
        return tuple(dict.fromkeys([first, *(self._fragment(values) for values in combined)]))

    def _fragment(self, values: tuple[bytes | None, ...]) -> bytes | None:
        if values not in self._fragments:
            shown = dict(zip(self._fields, values, strict=True))
            where = self._join.where
            fits = all(shown[field] is not None and matches(shown[field], where[field]) for field in where)
            parts = [self._names[field] + value for field, value in shown.items() if value is not None]
            self._fragments[values] = b"{" + b",".join(parts) + b"}" if fits else None
        return self._fragments[values]
