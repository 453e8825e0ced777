"""Every mistake of a value against its type, in words: called only on what msgspec refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import jsonschema
import msgspec

from plantproof.spelling import did_you_mean
from plantproof.text import visible

_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "fields (name: value)",
    "null": "nothing",
}


class Mistake(NamedTuple):
    """`pointer` leads to what is wrong; `at_key`: the key is, not its value."""

    pointer: tuple[str | int, ...]
    message: str
    hint: str = ""
    at_key: bool = False


def explain(value: Any, wanted: Any, verdict: str) -> list[Mistake]:
    """All mistakes of `value` against the type `wanted`. `verdict` is what msgspec said: where jsonschema finds nothing
    (the two may read a pattern differently), that is the mistake."""
    schema = msgspec.json.schema(wanted)
    validator = jsonschema.Draft202012Validator(schema)
    found = {mistake for error in validator.iter_errors(value) for mistake in _mistakes(error, validator)}
    mistakes = sorted(found, key=lambda mistake: ([_rank(step) for step in mistake.pointer], mistake.message))
    return mistakes or [_from_verdict(verdict)]


def _rank(step: str | int) -> str:
    return f"{step:09}" if isinstance(step, int) else step


def _mistakes(error: Any, validator: Any) -> Iterator[Mistake]:
    pointer = tuple(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_fields(error, pointer)
        case "required":
            yield from _missing_field(error, pointer)
        case "anyOf":
            yield from _of_best_branch(error, validator)
        case "type":
            yield _wrong_type(error, pointer)
        case _:
            yield Mistake(pointer, _sentence(error), _hint(error))


def _unknown_fields(error: Any, pointer: tuple[str | int, ...]) -> Iterator[Mistake]:
    known = sorted(error.schema.get("properties", {}))
    missing = [name for name in known if name not in error.instance]
    for name in error.instance:
        if name in known:
            continue
        hint = did_you_mean(str(name), missing) or did_you_mean(str(name), known) or f"known here: {', '.join(known)}"
        yield Mistake((*pointer, name), f"unknown field `{_short(name)}`", hint, at_key=True)


def _missing_field(error: Any, pointer: tuple[str | int, ...]) -> Iterator[Mistake]:
    # jsonschema reports each missing field apart, named first in its message.
    for name in error.validator_value:
        if name not in error.instance and error.message.startswith(repr(name)):
            yield Mistake(pointer, f"the field `{name}` is missing")


def _of_best_branch(error: Any, validator: Any) -> Iterator[Mistake]:
    """Of several forms that a value may have, the one it was meant to have: that of its own JSON type."""
    branches: dict[int, list[Any]] = {}
    for child in error.context:
        branches.setdefault(child.schema_path[0], []).append(child)
    here = len(error.absolute_path)
    fitting = [
        children
        for _, children in sorted(branches.items())
        if not any(child.validator == "type" and len(child.absolute_path) == here for child in children)
    ]
    if fitting:
        best = min(fitting, key=len)
        for child in best:
            yield from _mistakes(child, validator)
        return
    expected = sorted({word for children in branches.values() for child in children for word in _type_words(child)})
    yield _unexpected(tuple(error.absolute_path), expected, error.instance)


def _type_words(error: Any) -> Iterable[str]:
    wanted = error.validator_value if error.validator == "type" else []
    return [_WORDS.get(word, word) for word in ([wanted] if isinstance(wanted, str) else wanted)]


def _wrong_type(error: Any, pointer: tuple[str | int, ...]) -> Mistake:
    return _unexpected(pointer, list(_type_words(error)), error.instance)


def _unexpected(pointer: tuple[str | int, ...], expected: list[str], value: Any) -> Mistake:
    return Mistake(pointer, f"expected {' or '.join(expected)}, found {_found(value)}", _quote_hint(value, expected))


def _found(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"the text `{_short(value)}`"
        case int() | float():
            return f"the number `{value}`"
        case list():
            return "a list"
        case _:
            return "fields (name: value)"


def _short(value: Any) -> str:
    text = visible(str(value))  # a value may hold escapes that a terminal would obey
    return text if len(text) <= 60 else text[:57] + "..."


def _quote_hint(value: Any, expected: list[str]) -> str:
    if "text" in expected and isinstance(value, (bool, int, float)):
        return f'quote it: "{str(value).lower() if isinstance(value, bool) else value}"'
    if value is None:
        return "give a value, or remove the field"
    if isinstance(value, str) and not {"a number", "a whole number", "true or false"}.isdisjoint(expected):
        return "without quotes" if re.fullmatch(r"-?[0-9.]+|true|false", value) else ""
    return ""


def _sentence(error: Any) -> str:
    shown, limit = _short(error.instance), error.validator_value
    match error.validator:
        case "enum" | "const":
            return f"`{shown}` is none of the words that may stand here"
        case "minimum" | "exclusiveMinimum":
            return f"{shown} is too small"
        case "maximum" | "exclusiveMaximum":
            return f"{shown} is too large"
        case "minLength" | "maxLength":
            return f"the text has {len(error.instance)} characters"
        case "minItems" | "maxItems":
            return f"the list has {len(error.instance)} items"
        case "pattern":
            return f"`{shown}` has not the form that is wanted here"
        case _:
            return f"`{shown}` does not fit: {error.validator} {limit}"


def _hint(error: Any) -> str:
    limit = error.validator_value
    match error.validator:
        case "enum" | "const":
            words = [str(word) for word in (limit if isinstance(limit, list) else [limit])]
            return did_you_mean(str(error.instance), words) or f"one of: {', '.join(words)}"
        case "minimum" | "minLength" | "minItems":
            return f"at least {limit}"
        case "maximum" | "maxLength" | "maxItems":
            return f"at most {limit}"
        case "exclusiveMinimum":
            return f"more than {limit}"
        case "exclusiveMaximum":
            return f"less than {limit}"
        case "pattern":
            dated = limit.startswith(r"^\d{4}-\d{2}")
            return "a date: 2026-01-31 or 2026-01-31T12:00:00Z, in UTC" if dated else f"the pattern is {limit}"
        case _:
            return ""


def _from_verdict(verdict: str) -> Mistake:
    """msgspec's own words, `Expected ... - at `$.zones[0].id``."""
    message, _, where = verdict.partition(" - at `$")
    pointer = tuple(int(index) if index else name for name, index in re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", where))
    return Mistake(pointer, visible(message[:1].lower() + message[1:]))
