"""Rego as a tree: parsed by the engine in its worker, read here. Positions are those of the file, from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import Problem
from plantproof.policies.worker import WorkerFailed, Workers

TAB = 4
"""The engine counts a tab as four columns."""

DEEPEST = 100
_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|[][(){}]')

_PLACE = re.compile(r"-->\s(?P<path>.*):(?P<line>\d+):(?P<column>\d+)\n")


class Rule(NamedTuple):
    """One definition of a rule or function. `key` is the term of a partial set (`violations contains v` -> `v`)."""

    name: str
    kind: str
    arguments: tuple[Any, ...]
    key: Any
    node: Any
    offset: int


class Reference(NamedTuple):
    """`root.part.part`, with None for a part that is not a literal string. `offset` is the byte offset of its root."""

    root: str
    parts: tuple[str | None, ...]
    offset: int


class Module(NamedTuple):
    """One parsed file. `imports` maps the local name to the dotted path (`data.lib.dates`, `rego.v1`)."""

    path: str
    source: str
    package: str
    package_offset: int
    imports: dict[str, str]
    rules: tuple[Rule, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (in characters) of a byte offset."""
        before = self.source.encode()[:offset]
        line = before.count(b"\n") + 1
        return line, len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1

    @property
    def names(self) -> frozenset[str]:
        """The rules and functions that the file defines."""
        return frozenset(rule.name for rule in self.rules)


def parse_modules(sources: Mapping[str, str], workers: Workers) -> tuple[dict[str, Module], list[Problem]]:
    """Parse every file by itself: modules by path, and one problem for each file that is not Rego."""
    deep = {path for path in sources if too_deep(sources[path])}
    ordered = [[path, sources[path]] for path in sorted(sources) if path not in deep]
    if not ordered:
        return {}, [Problem(path, 1, "is nested too deeply") for path in sorted(deep)]
    try:
        answers = [_decode(workers.call({"operation": "parse", "modules": ordered}))]
    except (WorkerFailed, msgspec.DecodeError, RecursionError):
        answers = [_parse_alone(path, source, workers) for path, source in ordered]
    modules: dict[str, Module] = {}
    problems = [Problem(path, 1, "is nested too deeply") for path in sorted(deep)]
    for path, tree, error in (row for answer in answers for row in answer):
        if error:
            problems.append(_problem(path, sources[path], error))
            continue
        try:
            modules[path] = _module(path, sources[path], tree[0]["ast"])
        except RecursionError:
            problems.append(Problem(path, 1, "is nested too deeply"))
    return modules, problems


def too_deep(source: str) -> bool:
    """Whether brackets are nested deeper than any policy needs: the engine takes minutes over them, or dies of them."""
    if sum(map(source.count, "([{")) <= DEEPEST:
        return False
    depth = 0
    for token in _BRACKETS.finditer(source):
        if token.group() in ("(", "[", "{"):
            depth += 1
        elif token.group() in (")", "]", "}"):
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def _decode(answer: bytes) -> list[list[Any]]:
    value = msgspec.json.decode(answer)
    if not isinstance(value, list):
        raise msgspec.DecodeError("not a list")
    return value


def _parse_alone(path: str, source: str, workers: Workers) -> list[list[Any]]:
    # The file that ends the worker must be named, and must not take the others with it.
    try:
        return _decode(workers.call({"operation": "parse", "modules": [[path, source]]}))
    except WorkerFailed as error:
        return [[path, None, f"error: cannot be parsed: {error.detail}"]]
    except (msgspec.DecodeError, RecursionError):
        return [[path, None, "error: is nested too deeply"]]


def _problem(path: str, source: str, error: str) -> Problem:
    message = error.rsplit("error: ", 1)[-1].strip()
    place = _PLACE.search(error)
    if place is None:
        return Problem(path, 1, f"is not valid Rego: {message}")
    line = int(place["line"])
    return Problem(path, line, f"is not valid Rego: {message}", column=_column(source, line, int(place["column"])))


def _column(source: str, line: int, shown: int) -> int:
    lines = source.split("\n")
    width = 1
    for index, character in enumerate(lines[line - 1] if line <= len(lines) else ""):
        if width >= shown:
            return index + 1
        width += TAB if character == "\t" else 1
    return shown if shown < width else len(lines[line - 1]) + 1 if line <= len(lines) else 1


def error_place(error: str, sources: Mapping[str, str]) -> str:
    """`path:line:column: message` of an error text of the engine, or the text as it is."""
    place = _PLACE.search(error)
    message = " ".join(error.rsplit("error: ", 1)[-1].split())
    if place is None or place["path"] not in sources:
        return message
    line = int(place["line"])
    return f"{place['path']}:{line}:{_column(sources[place['path']], line, int(place['column']))}: {message}"


def _module(path: str, source: str, tree: dict[str, Any]) -> Module:
    reference = reference_of(tree["package"]["refr"])
    package = dotted(reference) if reference else ""
    imports: dict[str, str] = {}
    for item in tree["imports"]:
        target = reference_of(item["refr"])
        if target is not None:
            name = dotted(target)
            alias = item.get("as")
            local = source.encode()[alias["start"] : alias["end"]].decode() if alias else name.rsplit(".", 1)[-1]
            imports[local] = name
    rules = tuple(_rule(item) for item in tree["rules"])
    return Module(path, source, package, tree["package"]["span"]["start"], imports, rules)


