"""Claims of several sources -> one column a field: accepted values, disputes, and what only stale sources say.

Precedence: the project's `source_precedence`, then the strength of the method, then the source's name. What a stale
source says never becomes a value. Two fresh claims that differ make the field disputed (verdicts.md 4), however
small the difference: whether `V1.2` and `1.2` are one firmware is a person's answer, not a guess of the merge.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat

import msgspec

from plantproof.model.plant import NO_METHOD, Column, Origins
from plantproof.model.roles import narrowest
from plantproof.plant.claims import Batch, ReadKind

UNIONS = {"asset": ("names", "ips", "macs")}
"""Fields that have several values by nature: what sources add to them is no dispute."""


Rows = list[int] | range


class Merged(msgspec.Struct):
    """One kind, merged. `known` marks rows that any source reports, `fresh` those that a fresh one does."""

    kind: str
    ids: list[str]
    rows: dict[str, int]
    columns: dict[str, Column]
    fresh: bytearray
    known: bytearray
    methods: bytearray
    origins: Origins
    reporters: list[tuple[Batch, Rows]]
    """The batches, strongest first, each with the row of each of its records; a range where it reports every row, in
    their order."""


def precedence(batches: Iterable[Batch], source_precedence: Sequence[str]) -> list[Batch]:
    """The batches, strongest claim first; stale ones last, since they only ever mark what is missing."""
    places = {name: place for place, name in reversed(list(enumerate(source_precedence)))}
    return sorted(
        batches, key=lambda batch: (batch.stale, places.get(batch.source, len(places)), batch.method, batch.source)
    )


def merge_kind(
    read: ReadKind, ids: list[str], canonical: Mapping[str, str], source_precedence: Sequence[str]
) -> Merged:
    """Merge the claims on the subjects `ids` (sorted). Records of other subjects are left out (retired ones).

    `canonical` maps the id in a record to the id it lives under, where that differs.
    """
    rows = {identifier: row for row, identifier in enumerate(ids)}
    reporters = [_placed(batch, rows, canonical) for batch in precedence(read.batches, source_precedence)]
    fresh, known, methods = bytearray(len(ids)), bytearray(len(ids)), bytearray([NO_METHOD]) * len(ids)
    for batch, places in reporters:
        if isinstance(places, range):
            known = bytearray(b"\1") * len(ids)
            if not batch.stale:
                fresh = bytearray(b"\1") * len(ids)
                methods = methods.translate(_at_most(batch.method))
            continue
        for row in places:
            known[row] = 1
        if not batch.stale:
            for row in places:
                fresh[row] = 1
                if batch.method < methods[row]:
                    methods[row] = batch.method
    unions = UNIONS.get(read.kind, ())
    columns = {
        field: (_union_column if field in unions else _column)(field, reporters, len(ids)) for field in read.fields
    }
    for batch, _ in reporters:  # what lost is of no more use, and half of all memory
        batch.columns = {field: column for field, column in batch.columns.items() if field in unions}
    origins = _origins(read.files, reporters, len(ids))
    return Merged(read.kind, ids, rows, columns, fresh, known, methods, origins, reporters)


def merge_records(read: ReadKind, canonical: Mapping[str, str], source_precedence: Sequence[str]) -> Merged:
    """Merge the claims on all records of a kind. `canonical` maps the ids of merged assets to the living one: a record
    that one source has under the one id and another source under the other is one record."""
    ids = sorted({identifier for batch in read.batches for identifier in batch.ids})
    called = dict(_called_otherwise(ids, canonical))
    if called:
        ids = sorted({called.get(identifier, identifier) for identifier in ids})
    return merge_kind(read, ids, called, source_precedence)


def _called_otherwise(ids: Sequence[str], canonical: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The ids of records (`<asset>/<record>`, sorted) that begin with an id of before a merger, each with the one that
    it has now."""
    for given, living in canonical.items():
        start = f"{given}/"
        first = bisect_left(ids, start)
        while first < len(ids) and ids[first].startswith(start):
            yield ids[first], living + ids[first][len(given) :]
            first += 1


def _placed(batch: Batch, rows: dict[str, int], canonical: Mapping[str, str]) -> tuple[Batch, Rows]:
    """The batch with the row of each record. Records come in the order of their own ids, so that the order of files
    and lines never matters, not even where two ids of one source turned out to be one asset."""
    if canonical:
        places = [rows.get(canonical.get(identifier, identifier), -1) for identifier in batch.ids]
    else:
        places = list(map(rows.get, batch.ids, repeat(-1)))
    unique = len(set(places)) == len(places)
    if unique and -1 not in places:
        if len(places) < max(2, len(rows)):
            return batch, places
        # It reports every subject: in the order of the rows, whole columns are compared at once.
        order = [0] * len(places)
        for index, row in enumerate(places):
            order[row] = index
        kept = _reordered(batch, order)
        batch.ids, batch.columns, batch.origins = kept.ids, kept.columns, kept.origins  # no memory for both
        return batch, range(len(places))
    order = sorted((index for index, row in enumerate(places) if row >= 0), key=batch.ids.__getitem__)
    return _reordered(batch, order), [places[index] for index in order]


def _reordered(batch: Batch, order: list[int]) -> Batch:
    return Batch(
        source=batch.source,
        method=batch.method,
        stale=batch.stale,
        ids=list(map(batch.ids.__getitem__, order)),
        # Most sources know few of the fields: what is empty throughout is so in any order.
        columns={
            field: list(map(column.__getitem__, order)) if any(column) else [None] * len(order)
            for field, column in batch.columns.items()
        },
        origins=array("Q", map(batch.origins.__getitem__, order)),
    )


