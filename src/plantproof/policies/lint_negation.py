"""What is not known, under a `not`: the embedded engine takes it for "no", OPA for silence, and silence is a pass.

`not input.mode in {"run"}` holds for a subject without a mode in the embedded engine. OPA reads what a function or an
operator is given before it asks whether to negate: the whole body is undefined, and the violation is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plantproof.model.policy import Policy
from plantproof.policies.lint_finding import Finding, finding
from plantproof.policies.syntax import Module, Reference, Rule, bound, dotted, is_expression, nodes, reference_of

_COMPREHENSIONS = ("ArrayCompr", "SetCompr", "ObjectCompr")
_SCALARS = ("String", "RawString", "Number", "Bool", "Null")


def negations(policy: Policy, module: Module) -> Iterator[Finding]:
    """Every read under a `not` that may find nothing, where the engines differ on what follows."""
    unsure = _unsure_rules(policy, module)
    source = module.source.encode()
    for rule in module.rules:
        local = bound(rule, source)
        for kind, node in nodes(rule.node):
            if kind != "NotExpr" or _alike_in_both(node["expr"]):
                continue
            for reference in _read(node["expr"]):
                if reference.root not in local and (reference.root in unsure or _may_be_missing(policy, reference)):
                    message = f"`{dotted(reference)}` may be unknown, and then OPA loses this violation"
                    hint = "read it with `object.get`, or negate a rule of its own: `not allowed`"
                    yield finding(module, reference.offset, "negated-read", message, hint)


def _alike_in_both(negated: Any) -> bool:
    """Whether it is a bare reference, or `==` between such and constants: those are undefined as a whole."""
    ((kind, node),) = negated.items()
    if kind == "BoolExpr" and node["op"] == "Eq":
        return all(
            next(iter(side)) in _SCALARS or reference_of(side) is not None for side in (node["lhs"], node["rhs"])
        )
    return reference_of(negated) is not None


def _may_be_missing(policy: Policy, reference: Reference) -> bool:
    """Whether a subject may come without what is read of `input`. What is not declared is told elsewhere."""
    if reference.root != "input" or not reference.parts:
        return False
    first, *rest = reference.parts
    if first in policy.metadata.follow:
        return bool(rest) and f"{rest[0]}?" in policy.metadata.follow[first]
    need = policy.metadata.reads.get(first or "")
    return need is not None and (need != "required" or bool(rest))


def _unsure_rules(policy: Policy, module: Module) -> set[str]:
    """The rules of a file that may have no value: those with a condition, or of a value that may be missing."""
    by_name: dict[str, list[Rule]] = {}
    for rule in module.rules:
        by_name.setdefault(rule.name, []).append(rule)
    unsure: set[str] = set()
    while True:
        more = {
            name
            for name, rules in by_name.items()
            if name not in unsure and not any(_has_a_value(policy, rule, unsure) for rule in rules)
        }
        if not more:
            return unsure
        unsure |= more


def _has_a_value(policy: Policy, rule: Rule, unsure: set[str]) -> bool:
    if rule.kind != "compr" or rule.arguments:
        return True  # a default, a set that may be empty, a function
    if rule.node["bodies"]:
        return False
    return not any(
        each.root in unsure or _may_be_missing(policy, each) for each in _read(rule.node["head"]["Compr"]["assign"])
    )


def _read(tree: Any) -> Iterator[Reference]:
    """What has to be there for an expression to have a value: not what `object.get` asks for, not what a comprehension
    looks through."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            kind, node = next(iter(item.items())) if is_expression(item) else ("", item)
            if kind in _COMPREHENSIONS:
                continue
            if kind == "Call":
                stack.extend(reversed(_needed(node)))
            elif kind in ("Var", "RefDot", "RefBrack") and (found := reference_of(item)) is not None:
                yield found
            else:
                stack.extend(reversed(list(node.values())))


def _needed(call: Any) -> list[Any]:
    """The arguments of a call; without the subject itself, which is there, where it is asked with a default."""
    function = reference_of(call["fcn"])
    arguments: list[Any] = call["params"]
    if function is not None and dotted(function) == "object.get" and len(arguments) == 3:
        base = reference_of(arguments[0])
        return arguments[1:] if base is not None and not base.parts else arguments
    return arguments
