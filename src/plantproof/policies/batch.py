"""A policy rewritten to tell of many subjects in one call which of them pass: the batch form.

One call a subject costs more than most policies do: the engine forgets every constant between two calls. The batch form
is one more rule at the end of the policy's own file: the bodies of `violations`, copied into a loop in which each
`input` is the loop's subject. It answers one question only: which subjects pass for certain. All others are judged one
by one, as they always were, so what is undefined, an error, not applicable or violated is told by the plain form alone.

What the copy must mean the same as is checked on the tree of what was written, not on its text; and a policy of which
anything is not known here has no batch form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from plantproof.model.policy import Policy
from plantproof.policies.batch_proof import TRUE, Draft, proven, shape_of
from plantproof.policies.syntax import (
    Module,
    Rule,
    bound,
    nodes,
    parse_modules,
    references,
)
from plantproof.policies.worker import Workers

GIVEN = ("params", "context", "lib")
"""The parts of `data` that are the same for every subject."""

_KINDS = {"set": "SetCompr", "compr": "ArrayCompr"}


class Form(NamedTuple):
    """The batch form of a policy: the whole text of its file with the new rule, and the name of that rule.

    The rule is the list of those indices of `input.batch` whose subjects pass.
    """

    source: str
    rule: str


class _Unknown(Exception):  # noqa: N818  not an error: the policy keeps its plain form
    """Something of which it is not certain that the copy would mean the same."""


class _Piece(NamedTuple):
    """One definition as a comprehension: its text, and the tree that this text has to parse to."""

    text: str
    tree: Any


def batch_form(policy: Policy, sources: Mapping[str, str], workers: Workers) -> Form | None:
    """The batch form of a policy, or None where it has none. `sources` are its file and those of its libraries.

    Raises `WorkerFailed` where the files cannot be parsed.
    """
    modules, problems = parse_modules(sources, workers)
    if problems or policy.path not in modules:
        return None
    own = modules[policy.path]
    if any(_reads_subject(module) for path, module in modules.items() if path != policy.path):
        return None
    if [module.package for module in modules.values()].count(own.package) != 1:
        return None
    try:
        draft = _Writer(own, "applicable" in policy.rules).write()
    except _Unknown:
        return None
    source = f"{own.source}\n\n{draft.text}"
    written, problems = parse_modules({policy.path: source}, workers)
    if problems or not proven(draft, written[policy.path], own):
        return None
    return Form(source, f"data.{own.package}.{draft.name}")


def _reads_subject(module: Module) -> bool:
    """Whether anything in a file may read `input`, replace it, or reach a rule that does by another way."""
    try:
        _check_imports(module)
        for rule in module.rules:
            _check(rule, module, set())
    except _Unknown:
        return True
    return any(kind == "Var" and node["value"] == "input" for rule in module.rules for kind, node in nodes(rule.node))


def _check_imports(module: Module) -> None:
    for local, target in module.imports.items():
        root, _, rest = target.partition(".")
        given = root == "data" and rest.split(".")[0] in GIVEN
        if local in ("input", "data") or not (given or target == "rego.v1" or target.startswith("future.keywords")):
            raise _Unknown


def _check(rule: Rule, module: Module, names: set[str]) -> None:
    """Nothing replaces a document, hides `input`, `data` or one of `names`, or takes a detour through `data`."""
    if bound(rule, module.source.encode()) & (names | {"input", "data"}) or _modifies(rule.node):
        raise _Unknown
    for reference in references(rule.node):
        if reference.root == "data" and (not reference.parts or reference.parts[0] not in GIVEN):
            raise _Unknown


def _modifies(tree: Any) -> bool:
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if item.get("with_mods"):
                return True
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False


class _Writer:
    """Writes the batch form of one policy. Raises `_Unknown` for what it does not know."""

    def __init__(self, module: Module, asks_applicable: bool) -> None:
        self.module = module
        self.asks_applicable = asks_applicable
        self.source = module.source.encode()
        self.rules: dict[str, list[Rule]] = {}
        for rule in module.rules:
            self.rules.setdefault(rule.name, []).append(rule)
        self.suffix = next(f"batch{n}" for n in range(10_000) if f"batch{n}" not in module.source)
        self.subject, self.index, self.name = (f"{name}_{self.suffix}" for name in ("subject", "index", "passing"))
        self.named: set[str] = set()  # the constants of which the copies speak
        self.uses = {name: set().union(*map(self._uses, rules)) for name, rules in self.rules.items()}
        self.dependent = self._dependent()
        self.constants = self._constants()

    def write(self) -> Draft:
        """The rule, and what it has to parse to."""
        _check_imports(self.module)
        order = self._order()
        for name in self._reachable():
            for rule in self.rules[name]:
                _check(rule, self.module, self.dependent)
        pieces: list[_Piece] = []
        lines = [f"\tsome {self.index}, {self.subject} in input.batch"]
        for name in order:
            if name == "violations":
                continue
            written = self._definitions(name)
            pieces += written
            texts = [piece.text for piece in written]
            local = self._local(name)
            if self.rules[name][0].kind == "set":
                lines.append(f"\t{local} := {' | '.join(texts)}")
                continue
            total = texts[0]
            for text in texts[1:]:
                total = f"array.concat({total}, {text})"
            lines.append(f"\t{local} := {total}")
            if any(rule.node["head"]["Compr"]["assign"] for rule in self.rules[name]):
                lines.append(f"\tcount({local}) < 2")  # several values may be a conflict: for the plain form
        if self.asks_applicable:
            lines.append(f"\t{self._value('applicable')} == true")
        for piece in self._definitions("violations"):
            pieces.append(piece)
            lines.append(f"\tcount({piece.text}) == 0")
        # The engine finds a local name sooner than a rule. Where one is undefined, nobody passes for certain.
        lines[:0] = [f"\t{self._local(name)} := {name}" for name in sorted(self.named)]
        text = "\n".join([f"{self.name} := [{self.index} |", *lines, "]", ""])
        return Draft(self.name, text, len(lines), [piece.tree for piece in pieces])

    def _uses(self, rule: Rule) -> set[str]:
        roots = {reference.root for reference in references(rule.node)}
        functions = {node["value"] for kind, node in nodes(rule.node) if kind == "Var"}
        return (roots | functions) & ({"input"} | self.module.names) - {rule.name}

    def _dependent(self) -> set[str]:
        """The rules that read the subject, themselves or through others."""
        found: set[str] = set()
        while True:
            more = {name for name, used in self.uses.items() if used & (found | {"input"})} - found
            if not more:
                return found
            found |= more

    def _constants(self) -> set[str]:
        """The rules, no functions, with one value for every subject, whose names stand for nothing else anywhere."""
        hidden = set().union(*(bound(rule, self.source) for rule in self.module.rules))
        values = {
            name
            for name, rules in self.rules.items()
            if all(rule.kind in _KINDS and not rule.arguments for rule in rules)
        }
        return values - self.dependent - hidden

    def _reachable(self) -> list[str]:
        found: set[str] = set()
        waiting = ["violations", *(["applicable"] if self.asks_applicable else [])]
        while waiting:
            name = waiting.pop()
            if name not in self.rules:
                raise _Unknown
            if name not in found:
                found.add(name)
                waiting += self.uses[name] - {"input"}
        return sorted(found)

    def _order(self) -> list[str]:
        """The rules that have to be copied, each after those that it uses."""
        reachable = set(self._reachable())
        waiting = sorted((reachable & self.dependent) | {"violations"})
        order: list[str] = []
        while waiting:
            ready = [name for name in waiting if not self.uses[name] & (set(waiting) - {name})]
            if not ready:
                raise _Unknown
            order += ready
            waiting = [name for name in waiting if name not in ready]
        return order

    def _local(self, name: str) -> str:
        return f"{name}_{self.suffix}"

    def _value(self, name: str) -> str:
        """What is written for the name of a rule."""
        if name in self.constants:
            self.named.add(name)
            return self._local(name)
        if name not in self.dependent:
            return name
        return self._local(name) if self.rules[name][0].kind == "set" else f"{self._local(name)}[0]"

    def _definitions(self, name: str) -> list[_Piece]:
        rules = self.rules[name]
        kind = rules[0].kind
        wanted = ("set",) if name == "violations" else ("set", "compr")
        if kind not in wanted or (name == "applicable" and kind != "compr"):
            raise _Unknown
        if any(rule.kind != kind or rule.arguments for rule in rules):
            raise _Unknown
        return [self._piece(rule) for rule in rules]

    def _piece(self, rule: Rule) -> _Piece:
        ((_, head),) = rule.node["head"].items()
        bodies = rule.node["bodies"]
        if "Var" not in head["refr"] or len(bodies) > 1 or any(body["is_else"] or body["assign"] for body in bodies):
            raise _Unknown
        term_start, term_end, term = self._term(rule, head)
        value = self._copied(term_start, term_end, term) if term else "true"
        tree = self._expected(term) if term else TRUE
        if not bodies:
            body, statements = "true", [{"literal": ("Expr", {"expr": TRUE})}]
        else:
            query = bodies[0]["query"]
            start, end = query["span"]["start"], query["span"]["end"]
            if self.source[start : start + 1] == b"{" and self.source[end - 1 : end] == b"}":
                start, end = start + 1, end - 1
            body, statements = self._copied(start, end, query).strip("\n"), self._expected(query["stmts"])
        left, right = "{}" if rule.kind == "set" else "[]"
        return _Piece(f"{left}({value}) |\n{body}\n\t{right}", (_KINDS[rule.kind], tree, statements))

    def _term(self, rule: Rule, head: Any) -> tuple[int, int, Any]:
        """Where the value of a rule, or the key of a set, is written: `contains KEY`, `:= VALUE`; none means true."""
        if rule.kind == "set":
            start, end, word, term = head["refr"]["Var"]["span"]["end"], head["span"]["end"], b"contains", rule.key
        elif head["assign"] is None:
            return 0, 0, None
        else:
            span, term = head["assign"]["span"], head["assign"]["value"]
            start, end, word = span["start"], span["end"], b":="
        text = self.source[start:end]
        if term is None or not text.lstrip().startswith(word):
            raise _Unknown
        return start + text.index(word) + len(word), end, term

    def _copied(self, start: int, end: int, tree: Any) -> str:
        """The text of a part, with the subject in place of `input` and local names in place of rules."""
        quotes = (b'"', b"`")  # the engine leaves them out of the place of a string
        start -= self.source[start - 1 : start] in quotes
        end += self.source[end : end + 1] in quotes
        replaced: dict[int, tuple[int, str]] = {}
        for kind, node in nodes(tree):
            if kind == "Var" and node["value"] in {"input", *self.dependent, *self.constants}:
                name, span = node["value"], node["span"]
                if self.source[span["start"] : span["end"]] != name.encode():
                    raise _Unknown
                replaced[span["start"]] = span["end"], self.subject if name == "input" else self._value(name)
        parts: list[bytes] = []
        position = start
        for offset, (after, text) in sorted(replaced.items()):
            if not position <= offset < after <= end:
                raise _Unknown
            parts += [self.source[position:offset], text.encode()]
            position = after
        return b"".join([*parts, self.source[position:end]]).decode().strip(" ")

    def _expected(self, tree: Any) -> Any:
        """The tree that a copy must have: the plain one with the same replacements."""

        def replace(name: str) -> Any:
            if name == "input":
                return ("Var", self.subject)
            if name not in self.dependent | self.constants:
                return ("Var", name)
            local = ("Var", self._local(name))
            if name in self.constants:
                return local
            if self.rules[name][0].kind == "set":
                return local
            return ("RefBrack", {"refr": local, "index": ("Number", {"value": 0})})

        return shape_of(tree, self.source, replace)
