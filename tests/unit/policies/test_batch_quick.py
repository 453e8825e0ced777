"""Which functions a batch form asks of a whole list at once: those of one form, and no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
import regorus
from hypothesis import given, settings
from hypothesis import strategies as st

from plantproof.policies.batch_proof import shape_of
from plantproof.policies.batch_quick import (
    AT_ONCE,
    Quick,
    pieces_at_once,
    quick_calls,
    quick_functions,
    tree_at_once,
)
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.syntax import Module, nodes, parse_modules

LIST = 'words := ["a", "bc"]\n'
FUNCTION = "begun(t) if {\n\tsome w in words\n\tstartswith(t, w)\n}\n"


def parsed(rules: str, engine: EmbeddedEngine) -> Module:
    modules, problems = parse_modules({"p.rego": f"package p\n\nimport rego.v1\n\n{rules}"}, engine.workers)
    assert problems == []
    return modules["p.rego"]


def quick(rules: str, engine: EmbeddedEngine) -> dict[str, Quick]:
    return quick_functions(parsed(rules, engine))


@pytest.mark.parametrize("words", ['words := ["a", "bc"]\n', 'words := {"a", `bc`}\n', "words := []\n"])
@pytest.mark.parametrize(("plain", "at_once"), [("startswith", "any_prefix_match"), ("endswith", "any_suffix_match")])
def test_function_over_a_list_of_texts_can_be_asked_at_once(
    words: str, plain: str, at_once: str, engine: EmbeddedEngine
) -> None:
    assert quick(words + FUNCTION.replace("startswith", plain), engine) == {"begun": Quick(at_once, "words")}


OTHERS = {
    "list_with_a_number": LIST.replace('"bc"', "1") + FUNCTION,
    "list_with_a_condition": LIST.replace("\n", " if data.params.x\n") + FUNCTION,
    "list_of_two_definitions": LIST + LIST + FUNCTION,
    "list_by_name": 'other := "a"\n\nwords := [other]\n\n' + FUNCTION,
    "list_that_is_a_default": 'default words := ["a"]\n\n' + FUNCTION,
    "comprehension": 'words := [w | some w in ["a"]]\n\n' + FUNCTION,
    "text_for_a_list": 'words := "abc"\n\n' + FUNCTION,
    "partial_set": 'words contains "a"\n\n' + FUNCTION,
    "object": 'words := {"k": "a"}\n\n' + FUNCTION,
    "index_besides": LIST + FUNCTION.replace("some w", "some i, w"),
    "two_definitions": LIST + FUNCTION + 'begun(t) if t == "x"\n',
    "default_value": LIST + "default begun(_) := false\n\n" + FUNCTION,
    "value_of_its_own": LIST + FUNCTION.replace("begun(t)", "begun(t) := w"),
    "another_order": LIST + FUNCTION.replace("(t, w)", "(w, t)"),
    "another_argument": LIST + FUNCTION.replace("begun(t)", "begun([t])"),
    "two_arguments": LIST + FUNCTION.replace("begun(t)", "begun(t, u)"),
    "any_argument": LIST + FUNCTION.replace("begun(t)", "begun(_)").replace("(t, w)", '("a", w)'),
    "one_name_for_both": LIST + FUNCTION.replace("begun(t)", "begun(w)").replace("(t, w)", "(w, w)"),
    "one_more_statement": LIST + FUNCTION.replace("}\n", "\tt != w\n}\n"),
    "not": LIST + FUNCTION.replace("starts", "not starts"),
    "with": LIST + FUNCTION.replace("(t, w)", '(t, w) with data.params as {"x": 1}'),
    "else": LIST + FUNCTION.replace("}\n", '} else if t == ""\n'),
    "another_builtin": LIST + FUNCTION.replace("startswith", "contains"),
    "compared": LIST + FUNCTION.replace("(t, w)", "(t, w) == false"),
    "builtin_of_that_name": LIST + FUNCTION + "startswith(x, y) if x == y\n",
    "package_of_that_name": LIST + FUNCTION + "strings := 1\n",
    "local_of_that_name": LIST + FUNCTION + "other if {\n\tsome strings in [1]\n\tstrings > 0\n}\n",
    "function_bound_elsewhere": LIST + FUNCTION + "other if {\n\tbegun := 1\n\tbegun > 0\n}\n",
    "list_bound_elsewhere": LIST + FUNCTION + "other if {\n\tsome words in [1]\n\twords > 0\n}\n",
}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_any_other_form_stays_as_it_is(name: str, engine: EmbeddedEngine) -> None:
    assert quick(OTHERS[name], engine) == {}


def test_import_of_that_name_leaves_all_as_it_is(engine: EmbeddedEngine) -> None:
    source = f"package p\n\nimport data.lib.strings\nimport rego.v1\n\n{LIST}{FUNCTION}"
    modules, _ = parse_modules({"p.rego": source}, engine.workers)
    assert quick_functions(modules["p.rego"]) == {}


CALLS = {
    "not begun(input.a.b)": True,
    "begun(input.a)": True,
    "some x in input.a; begun( x )": True,
    "every x in input.a { begun(x) }": True,
    "count([1 | not begun(input.a)]) == 0": True,
    "begun(input.a) == true": False,
    "x := begun(input.a); x": False,
    "begun(input[_])": False,
    'begun("a")': False,
    "begun(trim(input.a))": False,
    "startswith(input.a, `b`)": False,
    "input.a": False,
}


@pytest.mark.parametrize("body", sorted(CALLS))
def test_only_statements_with_a_name_are_asked_at_once(body: str, engine: EmbeddedEngine) -> None:
    module = parsed(LIST + FUNCTION + f"other if {{\n\t{body}\n}}\n", engine)
    found = list(quick_calls(module.rules[-1].node, quick_functions(module)))
    assert bool(found) == CALLS[body]
    for call, at_once in found:
        source = module.source
        for start, (end, words) in sorted(pieces_at_once(call, at_once).items(), reverse=True):
            source = source[:start] + words + source[end:]
        assert "strings.any_prefix_match([" in source
        written, _ = parse_modules({"p.rego": source}, engine.workers)
        expected = shape_of({"Call": tree_at_once(call, at_once)}, module.source.encode(), lambda name: ("Var", name))
        assert expected in [shaped(each, source) for each in calls_in(written["p.rego"])]


def shaped(node: Any, source: str) -> Any:
    return shape_of({"Call": node}, source.encode(), lambda name: ("Var", name))


def calls_in(module: Module) -> list[Any]:
    return [node for kind, node in nodes(module.rules[-1].node) if kind == "Call"]


texts = st.text(alphabet="ab.", max_size=3)
anything = st.one_of(texts, st.integers(), st.none(), st.booleans(), st.lists(texts, max_size=2))


def asked(rules: str, statement: str, value: Any) -> str:
    """`true`, undefined, or that it ended in an error."""
    rego = regorus.Engine()
    rego.add_policy("p.rego", f"package p\n\nimport rego.v1\n\n{rules}\nholds if {{\n\t{statement}\n}}\n")
    rego.set_input_json(json.dumps({} if value is None else {"v": value}))
    try:
        return str(rego.eval_rule_as_json("data.p.holds"))
    except RuntimeError:
        return "error"


@given(words=st.lists(texts, max_size=3), value=anything, builtin=st.sampled_from(sorted(AT_ONCE)))
@settings(max_examples=80, deadline=None)
def test_other_words_say_the_same_or_end_in_an_error(words: list[str], value: Any, builtin: str) -> None:
    rules = f"words := {json.dumps(words)}\n\n" + FUNCTION.replace("startswith", builtin)
    for negated in ("", "not "):
        plain = asked(rules, f"{negated}begun(input.v)", value)
        at_once = asked(rules, f"{negated}strings.{AT_ONCE[builtin]}([input.v], words)", value)
        assert at_once == plain or (at_once == "error" and not words and not isinstance(value, str))