def _column(field: str, reporters: list[tuple[Batch, Rows]], count: int) -> Column:
    values: list[bytes | None] = [None] * count
    methods = bytearray([NO_METHOD]) * count
    disputed: dict[int, tuple[bytes, ...]] = {}
    stale: set[int] = set()
    for batch, places in reporters:
        method = batch.method
        listed = batch.columns[field]
        if not any(listed):  # most sources know few of the fields; no claim is an empty text
            continue
        if isinstance(places, range) and not batch.stale and _whole(listed, method, values, methods):
            continue
        claims = zip(places, listed, strict=True)
        if batch.stale:
            stale.update(row for row, claim in claims if claim is not None and values[row] is None)
            continue
        for row, claim in claims:
            if claim is None:
                continue
            accepted = values[row]
            if accepted is None:
                values[row] = claim
                methods[row] = method
            elif accepted == claim:
                # The same value read from a device is tested, whoever else declares it and is listed first.
                if method < methods[row]:
                    methods[row] = method
            elif claim not in disputed.get(row, ()):
                disputed[row] = (*disputed.get(row, (accepted,)), claim)
    if field == "role":
        _settle_roles(reporters, values, methods, disputed)
    return Column(values=values, methods=methods, disputed=disputed, stale=stale)


def _whole(listed: list[bytes | None], method: int, values: list[bytes | None], methods: bytearray) -> bool:
    """Take over a column that claims every row, where nothing was claimed before or the very same. False, and nothing
    done, for any other: that is settled row by row."""
    if None in listed:
        return False
    if listed == values:
        methods[:] = methods.translate(_at_most(method))
    elif any(values):
        return False
    else:
        values[:] = listed
        methods[:] = bytes([method]) * len(methods)
    return True


@cache
def _at_most(method: int) -> bytes:
    """A table that turns methods into the stronger of each and this one, all rows at once."""
    return bytes(min(value, method) for value in range(256))


def _settle_roles(
    reporters: list[tuple[Batch, Rows]],
    values: list[bytes | None],
    methods: bytearray,
    disputed: dict[int, tuple[bytes, ...]],
) -> None:
    """A broader word for a role contradicts no narrower one: the narrower is accepted, as strong as who claims it."""
    decode = msgspec.json.Decoder(str).decode
    settled: dict[int, bytes] = {}
    for row, claims in disputed.items():
        role = narrowest([decode(claim) for claim in claims])
        if role is not None:
            settled[row] = msgspec.json.encode(role)
    for row, accepted in settled.items():
        del disputed[row]
        values[row], methods[row] = accepted, NO_METHOD
    for batch, places in reporters:
        if not batch.stale:
            for row, claim in zip(places, batch.columns["role"], strict=True):
                if row in settled and claim == settled[row]:
                    methods[row] = min(methods[row], batch.method)


def _union_column(field: str, reporters: list[tuple[Batch, Rows]], count: int) -> Column:
    """All that the fresh sources list, sorted. As strong as a claim that lists it all, else as the weakest that adds
    to it."""
    column = Column(values=[None] * count, methods=bytearray([NO_METHOD]) * count, disputed={}, stale=set())
    for batch, places in reporters:
        listed = batch.columns[field]
        if not any(listed):
            continue
        if batch.stale:
            claimed = (row for row, claim in zip(places, listed, strict=True) if claim is not None)
            column.stale.update(row for row in claimed if column.values[row] is None)
            continue
        if listed != column.values:  # else the very same as those before it: in order already
            listed = _tidy(listed)
        if not (isinstance(places, range) and _whole(listed, batch.method, column.values, column.methods)):
            _unite(column, zip(places, listed, strict=True), batch.method)
    return column


def _unite(column: Column, claims: Iterable[tuple[int, bytes | None]], method: int) -> None:
    """Add what one source lists, row by row; each list is in order."""
    decode = msgspec.json.Decoder(list[str]).decode
    values, methods = column.values, column.methods
    for row, claim in claims:
        accepted = values[row]
        if claim is None:
            continue
        if accepted is None:
            values[row], methods[row] = claim, method
        elif accepted == claim:
            methods[row] = min(methods[row], method)
        else:
            union = values[row] = msgspec.json.encode(sorted({*decode(accepted), *decode(claim)}))
            if union not in (accepted, claim):
                methods[row] = max(methods[row], method)
            elif union == claim:
                methods[row] = method


def _tidy(claims: list[bytes | None]) -> list[bytes | None]:
    """Lists of texts, each sorted and without repetitions. Most are already: all are decoded at once to see which."""
    lists = msgspec.json.decode(b"[" + b",".join(filter(None, claims)) + b"]", type=list[list[str]])
    if list(map(sorted, lists)) == lists and sum(map(len, map(set, lists))) == sum(map(len, lists)):
        return claims  # half the time of what follows: sorting what is in order only looks at it
    tidy = iter([sorted(set(items)) for items in lists])
    return [None if claim is None else msgspec.json.encode(next(tidy)) for claim in claims]


def _origins(files: list[tuple[str, str]], reporters: list[tuple[Batch, Rows]], count: int) -> Origins:
    if reporters and all(isinstance(places, range) for _, places in reporters):
        many = len(reporters)
        entries = array("Q", bytes(8 * many * count))
        for number, (batch, _) in enumerate(reporters):
            entries[number::many] = batch.origins
        return Origins(files, array("Q", range(0, many * count + 1, many)), entries)
    starts = array("Q", bytes(8 * (count + 1)))
    for _, places in reporters:
        for row in places:
            starts[row + 1] += 1
    for row in range(count):
        starts[row + 1] += starts[row]
    entries = array("Q", bytes(8 * starts[count]))
    following = starts[:]
    for batch, places in reporters:
        for row, origin in zip(places, batch.origins, strict=True):
            entries[following[row]] = origin
            following[row] += 1
    return Origins(files, starts, entries)
