"""YAML as people may write it in a project: a strict subset, read from libyaml's events with line and column kept.

Refused, each with its place and the way out: duplicate keys, tabs, anchors, aliases, tags, merge keys, several
documents, nesting deeper than `MAX_DEPTH`, control characters, and plain scalars that readers of YAML disagree about
(`NO`, `010`, `1.10`, `12:30:45`). No recursion: a file of 10,000 brackets is a mistake like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import yaml

from plantproof.errors import Problem
from plantproof.text import visible

MAX_DEPTH = 64
MAX_BYTES = 32 * 1024 * 1024

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Line breaks that libyaml honours and editors do not would falsify line numbers; the bidirectional controls make a
# line read differently from what it says.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)
_INTEGER = re.compile(r"-?[1-9][0-9]{0,18}|0")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[-+][0-9]+)?")
_NUMERIC = re.compile(  # whatever YAML 1.1 or 1.2 takes for a number
    r"[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-fA-F_]+"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NUMERIC_START = frozenset("0123456789+-.")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_AMBIGUOUS_WORDS = frozenset(
    form
    for word in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    for form in (word, word.title(), word.upper())
    if form not in _WORDS
) | {"=", "<<"}


class Place(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class Marked(NamedTuple):
    """What the events gave: the value, and by `id` of each container the places of key and value, by key or index."""

    value: Any
    places: dict[int, dict[str | int, tuple[Place, Place]]]
    start: Place


def resolve_plain(text: str) -> Any:
    """What an unquoted scalar means, or `msgspec.UNSET` where readers of YAML disagree and it has to be quoted."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMERIC_START and _NUMERIC.fullmatch(text):
        if _INTEGER.fullmatch(text):
            number = int(text)
            return number if -(2**63) <= number < 2**63 else msgspec.UNSET
        if _FLOAT.fullmatch(text) and repr(float(text)) == text:
            return float(text)
        return msgspec.UNSET
    return msgspec.UNSET if text in _AMBIGUOUS_WORDS else text


def decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """The text of a YAML file, with a problem for each thing that it may not hold (a byte order mark it may)."""
    if len(data) > MAX_BYTES:
        return "", [
            Problem(path, 0, f"the file has {len(data)} bytes", f"YAML is for people: at most {MAX_BYTES} bytes")
        ]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return "", [
            Problem(path, line, f"the byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8", column)
        ]
    return text, [_forbidden(path, text, match) for match in _FORBIDDEN.finditer(text)]


def _forbidden(path: str, text: str, match: re.Match[str]) -> Problem:
    at = match.start()
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    if match.group() == "\t":
        return Problem(path, line, "a tab", 'indent with spaces; within text write "\\t" in double quotes', column)
    code = ord(match.group())
    return Problem(
        path, line, f"the character U+{code:04X} may not stand here", f'write "\\u{code:04x}" in double quotes', column
    )


def read_events(text: str, path: str) -> tuple[Marked | None, list[Problem]]:
    """The value of one YAML document with the places of everything in it, and every mistake of form."""
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = visible(" ".join(part for part in (error.context, error.problem) if part)) or "not YAML"
        builder.problems.append(Problem(path, line, what, _hint_on_syntax(text, line), column))
    except yaml.YAMLError as error:
        builder.problems.append(Problem(path, 0, visible(" ".join(str(error).split()))))
    if not builder.problems and not builder.documents:
        builder.problems.append(Problem(path, 0, "the file is empty"))
    if builder.problems:
        return None, builder.problems
    return Marked(builder.value, builder.places, builder.start), []


def _hint_on_syntax(text: str, line: int) -> str:
    rows = text.split("\n", line)
    row = rows[line - 1] if 0 < line <= len(rows) else ""
    if re.search(r":\s+[^\s\"'\[{|>&*!#].*:\s", row) or re.search(r":\s+[@`%]", row):
        return "put the text after the colon in quotes"
    return "check the indentation, quotes and brackets on this line and the one before"


