"""The shipped catalogs hold what the standards hold; mistakes in a catalog are told with their lines."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from plantproof.controls.catalogs import (
    control_of,
    current_names,
    group_of,
    has_levels,
    load_catalog,
    load_objectives,
    load_parameters,
    objective_id,
    parameter_names,
    parent_of,
    selected_control,
)
from plantproof.controls.notation import parameter
from plantproof.errors import InputError
from plantproof.model.catalog import Catalog, Objectives, Parameters

SMALL = """\
schema: plantproof/catalog/1
id: small
title: Small
edition: "1"
publisher: Nobody
sources: [invented]
ids: iec
groups:
  - {id: FR 1, title: One, code: IAC}
controls:
  SR 1.1: {title: First, level: 1}
"""


@pytest.fixture(scope="session")
def objectives(catalogs: dict[str, Catalog], shipped_root: Path) -> Objectives:
    data = (shipped_root / "catalogs" / "sp800-53r5.objectives.yaml").read_bytes()
    return load_objectives(data, "o.yaml", catalogs["sp800-53r5"])


@pytest.fixture(scope="session")
def parameters(catalogs: dict[str, Catalog], shipped_root: Path) -> Parameters:
    data = (shipped_root / "catalogs" / "sp800-53r5.parameters.yaml").read_bytes()
    return load_parameters(data, "p.yaml", catalogs["sp800-53r5"])


def refusal(text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        load_catalog(text.encode(), "controls/catalogs/small.yaml")
    return [str(problem) for problem in error.value.problems]


def test_62443_has_7_foundational_requirements_51_requirements_and_49_enhancements(
    catalogs: dict[str, Catalog],
) -> None:
    catalog = catalogs["iec62443-3-3"]
    enhancements = [name for name in catalog.controls if parent_of(catalog, name)]
    levels = [control_of(catalog, name).level or 0 for name in catalog.controls]
    assert (len(catalog.groups), len(catalog.controls) - len(enhancements), len(enhancements)) == (7, 51, 49)
    assert [sum(level <= target for level in levels) for target in (1, 2, 3, 4)] == [37, 60, 90, 100]
    assert [group.code for group in catalog.groups] == ["IAC", "UC", "SI", "DC", "RDF", "TRE", "RA"]


def test_62443_3_2_has_7_steps_with_32_requirements_and_no_levels(catalogs: dict[str, Catalog]) -> None:
    catalog = catalogs["iec62443-3-2"]
    assert [group.id for group in catalog.groups] == [f"ZCR {number}" for number in range(1, 8)]
    sizes = Counter(group_of(catalog, name) for name in catalog.controls)
    assert [sizes[group.id] for group in catalog.groups] == [1, 1, 6, 1, 13, 9, 1]
    assert len(catalog.controls) == 32
    assert {control_of(catalog, name).level for name in catalog.controls} == {None}
    assert [has_levels(catalogs[name]) for name in ("iec62443-3-3", "iec62443-3-2", "csf20")] == [True, False, False]
    assert "verify against your licensed copy" in catalog.notice


def test_62443_says_which_levels_are_contested_whatever_their_confidence(catalogs: dict[str, Catalog]) -> None:
    catalog = catalogs["iec62443-3-3"]
    contested = {name for name in catalog.controls if control_of(catalog, name).contested}
    assert len(contested) == 27
    assert control_of(catalog, "SR 2.2 RE 1").confidence == "high"
    assert control_of(catalog, "SR 4.1 RE 2").confidence == "low"
    assert {"SR 2.2 RE 1", "SR 4.1 RE 2"} <= contested
    assert control_of(catalog, "SR 6.2").contested == [1, 3]
    assert catalog.notice == "levels are community-sourced; verify against your licensed copy"
    assert all(control_of(catalog, name).source for name in catalog.controls)


def test_800_53_has_all_ids_and_baselines(catalogs: dict[str, Catalog]) -> None:
    catalog = catalogs["sp800-53r5"]
    assert (len(catalog.groups), len(catalog.controls), len(catalog.withdrawn)) == (20, 1189 + 7 - 182, 182)
    assert {name: len(members) for name, members in catalog.baselines.items()} == {
        "LOW": 149,
        "MODERATE": 287,
        "HIGH": 370,
        "PRIVACY": 96,
        "OT-LOW": 160,
        "OT-MODERATE": 304,
        "OT-HIGH": 387,
    }
    untitled = [name for name in catalog.controls if not control_of(catalog, name).title]
    assert untitled == ["IA-13", "IA-13(1)", "IA-13(2)", "IA-13(3)", "SA-15(13)", "SA-24", "SI-2(7)"]
    assert selected_control(catalog, "IA-13").title == "(no title in the sources)"


def test_csf_has_6_functions_22_categories_106_subcategories(catalogs: dict[str, Catalog]) -> None:
    catalog = catalogs["csf20"]
    functions = [group.id for group in catalog.groups if "." not in group.id]
    assert (len(functions), len(catalog.groups) - 6, len(catalog.controls), len(catalog.withdrawn)) == (
        6,
        22,
        106,
        12 + 79,
    )


def test_the_ot_overlay_moderate_has_1319_objectives_and_46_controls_that_cannot_be_tested(
    catalogs: dict[str, Catalog], objectives: Objectives
) -> None:
    catalog = catalogs["sp800-53r5"]
    controls = [selected_control(catalog, name, objectives) for name in catalog.baselines["OT-MODERATE"]]
    assert sum(len(control.objectives) for control in controls) == 1319
    assert sum("T" not in control.methods for control in controls) == 46
    every = [
        objective for name in catalog.controls for objective in selected_control(catalog, name, objectives).objectives
    ]
    assert len(every) == len(set(every)) == 2722


@pytest.mark.parametrize(
    ("leaf", "name"),
    [("a-1", "ac-2.3_obj.a-1"), ("-1", "ac-2.3_obj-1"), (".", "ac-2.3_obj"), ("a.1.b", "ac-2.3_obj.a.1.b")],
)
def test_objectives_have_the_ids_of_oscal(leaf: str, name: str) -> None:
    assert objective_id("AC-2(3)", leaf) == name


def test_groups_and_parents_follow_from_the_id(catalogs: dict[str, Catalog]) -> None:
    iec, nist, csf = catalogs["iec62443-3-3"], catalogs["sp800-53r5"], catalogs["csf20"]
    assert (group_of(iec, "SR 2.11 RE 1"), parent_of(iec, "SR 2.11 RE 1"), parent_of(iec, "SR 2.11")) == (
        "FR 2",
        "SR 2.11",
        "",
    )
    assert (group_of(nist, "AC-2(1)"), parent_of(nist, "AC-2(1)"), parent_of(nist, "AC-2")) == ("AC", "AC-2", "")
    zoning = catalogs["iec62443-3-2"]
    assert (group_of(zoning, "ZCR 5.10"), parent_of(zoning, "ZCR 5.10")) == ("ZCR 5", "")
    assert (group_of(csf, "PR.AA-01"), parent_of(csf, "PR.AA-01")) == ("PR.AA", "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ac-2_prm_1", ("ac-02_odp.01",)),
        ("ac-02_odp.01", ("ac-02_odp.01",)),
        ("ac-1_prm_1", ("ac-01_odp.01", "ac-01_odp.02")),
        ("ac-2.1_prm_1", ("ac-02.01_odp",)),
        ("ac-2_prm_99", ()),
        ("ac-02_odp.99", ()),
        ("zz-1_prm_1", ()),
    ],
)
def test_parameters_lead_to_their_names_of_now(parameters: Parameters, text: str, names: tuple[str, ...]) -> None:
    written = parameter(text)
    assert written is not None
    assert current_names(parameters, written) == names


def test_a_control_lists_its_parameters(parameters: Parameters) -> None:
    assert parameter_names(parameters, "AC-2(2)") == ("ac-02.02_odp.01", "ac-02.02_odp.02")
    assert parameter_names(parameters, "AC-3") == ()


def test_a_small_catalog_is_read() -> None:
    assert load_catalog(SMALL.encode(), "controls/catalogs/small.yaml").controls.keys() == {"SR 1.1"}


def test_every_mistake_of_a_catalog_is_told_with_its_line() -> None:
    text = SMALL.replace("id: small", "id: other") + (
        "  sr1.2: {title: Not canonical, level: 1}\n"
        "  SR 2.1: {title: Of no group, level: 1}\n"
        "  SR 1.3 RE 1: {title: Enhances nothing, level: 2}\n"
        "  SR 1.4: {title: Contested, level: 1, contested: [2, 3]}\n"
        "  SR 1.5: No level\n"
        "withdrawn: {SR 1.1: also there}\n"
        "baselines:\n"
        "  B: [SR 1.1, SR 1.9, SR 1.1]\n"
    )
    found = refusal(text)
    for line, words in [
        (2, "the id `other` is not the name of the file"),
        (11, "`SR 1.1` is under `withdrawn` as well"),
        (12, "`sr1.2` is not the canonical id (write `SR 1.2`)"),
        (13, "the group `FR 2` of `SR 2.1` is not under `groups`"),
        (14, "`SR 1.3 RE 1` enhances `SR 1.3`, which is not in the catalog"),
        (15, "`contested` of `SR 1.4` must be"),
        (16, "`SR 1.5` has no level"),
        (19, "`SR 1.9` of the baseline B is not in the catalog"),
        (19, "`SR 1.1` is in B twice"),
    ]:
        assert [problem for problem in found if f"small.yaml:{line}:" in problem and words in problem], (
            line,
            words,
            found,
        )
    assert len(found) == 9


def test_a_group_is_there_once() -> None:
    text = SMALL.replace("controls:", "  - {id: FR 1, title: Again}\ncontrols:")
    assert "the group `FR 1` is there twice" in refusal(text)[0]


COMPANION = """\
schema: plantproof/objectives/1
catalog: sp800-53r5
title: T
edition: E
sources: [invented]
controls:
"""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("  AC-99: EIT a", "`AC-99` is not in the catalog"),
        ("  AC-1: XY a", "not of the form"),
        ("  AC-1: EIT", "not of the form"),
        ("  AC-1: EIT a b a", "names an objective twice"),
    ],
)
def test_objectives_of_no_control_are_refused(catalogs: dict[str, Catalog], lines: str, message: str) -> None:
    with pytest.raises(InputError, match=r"o\.yaml:7") as error:
        load_objectives((COMPANION + lines + "\n").encode(), "o.yaml", catalogs["sp800-53r5"])
    assert message in str(error.value)


def test_companions_of_another_catalog_are_refused(catalogs: dict[str, Catalog]) -> None:
    with pytest.raises(InputError, match="belongs to `sp800-53r5`"):
        load_objectives((COMPANION + "  AC-1: EI a\n").encode(), "o.yaml", catalogs["csf20"])
    text = COMPANION.replace("objectives", "parameters").replace("sp800-53r5", "csf20") + '  AC-1: "1=01"\n'
    with pytest.raises(InputError, match="belongs to `csf20`"):
        load_parameters(text.encode(), "p.yaml", catalogs["sp800-53r5"])
