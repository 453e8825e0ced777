"""YAML and JSON to typed values, and back. Whatever is wrong in a file is told at once, each mistake with its line.

msgspec decides whether a value fits its type, but stops at the first mistake: jsonschema explains what it refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.text import visible
from plantproof.yaml_events import Marked, Place, decode, emit, read_events

T = TypeVar("T")
Pointer = Sequence[str | int]

_EXPLAINED_LINES = 50


class YamlDocument:
    """One YAML file as read: its `value` in builtin types, and where each part of it stands."""

    def __init__(self, path: str, marked: Marked) -> None:
        self.path = path
        self.value: Any = marked.value
        self._marked = marked

    def place_of(self, pointer: Pointer, *, key: bool = False) -> Place:
        """Line and column of the value that `pointer` leads to (of its key, with `key`), or of the nearest to it."""
        container: Any = self.value
        place = self._marked.start
        for step in pointer:
            places = self._marked.places.get(id(container), {})
            if step not in places:
                break
            place = places[step][0 if key else 1]
            container = container[step]
        return place

    def line_of(self, pointer: Pointer) -> int:
        """The line of the key or list item that `pointer` leads to."""
        return self.place_of(pointer, key=True).line

    def problem(self, pointer: Pointer, message: str, hint: str = "") -> Problem:
        """A problem at the value that `pointer` leads to."""
        place = self.place_of(pointer)
        return Problem(self.path, place.line, message, hint, place.column)

    def convert(self, type: type[T]) -> T:  # noqa: A002  the name that callers read
        """The value as `type`. Raises `InputError` with every mistake."""
        try:
            return msgspec.convert(self.value, type, strict=True)
        except msgspec.ValidationError as error:
            problems = self._explain(type, error)
            raise InputError(*sorted(problems, key=lambda problem: (problem.line, problem.column))) from None

    def _explain(self, wanted: Any, error: Exception) -> Iterable[Problem]:
        from plantproof.explain_schema import explain  # jsonschema costs 100 ms and is needed for mistakes only

        for mistake in explain(self.value, wanted, str(error)):
            place = self.place_of(mistake.pointer, key=mistake.at_key)
            yield Problem(self.path, place.line, mistake.message, mistake.hint, place.column)


def parse_yaml(data: bytes, path: str) -> YamlDocument:
    """One YAML file in the strict subset of `yaml_events`. Raises `InputError` with every mistake of form."""
    text, problems = decode(data, path)
    marked = None
    if not problems:
        marked, problems = read_events(text, path)
    if marked is None:
        raise InputError(*problems)
    return YamlDocument(path, marked)


def load_yaml(data: bytes, path: str, type: type[T]) -> T:  # noqa: A002  the name that callers read
    """One YAML file as `type`. Raises `InputError` with every mistake, each with line, column and a hint."""
    return parse_yaml(data, path).convert(type)


def load_json(data: bytes, path: str, type: type[T]) -> T:  # noqa: A002  the name that callers read
    """One JSON file as `type`. Raises `InputError` with every mistake."""
    try:
        return msgspec.json.decode(data, type=type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(*_json_problems(data, path, type, error, first_line=1)) from None


def load_lines(data: bytes, path: str, type: type[T]) -> list[T]:  # noqa: A002  the name that callers read
    """A file of one JSON value a line. Raises `InputError` with the mistakes of every line."""
    decoder = msgspec.json.Decoder(type)
    try:
        if not data.endswith(b"\n") and data:
            raise msgspec.DecodeError("the last line does not end")
        return decoder.decode_lines(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError(*_line_problems(data, path, type, decoder)) from None


def _line_problems(data: bytes, path: str, wanted: Any, decoder: msgspec.json.Decoder[Any]) -> list[Problem]:
    lines = data.split(b"\n")
    problems: list[Problem] = []
    broken = 0
    if lines[-1]:
        problems.append(
            Problem(path, len(lines), "the last line does not end: the file is cut off", "bring the whole file")
        )
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            broken += 1
            if broken <= _EXPLAINED_LINES:
                problems.extend(_json_problems(line, path, wanted, error, first_line=number))
            else:
                # jsonschema takes half a millisecond a line: where all are wrong, the first mistake of each will do.
                problems.append(Problem(path, number, _sentence(str(error))))
    return problems


def _json_problems(data: bytes, path: str, wanted: Any, error: Exception, *, first_line: int) -> list[Problem]:
    if isinstance(error, msgspec.ValidationError):
        try:
            value = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as deeper:
            error = deeper
        else:
            from plantproof.explain_schema import explain

            return [
                Problem(path, first_line, f"{_where(mistake.pointer)}{mistake.message}", mistake.hint)
                for mistake in explain(value, wanted, str(error))
            ]
    if isinstance(error, RecursionError):
        return [Problem(path, first_line, "nested too deep", "nothing in a project is that deep")]
    if isinstance(error, UnicodeDecodeError):
        return [Problem(path, first_line, "not UTF-8", "save the file as UTF-8")]
    found = re.search(r"\(byte (\d+)\)", str(error))
    before = data[: int(found.group(1))] if found else b""
    line = first_line + before.count(b"\n")
    column = len(before) - (before.rfind(b"\n") + 1) + 1 if found else 0
    return [Problem(path, line, _sentence(str(error)), "the file is not JSON, or was cut off", column)]


def _where(pointer: Pointer) -> str:
    return f"`{visible('/'.join(str(step) for step in pointer))}`: " if pointer else ""


def _sentence(text: str) -> str:
    return visible(text[:1].lower() + text[1:] if text[:4] != "JSON" else text)


def encode_json(value: Any, indent: int = 0) -> bytes:
    """Canonical JSON: keys sorted; on one line, or indented with a newline at the end. Equal values, equal bytes."""
    data = msgspec.json.encode(value, order="sorted")
    return msgspec.json.format(data, indent=indent) + b"\n" if indent else data


def dump_yaml(value: Any) -> bytes:
    """Canonical YAML in block style, fields in the order of their type, keys of mappings sorted; `load_yaml` reads it.

    Raises `TypeError` for what has no unambiguous form (infinity, whole numbers beyond 64 bits).
    """
    plain = msgspec.to_builtins(value, str_keys=True, order="deterministic")
    return ("\n".join(emit(plain)) + "\n").encode("utf-8")
