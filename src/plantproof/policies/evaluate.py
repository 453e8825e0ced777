"""From policies and a plant to observations: bind, project, ask the engine, and spread its answers over the rows."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec

from plantproof.bulk import collector_paused
from plantproof.errors import InputError, Problem
from plantproof.model.choosing import lets_in
from plantproof.model.observation import Observations
from plantproof.model.plant import NO_METHOD, Plant, Uncovered
from plantproof.model.policy import Bundle, Policy, Violation
from plantproof.model.vocabulary import Outcome, Reason
from plantproof.policies.bundle import modules_of
from plantproof.policies.deciding import Decision, asking
from plantproof.policies.metadata import REFERENCES, within_limits
from plantproof.policies.projection import Projection, project
from plantproof.policies.protocol import PASS, Engine, Request, Verdict
from plantproof.policies.views import Views
from plantproof.spelling import did_you_mean

Binding = tuple[str, dict[str, Any]]


class _Result(msgspec.Struct, frozen=True):
    """What is known of a row in the end."""

    outcome: Outcome
    reason: tuple[str, str] = ("", "")
    violations: tuple[Violation, ...] = ()


_PASSED = _Result(Outcome.PASS)
_OUTCOME = itemgetter(Verdict._fields.index("outcome"))


class Work(msgspec.Struct):
    """One binding on its way through the engine."""

    policy: Policy
    request: Request
    projection: Projection | None


def evaluate(bundle: Bundle, bindings: Sequence[Binding], plant: Plant, engine: Engine, on: str) -> list[Observations]:
    """Observe every policy, with its parameters, on every subject of a site.

    `on` is the date of the assessment, against which ages are counted. One `Observations` for each distinct binding, in
    the order given. Raises `InputError` with every binding that does not fit its policy, and where the engine cannot be
    used.
    """
    bound = bind(bundle, bindings)
    views = Views(plant, on)
    waiting: deque[Work] = deque()

    def requests() -> Iterator[Request]:
        for policy, parameters in bound:
            work = prepare(bundle, policy, parameters, views)
            waiting.append(work)
            yield work.request

    observations = []
    with collector_paused():
        for verdicts in engine.evaluate(requests()):
            observations.append(observe(waiting.popleft(), verdicts, views))
    return observations


def bind_parameters(policy: Policy, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a policy with its defaults. Raises `InputError` with everything that it does not allow."""
    declared = policy.metadata.parameters
    problems = []
    for name in sorted(given):
        if name not in declared:
            known = ", ".join(sorted(declared)) or "(none)"
            problems.append(_refusal(policy, f"has no parameter `{name}`", f"it has: {known}"))
            continue
        parameter = declared[name]
        if _shape(given[name]) != _shape(parameter.default):
            problems.append(_refusal(policy, f"parameter `{name}`: {given[name]!r} is no {_shape(parameter.default)}"))
        elif not within_limits(given[name], parameter.min, parameter.max):
            limits = f"from {parameter.min} to {parameter.max}".replace("None", "any")
            problems.append(_refusal(policy, f"parameter `{name}`: {given[name]} is outside of its limits", limits))
    if problems:
        raise InputError(*problems)
    return {name: given.get(name, parameter.default) for name, parameter in sorted(declared.items())}


def _refusal(policy: Policy, message: str, hint: str = "") -> Problem:
    return Problem(policy.path, policy.line, f"policy {policy.id} {message}", hint)


