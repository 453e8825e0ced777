"""Every notation of every id leads to the one canonical spelling, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.bundled import bundled_content
from plantproof.controls.catalogs import load_catalog
from plantproof.controls.notation import (
    ParameterName,
    Reference,
    canonical,
    locate,
    oscal_id,
    parameter,
    parameter_name,
    resolve,
)
from plantproof.errors import Problem

CATALOGS = {
    name: load_catalog(bundled_content().files[f"controls/catalogs/{name}.yaml"], f"controls/catalogs/{name}.yaml")
    for name in ("iec62443-3-3", "iec62443-3-2", "sp800-53r5", "csf20")
}
EVERY = list(CATALOGS.values())
IEC, ZONING, NIST, CSF = EVERY


def nist_notations(name: str) -> list[str]:
    """AC-2(1) as people, OSCAL and NIST's exports write it."""
    base, _, enhancement = name.rstrip(")").partition("(")
    family, number = base.split("-")
    padded = f"{family}-{int(number):02d}"
    if not enhancement:
        return [base, base.lower(), padded, padded.lower(), f"{family} {number}"]
    return [
        name,
        name.lower(),
        oscal_id(name),
        f"{base} ({enhancement})",
        f"{padded}({int(enhancement):02d})",
        f"{padded.lower()}.{int(enhancement):02d}",
        f"{family}\u2011{number}({enhancement})",
    ]


def iec_notations(name: str) -> list[str]:
    """SR 1.1 RE 1 as people and tools write it."""
    base, _, enhancement = name.partition(" RE ")
    number = base.removeprefix("SR ")
    if not enhancement:
        return [base, base.lower(), f"SR{number}", f"SR-{number}", f"sr_{number}", f"SR\u00a0{number}"]
    return [
        name,
        f"{base} RE({enhancement})",
        f"{base} RE ({enhancement})",
        f"{base}({enhancement})",
        f"{base} ({enhancement})",
        f"{base} RE{enhancement}",
        f"sr{number}re{enhancement}",
        f"SR-{number}-RE-{enhancement}",
        f"SR_{number}_RE_{enhancement}",
    ]


def zoning_notations(name: str) -> list[str]:
    """ZCR 3.2 as people and tools write it."""
    number = name.removeprefix("ZCR ")
    return [name, f"zcr{number}", f"ZCR{number}", f"ZCR-{number}", f"zcr_{number}", f"ZCR\u00a0{number}"]


def csf_notations(name: str) -> list[str]:
    """PR.AA-01 as versions 1.1 and 2.0 write it."""
    category, _, number = name.partition("-")
    return [name, name.lower(), f"{category}-{int(number)}", f"{category}.{number}"]


@given(st.sampled_from(sorted(NIST.controls)), st.data())
def test_every_notation_of_a_nist_control_is_that_control(name: str, data: st.DataObject) -> None:
    assert resolve(data.draw(st.sampled_from(nist_notations(name))), NIST) == name


@given(st.sampled_from(sorted(IEC.controls)), st.data())
def test_every_notation_of_an_iec_requirement_is_that_requirement(name: str, data: st.DataObject) -> None:
    assert resolve(data.draw(st.sampled_from(iec_notations(name))), IEC) == name


@given(st.sampled_from(sorted(ZONING.controls)), st.data())
def test_every_notation_of_a_zone_requirement_is_that_requirement(name: str, data: st.DataObject) -> None:
    assert resolve(data.draw(st.sampled_from(zoning_notations(name))), EVERY) == name


@given(st.sampled_from(sorted(CSF.controls)), st.data())
def test_every_notation_of_a_csf_outcome_is_that_outcome(name: str, data: st.DataObject) -> None:
    assert resolve(data.draw(st.sampled_from(csf_notations(name))), CSF) == name


