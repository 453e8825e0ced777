"""Records files -> columns of claims: only the fields that somebody needs, each distinct value checked and kept once.

Records are decoded into a generated Struct of raw values, file by file, and dropped again: what stays is one list of
shared bytes a field. 300,000 records cost a second that way, and a fraction of the memory of objects.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import compress
from typing import Any, cast

import msgspec

from plantproof.errors import Problem
from plantproof.model.evidence import Source
from plantproof.model.records import KINDS, Identifier, MethodWord
from plantproof.model.vantage import is_stated
from plantproof.model.vocabulary import Method

MOST_SHARED = 1 << 12
ENCODER = msgspec.json.Encoder(order="sorted")
ABSENT = msgspec.Raw()
"""What a field holds that a record does not have."""
METHOD_BY_WORD = {method.word: int(method) for method in Method}


class Batch(msgspec.Struct):
    """What one source says of one kind by one method. `columns[field][i]` is what it claims of `ids[i]`, or None."""

    source: str
    method: int
    stale: bool
    ids: list[str]
    columns: dict[str, list[bytes | None]]
    origins: array[int]
    """For each record: the number of its file in the kind's list of files, shifted by 32 bits, plus its line."""


class ReadKind(msgspec.Struct):
    """All claims of one kind at a site, not merged. `files` are (source, path), by the numbers in the batches'
    origins."""

    kind: str
    fields: tuple[str, ...]
    batches: list[Batch]
    files: list[tuple[str, str]]


Met = dict[str, dict[int, "list[bytes | None]"]]
"""field -> columns of the files of one kind that were read before; none of them holds a None."""


class Values(dict[bytes, "bytes | None"]):
    """Raw JSON of one field -> its canonical form, one object a distinct value. A value of a wrong type raises.

    Fields such as serial numbers hardly repeat: from `MOST_SHARED` distinct values on, new ones are checked many at a
    time and not kept.
    """

    def __init__(self, field_type: Any) -> None:
        super().__init__()
        self[b""] = None  # what a field holds that the record does not have
        decoder = msgspec.json.Decoder(field_type)
        self._decode = decoder.decode
        self._decode_lines = decoder.decode_lines

    def __missing__(self, raw: bytes) -> bytes | None:
        value = self._decode(raw)
        # A string without escapes is its own canonical form; encoding it again would double the cost of unique values.
        if not (isinstance(value, str) and b"\\" not in raw):
            canonical = ENCODER.encode(value)
            if canonical != raw:
                return self.setdefault(canonical, canonical) if len(self) < MOST_SHARED else canonical
        if len(self) < MOST_SHARED:
            self[raw] = raw
        return raw

    def column(self, raws: list[bytes]) -> list[bytes | None]:
        """The canonical forms of one file's values, in order."""
        if len(self) >= MOST_SHARED:
            lines = b"\n".join(filter(None, raws)) + b"\n"
            try:
                same = ENCODER.encode_lines(self._decode_lines(lines)) == lines
            except (msgspec.DecodeError, UnicodeDecodeError):
                same = False  # one by one, to raise at the one that is wrong
            if same:
                return list(map(self.get, raws, raws))
        return list(map(self.__getitem__, raws))


@cache
def record_fields(kind: str) -> Mapping[str, Any]:
    """The fields of a kind apart from `id` and `method`, with their types."""
    return {
        field.encode_name: field.type
        for field in msgspec.structs.fields(KINDS[kind])
        if field.name not in ("id", "method")
    }


@cache
def _values(kind: str, field: str) -> Values:
    """The values of a field that were met so far: devices of one model are alike at all sites."""
    return Values(record_fields(kind)[field])


