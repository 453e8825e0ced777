"""Records that point at a subject, gathered once for each way of asking."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from plantproof.model.choosing import matches
from plantproof.model.plant import NO_METHOD, Column, Plant, Table
from plantproof.model.policy import Join
from plantproof.policies.columns import empty_column, weakest

MOST_COMBINATIONS = 32
"""How many combinations of disputed values are tried before a subject is given up as disputed."""


_OPPOSITE = bytes([1] + [0] * 255)


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


Rows = Callable[[str, str], dict[bytes | None, list[int]]]
"""(kind, field) -> the rows that have each value of the field."""


class _Fragments(dict[tuple[bytes | None, ...], bytes | None]):
    """The JSON object of a record by its values, None where it does not match. `missing` names an unknown field."""

    def __init__(self, fields: list[str], join: Join) -> None:
        super().__init__()
        self._fields = fields
        self._where = join.where
        self._optional = {field[:-1] for field in join.fields if field.endswith("?")}
        self._names = [msgspec.json.encode(field) + b":" for field in fields]
        self.missing: dict[tuple[bytes | None, ...], str] = {}

    def __missing__(self, values: tuple[bytes | None, ...]) -> bytes | None:
        shown = dict(zip(self._fields, values, strict=True))
        for field, value in shown.items():
            if value is None and field not in self._optional:
                self.missing.setdefault(values, field)
        fits = all(shown[field] is not None and matches(shown[field], self._where[field]) for field in self._where)
        parts = [name + value for name, value in zip(self._names, values, strict=True) if value is not None]
        self[values] = b"{" + b",".join(parts) + b"}" if fits else None
        return self[values]


class _Pairs:
    """Records that match or may match, each with a subject that it points at; `loose` are those pairs of which sources
    say otherwise, since they differ on the asset of one of the two."""

    def __init__(
        self,
        rows: list[int],
        owners: list[int],
        columns: list[Column],
        fragments: _Fragments,
        loose: Collection[tuple[int, int]],
    ) -> None:
        self.rows = rows
        self.owners = owners
        self.columns = columns
        self.fragments = fragments
        self.loose = loose

    def values(self) -> Iterable[tuple[bytes | None, ...]]:
        return zip(*(map(column.values.__getitem__, self.rows) for column in self.columns), strict=True)

    def variants(self, row: int, owner: int) -> tuple[bytes | None, ...]:
        """What a record may look like to a subject; None where it would not match, or not be the subject's."""
        options: list[tuple[bytes | None, ...]]
        options = [column.disputed.get(row) or (column.values[row],) for column in self.columns]
        combined = itertools.islice(itertools.product(*options), MOST_COMBINATIONS + 1)
        nothing = (None,) if (row, owner) in self.loose else ()
        return tuple(dict.fromkeys((*(self.fragments[values] for values in combined), *nothing)))


def join_records(
    plant: Plant, kind: str, joined_kind: str, join: Join, rows_by: Rows, ruled_out: bytes | None = None
) -> Joined:
    """Gather the records. Only what a fresh source reports is joined; the rest is judged by its own policies.

    `ruled_out[row]` is 1 for subjects that need not be asked about.
    """
    size = len(plant.tables[kind].ids)
    moving = _claimed_assets(plant, plant.tables[kind])
    result = Joined(
        arrays=[b"[]"] * size,
        methods=bytearray([NO_METHOD]) * size,
        uncovered=_uncovered(plant, kind, joined_kind, join, moving),
        incomplete={},
        disputed={},
    )
    table = plant.tables.get(joined_kind)
    if table is None:
        return result
    fields = sorted({field.removesuffix("?") for field in join.fields} | set(join.where))
    columns = [table.columns.get(field) or empty_column(len(table.ids)) for field in fields]
    rows = _candidates(table, joined_kind, join, rows_by)
    claimed = _claimed_assets(plant, table)
    rows, owners = _owned(plant, kind, table, rows, ruled_out, claimed, moving)
    loose = (
        {(row, owner) for row, owner in zip(rows, owners, strict=True) if row in claimed or owner in moving}
        if claimed or moving
        else set()
    )
    pairs = _Pairs(rows, owners, columns, _Fragments(fields, join), loose)
    held: list[Any] = [None] * size
    for owner, fragment in zip(owners, map(pairs.fragments.__getitem__, pairs.values()), strict=True):
        if fragment is None:
            continue
        before = held[owner]
        if before is None:
            held[owner] = fragment
        elif type(before) is list:
            before.append(fragment)
        else:
            held[owner] = [before, fragment]
    result.arrays = _arrays(held)
    silent = result.uncovered
    if 1 in result.uncovered:
        result.uncovered = bytearray(
            flag if one is None else 0 for flag, one in zip(result.uncovered, held, strict=True)
        )
    _add_methods(result, pairs, weakest([column.methods for column in columns], len(table.ids)))
    _add_doubts(result, pairs)
    for owner, arrays in result.disputed.items() if 1 in silent else ():
        # That it has no record is what nobody says of these: they may fail by the one that may be theirs.
        some = tuple(array for array in arrays if array != b"[]")
        if silent[owner] and some:
            result.uncovered[owner], result.disputed[owner] = 0, some
    if table.unconfirmed:
        # Nobody has confirmed that there is such a record: the subject may fail by it, and does not pass.
        joined = zip(pairs.rows, pairs.owners, strict=True)
        result.disputed.update({owner: () for row, owner in joined if row in table.unconfirmed})
    return result


