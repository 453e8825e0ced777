"""The shapes in which NetBox data comes, brought to one: rows as the REST API nests them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence.collectors import reading, values
from plantproof.evidence.collectors.pages import Page, incomplete, page
from plantproof.evidence.collectors.protocol import Export, Unread
from plantproof.text import shown

_PARTS = {"devices": "device", "interfaces": "interface", "ip_addresses": "address", "ip-addresses": "address"}
_LOOKED_UP = {
    "device_type": "dcim.devicetype", "manufacturer": "dcim.manufacturer", "role": "dcim.devicerole",
    "device_role": "dcim.devicerole", "platform": "dcim.platform", "site": "dcim.site", "tenant": "tenancy.tenant",
    "untagged_vlan": "ipam.vlan", "primary_ip4": "ipam.ipaddress", "primary_ip6": "ipam.ipaddress",
    "oob_ip": "ipam.ipaddress", "assigned_object_type": "contenttypes.contenttype",
}  # fmt: skip
_MODELS = {"dcim.device": "device", "dcim.interface": "interface", "ipam.ipaddress": "address"}


class Row(NamedTuple):
    value: dict[str, Any]
    raw: str
    line: int
    pointer: str


class Tables(NamedTuple):
    """`devices` by local (`device/<id>`), `interfaces` and `addresses` by id."""

    devices: dict[str, Row]
    interfaces: dict[str, Row]
    addresses: dict[str, Row]
    unread: list[Unread]
    rows: dict[str, int]


def read_tables(exports: Sequence[Export]) -> Tables:
    """All exports as tables. Raises `InputError` for what is no NetBox JSON, for lists that are not complete, and for
    two rows of one kind under one id."""
    tables = Tables({}, {}, {}, [], {})
    pages: list[Page] = []
    problems: list[Problem] = []
    for export in exports:
        found = _rows(export, tables.unread, pages)
        tables.rows[export.name] = len(found) + sum(one.count for one in tables.unread if one.raw == export.name)
        for kind, row in found:
            if kind != "part":
                _place(tables, kind, row, problems)
    problems = problems or incomplete(pages, "export every page (`limit=0`), or collect all pages together")
    if problems:
        raise InputError(*problems)
    return tables


def _place(tables: Tables, kind: str, row: Row, problems: list[Problem]) -> None:
    own = values.text(row.value.get("id"))
    if not own:
        tables.unread.append(Unread(row.raw, row.line, f"a {kind} without `id`"))
        return
    table = {"device": tables.devices, "interface": tables.interfaces, "address": tables.addresses}[kind]
    name = f"device/{own}" if kind == "device" else own
    if name in table and table[name].value != row.value:
        several = "addresses" if kind == "address" else f"{kind}s"
        problems.append(
            Problem(
                row.raw,
                row.line,
                f"two {several} have the id {shown(own, 40)}; one is at {table[name].raw}:{table[name].line}",
                "export again: an id belongs to one row",
            )
        )
    table.setdefault(name, row)


def _rows(export: Export, unread: list[Unread], pages: list[Page]) -> list[tuple[str, Row]]:
    value = reading.json_value(export)
    if isinstance(value, list):
        elements = reading.json_elements(export)
        if any(isinstance(one.value, dict) and "model" in one.value and "fields" in one.value for one in elements):
            return _fixture(export, elements, unread)
        return _rest(export, elements, unread)
    if not isinstance(value, dict):
        raise refuse(
            "this is no list of NetBox", "the answer of /api/dcim/devices/, or a fixture dump", path=export.name
        )
    if isinstance(value.get("results"), list):
        elements = reading.json_elements(export, "results")
        found = _rest(export, elements, unread)
        kinds = Counter(kind for kind, _ in found)
        kind = kinds.most_common(1)[0][0] if kinds else ""
        pages.append(page(export.name, kind, value.get("count"), (one.value for one in elements)))
        return found
    found = []
    for part, kind in _PARTS.items():
        inner = value.get(part)
        if isinstance(inner, dict) and isinstance(inner.get("results"), list):
            pages.append(page(export.name, kind, inner.get("count"), inner["results"]))
            inner = inner["results"]
            found += _plain(export, kind, inner, f"/{part}/results", unread)
        elif isinstance(inner, list):
            for element in reading.json_elements(export, part):
                found += _plain(export, kind, [element.value], element.pointer, unread, element.line)
    if not found and not any(part in value for part in _PARTS):
        raise refuse("there are no `results`, `devices`, `interfaces` or `ip_addresses` in it", path=export.name)
    return found


def _plain(
    export: Export, kind: str, rows: Sequence[object], pointer: str, unread: list[Unread], line: int = 0
) -> list[tuple[str, Row]]:
    found = []
    for index, row in enumerate(rows):
        where = pointer if line else f"{pointer}/{index}"
        if isinstance(row, dict):
            found.append((kind, Row(row, export.name, line, where)))
        else:
            unread.append(Unread(export.name, line, f"{shown(where)} is no object"))
    return found


def _rest(export: Export, elements: Sequence[reading.Element], unread: list[Unread]) -> list[tuple[str, Row]]:
    found = []
    for value, line, pointer in elements:
        kind = _kind(value)
        if kind:
            found.append((kind, Row(value, export.name, line, pointer)))
        else:
            unread.append(Unread(export.name, line, "a row that is no device, interface or address"))
    return found


def _kind(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    # A template of a device type names its type too. Of all lists only those of parts and templates have a `label`.
    if "device_type" in value and "label" not in value:
        return "device"
    if "address" in value and ("assigned_object_id" in value or "assigned_object" in value or "interface" in value):
        return "address"
    # Power, console and patch panel ports have device, name and type as well, and ids that interfaces also have.
    switched = "enabled" in value or "mgmt_only" in value
    return "interface" if switched and "device" in value and "name" in value and "type" in value else ""


def _fixture(export: Export, elements: Sequence[reading.Element], unread: list[Unread]) -> list[tuple[str, Row]]:
    """Rows of a fixture dump, keys resolved. Rows that only others refer to (types, tenants) are part of those."""
    by_model: dict[str, dict[Any, dict[str, Any]]] = defaultdict(dict)
    whole: list[tuple[str, dict[str, Any], int, str]] = []
    for value, line, pointer in elements:
        fields = value.get("fields") if isinstance(value, dict) else None
        key = value.get("pk") if isinstance(value, dict) else None
        if not isinstance(fields, dict) or not isinstance(key, (int, str)):
            unread.append(Unread(export.name, line, "a row without `model`, `pk` and `fields`"))
            continue
        model = str(value.get("model"))
        row = {**fields, "id": key}
        by_model[model][key] = row
        whole.append((model, row, line, pointer))
    found: list[tuple[str, Row]] = []
    others: Counter[str] = Counter()
    first: dict[str, int] = {}
    for model, row, line, pointer in whole:
        if model in _MODELS:
            found.append((_MODELS[model], Row(_resolved(row, by_model, 2), export.name, line, pointer)))
        elif model not in _LOOKED_UP.values():
            others[model] += 1
            first.setdefault(model, line)
    unread += [
        Unread(export.name, first[model], f"{shown(model, 60)}: a kind of row that is not read", count)
        for model, count in sorted(others.items())
    ]
    looked_up = sum(len(by_model[model]) for model in set(_LOOKED_UP.values()) - set(_MODELS))
    # Rows that are only looked up are part of the records that refer to them: they count as read.
    found += [("part", Row({}, export.name, 0, ""))] * looked_up
    return found


def _resolved(row: dict[str, Any], by_model: dict[str, dict[Any, dict[str, Any]]], depth: int) -> dict[str, Any]:
    value = dict(row)
    for key, model in _LOOKED_UP.items():
        target = value.get(key)
        if depth and isinstance(target, (int, str)) and target in by_model.get(model, {}):
            value[key] = _resolved(by_model[model][target], by_model, depth - 1)
    return value