@pytest.mark.parametrize("catalog", EVERY, ids=lambda catalog: catalog.id)
def test_canonical_ids_stay_as_they_are_and_are_unambiguous_among_all_catalogs(catalog) -> None:
    names = [*catalog.controls, *(group.id for group in catalog.groups)]
    assert [canonical(name, catalog.ids) for name in names] == names
    assert [locate(f"{catalog.id}/{name}", EVERY) for name in names] == [Reference(catalog.id, name) for name in names]
    assert [resolve(name, EVERY) for name in catalog.controls] == list(catalog.controls)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("FR 5", "FR 5"),
        ("fr5", "FR 5"),
        ("zcr-3", "ZCR 3"),
        ("AC", "AC"),
        ("ac", "AC"),
        ("PR.AA", "PR.AA"),
        ("pr", "PR"),
        (" SR  1.1 ", "SR 1.1"),
    ],
)
def test_groups_have_ids_as_well(text: str, meant: str) -> None:
    assert resolve(text, EVERY) == meant


def test_what_could_be_two_requirements_is_not_guessed() -> None:
    problem = resolve("sr-5.1", EVERY, path="mappers/x", line=7)
    assert isinstance(problem, Problem)
    assert str(problem) == (
        "mappers/x:7: `sr-5.1` could be `iec62443-3-3/SR 5.1` or `sp800-53r5/SR-5(1)` (write the framework with it)"
    )
    assert resolve("sp800-53r5/sr-5.1", EVERY) == "SR-5(1)"
    assert resolve("SR 5.1", EVERY) == "SR 5.1"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("AC-99", "no requirement `AC-99`", "did you mean"),
        ("AC-2(11", "no requirement", "`AC-2(11)`"),
        ("SR 1.1 RE 9", "no requirement", "`SR 1.1 RE 3`"),
        ("ZCR 3.7", "no requirement `ZCR 3.7`", "`ZCR 6.7`"),
        ("ZCR 3.2 RE 1", "no requirement", ""),
        ("AC-2(10)", "AC-2(10) is withdrawn from", "took its place"),
        ("ac-13", "(incorporated into AC-2, AU-6)", "took its place"),
        ("ID.BE-1", "ID.BE-01 is withdrawn", "took its place"),
        ("sp800-53r4/AC-2", "no framework `sp800-53r4`", "did you mean `sp800-53r5`?"),
        ("", "no requirement ``", "catalog list"),
        ("x" * 10_000, "no requirement", "catalog list"),
        ("AC-2\n\x1b[31m", "no requirement `AC-2 ?[31m`", ""),
    ],
)
def test_what_is_not_there_is_named_with_the_way_out(text: str, message: str, hint: str) -> None:
    problem = resolve(text, EVERY)
    assert isinstance(problem, Problem)
    assert message in problem.message
    assert hint in problem.hint


@given(st.text(max_size=80))
def test_any_text_is_an_id_or_a_problem_that_prints(text: str) -> None:
    found = resolve(text, EVERY)
    assert isinstance(found, str) or str(found).isprintable()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ac-2_prm_1", ParameterName("AC-2", 1, "")),
        ("ac-02_odp.01", ParameterName("AC-2", 0, "01")),
        ("AC-02_ODP[01]", ParameterName("AC-2", 0, "01")),
        ("ac-02.01_odp", ParameterName("AC-2(1)", 0, "")),
        ("AC-02(01)_ODP", ParameterName("AC-2(1)", 0, "")),
        ("ac-2.1_prm_12", ParameterName("AC-2(1)", 12, "")),
        ("ac-2", None),
        ("max_days", None),
    ],
)
def test_parameters_are_read_in_all_notations(text: str, name: ParameterName | None) -> None:
    assert parameter(text) == name


@given(st.sampled_from(sorted(NIST.controls)), st.sampled_from(["", "01", "12"]))
def test_a_parameter_keeps_its_name(control: str, index: str) -> None:
    assert parameter(parameter_name(control, index)) == ParameterName(control, 0, index)


def test_only_controls_have_parameters() -> None:
    with pytest.raises(ValueError, match="not a canonical id: AC"):
        parameter_name("AC", "01")
