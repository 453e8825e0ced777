"""`plantproof test`: the policies' own tests, their coverage by line, and the lint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import refuse
from plantproof.model.policy import Bundle, Policy
from plantproof.policies.bundle import Files, closure, load_bundle
from plantproof.policies.lint import lint
from plantproof.policies.lint_finding import Finding
from plantproof.policies.syntax import Module, error_place, parse_modules
from plantproof.policies.worker import WorkerFailed, Workers
from plantproof.spelling import did_you_mean

SITUATIONS = {
    "a pass": re.compile(r"^test_(pass|accept|allow)"),
    "a fail": re.compile(r"^test_(fail|den[iy]|refuse)"),
    "not-applicable": re.compile(r"not_appl|does_not_apply"),
    "missing evidence": re.compile(r"missing|unknown|without_evidence|no_evidence"),
}
"""What the tests of a policy must show, by their names; not-applicable where the policy itself decides it."""


class Result(NamedTuple):
    """One test. `message` is empty where it passed."""

    path: str
    line: int
    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.name}: {self.message or 'ok'}"


class Coverage(NamedTuple):
    """Lines of one file that tests ran, and that none did."""

    path: str
    covered: frozenset[int]
    missed: frozenset[int]

    @property
    def percent(self) -> str:
        """Never 100 unless it is."""
        total = len(self.covered) + len(self.missed)
        return f"{100 * len(self.covered) // total if total else 100} %"


class Report(NamedTuple):
    """What `plantproof test` found, sorted by file."""

    results: tuple[Result, ...]
    coverage: tuple[Coverage, ...]
    untested: tuple[str, ...]
    """`<path>: no test for <situation>`."""
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Every test passes, every line is covered, every situation tested, and the lint is silent."""
        failed = any(result.message for result in self.results) or any(item.missed for item in self.coverage)
        return bool(self.results) and not (failed or self.untested or self.findings)

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """What is wrong, line by line, each test when `verbose`; one summary line last."""
        yield from (str(result) for result in self.results if verbose or result.message)
        for item in self.coverage:
            if item.missed:
                yield f"{item.path}: covered {item.percent}, not lines {', '.join(map(str, sorted(item.missed)))}"
        yield from self.untested
        yield from (str(found) for found in self.findings)
        failed = sum(bool(result.message) for result in self.results)
        whole = sum(not item.missed for item in self.coverage)
        yield (
            f"{len(self.results) - failed} of {len(self.results)} tests passed, {whole} of {len(self.coverage)} files "
            f"covered whole, {len(self.untested)} situations untested, {len(self.findings)} lint findings"
        )


def test_policies(
    project: Files,
    policies: Sequence[str] = (),  # noqa: PT028  no test of ours, but what runs those of policies
    workers: Workers | None = None,  # noqa: PT028  as above
) -> Report:
    """Run the tests of the named policies or families (default: everything), measure coverage, and lint.

    Raises `InputError` where a file does not parse, or a name is no policy.
    """
    if workers is None:
        with Workers() as own:
            return test_policies(project, policies, own)
    bundle = load_bundle(project, workers)
    chosen = _chosen(bundle, policies)
    sources = {policy.path: policy.source for policy in bundle.policies.values()} | bundle.libraries | bundle.tests
    modules, _ = parse_modules(sources, workers)
    tested = _tested_paths(bundle, chosen, whole=not policies)
    results: list[Result] = []
    covered: dict[str, set[int]] = {path: set() for path in tested}
    missed: dict[str, set[int]] = {path: set() for path in tested}
    for path in sorted(bundle.tests):
        if _subject(path) not in tested:
            continue
        answer = _run(modules[path], modules, workers)
        results += _results(modules[path], modules, answer)
        for file in answer.get("coverage", {}).get("files", []):
            if file["path"] in tested:
                covered[file["path"]].update(file["covered"])
                missed[file["path"]].update(file["not_covered"])
    for path in tested:
        if not covered[path]:  # no test came near it
            missed[path].update(modules[path].place(rule.offset)[0] for rule in modules[path].rules)
    files = {*tested, *(path for path in bundle.tests if _subject(path) in tested)}
    return Report(
        results=tuple(results),
        coverage=tuple(
            Coverage(path, frozenset(covered[path]), frozenset(missed[path] - covered[path])) for path in sorted(tested)
        ),
        untested=tuple(_untested(chosen, modules)),
        findings=tuple(found for found in lint(bundle, workers) if found.path in files),
    )


test_policies.__test__ = False  # type: ignore[attr-defined]  # a name that test runners would take for a test


def _chosen(bundle: Bundle, names: Sequence[str]) -> list[Policy]:
    if not names:
        return [bundle.policies[name] for name in sorted(bundle.policies)]
    chosen: dict[str, Policy] = {}
    for name in names:
        found = [key for key in bundle.policies if key == name or key.startswith(name.rstrip("/") + "/")]
        if not found:
            raise refuse(f"no policy is called `{name}`", did_you_mean(name, bundle.policies))
        chosen.update((key, bundle.policies[key]) for key in found)
    return [chosen[name] for name in sorted(chosen)]


def _tested_paths(bundle: Bundle, chosen: list[Policy], *, whole: bool) -> set[str]:
    """The files whose tests run and whose coverage counts: libraries only where everything is tested."""
    return {policy.path for policy in chosen} | (set(bundle.libraries) if whole else set())


def _subject(test_path: str) -> str:
    return test_path.removesuffix("_test.rego") + ".rego"


def _run(test: Module, modules: Mapping[str, Module], workers: Workers) -> dict[str, Any]:
    subject = modules.get(_subject(test.path))
    files = {test.path, *closure(test, dict(modules))}
    if subject is not None:
        files |= {subject.path, *closure(subject, dict(modules))}
    job = {
        "operation": "test",
        "modules": [[path, modules[path].source] for path in sorted(files)],
        "data": "",
        "rules": [f"data.{test.package}.{name}" for name in _test_names(test)],
    }
    try:
        answer: dict[str, Any] = msgspec.json.decode(workers.call(job))
    except WorkerFailed as error:
        return {"failed": error.detail}
    return answer


def _test_names(test: Module) -> list[str]:
    return list(dict.fromkeys(rule.name for rule in test.rules if rule.name.startswith("test_")))


def _results(test: Module, modules: Mapping[str, Module], answer: dict[str, Any]) -> Iterator[Result]:
    lines = {rule.name: test.place(rule.offset)[0] for rule in reversed(test.rules)}
    sources = {path: module.source for path, module in modules.items()}
    for name in _test_names(test):
        message = answer.get("failed") or answer.get("results", {}).get(f"data.{test.package}.{name}", "did not run")
        yield Result(test.path, lines[name], name, error_place(message, sources) if message else "")


def _untested(chosen: list[Policy], modules: Mapping[str, Module]) -> Iterator[str]:
    for policy in chosen:
        test = modules.get(policy.path.removesuffix(".rego") + "_test.rego")
        names = _test_names(test) if test else []
        for situation, pattern in SITUATIONS.items():
            if situation == "not-applicable" and "applicable" not in policy.rules:
                continue
            if not any(pattern.search(name) for name in names):
                yield f"{policy.path}: no test for {situation}"
