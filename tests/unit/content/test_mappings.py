"""The shipped mappings and crosswalks: what they name exists, what they claim is reviewed, nothing is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from plantproof.bundled import Content
from plantproof.controls.catalogs import (
    catalog_path,
    load_catalog,
    load_objectives,
    load_parameters,
    objectives_path,
    parameter_names,
    parameters_path,
    selected_control,
)
from plantproof.files import load_yaml, parse_yaml
from plantproof.mappers.mapping import check_mapping
from plantproof.model.catalog import Catalog, Parameters, Profile
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.intent import SelectedFramework
from plantproof.model.mapping import Answer, MappedControl, MappedPart, Mapping
from plantproof.model.policy import Bundle

FRAMEWORKS = ("iec62443-3-2", "iec62443-3-3", "sp800-53r5", "csf20")
NIST = "sp800-53r5"
CROSSWALK = "mappers/crosswalks/csf20-to-sp800-53r5.yaml"


@pytest.fixture(scope="module")
def mappings(content: Content) -> dict[str, Mapping]:
    return {
        name: load_yaml(content.read(path), path, Mapping) for name in FRAMEWORKS for path in [f"mappers/{name}.yaml"]
    }


@pytest.fixture(scope="module")
def catalogs(content: Content) -> dict[str, Catalog]:
    return {name: load_catalog(content.read(catalog_path(name)), catalog_path(name)) for name in FRAMEWORKS}


@pytest.fixture(scope="module")
def nist_parameters(content: Content, catalogs: dict[str, Catalog]) -> Parameters:
    path = parameters_path(NIST)
    return load_parameters(content.read(path), path, catalogs[NIST])


def _parts(mapping: Mapping) -> Iterator[tuple[str, MappedControl, MappedPart]]:
    for name, control in mapping.controls.items():
        for part in control.parts:
            yield name, control, part


def _answers(part: MappedPart) -> list[Answer]:
    return [*part.all_of, *part.any_of]


def _whole(catalog: Catalog, content: Content) -> SelectedFramework:
    """A framework with every control, as a profile that selects all of them would have it."""
    path = objectives_path(catalog.id)
    objectives = load_objectives(content.read(path), path, catalog) if catalog.id == NIST else None
    controls = tuple(selected_control(catalog, name, objectives) for name in catalog.controls)
    profile = Profile(schema="plantproof/profile/1", id="all", title="All", framework=catalog.id)
    return SelectedFramework(catalog=catalog, profile=profile, controls=controls, all_controls=controls)


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_mapping_has_no_mistake(
    name: str, content: Content, mappings: dict[str, Mapping], catalogs: dict[str, Catalog], bundle: Bundle
) -> None:
    path = f"mappers/{name}.yaml"
    document = parse_yaml(content.read(path), path)
    framework = _whole(catalogs[name], content)
    assert [str(each) for each in check_mapping(document, mappings[name], [framework], bundle)] == []
    assert mappings[name].framework == name


@pytest.mark.parametrize(("name", "least"), [("iec62443-3-2", 5), ("iec62443-3-3", 40), (NIST, 40), ("csf20", 35)])
def test_mapping_covers_what_policies_and_attestations_can_tell(
    name: str, least: int, mappings: dict[str, Mapping]
) -> None:
    assert len(mappings[name].controls) >= least


def test_every_policy_answers_something(mappings: dict[str, Mapping], bundle: Bundle) -> None:
    used = {answer.policy for each in mappings.values() for _, _, part in _parts(each) for answer in _answers(part)}
    assert set(bundle.policies) - used == set()


def test_every_foundational_requirement_is_mapped(mappings: dict[str, Mapping]) -> None:
    assert {name.split(".")[0] for name in mappings["iec62443-3-3"].controls} == {f"SR {n}" for n in range(1, 8)}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_control_is_reviewed(name: str, mappings: dict[str, Mapping]) -> None:
    assert [control for control, each in mappings[name].controls.items() if each.reviewed is None] == []


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_complete_control_can_be_satisfied(name: str, mappings: dict[str, Mapping]) -> None:
    """Partial answers alone never satisfy, and operation is satisfied by an attestation only (verdicts.md 1 and 16)."""
    for control, mapped, part in _parts(mappings[name]):
        if mapped.complete:
            full = [answer for answer in _answers(part) if answer.coverage == "full"]
            assert full, f"{control} {part.id}"
            assert part.aspect != "operation" or any(answer.attestation for answer in full), f"{control} {part.id}"


def test_requirements_of_every_kind_are_met_by_policies_alone(mappings: dict[str, Mapping]) -> None:
    """Without anybody's word: at least these can reach satisfied from tested evidence."""
    alone = {
        name
        for name, mapped in mappings["iec62443-3-3"].controls.items()
        if mapped.complete
        and all(any(answer.policy and answer.coverage == "full" for answer in _answers(part)) for part in mapped.parts)
    }
    assert {"SR 1.1 RE 1", "SR 5.1", "SR 7.3 RE 1", "SR 7.8"} <= alone


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_words_are_ours_and_short(name: str, mappings: dict[str, Mapping]) -> None:
    """`asks` names a thing in plant words; standards say "shall", "organization" and "information system"."""
    for control, _, part in _parts(mappings[name]):
        assert len(part.asks) <= 130, f"{control} {part.id}"
        assert not re.search(r"\bshall\b|organi[sz]ation-defined|information system|capability to", part.asks), control