def _candidates(table: Table, kind: str, join: Join, rows_by: Rows) -> list[int]:
    """Rows that a fresh source reports and that match, or may match because a value is unknown or disputed."""
    found: list[int] | None = None
    for field, wanted in sorted(join.where.items()):
        index = rows_by(kind, field)
        fitting = [rows for value, rows in index.items() if value is None or matches(value, wanted)]
        doubtful = table.columns[field].disputed if field in table.columns else {}
        alone = len(fitting) == 1 and not doubtful
        chosen = fitting[0] if alone else sorted(set(itertools.chain(doubtful, *fitting)))
        found = chosen if found is None else sorted(set(found) & set(chosen))
    rows: Iterable[int] = range(len(table.ids)) if found is None else found
    if 0 in table.fresh:
        return [row for row in rows if table.fresh[row]]
    return list(rows)


def _owned(
    plant: Plant,
    kind: str,
    table: Table,
    rows: list[int],
    ruled_out: bytes | None,
    claimed: Mapping[int, Sequence[int]],
    moving: Mapping[int, Sequence[int]],
) -> tuple[list[int], list[int]]:
    """Each row with each subject that it points at: by zone or conduit where the subject is one, else by asset. Those
    `claimed`, and the subjects `moving`, are of several assets, one of which is the right one."""
    subjects = plant.tables[kind]
    if kind == "asset" and not claimed:
        owners = list(map(table.asset_rows.__getitem__, rows))
        if ruled_out is None and -1 not in owners:
            return rows, owners
        out = (ruled_out or bytes(len(subjects.ids))) + b"\x01"  # the last one is -1: nobody's
        kept = [not out[owner] for owner in owners]
        return list(itertools.compress(rows, kept)), list(itertools.compress(owners, kept))
    many: list[Iterable[int]]
    if kind in ("zone", "conduit"):
        places = table.zones if kind == "zone" else table.conduits
        many = [[subjects.rows[name] for name in places[row] if name in subjects.rows] for row in rows]
    elif kind == "asset":
        many = [[owner for owner in claimed.get(row, (table.asset_rows[row],)) if owner >= 0] for row in rows]
    else:
        by_asset: dict[int, list[int]] = {}
        for subject, asset in enumerate(subjects.asset_rows):
            for each in moving.get(subject, (asset,)):
                by_asset.setdefault(each, []).append(subject)
        by_asset.pop(-1, None)
        many = [by_asset.get(table.asset_rows[row], ()) for row in rows]
        for index, row in enumerate(rows if claimed else ()):
            if row in claimed:
                many[index] = sorted({subject for asset in claimed[row] for subject in by_asset.get(asset, ())})
    wanted = [(row, owner) for row, owners in zip(rows, many, strict=True) for owner in owners]
    if ruled_out is not None:
        wanted = [(row, owner) for row, owner in wanted if not ruled_out[owner]]
    return [row for row, _ in wanted], [owner for _, owner in wanted]


