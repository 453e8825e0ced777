"""Functions that ask whether a text begins or ends with one of a list, for a batch form: asked of the whole list at
once.

    planned(ip) if {                              not planned(ip)
        some network in networks                  not strings.any_prefix_match([ip], networks)
        startswith(ip, network)
    }

The engine leaves no loop early, and calling a builtin costs it more than what the builtin does: 14 networks one by one
take six times as long. Only functions of this one form are known. A call of one is true or undefined, the builtin on
many texts true or false, so only calls that are a whole statement are written anew. Both end in the same error where
the text is none, which is why the text stands in a list: without it, the builtin would take a list for several texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from plantproof.policies.batch_proof import shape_of
from plantproof.policies.syntax import Module, Rule, bound, literal, nodes

AT_ONCE = {"startswith": "any_prefix_match", "endswith": "any_suffix_match"}
"""Builtins on one text -> that of the package `strings` on many."""


class Quick(NamedTuple):
    """What to ask instead of calling a function: the builtin, and the name of the list."""

    builtin: str
    words: str


def quick_functions(module: Module) -> dict[str, Quick]:
    """The functions of a file that can be asked at once."""
    source = module.source.encode()
    local = set().union(*(bound(rule, source) for rule in module.rules))
    if (module.names | module.imports.keys() | local) & {*AT_ONCE, "strings"}:
        return {}  # they mean something else here
    defined = [rule.name for rule in module.rules]
    once = {name for name in defined if defined.count(name) == 1} - local
    lists = {rule.name for rule in module.rules if rule.name in once and _is_list_of_texts(rule)}
    found = {rule.name: _quick(rule, source, lists) for rule in module.rules if rule.name in once}
    return {name: quick for name, quick in found.items() if quick}


def _is_list_of_texts(rule: Rule) -> bool:
    """Whether a rule is nothing but a list or set of texts: `names := ["a", "b"]`."""
    if rule.kind != "compr" or rule.node["bodies"] or "Var" not in rule.node["head"]["Compr"]["refr"]:
        return False
    assigned = rule.node["head"]["Compr"]["assign"]
    ((kind, value),) = assigned["value"].items() if assigned else (("", {}),)
    return kind in ("Array", "Set") and all(literal(item) is not None for item in value["items"])


def _quick(rule: Rule, source: bytes, lists: set[str]) -> Quick | None:
    try:
        (argument,) = rule.arguments
        (body,) = rule.node["bodies"]
        loop, test = (statement["literal"] for statement in body["query"]["stmts"])
        text, word = argument["Var"]["value"], loop["SomeIn"]["value"]["Var"]["value"]
        words = loop["SomeIn"]["collection"]["Var"]["value"]
        builtin = test["Expr"]["expr"]["Call"]["fcn"]["Var"]["value"]
    except (KeyError, ValueError, TypeError):
        return None
    if builtin not in AT_ONCE or words not in lists or len({text, word, words, "_"}) != 4:
        return None
    head = ("Func", {"refr": ("Var", rule.name), "args": [("Var", text)], "assign": None})
    called = {"fcn": ("Var", builtin), "params": [("Var", text), ("Var", word)]}
    statements = [
        {"literal": ("SomeIn", {"key": None, "value": ("Var", word), "collection": ("Var", words)})},
        {"literal": ("Expr", {"expr": ("Call", called)})},
    ]
    known = {"head": head, "bodies": [{"assign": None, "is_else": False, "query": {"stmts": statements}}]}
    if shape_of(rule.node, source, lambda name: ("Var", name)) != known:
        return None
    return Quick(AT_ONCE[builtin], words)


def quick_calls(tree: Any, quick: Mapping[str, Quick]) -> Iterator[tuple[Any, Quick]]:
    """The calls in a tree that can be asked at once: statements, and with nothing but a name for the text."""
    for kind, node in nodes(tree):
        call = node["expr"].get("Call") if kind in ("Expr", "NotExpr") else None
        if call is None or len(call["params"]) != 1 or not call["params"][0].keys() <= {"Var", "RefDot"}:
            continue
        if function := quick.get(call["fcn"].get("Var", {}).get("value")):
            yield call, function


def pieces_at_once(call: Any, quick: Quick) -> dict[int, tuple[int, str]]:
    """What is written instead, around the text: where it begins -> where it ends, and the words."""
    ((_, text),) = call["params"][0].items()
    return {
        call["span"]["start"]: (text["span"]["start"], f"strings.{quick.builtin}(["),
        text["span"]["end"]: (call["span"]["end"], f"], {quick.words})"),
    }


def tree_at_once(call: Any, quick: Quick) -> dict[str, Any]:
    """The call as what is written has to parse to."""
    strings = {"refr": {"Var": {"value": "strings"}}, "field": [quick.builtin, quick.builtin]}
    return {
        "fcn": {"RefDot": strings},
        "params": [{"Array": {"items": call["params"]}}, {"Var": {"value": quick.words}}],
    }