def test_an_attestation_of_devices_one_by_one_is_never_asked(mappings: dict[str, Mapping]) -> None:
    """Statements enumerate zones or the site; nobody writes down a thousand devices."""
    for mapping in mappings.values():
        for control, _, part in _parts(mapping):
            assert part.scope != "component" or not any(each.attestation for each in _answers(part)), control


def test_nist_parts_bear_objectives_and_parameters_of_their_control(
    content: Content, mappings: dict[str, Mapping], catalogs: dict[str, Catalog], nist_parameters: Parameters
) -> None:
    framework = _whole(catalogs[NIST], content)
    leaves = {control.id: {text.split()[0] for text in control.objectives} for control in framework.controls}
    for control, mapped, part in _parts(mappings[NIST]):
        asked = set(part.objectives or [part.id])
        assert asked <= leaves[control], f"{control} {part.id}"
        named = {part.parameter, *(source for each in _answers(part) for source in each.from_profile.values())} - {""}
        assert named <= set(parameter_names(nist_parameters, control)), f"{control} {part.id}"
        if mapped.complete:
            spoken = {leaf for each in mapped.parts for leaf in each.objectives or [each.id]}
            assert spoken == leaves[control], control


def test_no_limit_of_a_policy_stands_for_one_that_the_organisation_settles(
    mappings: dict[str, Mapping], bundle: Bundle
) -> None:
    """Stations that lock after a quarter of an hour do not meet an AC-11 that says ten minutes."""
    for control, _, part in _parts(mappings[NIST]):
        for answer in _answers(part):
            if part.parameter and answer.policy and answer.coverage == "full":
                limits = set(bundle.policies[answer.policy].metadata.parameters)
                assert limits <= answer.from_profile.keys() | answer.with_.keys(), f"{control} {part.id}"


def test_readme_lists_what_profiles_bind(root: Path, mappings: dict[str, Mapping]) -> None:
    words = (root / "mappers/README.md").read_text("utf-8")
    told = re.findall(r"`(\S+_odp\S*)`\s+\(`(\w+)`\s+of\s+(\w+/\w+)\)", words)
    assert told == sorted(told)
    assert set(told) == {
        (source, name, answer.policy)
        for _, _, part in _parts(mappings[NIST])
        for answer in _answers(part)
        for name, source in answer.from_profile.items()
    }


def test_readme_lists_every_attestation_topic(root: Path, mappings: dict[str, Mapping]) -> None:
    asked = {
        answer.attestation for each in mappings.values() for _, _, part in _parts(each) for answer in _answers(part)
    }
    told = re.findall(r"^\| `([a-z-]+)` \|", (root / "mappers/README.md").read_text("utf-8"), re.M)
    assert told == sorted(told)
    assert set(told) == asked - {""}


def test_crosswalk_names_active_controls_only(content: Content, catalogs: dict[str, Catalog]) -> None:
    crosswalk = load_yaml(content.read(CROSSWALK), CROSSWALK, Crosswalk)
    source, target = catalogs[crosswalk.from_], catalogs[crosswalk.to]
    assert set(crosswalk.pairs) <= source.controls.keys()
    assert {each for others in crosswalk.pairs.values() for each in others} <= target.controls.keys()
    assert all(others for others in crosswalk.pairs.values())
