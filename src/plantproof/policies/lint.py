"""What is wrong with a policy though it parses: the traps of the engines, and declarations that do not hold.

`unsafe` is what no policy may do, shipped or not, and is refused when a bundle is loaded. `lint` is everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from plantproof.model.policy import Bundle
from plantproof.policies import builtins
from plantproof.policies.lint_declarations import declarations
from plantproof.policies.lint_finding import Finding, finding
from plantproof.policies.lint_negation import negations
from plantproof.policies.syntax import (
    Module,
    Reference,
    Rule,
    bound,
    calls,
    dotted,
    literal,
    nodes,
    parse_modules,
    reference_of,
    references,
)
from plantproof.policies.worker import Workers

CONTEXT = ("context",)
GIVEN = ("params", *CONTEXT)
"""The parts of `data` that the framework gives to every policy."""


class Facts(NamedTuple):
    """What one rule refers to, calls and binds: gathered in one walk, asked by several rules of the lint."""

    rule: Rule
    references: tuple[Reference, ...]
    calls: tuple[tuple[str, Any], ...]
    local: set[str]


def facts_of(module: Module) -> list[Facts]:
    """The facts of every rule of a module."""
    source = module.source.encode()
    return [
        Facts(rule, tuple(references(rule.node)), tuple(calls(rule.node)), bound(rule, source)) for rule in module.rules
    ]


def lint(bundle: Bundle, workers: Workers | None = None) -> list[Finding]:
    """Every finding in policies, libraries and tests of a bundle, sorted by place."""
    sources = {policy.path: policy.source for policy in bundle.policies.values()} | bundle.libraries | bundle.tests
    if workers is None:
        with Workers() as own:
            modules, _ = parse_modules(sources, own)
    else:
        modules, _ = parse_modules(sources, workers)
    found = set(unsafe(modules))
    for module in modules.values():
        if module.path in bundle.tests:
            found.update(_doubled_tests(module))
            continue
        found.update(_heads(module))
        found.update(_formats(module))
        found.update(_data_in_loops(module))
    for policy in bundle.policies.values():
        if policy.path in modules:
            found.update(declarations(policy, modules[policy.path], modules))
            found.update(negations(policy, modules[policy.path]))
    return sorted(found)


def unsafe(modules: Mapping[str, Module], only: Collection[str] | None = None) -> list[Finding]:
    """What no policy may do: forbidden or unknown functions, recursion, data that is not its own, unknown variables.

    `only` names the modules to look at, where the others are known to be safe; all are needed to know what there is.
    """
    found: list[Finding] = []
    packages: dict[str, set[str]] = {}
    for module in modules.values():
        packages.setdefault(module.package, set()).update(module.names)
    modules = {path: module for path, module in modules.items() if only is None or path in only}
    facts = {path: facts_of(module) for path, module in modules.items()}
    for path, module in modules.items():
        found += _functions(module, facts[path], packages)
        found += _imports(module, packages)
        if not path.endswith("_test.rego"):
            found += _data(module, facts[path], packages)
            found += _input_replaced(module)
        found += _unknown_variables(module, facts[path], packages)
    found += _recursion(modules, facts, packages)
    return sorted(set(found))


def _functions(module: Module, facts: list[Facts], packages: Mapping[str, set[str]]) -> Iterator[Finding]:
    for fact in facts:
        for name, call in fact.calls:
            if _resolve(module, name, packages) is not None or name in builtins.ALLOWED:
                continue
            why = builtins.refusal(name)
            message = f"`{name}` is not allowed" if why else f"no function is called `{name}`"
            yield finding(module, call["span"]["start"], "builtin", message, why or "only builtins of both engines")
        # A builtin can also be named without being called, as the value or target of `with`.
        for reference in fact.references:
            name = dotted(reference)
            why = builtins.refusal(name)
            if not why or reference.root in fact.local:
                continue
            own = reference.root in module.imports or _resolve(module, name, packages) is not None
            if not own:
                yield finding(module, reference.offset, "builtin", f"`{name}` is not allowed", why)


def _resolve(module: Module, name: str, packages: Mapping[str, set[str]]) -> tuple[str, str] | None:
    """(package, rule) that a dotted name means in a module; None for what is no rule of ours."""
    full = _full_name(module, name, packages)
    for package, names in packages.items() if full else ():
        if full.startswith(package + "."):
            rule = full[len(package) + 1 :].split(".")[0]
            if rule in names:
                return package, rule
    return None


def _full_name(module: Module, name: str, packages: Mapping[str, set[str]]) -> str:
    """A dotted name of a module from the root of `data`; "" for what is neither data nor a rule of its own."""
    root, _, rest = name.partition(".")
    if root == "data":
        return rest
    if root in module.imports:
        return ".".join(filter(None, [module.imports[root].removeprefix("data."), rest]))
    return f"{module.package}.{name}" if root in packages.get(module.package, set()) else ""


def _imports(module: Module, packages: Mapping[str, set[str]]) -> Iterator[Finding]:
    for name in module.imports.values():
        if name == "rego.v1" or name.startswith("future.keywords"):
            continue
        target = name.removeprefix("data.")
        known = any(target == package or target.startswith(package + ".") for package in packages)
        if not name.startswith("data.") or not (known or target.split(".")[0] in GIVEN):
            hint = "a policy imports `data.lib.<helper>` and nothing else of others"
            yield finding(module, module.package_offset, "import", f"`{name}` is not there to be imported", hint)


def _data(module: Module, facts: list[Facts], packages: Mapping[str, set[str]]) -> Iterator[Finding]:
    own = [package for package in packages if package.startswith("lib.")] + [module.package]
    for fact in facts:
        for reference in fact.references:
            if reference.root != "data":
                continue
            name = ".".join(part or "" for part in reference.parts)
            if reference.parts[:1] and reference.parts[0] in GIVEN:
                continue
            if not any(name == package or name.startswith(package + ".") for package in own) or None in reference.parts:
                message = f"`{dotted(reference)}` is not given to a policy"
                hint = "data.params.<name>, data.context.<kind>, data.lib.<helper>"
                yield finding(module, reference.offset, "foreign-data", message, hint)
    for name in module.imports.values():
        if name.startswith("data.policies."):
            hint = "share helpers in policies/lib/"
            yield finding(module, module.package_offset, "foreign-data", f"imports another policy, `{name}`", hint)


def _input_replaced(module: Module) -> Iterator[Finding]:
    if "with" not in module.source:
        return  # nearly all of them: no need to walk through their trees
    for rule in module.rules:
        for offset in _with_offsets(rule.node):
            message = "replaces `input` or `data` with `with`"
            hint = "`with` belongs into tests: a policy judges what it is given"
            yield finding(module, offset, "with", message, hint)


def _with_offsets(tree: Any) -> Iterator[int]:
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            for modifier in item.get("with_mods") or ():
                yield modifier["span"]["start"]
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _unknown_variables(module: Module, facts: list[Facts], packages: Mapping[str, set[str]]) -> Iterator[Finding]:
    known = packages.get(module.package, set()) | set(module.imports) | {"input", "data", "_"}
    for fact in facts:
        functions = {name.split(".")[0] for name, _ in fact.calls}
        for reference in fact.references:
            name = reference.root
            if name not in known and name not in fact.local and name not in functions and not name.startswith("$"):
                hint = "bind it in the body, or declare it with `some`"
                yield finding(module, reference.offset, "unknown-variable", f"nothing binds `{name}`", hint)


def _recursion(
    modules: Mapping[str, Module], facts: Mapping[str, list[Facts]], packages: Mapping[str, set[str]]
) -> Iterator[Finding]:
    edges: dict[tuple[str, str], set[tuple[str, str]]] = {}
    places: dict[tuple[str, str], tuple[Module, Rule]] = {}
    for path, module in modules.items():
        for rule, used, _, local in facts[path]:
            here = (module.package, rule.name)
            places.setdefault(here, (module, rule))
            own = _head_offset(rule)
            for reference in used:
                if reference.offset == own or reference.root in local:
                    continue
                name = dotted(reference)
                target = _resolve(module, name, packages)
                if target is not None:
                    edges.setdefault(here, set()).add(target)
                elif (whole := _full_name(module, name, packages)) in packages:  # every rule of it at once
                    edges.setdefault(here, set()).update((whole, each) for each in packages[whole])
    for here in sorted(edges):
        if _reaches(edges, here):
            module, rule = places[here]
            message = f"`{rule.name}` depends on itself"
            yield finding(module, rule.offset, "recursion", message, "Rego has no recursion")


def _head_offset(rule: Rule) -> int:
    """Where the name of a rule stands in its own head: no use of it."""
    head = rule.node.get("head")
    reference = reference_of(next(iter(head.values()))["refr"] if head else rule.node["refr"])
    return reference.offset if reference else -1


def _reaches(edges: Mapping[tuple[str, str], set[tuple[str, str]]], start: tuple[str, str]) -> bool:
    seen: set[tuple[str, str]] = set()
    waiting = list(edges[start])
    while waiting:
        node = waiting.pop()
        if node == start:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(edges.get(node, ()))
    return False


def _heads(module: Module) -> Iterator[Finding]:
    """An undefined field in the head of a partial set loses the violation without a word."""
    for rule in module.rules:
        if rule.kind == "set" and "Var" not in rule.key and any(True for _ in references(rule.key)):
            hint = "bind it in the body: `v := {...}`, and write `contains v`"
            message = f"the head of `{rule.name}` is lost where a part of it is undefined"
            yield finding(module, rule.offset, "unbound-head", message, hint)


def _formats(module: Module) -> Iterator[Finding]:
    for rule in module.rules:
        for name, call in calls(rule.node):
            if name != "sprintf" or len(call["params"]) != 2:
                continue
            text = literal(call["params"][0])
            if text is None:
                continue
            plain = text.replace("%%", "")
            wrong = sorted({plain[i : i + 2] for i in range(len(plain)) if plain[i] == "%"} - {"%s", "%d", "%v"})
            if wrong:
                hint = "%s, %d and %v print alike in all engines"
                message = f"`sprintf` with `{wrong[0]}` differs between engines"
                yield finding(module, call["span"]["start"], "format", message, hint)


def _data_in_loops(module: Module) -> Iterator[Finding]:
    """`data.params.x` is cheap; walking `data.context.<kind>` inside a loop over something else is not."""
    for rule in module.rules:
        for body in rule.node.get("bodies") or ():
            looped = False
            for statement in body["query"]["stmts"]:
                inside = [r for r in references(statement["literal"]) if r.root == "data" and r.parts[:1] == CONTEXT]
                if looped and inside:
                    message = f"`{dotted(inside[0])}` is read inside a loop"
                    hint = "bind it to a name above the loop"
                    yield finding(module, inside[0].offset, "data-in-loop", message, hint)
                kinds = {kind for kind, _ in nodes(statement["literal"])}
                looped = looped or bool(kinds & {"SomeIn", "Every"})


def _doubled_tests(module: Module) -> Iterator[Finding]:
    seen: set[str] = set()
    for rule in module.rules:
        if rule.name.startswith("test_"):
            if rule.name in seen:
                message = f"a second test is called `{rule.name}`: the two are one test that passes if either does"
                yield finding(module, rule.offset, "doubled-test", message, "give it a name of its own")
            seen.add(rule.name)