@cache
def _decoder(kind: str, fields: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Decodes lines to Structs with `id`, `method` and the raw values of `fields`; everything else is skipped."""
    members: list[Any] = [("id", Identifier), ("method", MethodWord)]
    members += [(field, msgspec.Raw, ABSENT) for field in fields]
    return msgspec.json.Decoder(msgspec.defstruct(f"Claimed_{kind}", members, kw_only=True, gc=False))


def read_kind(
    kind: str, sources: Mapping[str, tuple[Source, bool]], needed: set[str], problems: list[Problem]
) -> ReadKind:
    """Decode every record of `kind`. `sources`: name -> (source, whether it is stale for this kind).

    Lines that do not parse, values of a wrong type and an id that one source brings twice are added to `problems` with
    their path and line. Fields that the kind does not have are ignored: which exist is the linter's question.
    """
    types = record_fields(kind)
    fields = tuple(field for field in types if field in needed)
    values = {field: _values(kind, field) for field in fields}
    met: Met = {field: {} for field in fields}
    result = ReadKind(kind=kind, fields=fields, batches=[], files=[])
    for name in sorted(sources):
        source, stale = sources[name]
        by_method: dict[int, Batch] = {}
        for path, data in source.records.get(kind, ()):
            file_number = len(result.files)
            result.files.append((name, path))
            if not data or data.isspace():
                continue
            _read_file(result, by_method, values, met, (name, stale), file_number, data, problems)
        _refuse_twice(list(by_method.values()), result.files, problems)
        for batch in by_method.values() if _is_a_list(source) else ():
            batch.method = max(batch.method, int(Method.DECLARED))
        result.batches += by_method.values()
    return result


def _is_a_list(source: Source) -> bool:
    """Whether the source is a table that anybody can write, without a word of what looked: no more than declared.

    A table takes its method from the project's settings, not from its bytes. Who calls it tested says from where
    (sensor or segments) the tool behind it looked.
    """
    return source.custody.format == "csv" and not is_stated(source.custody.vantage)


def _read_file(
    result: ReadKind,
    by_method: dict[int, Batch],
    values: dict[str, Values],
    met: Met,
    source: tuple[str, bool],
    file_number: int,
    data: bytes,
    problems: list[Problem],
) -> None:
    decoder = _decoder(result.kind, result.fields)
    path = result.files[file_number][1]
    try:
        records = decoder.decode_lines(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        problems += _line_problems(decoder, values, path, data)
        return
    first = (file_number << 32) + 1
    lines: range | list[int] = range(first, first + len(records))
    if data and (data.count(b"\n") != len(records) or not data.endswith(b"\n")):
        # Empty lines, or no newline at the end: count the lines that hold something.
        lines = [first + number for number, line in enumerate(data.split(b"\n")) if line and not line.isspace()]
    if len(lines) != len(records):
        problems.append(Problem(path, 0, "not one JSON object a line"))
        return
    # Turned over as a whole, records become columns in a third of the time that it takes field by field.
    whole: list[Sequence[Any]] = [lines, *zip(*map(msgspec.structs.astuple, records), strict=True)]
    methods = sorted(set(whole[2])) if records else []
    for method in methods:
        chosen = whole
        if len(methods) > 1:
            of_method = [word == method for word in whole[2]]
            chosen = [list(compress(column, of_method)) for column in whole]
        places, ids, _, *claimed = chosen
        number = METHOD_BY_WORD[method]
        batch = by_method.get(number)
        if batch is None:
            columns: dict[str, list[bytes | None]] = {field: [] for field in result.fields}
            batch = by_method[number] = Batch(source[0], number, source[1], [], columns, array("Q"))
        try:
            for field, raws in zip(result.fields, claimed, strict=True):
                batch.columns[field] += _canonical(values[field], raws, met[field])
        except (msgspec.DecodeError, UnicodeDecodeError):
            problems += _line_problems(decoder, values, path, data)
            return
        batch.ids += ids
        batch.origins.extend(places)


def _canonical(
    values: Values, raws: Sequence[msgspec.Raw], met: dict[int, list[bytes | None]]
) -> Sequence[bytes | None]:
    """One file's values of one field. Joined and split again they are bytes in half the time of one by one: each stands
    on one line, since a record does.

    Where several sources say the very same of the same assets, it is checked once, and one object stands for all: that
    takes less memory, and comparing claims costs next to nothing. `met` knows the columns by the hash of their bytes.
    """
    joined = b"\n".join(raws)
    if len(joined) == len(raws) - 1:
        return [None] * len(raws)  # no record here has the field: most sources know few of them
    key = hash(joined)
    before = met.get(key)
    if before is not None and b"\n".join(cast("list[bytes]", before)) == joined:
        return before
    lines = joined.split(b"\n")
    column = values.column(lines if len(lines) == len(raws) else list(map(bytes, raws)))
    if None not in column:
        met[key] = column
    return column


def _line_problems(
    decoder: msgspec.json.Decoder[Any], values: dict[str, Values], path: str, data: bytes
) -> Iterator[Problem]:
    """Read a bad file once more, line by line, to name every line that does not fit."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Problem(
                path, number, f"not a record: {error}", "collect the source again; records are not edited by hand"
            )
            continue
        for field, known in values.items():
            try:
                known[bytes(getattr(record, field))]
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                yield Problem(
                    path, number, f"`{field}` of `{record.id}`: {error}", "a field that is unknown is left out"
                )


def _refuse_twice(batches: list[Batch], files: list[tuple[str, str]], problems: list[Problem]) -> None:
    """One source, one kind, one id: a second record under it would be another subject in disguise."""
    if sum(len(batch.ids) for batch in batches) == len({identifier for batch in batches for identifier in batch.ids}):
        return
    places: dict[str, list[int]] = {}
    for batch in batches:
        for identifier, origin in zip(batch.ids, batch.origins, strict=True):
            places.setdefault(identifier, []).append(origin)
    for identifier in sorted(places):
        first, *others = sorted(places[identifier])
        for origin in others:
            problems.append(
                Problem(
                    files[origin >> 32][1],
                    origin & 0xFFFFFFFF,
                    f"`{identifier}` is already the id of {files[first >> 32][1]}:{first & 0xFFFFFFFF}",
                    "two subjects under one id; collect the source again",
                )
            )
