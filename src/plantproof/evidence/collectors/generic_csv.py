"""Any table: a CSV whose columns a person mapped to the fields of one kind, in plantproof.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence.collectors import dates, reading, values
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Draft, Export, Unread, join
from plantproof.model import records
from plantproof.model.project_file import ColumnMapping, SourceSettings
from plantproof.model.settings import SETTING_KEYS
from plantproof.spelling import did_you_mean
from plantproof.text import shown

FORMAT = "csv"
TITLE = "Any table with a header, mapped in plantproof.yaml (CSV)"
TOOL = ""
KINDS = tuple(sorted(records.KINDS))
METHOD = "declared"

_ENDS = {"flow": ("src", "dst"), "incident": ("assets",), "change": ("assets",), "asset": ("parent",)}
"""Fields that name assets, by kind: the export has their names, the record their ids."""


def recognise(export: Export) -> int:
    """Never a claim: a table does not say what it means. 10 where it looks like one, to be named as a candidate."""
    lines = [line for line in export.data[:16_000].replace(b"\x00", b"").splitlines() if line.strip()][:2]
    if not lines or lines[0].lstrip().startswith((b"{", b"[", b"<")):
        return 0
    # A configuration has a comma in one line by chance; a table has its sign in the rows, too.
    return 10 if any(all(sign in line for line in lines) for sign in (b",", b";", b"\t")) else 0


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """One record a row. Raises `InputError` where the mapping or a column is missing, naming all of them."""
    mapping = settings.mapping
    if mapping is None:
        raise refuse(
            "a CSV needs a `mapping` of its columns to fields",
            "under `sites: <site>: sources: <source>:`, with kind, id and fields",
            path="plantproof.yaml",
        )
    readers = _readers(mapping, dates.zone(settings.time_zone))
    return join([_collect(export, mapping, readers, settings) for export in exports])


class Mistake(NamedTuple):
    """One mistake of a mapping, at a key of it."""

    key: tuple[str, ...]
    message: str
    hint: str


def mapping_mistakes(mapping: ColumnMapping) -> list[Mistake]:
    """What is wrong with a mapping whatever the export holds: `validate` asks before there is one."""
    if mapping.kind not in records.KINDS:
        message = f"`kind: {shown(mapping.kind)}` is no kind of record"
        return [Mistake(("kind",), message, did_you_mean(mapping.kind, KINDS) or f"there are: {', '.join(KINDS)}")]
    types = _types(mapping.kind)
    found = []
    parts = ("lists", "dates", "values", "constants", "fields")
    written = {field: (part, field) for part in parts for field in getattr(mapping, part)}
    for field in sorted(written.keys() - types.keys()):
        message = f"a record of kind {mapping.kind} has no field `{shown(field)}`"
        hint = did_you_mean(field, types) or f"there are: {', '.join(sorted(types))}"
        found.append(Mistake(written[field], message, hint))
    if not mapping.id and not (mapping.kind == "asset" and "names" in mapping.fields):
        message = "the mapping has no `id`: the columns that tell one row from another"
        found.append(Mistake((), message, "without it no finding keeps its identity"))
    return found


def _types(kind: str) -> dict[str, msgspec.inspect.Type]:
    info = msgspec.inspect.type_info(records.KINDS[kind])
    assert isinstance(info, msgspec.inspect.StructType)  # noqa: S101 - every kind is a Struct
    return {field.name: field.type for field in info.fields if field.name not in ("id", "method", "asset")}


def _readers(mapping: ColumnMapping, clock: tzinfo) -> dict[str, Callable[[str], Any]]:
    """For each mapped field the function from cell to value. Raises `InputError` with every mistake of the mapping."""
    mistakes = mapping_mistakes(mapping)
    if mistakes:
        raise InputError(*(Problem("plantproof.yaml", 0, each.message, each.hint) for each in mistakes))
    types = _types(mapping.kind)
    return {
        field: _reader(field, types[field], mapping, clock)
        for field in mapping.fields
        if field not in _ENDS.get(mapping.kind, ())
    }


def _reader(field: str, kind: Any, mapping: ColumnMapping, clock: tzinfo) -> Callable[[str], Any]:
    words = mapping.values.get(field, {})
    plain = _plain_reader(field, kind, mapping, clock)

    def read(cell: str) -> Any:
        return words[cell.strip()] if cell.strip() in words else plain(cell)

    return read


def _plain_reader(field: str, kind: Any, mapping: ColumnMapping, clock: tzinfo) -> Callable[[str], Any]:
    if isinstance(kind, msgspec.inspect.UnionType):
        return values.text
    if field in mapping.dates:
        return lambda cell: dates.by_format(cell, mapping.dates[field], clock)
    if isinstance(kind, msgspec.inspect.BoolType):
        return values.truth
    if isinstance(kind, msgspec.inspect.IntType):
        return values.whole
    if isinstance(kind, msgspec.inspect.FloatType):
        return _number
    if isinstance(kind, msgspec.inspect.ListType):
        return lambda cell: values.texts(cell, mapping.lists.get(field, ";"))
    if isinstance(kind, msgspec.inspect.StrType) and kind.pattern and "d{4}" in kind.pattern:
        return lambda cell: dates.iso(cell, None, clock)
    return values.text


def _number(cell: str) -> float | None:
    try:
        number = float(values.text(cell))
    except ValueError:
        return None
    return number if number - number == 0 else None


def _collect(
    export: Export, mapping: ColumnMapping, readers: dict[str, Callable[[str], Any]], settings: SourceSettings
) -> Collected:
    sheet = reading.sheet(export, mapping.delimiter, mapping.encoding)
    needed = [*mapping.id, *([mapping.asset] if mapping.asset else []), *mapping.fields.values()]
    reading.require_columns(export, sheet.columns, tuple(dict.fromkeys(needed)))
    unread = [Unread(export.name, line, what) for line, what in sheet.uneven]
    remarks = [
        Unread(export.name, row.line, f"formula in `{shown(column, 40)}`")
        for row in sheet.rows
        for column in row.formulas
    ]
    assets: dict[str, AssetDraft] = {}
    drafts: list[Draft] = []
    own: list[AssetDraft] = []
    for row in sheet.rows:
        fields, wrong = _fields(row, mapping, readers)
        local = "/".join(values.text(row.cells[column]) for column in mapping.id)
        if mapping.kind == "account":
            # Directories do not tell `Admin` from `admin`, and a register of accounts should find its account.
            local = local.lower()
        if wrong or (mapping.id and not local.strip("/")):
            unread.append(Unread(export.name, row.line, wrong or f"no value in `{shown(', '.join(mapping.id))}`"))
            continue
        ends = _ends(row, mapping, settings, export.name, assets)
        if mapping.kind == "asset":
            own.append(_asset(row, mapping, fields, local, export.name))
            continue
        host = values.text(row.cells[mapping.asset]) if mapping.asset else ""
        draft = Draft(
            mapping.kind,
            local,
            fields,
            export.name,
            asset=_refer(host, settings, export.name, row.line, assets),
            line=row.line,
            ends=ends,
        )
        drafts.append(draft)
    return Collected(
        assets=[*own, *assets.values()],
        drafts=drafts,
        unread=unread,
        secrets=[],
        remarks=remarks,
        rows={export.name: len(sheet.rows) + len(sheet.uneven)},
    )


def _fields(
    row: reading.Row, mapping: ColumnMapping, readers: dict[str, Callable[[str], Any]]
) -> tuple[dict[str, Any], str]:
    """The fields of a row, and why it cannot be read ("" where it can): a cell whose content is not understood."""
    fields: dict[str, Any] = dict(mapping.constants)
    for field, reader in readers.items():
        cell = row.cells[mapping.fields[field]]
        # What usually means "not known" may have been given a meaning: `None` in the column of a second factor.
        if not values.text(cell) and cell.strip() not in mapping.values.get(field, {}):
            continue
        value = reader(cell)
        if value is None or value in ("", []):
            return (
                {},
                f"`{shown(mapping.fields[field], 40)}`: {shown(cell, 40)} is not understood as {field}",
            )
        fields[field] = value
    if mapping.kind == "setting":
        wanted = SETTING_KEYS.get(str(fields.get("key")))
        value = fields.get("value")
        if wanted is not None and isinstance(value, str):
            typed = _typed(wanted.type, value, mapping.lists.get("value", ";"))
            if typed is None:
                return {}, f"`{shown(value, 40)}` is no {wanted.type}"
            fields["value"] = typed
    return fields, ""


def _typed(wanted: str, value: str, separator: str) -> Any:
    """A setting's cell as its key wants it (model/settings.py); None where it is no such value."""
    if wanted == "boolean":
        return values.truth(value)
    if wanted == "integer":
        return values.whole(value)
    return values.texts(value, separator) if wanted == "strings" else value


