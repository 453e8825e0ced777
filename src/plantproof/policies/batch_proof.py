"""Whether a batch form means what the policy means: asked of the tree of what was written, not of its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from plantproof.policies.syntax import Module, is_expression

_NUMBERING = ("span", "eidx", "sidx", "qidx")
_NAME = re.compile(r"[A-Za-z_]\w*")

TRUE = ("Bool", {"value": True})
"""The shape of `true`."""


class Draft(NamedTuple):
    """A rule as it was written: its name, its text, and what the text has to parse to.

    The rule is an array comprehension of so many statements; `comprehensions` are those within it: kind and shapes of
    term and body.
    """

    name: str
    text: str
    statements: int
    comprehensions: list[tuple[str, Any, Any]]


def shape_of(tree: Any, source: bytes, replace: Callable[[str], Any]) -> Any:
    """A tree without its places: two texts that mean the same have the same shape.

    `replace` gives the shape of a variable.
    """
    if isinstance(tree, list):
        return [shape_of(item, source, replace) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.keys() == {"line", "col", "start", "end"}:
        text = source[tree["start"] : tree["end"]].decode(errors="replace")
        return text if _NAME.fullmatch(text) else None
    if is_expression(tree):
        ((kind, node),) = tree.items()
        if kind == "Var":
            return replace(node["value"])
        if kind == "Object":
            return ("Object", [shape_of(field[1:], source, replace) for field in node["fields"]])
        return (kind, shape_of(node, source, replace))
    return {key: shape_of(value, source, replace) for key, value in tree.items() if key not in _NUMBERING}


def proven(draft: Draft, written: Module, plain: Module) -> bool:
    """Whether what was written is the plain file and one rule more, and this rule has the parts that it should."""
    count = len(plain.rules)
    rules = written.rules
    if written.package != plain.package or written.imports != plain.imports or len(rules) != count + 1:
        return False
    if [rule.node for rule in rules[:count]] != [rule.node for rule in plain.rules]:
        return False  # the new rule stands at the end: what is before it is the same, places and all
    rule = rules[count]
    if rule.name != draft.name or rule.kind != "compr" or rule.node["bodies"]:
        return False
    value = rule.node["head"]["Compr"]["assign"]["value"]
    if "ArrayCompr" not in value or len(value["ArrayCompr"]["query"]["stmts"]) != draft.statements:
        return False
    found = [
        (kind, _as_written(node["term"], written), _as_written(node["query"]["stmts"], written))
        for kind, node in _comprehensions(value["ArrayCompr"]["query"])
    ]
    return found == draft.comprehensions


def _as_written(tree: Any, module: Module) -> Any:
    return shape_of(tree, module.source.encode(), lambda name: ("Var", name))


def _comprehensions(tree: Any) -> Iterator[tuple[str, Any]]:
    """The outermost comprehensions, in the order of the file."""
    if isinstance(tree, list):
        for item in tree:
            yield from _comprehensions(item)
    elif isinstance(tree, dict):
        if is_expression(tree) and next(iter(tree)) in ("ArrayCompr", "SetCompr", "ObjectCompr"):
            yield next(iter(tree.items()))
        else:
            for value in tree.values():
                yield from _comprehensions(value)
