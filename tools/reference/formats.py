"""File formats: pages, and the JSON Schemas that editors use."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from plantproof.files import encode_json
from plantproof.model.formats import FORMATS, Format, schema_of
from plantproof.model.records import DECLARED_KINDS, DERIVED_KINDS, KINDS, Sighting
from plantproof.model.vocabulary import Method
from reference.markdown import code, codes, page, prose, summary, table


def schemas() -> dict[str, str]:
    """File name -> JSON Schema, as `plantproof schema NAME` prints it."""
    return {f"schemas/{name}.json": encode_json(schema_of(name), indent=2).decode() for name in sorted(FORMATS)}


def formats_page() -> str:
    rows = ((f"[{name}](#{name})", _where(form), f"[schema](schemas/{name}.json)") for name, form in FORMATS.items())
    return page(
        "File formats",
        "One definition each, in `src/plantproof/model/`; the [JSON Schemas](schemas/) are made from it, and\n"
        "`plantproof schema NAME` prints them. Unknown fields are mistakes. A file that people write begins with\n"
        "`schema: plantproof/<format>/1`. YAML is read strictly: no duplicate keys, tabs, anchors or tags.",
        table(["format", "where", "JSON Schema"], rows),
        *(_section(name) for name in FORMATS),
    )


def _section(name: str) -> str:
    form = FORMATS[name]
    own, definitions = _structs(schema_of(name))
    blocks = [
        f"## {name}",
        f"{_where(form)}. [JSON Schema](schemas/{name}.json).",
        _own_words(form.type),
    ]
    blocks.append(_fields(own))
    blocks += [f"### {name}: {inner}\n\n{_fields(value)}" for inner, value in definitions if "properties" in value]
    return "\n\n".join(block for block in blocks if block)


def _where(form: Format) -> str:
    return form.where if "`" in form.where else code(form.where)


def _own_words(struct: type) -> str:
    """The docstring of the type itself: an inherited one would speak of something else."""
    return summary(inspect.cleandoc(struct.__dict__.get("__doc__") or ""))


def _structs(schema: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    definitions = dict(schema.get("$defs", {}))
    own = definitions.pop(schema["$ref"].rsplit("/", 1)[-1]) if "$ref" in schema else schema
    return own, sorted(definitions.items())


def _fields(struct: dict[str, Any]) -> str:
    required = struct.get("required", [])
    rows = (
        (code(field), _type(value), "required" if field in required else _default(value))
        for field, value in struct.get("properties", {}).items()
    )
    return table(["field", "type", "default"], rows)


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    return "" if default in (None, "", [], {}) else code(msgspec.json.encode(default).decode())


def _type(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return code(value["$ref"].rsplit("/", 1)[-1])
    if "const" in value:
        return code(value["const"])
    if "enum" in value:
        return " or ".join(code(one) for one in value["enum"])
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_type(one) for one in value["anyOf"] if one.get("type") != "null"))
    if value.get("type") == "array":
        inner = _type(value["items"]) if isinstance(value.get("items"), dict) and value["items"] else "anything"
        return f"list of {inner}"
    if value.get("type") == "object":
        values = value.get("additionalProperties")
        return f"map to {_type(values)}" if isinstance(values, dict) and values else "map"
    limits = [
        f"{word} {value[key]}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("exclusiveMinimum", "over"))
        if key in value
    ]
    return " ".join([str(value.get("type", "anything")), *limits])


def evidence_kinds_page() -> str:
    sections = [
        f"## {kind}\n\n{_own_words(struct)}\n\n" + _fields(_structs(schema_of(f"record-{kind}"))[0])
        for kind, struct in KINDS.items()
    ]
    methods = ((code(method.word), "yes" if method.tested else "no") for method in Method)
    return page(
        "Kinds of evidence",
        "A source brings records of these kinds, one JSON object a line, under `evidence/<site>/<source>/records/`. A\n"
        "field that is absent is unknown; there is no null. Dates are ISO 8601 in UTC.",
        prose(
            f"A policy may also be about the declared kinds {codes(DECLARED_KINDS)} (from `controls/sites/`) and the "
            f"derived kind {codes(DERIVED_KINDS)}, which is computed and never stored."
        ),
        "## Methods",
        prose(
            "How a fact came to be known, strongest first. An observation is as strong as the weakest field it read."
        ),
        table(["method", "counts as tested"], methods),
        *sections,
        "## Sightings\n\n" + _own_words(Sighting) + "\n\n" + _fields(_structs(schema_of("sighting"))[0]),
    )