def _asset(row: reading.Row, mapping: ColumnMapping, fields: dict[str, Any], local: str, raw: str) -> AssetDraft:
    keys = [AssetKey("id", local)] if mapping.id else []
    if fields.get("vendor") and fields.get("serial"):
        keys.append(AssetKey("serial", f"{fields['vendor']}/{fields['serial']}"))
    names = [str(name) for name in fields.get("names", [])]
    keys += [AssetKey("name", name) for name in names]
    macs, ips = list(map(values.mac, fields.get("macs", []))), list(map(values.ip, fields.get("ips", [])))
    keys += [AssetKey("mac", mac) for mac in macs if mac] + [AssetKey("ip", ip) for ip in ips if ip]
    return AssetDraft(local or (names[0] if names else f"line {row.line}"), keys, fields, raw, line=row.line)


def _ends(
    row: reading.Row, mapping: ColumnMapping, settings: SourceSettings, raw: str, assets: dict[str, AssetDraft]
) -> dict[str, str | Sequence[str]]:
    ends: dict[str, str | Sequence[str]] = {}
    for field in _ENDS.get(mapping.kind, ()):
        if field not in mapping.fields:
            continue
        named = values.texts(row.cells[mapping.fields[field]], mapping.lists.get(field, ";"))
        locals_ = [local for name in named if (local := _refer(name, settings, raw, row.line, assets))]
        if locals_:
            ends[field] = locals_ if field == "assets" else locals_[0]
    return ends


def _refer(host: str, settings: SourceSettings, raw: str, line: int, assets: dict[str, AssetDraft]) -> str | None:
    if not host:
        return None
    name = settings.assets.get(host, host)
    assets.setdefault(name, AssetDraft(f"name:{name}", [AssetKey("name", name)], {}, raw, line=line, refers=True))
    return f"name:{name}"
