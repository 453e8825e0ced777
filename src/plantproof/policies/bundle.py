"""The policies of a project: every file read, parsed in the worker, checked for what no policy may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from plantproof.errors import InputError, Problem
from plantproof.model.policy import Bundle, Policy
from plantproof.policies import lint, metadata
from plantproof.policies.syntax import Module, dotted, parse_modules, references
from plantproof.policies.worker import Workers

FOLDER = "policies"
LAYOUT = "policies live in policies/<family>/<policy>/<policy>.rego, shared helpers in policies/lib/"


class Files(Protocol):
    """What a project offers: the shipped content with the project's own files over it."""

    def list(self, under: str = "") -> Iterable[str]: ...

    def read(self, path: str) -> bytes: ...

    def origin(self, path: str) -> Literal["content", "project", "override"]: ...


def load_bundle(project: Files, workers: Workers | None = None) -> Bundle:
    """Read all policies under policies/.

    Raises `InputError` with every mistake of every file: Rego that does not parse (file, line, column), METADATA that
    does not fit its type, a package that is not the path, and what lint.py calls unsafe. Nothing is evaluated.

    What is content, byte for byte, was linted and tested before it was shipped (`plantproof test`): its tests are not
    parsed again, and where there is nothing else, nothing is linted.
    """
    sources, problems = _read(project)
    shipped = {path for path in sources if project.origin(path) == "content"}
    parsed = {path: source for path, source in sources.items() if not (path in shipped and path.endswith("_test.rego"))}
    if workers is None:
        with Workers() as own:
            modules, malformed = parse_modules(parsed, own)
    else:
        modules, malformed = parse_modules(parsed, workers)
    problems += malformed
    tests = {path: source for path, source in sources.items() if path.endswith("_test.rego")}
    libraries = {path: source for path, source in sources.items() if is_library(path) and path not in tests}
    problems += [problem for module in modules.values() for problem in _layout(module)]
    policies: dict[str, Policy] = {}
    for path in sorted(sources):
        if path in tests or path in libraries:
            continue
        try:
            declaration = metadata.read_metadata(sources[path], path)
        except InputError as error:
            problems += error.problems
            continue
        if path in modules:
            policy = _policy(modules[path], declaration, modules, project.origin(path))
            policies[policy.id] = policy
    judging = {path: module for path, module in modules.items() if path not in tests}
    if not shipped.issuperset(judging):
        # Shipped policies were linted before; what of them a library of the project could draw into a circle is looked
        # at again.
        again = {path for path in judging if path not in shipped or is_library(path)}
        problems += [finding.problem() for finding in lint.unsafe(judging, again)]
    if problems:
        raise InputError(*sorted(set(problems)))
    return Bundle(policies=policies, libraries=libraries, tests=tests)


def is_library(path: str) -> bool:
    """Whether a file is shared by policies, and none itself."""
    return path.startswith(f"{FOLDER}/lib/")


def modules_of(bundle: Bundle, policy: Policy) -> tuple[tuple[str, str], ...]:
    """The files that an engine needs for one policy: itself, and the libraries of its closure."""
    return ((policy.path, policy.source), *((path, bundle.libraries[path]) for path in policy.libraries))


def _read(project: Files) -> tuple[dict[str, str], list[Problem]]:
    sources: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(project.list(FOLDER)):
        if not path.endswith(".rego"):
            continue
        try:
            sources[path] = project.read(path).decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.append(Problem(path, line, "is not UTF-8 text", "save it as UTF-8"))
    return sources, problems


def _layout(module: Module) -> list[Problem]:
    parts = module.path.removesuffix(".rego").split("/")
    line, column = module.place(module.package_offset)
    test = parts[-1].endswith("_test")
    if parts[1] == "lib":
        expected = ".".join(["lib", *parts[2:]])
    else:
        stem = parts[-1].removesuffix("_test")
        if len(parts) != 4 or parts[2] != stem:
            return [Problem(module.path, line, "is not where a policy belongs", LAYOUT, column)]
        expected = ".".join([FOLDER, *parts[1:3]]) + ("_test" if test else "")
    allowed = {expected, expected.removesuffix("_test")} if test else {expected}
    if module.package in allowed:
        return []
    return [Problem(module.path, line, f"package is `{module.package}`, not `{expected}`", LAYOUT, column)]


def _policy(
    module: Module,
    declaration: metadata.Declaration,
    modules: dict[str, Module],
    origin: Literal["content", "project", "override"],
) -> Policy:
    return Policy(
        id="/".join(module.path.split("/")[1:3]),
        package=module.package,
        path=module.path,
        line=declaration.line,
        title=declaration.block.title,
        description=declaration.block.description,
        metadata=declaration.block.custom,
        source=module.source,
        libraries=closure(module, modules),
        origin=origin,
        rules=tuple(sorted(module.names)),
    )


def closure(module: Module, modules: dict[str, Module]) -> tuple[str, ...]:
    """The paths of the library files that a module uses, directly or through others, sorted."""
    by_package: dict[str, list[str]] = {}
    for path in sorted(modules):
        if is_library(path) and not path.endswith("_test.rego"):
            by_package.setdefault(modules[path].package, []).append(path)
    found: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        named = {name.removeprefix("data.") for name in current.imports.values()}
        named |= {
            dotted(reference).removeprefix("data.")
            for rule in current.rules
            for reference in references(rule.node)
            if reference.root == "data"
        }
        for package, paths in by_package.items():
            if any(name == package or name.startswith(package + ".") for name in named):
                waiting += [modules[path] for path in paths if path not in found and path != module.path]
                found.update(paths)
    return tuple(sorted(found - {module.path}))