def _claimed_assets(plant: Plant, table: Table) -> dict[int, list[int]]:
    """Rows on whose asset sources differ -> the rows of all the assets that they claim and that are known."""
    column, assets = table.columns.get("asset"), plant.tables.get("asset")
    if column is None or assets is None or table.kind == "asset":
        return {}
    return {
        row: [assets.rows[name] for name in map(msgspec.json.decode, claims) if name in assets.rows]
        for row, claims in column.disputed.items()
    }


def _arrays(held: list[Any]) -> list[bytes | None]:
    """JSON arrays of nothing, one fragment or several; equal ones are one object."""
    known: dict[Any, bytes] = {None: b"[]"}
    arrays: list[bytes | None] = []
    for one in held:
        key = tuple(sorted(one)) if type(one) is list else one
        array = known.get(key)
        if array is None:
            array = known[key] = _array(key if type(key) is tuple else (key,))
        arrays.append(array)
    return arrays


def _add_methods(result: Joined, pairs: _Pairs, methods: bytearray) -> None:
    target = result.methods
    for owner, method in zip(pairs.owners, map(methods.__getitem__, pairs.rows), strict=True):
        before = target[owner]
        if before == NO_METHOD or (before < method != NO_METHOD):
            target[owner] = method


def _add_doubts(result: Joined, pairs: _Pairs) -> None:
    """Subjects with a record that lacks a field, or about which sources disagree."""
    if pairs.fragments.missing:
        for owner, values in zip(pairs.owners, pairs.values(), strict=True):
            if values in pairs.fragments.missing:
                result.incomplete.setdefault(owner, pairs.fragments.missing[values])
    disputed = set().union(*(column.disputed for column in pairs.columns))
    if disputed or pairs.loose:
        both = list(zip(pairs.rows, pairs.owners, strict=True))
        doubtful: dict[int, list[int]]
        doubtful = {owner: [] for row, owner in both if row in disputed or (row, owner) in pairs.loose}
        for row, owner in both:
            if owner in doubtful:
                doubtful[owner].append(row)
        for owner, rows in doubtful.items():
            arrays = _all_arrays([pairs.variants(row, owner) for row in rows])
            if len(arrays) != 1:
                result.disputed[owner] = arrays


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


def _uncovered(plant: Plant, kind: str, joined_kind: str, join: Join, moving: Mapping[int, Sequence[int]]) -> bytearray:
    """1 where no fresh source speaks of the joined kind. A zone is spoken for when all of its assets are; a subject
    that is of one of several assets, when any is: it may fail by that, and does not pass anyway."""
    subjects = plant.tables[kind]
    size = len(subjects.ids)
    if join.covered == "optional":
        return bytearray(size)
    assets = plant.tables.get("asset")
    silent = _silent_assets(plant, joined_kind, [str(key) for key in join.where.get("key", [])])
    if kind == "asset":
        return silent
    if kind not in ("zone", "conduit"):
        silent.append(1)  # -1: a subject without an asset is spoken for by nobody
        flags = bytearray(map(silent.__getitem__, subjects.asset_rows))
        for row, assets_claimed in moving.items():
            flags[row] = min((silent[each] for each in assets_claimed), default=1)
        return flags
    result = bytearray([1]) * size
    members: dict[str, list[int]] = {}
    for row, zones in enumerate(assets.zones if assets else ()):
        for zone in zones:
            members.setdefault(zone, []).append(row)
    for row, zones in enumerate(subjects.zones):
        inside = [member for zone in zones for member in members.get(zone, ())]
        result[row] = not inside or any(silent[member] for member in inside)
    return result


def _silent_assets(plant: Plant, kind: str, keys: list[str]) -> bytearray:
    assets = plant.tables.get("asset")
    if assets is None:
        return bytearray()
    size = len(assets.ids)
    covered = assets.fresh if kind == "asset" else plant.covered_assets.get(kind, bytearray(size))
    silent = bytearray(covered.translate(_OPPOSITE))
    if kind != "asset" and 1 in silent:
        for row in range(size):
            if silent[row] and plant.covered(kind, row, keys):
                silent[row] = 0
    return silent