class _Builder:
    """Turns events into values. Holds the open containers in a list, so depth costs memory and not stack."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.places: dict[int, dict[str | int, tuple[Place, Place]]] = {}
        self.value: Any = None
        self.start = Place(1, 1)
        self.documents = 0
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[tuple[str, Place] | None] = []

    def take(self, event: Any) -> bool:
        """Take one event; False where reading on makes no sense."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._enter(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._open.pop()
            self._keys.pop()
        elif kind is yaml.AliasEvent:
            self._problem(event, f"an alias (*{event.anchor})", "write the value out")
            self._add(None, Place(event.start_mark.line + 1, event.start_mark.column + 1))
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self._problem(event, "a second document", "one document a file: remove the line `---`")
                return False
        return True

    def _problem(self, event: Any, message: str, hint: str) -> None:
        mark = event.start_mark
        self.problems.append(Problem(self.path, mark.line + 1, message, hint, mark.column + 1))

    def _plain_node(self, event: Any) -> None:
        if event.anchor is not None:
            self._problem(event, f"an anchor (&{event.anchor})", "write the value out where it is needed")
        if event.tag is not None:
            self._problem(
                event, f"a tag ({visible(event.tag)})", "remove it; text that looks like something else goes in quotes"
            )

    def _scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._plain_node(event)
        text = event.value
        mark = event.start_mark
        place = Place(mark.line + 1, mark.column + 1)
        plain = event.implicit[0]
        if self._open and type(self._open[-1]) is dict and self._keys[-1] is None:
            self._key(event, text, plain, place)
            return
        if plain:
            value = resolve_plain(text)
            if value is msgspec.UNSET:
                self._problem(event, f"`{text}` means different things to different readers", f'quote it: "{text}"')
        else:
            value = text
        self._add(value, place)

    def _key(self, event: Any, text: str, plain: bool, place: Place) -> None:
        # A key is always the text as written, so nothing is ambiguous about it; only merging and nothing are no keys.
        container: Any = self._open[-1]
        if plain and text in ("", "~", "null", "<<"):
            what = "a merge key" if text == "<<" else "a key without a name"
            self._problem(event, what, "write the fields out" if text == "<<" else "name the field")
        elif text in container:
            first = self.places[id(container)][text][0].line
            self._problem(event, f"`{visible(text)}` stands here twice", f"first in line {first}; keep one of them")
        self._keys[-1] = (text, place)

    def _enter(self, event: Any, container: dict[str, Any] | list[Any]) -> bool:
        if event.anchor is not None or event.tag is not None:
            self._plain_node(event)
        place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        if len(self._open) >= MAX_DEPTH:
            self._problem(event, f"nested deeper than {MAX_DEPTH} levels", "nothing in a project is that deep")
            return False
        if self._open and type(self._open[-1]) is dict and self._keys[-1] is None:
            self._problem(event, "a key that is no text", "a key is one word or a text in quotes")
            return False
        self._add(container, place)
        self.places[id(container)] = {}
        self._open.append(container)
        self._keys.append(None)
        return True

    def _add(self, value: Any, place: Place) -> None:
        if not self._open:
            self.value, self.start = value, place
            return
        container = self._open[-1]
        places = self.places[id(container)]
        if type(container) is list:
            places[len(container)] = (place, place)
            container.append(value)
            return
        key = self._keys[-1]
        if key is None:  # an alias in the place of a key: reported already
            self._keys[-1] = ("", place)
            return
        places.setdefault(key[0], (key[1], place))
        container.setdefault(key[0], value)  # type: ignore[union-attr]  # a list was handled above
        self._keys[-1] = None


# --- writing ----------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[A-Za-z0-9_/(][A-Za-z0-9_./()+,;@%='-]*(?: [A-Za-z0-9_./()+,;@%='&*!?>|-]+)*")
_BLOCK = re.compile(r"(?:[^\s#](?:[^\n]*[^\s])?\n)+(?:[^\s#](?:[^\n]*[^\s])?)?")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile('[\\\\"\n\r]|' + _FORBIDDEN.pattern)


def emit(value: Any) -> Iterator[str]:
    """The lines of a value of builtin types, in block style; quoted is whatever would not be read back as it is."""
    if isinstance(value, (dict, list)) and value:
        yield from _emit_container(value, "")
    else:
        yield _scalar_text(value)


def _emit_container(value: dict[str, Any] | list[Any], indent: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)) and item:
                # The first line of the item shares the line of its dash.
                lines = _emit_container(item, indent + "  ")
                yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
                yield from lines
            else:
                yield from _emit_scalar(f"{indent}-", item, indent)
        return
    for key, item in value.items():
        name = _key_text(key)
        # libyaml reads a key on one line only up to 1,024 characters.
        head = f"{indent}{name}:" if len(name) < 500 else f"{indent}? {name}\n{indent}:"
        if isinstance(item, (dict, list)) and item:
            yield head
            yield from _emit_container(item, indent + "  ")
        else:
            yield from _emit_scalar(head, item, indent)


def _emit_scalar(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, str) and "\r" not in value and not _FORBIDDEN.search(value) and _BLOCK.fullmatch(value):
        yield f"{head} |" if value.endswith("\n") else f"{head} |-"
        for line in value.removesuffix("\n").split("\n"):
            yield f"{indent}  {line}"
    else:
        yield f"{head} {_scalar_text(value)}"


def _key_text(key: str) -> str:
    return key if _PLAIN.fullmatch(key) and resolve_plain(key) == key else _quoted(key)


def _scalar_text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and resolve_plain(value) == value else _quoted(value)
    if isinstance(value, (dict, list)):
        return "[]" if isinstance(value, list) else "{}"
    text = repr(value)
    if isinstance(value, (int, float)) and resolve_plain(text) == value:
        return text
    raise TypeError(f"{text} has no form in YAML that every reader reads alike")


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda match: _escape(match.group()), text) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
