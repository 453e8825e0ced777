"""Which policies are asked, with which parameters: everything that a mapping or a compensating waiver rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from plantproof.mappers.identity import canonical
from plantproof.mappers.levels import has_levels
from plantproof.model.intent import Intent, SelectedControl, SelectedFramework
from plantproof.model.mapping import Answer, MappedControl, MappedPart, Mapping
from plantproof.model.policy import Bundle
from plantproof.model.waiver import Waiver


class Key(NamedTuple):
    """A policy with its canonical parameters: what an observation is of, besides the subject."""

    policy: str
    parameters: bytes

    def decoded(self) -> dict[str, Any]:
        return msgspec.json.decode(self.parameters, type=dict[str, Any])


class Asked(NamedTuple):
    """One control of a framework, and what its mapping says of it (None where no mapping names it)."""

    control: SelectedControl
    mapped: MappedControl | None


def bindings_of(mappings: Sequence[Mapping], intent: Intent, bundle: Bundle) -> list[tuple[str, dict[str, Any]]]:
    """Every (policy, parameters with defaults) to be evaluated, once each, sorted.

    Asked are the parts of selected controls whose parameters the organisation has set, and the countermeasures of
    compensating waivers. Policies that are not in the bundle are left out: `load_mappings` has refused them.
    """
    found: dict[Key, dict[str, Any]] = {}
    for framework in intent.frameworks:
        for _, _, answer in answers_asked(framework, mappings):
            if answer.policy in bundle.policies:
                found[key_of(answer, framework, bundle)] = parameters_of(answer, framework, bundle)
    for waiver in intent.waivers:
        if waiver.compensation and waiver.compensation.policy in bundle.policies:
            found[compensating_key(waiver, bundle)] = _with_defaults(
                waiver.compensation.policy, waiver.compensation.parameters, bundle
            )
    return [(key.policy, found[key]) for key in sorted(found)]


def asked_of(framework: SelectedFramework, mappings: Iterable[Mapping]) -> Iterator[Asked]:
    """The controls that are judged: the selected ones and, where SL-A rests on the catalog, all its requirements,
    tailored as the profile says; in the catalog's order."""
    mapped: dict[str, MappedControl] = {}
    for mapping in mappings:
        if mapping.framework == framework.catalog.id:
            mapped |= mapping.controls
    tailored = {control.id: control for control in framework.controls}
    everything = framework.all_controls if has_levels(framework) else framework.controls
    listed = {control.id for control in everything}
    for control in everything:
        yield Asked(tailored.get(control.id, control), mapped.get(control.id))
    for control in framework.controls:
        if control.id not in listed:
            yield Asked(control, mapped.get(control.id))


def answers_asked(
    framework: SelectedFramework, mappings: Iterable[Mapping]
) -> Iterator[tuple[SelectedControl, MappedPart, Answer]]:
    """Every answer that a judged control asks for, where the organisation has set the parameters of its part."""
    for asked in asked_of(framework, mappings):
        for part in asked.mapped.parts if asked.mapped else ():
            if not unset_parameter(part, framework):
                yield from ((asked.control, part, answer) for answer in answers_of(part))


def answers_of(part: MappedPart) -> list[Answer]:
    """The answers to a part, whether all are wanted or any one."""
    return part.all_of or part.any_of


def unset_parameter(part: MappedPart, framework: SelectedFramework) -> str:
    """The first organisation-defined parameter of the part that the profile leaves open; "" where all are set."""
    wanted = [part.parameter] if part.parameter else []
    for answer in answers_of(part):
        wanted += sorted(answer.from_profile.values())
    return next((name for name in wanted if name not in framework.parameters), "")


def parameters_of(answer: Answer, framework: SelectedFramework, bundle: Bundle) -> dict[str, Any]:
    """The parameters with which an answer's policy is evaluated: defaults, then the mapping's, then the profile's."""
    chosen: dict[str, Any] = dict(answer.with_)
    for name, source in answer.from_profile.items():
        if source in framework.parameters:
            chosen[name] = framework.parameters[source]
    return _with_defaults(answer.policy, chosen, bundle)


def key_of(answer: Answer, framework: SelectedFramework, bundle: Bundle) -> Key:
    """The binding that an answer asks for, with the parameters of the profile and the policy's defaults."""
    return Key(answer.policy, canonical(parameters_of(answer, framework, bundle)))


def compensating_key(waiver: Waiver, bundle: Bundle) -> Key:
    """The binding of a waiver's countermeasure. The waiver must have one."""
    if waiver.compensation is None:
        raise ValueError(f"waiver {waiver.id} has no compensation")
    policy = waiver.compensation.policy
    return Key(policy, canonical(_with_defaults(policy, waiver.compensation.parameters, bundle)))


def _with_defaults(policy: str, chosen: dict[str, Any], bundle: Bundle) -> dict[str, Any]:
    known = bundle.policies.get(policy)
    defaults = {name: each.default for name, each in known.metadata.parameters.items()} if known else {}
    return dict(sorted({**defaults, **chosen}.items()))