def _rule(item: dict[str, Any]) -> Rule:
    ((form, node),) = item.items()
    offset = node["span"]["start"]
    if form == "Default":
        return Rule(_head_name(node["refr"]), "default", tuple(node.get("args") or ()), None, node, offset)
    ((kind, head),) = node["head"].items()
    key = head.get("key") if kind == "Set" else None
    return Rule(_head_name(head["refr"]), kind.lower(), tuple(head.get("args") or ()), key, node, offset)


def _head_name(expression: Any) -> str:
    """`violations`, also of `violations[x]` and `a.b`: the first part names the rule."""
    reference = reference_of(expression)
    return reference.root if reference else ""


def dotted(reference: Reference) -> str:
    """A reference as it is written, with a gap where a part is no constant."""
    return ".".join([reference.root, *(part or "" for part in reference.parts)])


def reference_of(expression: Any) -> Reference | None:
    """The reference that an expression is; None where it is none, or where its root is no variable."""
    parts: list[str | None] = []
    while True:
        ((kind, node),) = expression.items()
        if kind == "Var":
            return Reference(node["value"], tuple(reversed(parts)), node["span"]["start"])
        if kind == "RefDot":
            parts.append(node["field"][1])
        elif kind == "RefBrack":
            parts.append(literal(node["index"]))
        else:
            return None
        expression = node["refr"]


def literal(expression: Any) -> str | None:
    """The text of a string literal."""
    for kind in ("String", "RawString"):
        if kind in expression:
            value = expression[kind]["value"]
            return value if isinstance(value, str) else None
    return None


def is_expression(node: Any) -> bool:
    """Nodes are objects with one capitalised key."""
    return isinstance(node, dict) and len(node) == 1 and next(iter(node))[:1].isupper()


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    """(kind, node) of everything in a tree, in the order of the file; literals of heads and queries included."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if is_expression(item):
                ((kind, node),) = item.items()
                yield kind, node
            stack.extend(_below(item))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def _below(node: dict[str, Any]) -> list[Any]:
    """What a node holds, last first. Most of it are texts and numbers, which hold nothing."""
    return [value for key, value in reversed(node.items()) if isinstance(value, (dict, list)) and key != "span"]


def references(tree: Any) -> Iterator[Reference]:
    """The longest references of a tree. `object.get(input, "a", x)` and `object.get(input, ["a", "b"], x)` count as
    `input.a` and `input.a.b`."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            kind, node = next(iter(item.items())) if is_expression(item) else ("", item)
            if kind == "Call":
                stack.extend(reversed(node["params"]))
                got = _object_get(node)
                if got is not None:
                    yield got
                    del stack[-1]
                elif (function := reference_of(node["fcn"])) is not None:
                    yield function
                continue
            found = reference_of(item) if kind in ("Var", "RefDot", "RefBrack") else None
            if found is not None:
                yield found
                stack.extend(_indices(item))
                continue
            stack.extend(_below(node))


def _object_get(call: Any) -> Reference | None:
    function = reference_of(call["fcn"])
    if function is None or dotted(function) != "object.get" or len(call["params"]) != 3:
        return None
    base, path = reference_of(call["params"][0]), call["params"][1]
    if base is None:
        return None
    if "Array" in path:
        return Reference(base.root, (*base.parts, *(literal(part) for part in path["Array"]["items"])), base.offset)
    return Reference(base.root, (*base.parts, literal(path)), base.offset)


def _indices(expression: Any) -> Iterator[Any]:
    """The expressions in brackets of a reference that are no literals."""
    while True:
        ((kind, node),) = expression.items()
        if kind == "Var":
            return
        if kind == "RefBrack" and literal(node["index"]) is None:
            yield node["index"]
        expression = node["refr"]


def calls(tree: Any) -> Iterator[tuple[str, Any]]:
    """(dotted name, call) of every function call."""
    for kind, node in nodes(tree):
        if kind == "Call":
            function = reference_of(node["fcn"])
            if function is not None:
                yield dotted(function), node


def variables(pattern: Any) -> set[str]:
    """The variables of a pattern, where values may be bound: `x`, `[a, b]`, `{"k": v}`."""
    return {node["value"] for kind, node in nodes(pattern) if kind == "Var"}


def bound(rule: Rule, source: bytes) -> set[str]:
    """The local variables of a rule: arguments, `some`, `every`, `:=`, and both sides of `=`."""
    names: set[str] = set()
    for argument in rule.arguments:
        names |= variables(argument)
    for kind, node in nodes(rule.node):
        if kind == "SomeVars":
            names |= {source[span["start"] : span["end"]].decode() for span in node["vars"]}
        elif kind == "SomeIn":
            names |= variables(node["value"])
            if node["key"]:
                names |= variables(node["key"])
        elif kind == "Every":
            spans = [span for span in (node["key"], node["value"]) if span]
            names |= {source[span["start"] : span["end"]].decode() for span in spans}
        elif kind == "AssignExpr":
            names |= variables(node["lhs"])
            if node["op"] == "Eq":
                names |= variables(node["rhs"])
        elif kind == "RefBrack" and "Var" in node["index"]:
            names.add(node["index"]["Var"]["value"])
    return names
