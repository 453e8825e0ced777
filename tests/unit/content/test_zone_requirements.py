"""verdicts.md 11: ZCR 3.2 to 3.6 of IEC 62443-3-2 are tested by machine, and nothing else of that standard is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.plant_world import identities, plant, site, source, zone

from plantproof.bundled import Content
from plantproof.controls.catalogs import catalog_path, load_catalog, selected_control
from plantproof.files import load_yaml
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import conclude_site
from plantproof.model.catalog import Profile
from plantproof.model.intent import Intent, SelectedFramework
from plantproof.model.mapping import Mapping
from plantproof.model.plant import Plant
from plantproof.model.policy import Bundle
from plantproof.model.roles import normal_role
from plantproof.model.vocabulary import Conclusion, Outcome, Reason
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of

ON = "2026-06-30"
NAME = "iec62443-3-2"
ZONES = (
    zone("cell", "10.1.0.0/16"),
    zone("sis", "10.2.0.0/16", kind="safety", level=1),
    zone("radio", "10.3.0.0/16", kind="wireless"),
    zone("visits", "10.4.0.0/16", kind="temporary", level=3),
    zone("dmz", "10.5.0.0/16", kind="dmz", level=3.5),
    zone("office", "10.9.0.0/16", kind="business", level=4),
    zone("vendors", "198.51.100.0/24", kind="external", level=5),
)
PLC, STATION, ACCESS_POINT, LAPTOP = (
    ("a-plc", "plc", "10.1.0.5"),
    ("a-station", "ews", "10.5.0.5"),
    ("a-radio", "wireless-ap", "10.3.0.5"),
    ("a-laptop", "portable", "10.4.0.5"),
)
SOUND = (PLC, STATION, ACCESS_POINT, LAPTOP)


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine() as found:
        yield found


@pytest.fixture(scope="module")
def mapping(content: Content) -> Mapping:
    path = f"mappers/{NAME}.yaml"
    return load_yaml(content.read(path), path, Mapping)


@pytest.fixture(scope="module")
def framework(content: Content) -> SelectedFramework:
    catalog = load_catalog(content.read(catalog_path(NAME)), catalog_path(NAME))
    controls = tuple(selected_control(catalog, name) for name in catalog.controls)
    profile = Profile(schema="plantproof/profile/1", id="all", title="All", framework=NAME)
    return SelectedFramework(catalog=catalog, profile=profile, controls=controls, all_controls=controls)


def built(bundle: Bundle, assets: tuple[tuple[str, str, str], ...], *flows: tuple[str, str]) -> Plant:
    """A plant with these assets (id, role, address) and flows (from, to) on tcp/502."""
    records: dict[str, list[dict[str, Any]]] = {
        "asset": [
            {"id": name, "names": [name], "role": role, **({"ips": [address]} if address else {})}
            for name, role, address in assets
        ],
        "flow": [
            {"id": f"f-{number}", "src_ip": start, "dst_ip": end, "protocol": "tcp", "port": 502}
            for number, (start, end) in enumerate(flows)
        ],
    }
    known = identities([name for name, _, _ in assets])
    return plant(source("sensor", records), at=site(*ZONES), known=known, needs=needs_of(bundle), on=ON)


def outcomes(bundle: Bundle, engine: EmbeddedEngine, policy: str, found: Plant) -> dict[str, tuple[Outcome, str]]:
    """Subject by subject, what a policy says and, where it has no evidence, why."""
    (observed,) = evaluate(bundle, [(policy, {})], found, engine, ON)
    ids = found.tables[observed.kind].ids
    return {
        name: (Outcome(observed.outcomes[row]), observed.reasons.get(row, ("", ""))[0]) for row, name in enumerate(ids)
    }


def concluded(
    bundle: Bundle, engine: EmbeddedEngine, mapping: Mapping, framework: SelectedFramework, found: Plant
) -> dict[str, Conclusion]:
    """Requirement by requirement, what is concluded of the site."""
    intent = Intent(frameworks=(framework,), sites={"works": found.site}, waivers=())
    observations = evaluate(bundle, bindings_of([mapping], intent, bundle), found, engine, ON)
    conclusions = conclude_site(intent, [mapping], bundle, found, observations, ON)
    return {each.control: each.conclusion for each in conclusions.frameworks[0].controls}


@pytest.mark.parametrize(
    ("requirement", "assets", "flows"),
    [
        ("ZCR 3.2", SOUND, [("10.9.0.7", "10.1.0.5")]),
        ("ZCR 3.3", SOUND, [("10.9.0.7", "10.2.0.5")]),
        ("ZCR 3.3", SOUND, [("10.1.0.5", "10.2.0.5")]),
        ("ZCR 3.4", (PLC, STATION, ACCESS_POINT, ("a-laptop", "portable", "10.1.0.9")), []),
        ("ZCR 3.5", (PLC, STATION, LAPTOP, ("a-radio", "wireless-ap", "10.1.0.9")), []),
        ("ZCR 3.5", (*SOUND, ("a-vehicle", "agv", "10.9.0.9")), []),
        ("ZCR 3.6", SOUND, [("198.51.100.7", "10.1.0.5")]),
    ],
)
def test_what_is_not_separated_is_found_by_machine(
    requirement: str,
    assets: tuple[tuple[str, str, str], ...],
    flows: list[tuple[str, str]],
    bundle: Bundle,
    engine: EmbeddedEngine,
    mapping: Mapping,
    framework: SelectedFramework,
) -> None:
    sound = concluded(bundle, engine, mapping, framework, built(bundle, SOUND, ("10.5.0.5", "10.1.0.5")))
    assert Conclusion.NOT_SATISFIED not in sound.values()
    broken = concluded(bundle, engine, mapping, framework, built(bundle, assets, *flows))
    assert broken[requirement] is Conclusion.NOT_SATISFIED


def test_zcr_3_2_to_3_6_rest_on_policies_and_nothing_is_satisfied_by_a_part_of_the_answer(mapping: Mapping) -> None:
    assert list(mapping.controls) == [f"ZCR 3.{number}" for number in range(2, 7)]
    for name, mapped in mapping.controls.items():
        answers = [answer for part in mapped.parts for answer in (*part.all_of, *part.any_of)]
        assert any(answer.policy for answer in answers), name
        assert all(answer.leaves_out for answer in answers if answer.coverage == "partial"), name
        assert not mapped.complete, name


def test_what_is_not_tested_is_not_assessed_by_name(
    bundle: Bundle, engine: EmbeddedEngine, mapping: Mapping, framework: SelectedFramework
) -> None:
    found = concluded(bundle, engine, mapping, framework, built(bundle, SOUND, ("10.9.0.7", "10.1.0.5")))
    assert len(found) == 32
    untested = {name for name in found if name not in mapping.controls}
    assert len(untested) == 27
    assert {found[name] for name in untested} == {Conclusion.NOT_ASSESSED}


@pytest.mark.parametrize(
    ("policy", "role", "right"),
    [
        ("zones/wireless_apart", "wireless-ap", "10.3.0.9"),
        ("zones/wireless_apart", "access-point", "10.3.0.9"),
        ("zones/wireless_apart", "agv", "10.3.0.9"),
        ("zones/temporary_apart", "portable", "10.4.0.9"),
        ("zones/temporary_apart", "service-laptop", "10.4.0.9"),
    ],
)
def test_a_device_is_judged_by_the_kind_of_its_zone(
    policy: str, role: str, right: str, bundle: Bundle, engine: EmbeddedEngine
) -> None:
    word = normal_role(role)
    assets = (("a-right", word, right), ("a-wrong", word, "10.1.0.9"), ("a-nowhere", word, ""), ("a-plc", "plc", ""))
    assert outcomes(bundle, engine, policy, built(bundle, assets)) == {
        "a-right": (Outcome.PASS, ""),
        "a-wrong": (Outcome.FAIL, ""),
        "a-nowhere": (Outcome.NO_EVIDENCE, Reason.UNRESOLVED_REFERENCE),
        "a-plc": (Outcome.NOT_APPLICABLE, ""),
    }