def _shape(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "list" if isinstance(value, list) else "text"


def bind(bundle: Bundle, bindings: Sequence[Binding]) -> list[tuple[Policy, dict[str, Any]]]:
    """Each distinct binding with all of its parameters. Raises `InputError` with every one that does not fit."""
    problems: list[Problem] = []
    bound: dict[tuple[str, bytes], tuple[Policy, dict[str, Any]]] = {}
    for name, given in bindings:
        policy = bundle.policies.get(name)
        if policy is None:
            problems.append(Problem("", 0, f"no policy is called `{name}`", did_you_mean(name, bundle.policies)))
            continue
        try:
            parameters = bind_parameters(policy, given)
        except InputError as error:
            problems += error.problems
            continue
        bound.setdefault((name, msgspec.json.encode(parameters, order="sorted")), (policy, parameters))
    if problems:
        raise InputError(*dict.fromkeys(problems))
    return list(bound.values())


def prepare(bundle: Bundle, policy: Policy, parameters: dict[str, Any], views: Views) -> Work:
    """Project the subjects of one binding: what the engine is to be asked."""
    projection = project(policy, parameters, views)
    inputs = projection.inputs if projection else []
    context = b",".join(
        msgspec.json.encode(kind) + b":" + views.plant.context[kind] for kind in sorted(policy.metadata.context)
    )
    request = Request(
        policy=policy,
        modules=modules_of(bundle, policy),
        parameters=msgspec.json.encode(parameters, order="sorted"),
        context=b"{" + context + b"}",
        inputs=inputs,
    )
    return Work(policy, request, projection)


def observe(work: Work, verdicts: list[Verdict], views: Views) -> Observations:
    """What a policy saw of every subject, from the verdicts on the distinct inputs."""
    plant, policy, projection = views.plant, work.policy, work.projection
    kind = policy.metadata.subject
    observations = Observations(
        site=plant.site.id,
        policy=policy.id,
        parameters=work.request.parameters,
        kind=kind,
        outcomes=bytearray(),
        methods=bytearray(),
        reasons={},
        violations={},
        uncovered=plant.uncovered.get(kind, []),
        evaluated=len(work.request.inputs),
    )
    if projection is not None:
        codes = _outcomes(projection.decisions, verdicts)
        observations.outcomes = _by_row(codes, projection.groups)
        observations.methods = projection.methods
        results: dict[int, _Result] = {}
        for code in sorted(set(codes) - {Outcome.PASS, Outcome.NOT_APPLICABLE}):
            row = observations.outcomes.find(code)  # in C: they are few among many
            while row >= 0:
                group = projection.groups[row]
                if group not in results:
                    results[group] = _result(projection.decisions[group], verdicts)
                _tell(observations, row, results[group])
                row = observations.outcomes.find(code, row + 1)
        for row, decisions in projection.disputed.items():
            result = _settle([_result(decision, verdicts) for decision in decisions])
            observations.outcomes[row] = result.outcome
            observations.reasons.pop(row, None)
            observations.violations.pop(row, None)
            _tell(observations, row, result)
        _withhold(observations, table.unconfirmed if (table := plant.tables.get(kind)) else {})
    for uncovered in observations.uncovered:
        row = len(observations.outcomes)
        result = _uncovered(policy, uncovered, views)
        observations.outcomes.append(result.outcome)
        observations.methods.append(NO_METHOD)
        _tell(observations, row, result)
    return observations


def _withhold(observations: Observations, unconfirmed: Mapping[int, str]) -> None:
    """What rests on intent that nobody has confirmed may fail, and neither passes nor is ruled out."""
    for row, detail in unconfirmed.items():
        if observations.outcomes[row] in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            observations.outcomes[row] = Outcome.NO_EVIDENCE
            observations.reasons[row] = (str(Reason.UNCONFIRMED), detail)


def _tell(observations: Observations, row: int, result: _Result) -> None:
    if result.outcome in (Outcome.NO_EVIDENCE, Outcome.ERROR):
        observations.reasons[row] = result.reason
    elif result.outcome == Outcome.FAIL:
        observations.violations[row] = result.violations


def _by_row(codes: bytes, groups: array[int]) -> bytearray:
    """Groups are numbered as they first show: where there are as many as rows, each row is its own."""
    if len(codes) == len(groups):
        return bytearray(codes)
    if codes.count(codes[:1]) == len(codes):  # one outcome of all, as often
        return bytearray(codes[:1]) * len(groups)
    return bytearray(map(codes.__getitem__, groups))


def _outcomes(decisions: list[Decision], verdicts: list[Verdict]) -> bytes:
    """The outcome of each decision, as codes."""
    if decisions == asking(len(verdicts)):  # nothing is known before the engine, of any: its verdicts are all
        return bytes(map(_OUTCOME, verdicts))
    return bytes([_result(decision, verdicts).outcome for decision in decisions])


def _result(decision: Decision, verdicts: list[Verdict]) -> _Result:
    if decision.outcome is not None:
        return _Result(decision.outcome, (str(decision.reason), decision.detail))
    verdict = verdicts[decision.input]
    if verdict is PASS and not decision.incomplete:
        return _PASSED
    if verdict.outcome == Outcome.PASS and decision.incomplete:
        return _Result(Outcome.NO_EVIDENCE, (str(Reason.MISSING_FIELD), decision.incomplete))
    return _Result(verdict.outcome, (verdict.reason, verdict.detail), verdict.violations)


def _settle(results: list[_Result]) -> _Result:
    """Sources disagree: fail if any claim fails, else nothing is known, unless all claims lead to the same silence."""
    for outcome in (Outcome.FAIL, Outcome.ERROR):
        for result in results:
            if result.outcome == outcome:
                return result
    first = results[0]
    silent = (Outcome.NOT_APPLICABLE, Outcome.NO_EVIDENCE)
    if first.outcome in silent and all(result == first for result in results):
        return first
    return _Result(Outcome.NO_EVIDENCE, (str(Reason.DISPUTED), "sources disagree, and no claim fails"))


def _uncovered(policy: Policy, uncovered: Uncovered, views: Views) -> _Result:
    """An asset or zone of whose records nothing is known: not-applicable only where `for` rules it out for certain."""
    table = views.table(uncovered.subject_kind)
    row = table.rows.get(uncovered.subject, -1) if table else -1
    for name, wanted in policy.metadata.for_.items():
        reference, _, field = name.rpartition(".")
        if row < 0 or REFERENCES.get(reference) != uncovered.subject_kind:
            continue
        column = views.column(uncovered.subject_kind, field)
        claims = column.disputed.get(row) or (column.values[row],)
        if all(claim is not None and lets_in(field, wanted, claim) is False for claim in claims):
            return _Result(Outcome.NOT_APPLICABLE)
    return _Result(Outcome.NO_EVIDENCE, (uncovered.reason, uncovered.detail))
