"""Whether a policy reads what it declares, and nothing else; whether it uses what it declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plantproof.model.policy import Policy
from plantproof.policies.lint_finding import Finding, finding
from plantproof.policies.syntax import Module, Reference, Rule, dotted, nodes, reference_of, references


def declarations(policy: Policy, module: Module, modules: Mapping[str, Module]) -> Iterator[Finding]:
    """Undeclared reads and unused declarations of one policy."""
    used: set[tuple[str, ...]] = set()
    files = [module, *(modules[path] for path in policy.libraries if path in modules)]
    for file in files:
        for rule in file.rules:
            for reference in references(rule.node):
                if reference.root == "input" and file is not module:
                    hint = "pass what it needs as an argument"
                    yield finding(file, reference.offset, "library-input", "a library reads `input`", hint)
                elif reference.root == "input":
                    used.update(_used(reference))
                    yield from _undeclared(policy, module, reference)
                else:
                    name = _given(file, reference)
                    if name is not None:
                        used.add(name)
                        yield from _ungiven(policy, file, reference, name)
            if file is module:
                yield from _joined_fields(policy, module, rule)
    yield from _unused(policy, used)
    if "violations" not in policy.rules:
        yield _of(policy, "results", "defines no rule `violations`", "`violations contains v if {...}`")
    for rule in module.rules:
        if rule.name == "violations" and rule.kind != "set":
            hint = "write `violations contains v if {...}`"
            yield finding(module, rule.offset, "results", "`violations` is not a set", hint)


def _of(policy: Policy, rule: str, message: str, hint: str = "") -> Finding:
    return Finding(policy.path, policy.line, 1, rule, message, hint)


def _used(reference: Reference) -> Iterator[tuple[str, ...]]:
    parts = tuple(part or "" for part in reference.parts)
    for length in range(1, len(parts) + 1):
        yield ("input", *parts[:length])
    yield ("input-whole", *parts)


def _given(module: Module, reference: Reference) -> tuple[str, ...] | None:
    """("params", name) or ("context", kind), also through an import of it."""
    parts = tuple(part or "" for part in reference.parts)
    if reference.root in module.imports:
        parts = (*module.imports[reference.root].split(".")[1:], *parts)
    elif reference.root != "data":
        return None
    return parts[:2] if parts[:1] in (("params",), ("context",)) else None


def _undeclared(policy: Policy, module: Module, reference: Reference) -> Iterator[Finding]:
    metadata = policy.metadata
    parts = reference.parts
    name = dotted(reference)
    if not parts or parts[0] is None:
        hint = "name each field: `input.<field>`"
        yield finding(module, reference.offset, "undeclared-read", f"`{name}` reads the whole subject", hint)
        return
    first, second = parts[0], parts[1] if len(parts) > 1 else None
    if first in metadata.reads:
        return
    hint = ""
    if first in metadata.follow:
        fields = [field.removesuffix("?") for field in metadata.follow[first]]
        hint = f"declare `{second}` in follow: {first}" if second is not None and second not in fields else ""
    elif first == "joins":
        if second is None and len(parts) == 1:
            hint = "name the kind: `input.joins.<kind>`"
        elif second not in metadata.joins:
            hint = f"declare `{second}` in joins"
    elif first == "ages":
        if second not in metadata.ages:
            hint = f"declare `{second or ''}` in ages"
    else:
        hint = f"declare `{first}` in reads"
    if hint:
        yield finding(module, reference.offset, "undeclared-read", f"`{name}` is not declared", hint)


def _ungiven(policy: Policy, module: Module, reference: Reference, name: tuple[str, ...]) -> Iterator[Finding]:
    declared = policy.metadata.parameters if name[0] == "params" else policy.metadata.context
    if len(name) < 2 or name[1] not in declared:
        where = "parameters" if name[0] == "params" else "context"
        message = f"`{dotted(reference)}` is not declared"
        yield finding(module, reference.offset, "undeclared-read", message, f"declare it in {where}")


def _joined_fields(policy: Policy, module: Module, rule: Rule) -> Iterator[Finding]:
    """Fields of `some s in input.joins.<kind>`, where a variable can be followed within one rule."""
    kinds: dict[str, str] = {}
    for kind, node in nodes(rule.node):
        if kind == "SomeIn":
            target, value = reference_of(node["collection"]), node["value"]
            if target and target.root == "input" and target.parts[:1] == ("joins",) and len(target.parts) == 2:
                variable = reference_of(value)
                if variable is not None and target.parts[1]:
                    kinds[variable.root] = target.parts[1]
    for reference in references(rule.node):
        join = policy.metadata.joins.get(kinds.get(reference.root, ""))
        if join is None or not reference.parts or reference.parts[0] is None:
            continue
        fields = {field.removesuffix("?") for field in join.fields} | set(join.where)
        if reference.parts[0] not in fields:
            hint = f"declare it in joins: {kinds[reference.root]}: fields"
            message = f"`{dotted(reference)}` is not declared"
            yield finding(module, reference.offset, "undeclared-read", message, hint)


def _unused(policy: Policy, used: set[tuple[str, ...]]) -> Iterator[Finding]:
    metadata = policy.metadata
    hint = "every declared thing is collected, required and shown to auditors: take it out"
    declared: dict[str, bool] = {}
    for field in metadata.reads:
        declared[f"`{field}` in reads"] = ("input", field) in used or field in metadata.ages
    for name, fields in metadata.follow.items():
        for field in fields:
            plain = field.removesuffix("?")
            declared[f"`{name}.{plain}` in follow"] = bool({("input-whole", name), ("input", name, plain)} & used)
    declared |= {f"`{kind}` in joins": ("input", "joins", kind) in used for kind in metadata.joins}
    declared |= {f"`{field}` in ages": ("input", "ages", field) in used for field in metadata.ages}
    declared |= {f"`{kind}` in context": ("context", kind) in used for kind in metadata.context}
    for name in metadata.parameters:
        declared[f"`{name}` in parameters"] = ("params", name) in used or name in metadata.ages.values()
    for what, is_used in declared.items():
        if not is_used:
            yield _of(policy, "unused-declaration", f"{what} is never used", hint)
