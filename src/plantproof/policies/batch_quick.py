"""Functions that ask whether a text begins or ends with one of a list, for a batch form: asked of the whole list at
once.

    planned(ip) if {                              planned_batch0(ip) if {
        some network in networks                      strings.any_prefix_match([ip], networks)
        startswith(ip, network)                   }
    }

The engine leaves no loop early, and a call of a builtin costs it more than what the builtin does: 14 networks take 4
times as long one by one. Only this one form is known; the engine's builtins on many texts end in the same error where
the text is none, which is why the text stands in a list: without it they would take a list for several texts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from plantproof.policies.batch_proof import shape_of
from plantproof.policies.syntax import Module, Rule, bound, literal

AT_ONCE = {"startswith": "any_prefix_match", "endswith": "any_suffix_match"}
"""Builtins on one text -> that of the package `strings` on many."""


class Quick(NamedTuple):
    """A function and its quick copy: names, the text of the copy, and what that has to parse to."""

    function: str
    name: str
    text: str
    tree: Any


def quick_functions(module: Module, suffix: str) -> list[Quick]:
    """The functions of a file that have a quick copy. `suffix`: a word that no name in the file ends with."""
    source = module.source.encode()
    local = set().union(*(bound(rule, source) for rule in module.rules))
    if (module.names | module.imports.keys() | local) & {*AT_ONCE, "strings"}:
        return []  # they mean something else here
    defined = [rule.name for rule in module.rules]
    known = {rule.name for rule in module.rules if _is_list_of_texts(rule)} - local
    once = {name for name in defined if defined.count(name) == 1}
    found = []
    for rule in module.rules:
        if rule.kind == "func" and rule.name in once - local:
            quick = _quick(rule, source, known & once, f"{rule.name}_{suffix}")
            found += [quick] if quick else []
    return found


def _is_list_of_texts(rule: Rule) -> bool:
    """Whether a rule is nothing but a list or set of texts: `names := ["a", "b"]`."""
    if rule.kind != "compr" or rule.node["bodies"] or "Var" not in rule.node["head"]["Compr"]["refr"]:
        return False
    assigned = rule.node["head"]["Compr"]["assign"]
    ((kind, value),) = assigned["value"].items() if assigned else (("", {}),)
    return kind in ("Array", "Set") and all(literal(item) is not None for item in value["items"])


def _quick(rule: Rule, source: bytes, lists: set[str], name: str) -> Quick | None:
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
    one_by_one = [
        ("SomeIn", {"key": None, "value": ("Var", word), "collection": ("Var", words)}),
        _called(("Var", builtin), [("Var", text), ("Var", word)]),
    ]
    if shape_of(rule.node, source, lambda each: ("Var", each)) != _function(rule.name, text, one_by_one):
        return None
    many = ("RefDot", {"refr": ("Var", "strings"), "field": [AT_ONCE[builtin], AT_ONCE[builtin]]})
    at_once = [_called(many, [("Array", {"items": [("Var", text)]}), ("Var", words)])]
    return Quick(
        rule.name,
        name,
        f"{name}({text}) if {{\n\tstrings.{AT_ONCE[builtin]}([{text}], {words})\n}}\n",
        _function(name, text, at_once),
    )


def _called(function: Any, given: list[Any]) -> Any:
    return ("Expr", {"expr": ("Call", {"fcn": function, "params": given})})


def _function(name: str, argument: str, literals: list[Any]) -> Any:
    """The shape of `name(argument) if { literals }`."""
    head = ("Func", {"refr": ("Var", name), "args": [("Var", argument)], "assign": None})
    query = {"stmts": [{"literal": each} for each in literals]}
    return {"head": head, "bodies": [{"assign": None, "is_else": False, "query": query}]}
