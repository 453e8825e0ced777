"""Reading mappers/<framework>.yaml, with every mistake that would make a verdict mean something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plantproof.errors import InputError, Problem
from plantproof.files import YamlDocument, parse_yaml
from plantproof.model.intent import Intent, SelectedFramework
from plantproof.model.mapping import Answer, MappedControl, MappedPart, Mapping
from plantproof.model.policy import Bundle, Parameter
from plantproof.project import Project
from plantproof.spelling import did_you_mean

FOLDER = "mappers/"
Pointer = tuple[str | int, ...]

PROVIDED = ("common", "hybrid", "vendor")
"""How a function is provided for everybody. Any other word would be taken for `common`, which asks no zone for its own
share: whoever mistypes `hybrid` would be asked for less."""


def load_mappings(project: Project, intent: Intent, bundle: Bundle) -> tuple[Mapping, ...]:
    """Read and check every mapping of a project; those of frameworks that no profile selects are checked and left out.

    Raises InputError with every mistake: policies, parameters, controls and objectives that do not exist, parts without
    an answer or with both kinds, partial answers that do not say what they leave out, completeness nobody reviewed.
    """
    problems: list[Problem] = []
    first: dict[str, str] = {}
    found: list[Mapping] = []
    frameworks: dict[str, list[SelectedFramework]] = {}
    for framework in intent.frameworks:
        frameworks.setdefault(framework.catalog.id, []).append(framework)
    for path in mapping_paths(project):
        try:
            document = parse_yaml(project.read(path), path)
            mapping = document.convert(Mapping)
        except InputError as error:
            problems += error.problems
            continue
        if mapping.framework in first:
            other = first[mapping.framework]
            words = f"{other} maps {mapping.framework} already"
            hint = f"move its controls there; `plantproof config copy {other}` makes a shipped file the project's own"
            problems.append(document.problem(("framework",), words, hint))
            continue
        first[mapping.framework] = path
        selected = frameworks.get(mapping.framework, [])
        problems += check_mapping(document, mapping, selected, bundle)
        if selected:
            found.append(mapping)
    if problems:
        raise InputError(*sorted(problems, key=lambda problem: (problem.path, problem.line, problem.message)))
    return tuple(sorted(found, key=lambda mapping: mapping.framework))


def mapping_paths(project: Project) -> list[str]:
    """The mappings of a project: the YAML files directly under mappers/. Crosswalks have a folder of their own."""
    under = (path for path in project.list(FOLDER.rstrip("/")) if path.endswith(".yaml"))
    return sorted(path for path in under if path.count("/") == 1)


def check_mapping(
    document: YamlDocument, mapping: Mapping, frameworks: list[SelectedFramework], bundle: Bundle
) -> Iterator[Problem]:
    """Every mistake in one mapping. `frameworks` are its framework as each profile selects it; none where none does."""
    for control, mapped in mapping.controls.items():
        where: Pointer = ("controls", control)
        known = frameworks[0].catalog.controls if frameworks else None
        if known is not None and control not in known:
            message = f"{mapping.framework} has no control `{control}`"
            yield Problem(document.path, document.line_of(where), message, did_you_mean(control, known))
        if mapped.complete and mapped.reviewed is None:
            message = f"`{control}` is complete, but nobody has reviewed that its parts are all it asks"
            yield document.problem((*where, "complete"), message, "add `reviewed: {by: ..., on: ...}`")
        yield from _check_parts(document, where, mapped)
        objectives = {
            objective
            for framework in frameworks
            for selected in framework.controls
            if selected.id == control
            for objective in selected.objectives
        }
        for number, part in enumerate(mapped.parts):
            place = (*where, "parts", number)
            for index, objective in enumerate(part.objectives):
                if objectives and objective not in objectives:
                    message = f"`{control}` has no objective `{objective}`"
                    yield document.problem((*place, "objectives", index), message, did_you_mean(objective, objectives))
            yield from _check_answers(document, place, part, frameworks, bundle)


def _check_parts(document: YamlDocument, where: Pointer, mapped: MappedControl) -> Iterator[Problem]:
    if not mapped.parts:
        yield document.problem((*where, "parts"), "a mapped control has at least one part")
    seen: set[str] = set()
    for number, part in enumerate(mapped.parts):
        place = (*where, "parts", number)
        if part.id in seen:
            yield document.problem((*place, "id"), f"part `{part.id}` is there twice")
        seen.add(part.id)
        how = part.provided_by.partition(":")[0].rstrip()
        if part.provided_by and how.casefold() not in PROVIDED:
            message = f"`{how}` is no way in which a function is provided for everybody"
            hint = did_you_mean(how, PROVIDED) or "write `common`, `hybrid` or `vendor`, then `:` and who provides it"
            yield document.problem((*place, "provided_by"), message, hint)
        if part.all_of and part.any_of:
            message = f"part `{part.id}` has both `all_of` and `any_of`"
            yield document.problem(place, message, "keep one; what has to hold together goes into parts of its own")
        if not part.all_of and not part.any_of:
            message = f"part `{part.id}` has no answer"
            yield document.problem(place, message, "add `all_of` or `any_of` with policies or attestations")


def _check_answers(
    document: YamlDocument, place: Pointer, part: MappedPart, frameworks: list[SelectedFramework], bundle: Bundle
) -> Iterator[Problem]:
    for kind, answers in (("all_of", part.all_of), ("any_of", part.any_of)):
        for number, answer in enumerate(answers):
            where = (*place, kind, number)
            if bool(answer.policy) == bool(answer.attestation):
                message = "an answer is either a `policy` or an `attestation`"
                yield document.problem(where, message, "one of the two, never both")
            if answer.coverage == "partial" and not answer.leaves_out.strip():
                message = "a partial answer says in `leaves_out` what it leaves out"
                yield document.problem(where, message, "in words that an auditor can check")
            if answer.coverage == "full" and answer.leaves_out.strip():
                message = "a full answer leaves nothing out"
                yield document.problem(
                    (*where, "leaves_out"), message, "make it `coverage: partial`, or drop `leaves_out`"
                )
            if answer.policy:
                yield from _check_policy(document, where, answer, frameworks, bundle)
            elif answer.with_ or answer.from_profile:
                yield document.problem(where, "an attestation has no parameters")


def _check_policy(
    document: YamlDocument, where: Pointer, answer: Answer, frameworks: list[SelectedFramework], bundle: Bundle
) -> Iterator[Problem]:
    policy = bundle.policies.get(answer.policy)
    if policy is None:
        hint = did_you_mean(answer.policy, bundle.policies)
        yield document.problem((*where, "policy"), f"there is no policy `{answer.policy}`", hint)
        return
    parameters = policy.metadata.parameters
    for field, names in (("with", answer.with_), ("from_profile", answer.from_profile)):
        for name in names:
            if name not in parameters:
                hint = did_you_mean(name, parameters) or f"it has: {', '.join(sorted(parameters)) or 'none'}"
                yield document.problem((*where, field, name), f"`{policy.id}` has no parameter `{name}`", hint)
    for name, value in answer.with_.items():
        if name in answer.from_profile:
            yield document.problem(
                (*where, "with", name), f"`{name}` is bound twice", "by `with` and by `from_profile`"
            )
        if name in parameters and (wrong := beyond(parameters[name], value)):
            yield document.problem((*where, "with", name), f"parameter `{name}` of `{policy.id}` {wrong}")
    for name, source in answer.from_profile.items():
        for framework in frameworks:
            if name not in parameters or source not in framework.parameters:
                continue
            if wrong := beyond(parameters[name], framework.parameters[source]):
                message = f"parameter `{name}` of `{policy.id}` {wrong}: `{source}` of `{framework.profile.id}`"
                yield document.problem((*where, "from_profile", name), message)


def beyond(parameter: Parameter, value: Any) -> str:
    """What is wrong with a value for a parameter: its type, or its limits; "" where nothing is."""
    wanted, got = _type_word(parameter.default), _type_word(value)
    if wanted != got:
        return f"is {wanted}, not {got}"
    if isinstance(value, list) and isinstance(parameter.default, list):
        # `[3]` for `["3"]` would look right and equal nothing that a device says.
        items = {_type_word(item) for item in parameter.default}
        strange = next((item for item in value if items and _type_word(item) not in items), None)
        known = " or ".join(sorted(items))
        return "" if strange is None else f"holds {known} each, not {_type_word(strange)}: {strange}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if parameter.min is not None and value < parameter.min:
            return f"is at least {parameter.min:g}, not {value:g}"
        if parameter.max is not None and value > parameter.max:
            return f"is at most {parameter.max:g}, not {value:g}"
    return ""


def _type_word(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "a text"
