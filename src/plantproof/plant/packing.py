"""A plant as bytes, to be taken up again where the same evidence is asked other questions."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import count

import msgspec

from plantproof.model.plant import Column, Origin, Origins, Plant, Table


class _Column(msgspec.Struct, array_like=True):
    """A column whose distinct values stand once. `groups`: row by row the number of its value; none where they count
    up."""

    distinct: list[bytes | None]
    groups: list[int]
    rest: Column


class _Origins(msgspec.Struct, array_like=True):
    files: Sequence[tuple[str, str]]
    starts: list[int]
    entries: list[int]


class _Table(msgspec.Struct, array_like=True):
    columns: dict[str, _Column]
    origins: _Origins
    rest: Table


class _Packed(msgspec.Struct, array_like=True):
    """`rest` is the plant without what stands beside it, as in tables and columns."""

    tables: dict[str, _Table]
    own_names: list[tuple[str, str, str]]
    rest: Plant


_DECODER = msgspec.msgpack.Decoder(_Packed)


def packed(plant: Plant) -> bytes:
    """A plant as bytes, of which `unpacked` makes an equal one."""
    tables = {kind: _packed_table(table) for kind, table in plant.tables.items()}
    names = [(*key, name) for key, name in plant.own_names.items()]
    return msgspec.msgpack.encode(_Packed(tables, names, msgspec.structs.replace(plant, tables={}, own_names={})))


def unpacked(data: bytes) -> Plant | None:
    """What was packed; None for anything else."""
    try:
        found = _DECODER.decode(data)
        tables = {kind: _unpacked_table(table) for kind, table in found.tables.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError, OverflowError):
        return None
    names = {(kind, subject): name for kind, subject, name in found.own_names}
    return msgspec.structs.replace(found.rest, tables=tables, own_names=names)


def _packed_table(table: Table) -> _Table:
    columns = {field: _packed_column(column) for field, column in table.columns.items()}
    return _Table(columns, _entries(table.origins), msgspec.structs.replace(table, rows={}, columns={}, origins=()))


def _unpacked_table(table: _Table) -> Table:
    origins = Origins(table.origins.files, array("Q", table.origins.starts), array("Q", table.origins.entries))
    columns = {field: _unpacked_column(column) for field, column in table.columns.items()}
    rows = dict(zip(table.rest.ids, count(), strict=False))
    return msgspec.structs.replace(table.rest, rows=rows, columns=columns, origins=origins)


def _packed_column(column: Column) -> _Column:
    known = dict(zip(dict.fromkeys(column.values), count(), strict=False))
    groups = [] if len(known) == len(column.values) else list(map(known.__getitem__, column.values))
    return _Column(list(known), groups, msgspec.structs.replace(column, values=[]))


def _unpacked_column(column: _Column) -> Column:
    values = list(map(column.distinct.__getitem__, column.groups)) if column.groups else column.distinct
    return msgspec.structs.replace(column.rest, values=values)


def _entries(origins: Sequence[tuple[Origin, ...]]) -> _Origins:
    if isinstance(origins, Origins):
        return _Origins(origins.files, origins.starts.tolist(), origins.entries.tolist())
    files: dict[tuple[str, str], int] = {}
    starts, entries = [0], []
    for of_row in origins:
        for source, path, line in of_row:
            entries.append(files.setdefault((source, path), len(files)) << 32 | line)
        starts.append(len(entries))
    return _Origins(list(files), starts, entries)
