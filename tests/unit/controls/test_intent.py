"""All of controls/ in one reading: what is right comes together, what is wrong comes at once."""

from __future__ import annotations

import pytest

from plantproof.controls.intent import load_intent
from plantproof.errors import InputError
from plantproof.project import Project

PROFILE = "schema: plantproof/profile/1\nid: {id}\ntitle: T\nframework: {framework}\n{rest}\n"
WAIVER = """\
schema: plantproof/waiver/1
id: w-1
kind: risk-acceptance
site: {site}
policy: identity/x
subjects: [plc-01]
controls: [{control}]
reason: r
owner: {{name: O}}
approver: {{name: A}}
approved: 2026-01-01
expires: 2026-12-31
"""


def refusal(project: Project) -> list[str]:
    with pytest.raises(InputError) as error:
        load_intent(project)
    return [str(problem) for problem in error.value.problems]


def test_a_project_in_order_gives_its_intent(project_of) -> None:
    waiver = WAIVER.format(site="mill", control="AC-2")
    project = project_of({"controls/waivers/w-1.yaml": waiver}, profiles="iec62443-sl2, ot-moderate, csf20-target")
    intent = load_intent(project)
    assert [(f.catalog.id, f.profile.id, len(f.controls)) for f in intent.frameworks] == [
        ("iec62443-3-3", "iec62443-sl2", 60),
        ("sp800-53r5", "ot-moderate", 304),
        ("csf20", "csf20-target", 106),
    ]
    assert sum(len(control.objectives) for control in intent.frameworks[1].controls) == 1319
    assert intent.sites.keys() == {"mill"}
    assert [waiver.controls for waiver in intent.waivers] == [["sp800-53r5/AC-2"]]
    assert [warning.message for warning in intent.warnings] == [
        "the sl_target of `cell` does not say what it is derived from"
    ]


def test_who_makes_a_change_and_is_nobody_of_the_programme_deserves_a_word(project_of) -> None:
    person = "persons: [{id: kim, name: Kim Plant, accounts: {github: [kim-p]}}]"
    change = "schema: plantproof/change/1\nid: C-1\ntitle: T\nsite: mill\nrequested_by: kim\nresponsible: Mallory\n"
    files = {
        "controls/programme/company.yaml": f"schema: plantproof/programme/1\n{person}\n",
        "controls/changes/C-1.yaml": change,
    }
    told = [warning.message for warning in load_intent(project_of(files)).warnings]
    assert "`responsible` names `Mallory`, who is no person of the programme" in told


def test_catalogs_that_no_profile_needs_are_not_read(project_of) -> None:
    broken = {"controls/catalogs/unused.yaml": "not: [a catalog", "controls/profiles/unused.yaml": "nor: a profile"}
    assert len(load_intent(project_of(broken)).frameworks) == 1


def test_a_profile_of_the_project_extends_a_shipped_one(project_of) -> None:
    mine = PROFILE.format(id="mine", framework="iec62443-3-3", rest="extends: [iec62443-sl2]\ncontrols: [SR 1.1 RE 3]")
    (framework,) = load_intent(project_of({"controls/profiles/mine.yaml": mine}, profiles="mine")).frameworks
    assert len(framework.controls) == 61


@pytest.mark.parametrize(
    ("files", "settings", "expected"),
    [
        (
            {},
            {"profiles": "iec62443-sl3"},
            "plantproof.yaml:4:12: no profile `iec62443-sl3` in controls/profiles/ (did you",
        ),
        ({}, {"profiles": "ot-low, ot-low"}, "plantproof.yaml:4:20: the profile `ot-low` is selected twice"),
        (
            {},
            {"profiles": "ot-low, ot-high"},
            "plantproof.yaml:4:20: `ot-low` and `ot-high` are both profiles of sp800-53r5",
        ),
        ({}, {"sites": "mill: {}, mil: {}"}, "the site `mil` has no file in controls/sites/ (did you mean `mill`?)"),
        ({}, {"sites": ""}, "controls/sites/mill.yaml: plantproof.yaml does not name the site `mill`"),
        (
            {"controls/profiles/mine.yaml": PROFILE.format(id="mine", framework="iec62443-4-2", rest="level: 1")},
            {"profiles": "mine"},
            "mine.yaml:4:12: no catalog `iec62443-4-2` in controls/catalogs/ (did you mean `iec62443-3-2`?)",
        ),
        (
            {"controls/profiles/mine.yaml": PROFILE.format(id="mine", framework="csf20", rest="extends: [mine]")},
            {"profiles": "mine"},
            "controls/profiles/mine.yaml:5:11: profiles extend each other in a circle: mine -> mine",
        ),
        (
            {"controls/waivers/w-1.yaml": WAIVER.format(site="mall", control="SR 1.1")},
            {},
            "controls/waivers/w-1.yaml:4:7: no site `mall` (did you mean `mill`?)",
        ),
        (
            {"controls/waivers/w-1.yaml": WAIVER.format(site="mill", control="sp800-53r5/AC-2")},
            {},
            "controls/waivers/w-1.yaml:7:12: no framework `sp800-53r5` among those selected (there are: iec62443-3-3)",
        ),
        ({"controls/waivers/w.yml": "x"}, {}, "controls/waivers/w.yml: is not read"),
        ({"controls/sites/old/mill.yaml": "x"}, {}, "controls/sites/old/mill.yaml: is not read"),
    ],
)
def test_a_mistake_is_told_with_its_place(files, settings, expected: str, project_of) -> None:
    found = refusal(project_of(files, **settings))
    assert any(problem.startswith(expected) or expected in problem for problem in found), found


def test_mistakes_of_all_files_come_at_once_and_in_order(project_of, site_text: str) -> None:
    files = {
        "controls/sites/mill.yaml": site_text.replace("10.2.0.0/24", "10.1.0.0/24"),
        "controls/profiles/mine.yaml": PROFILE.format(id="mine", framework="csf20", rest="controls: [PR.XX, PR.AA-1]"),
        "controls/waivers/w-1.yaml": WAIVER.format(site="mill", control="ZZ-1"),
    }
    found = refusal(project_of(files, profiles="mine, nothing"))
    assert [problem.split(":")[0] for problem in found] == [
        "controls/profiles/mine.yaml",
        "controls/sites/mill.yaml",
        "controls/waivers/w-1.yaml",
        "plantproof.yaml",
    ]


def test_a_base_that_cannot_be_read_is_told_once(project_of) -> None:
    files = {
        "controls/profiles/base.yaml": "schema: plantproof/profile/1\nid: base\n",
        "controls/profiles/mine.yaml": PROFILE.format(id="mine", framework="csf20", rest="extends: [base]"),
    }
    assert {problem.split(":")[0] for problem in refusal(project_of(files, profiles="mine"))} == {
        "controls/profiles/base.yaml"
    }
    assert {problem.split(":")[0] for problem in refusal(project_of(files, profiles="base"))} == {
        "controls/profiles/base.yaml"
    }


def test_parameters_of_a_project_are_read_in_any_notation(project_of) -> None:
    mine = PROFILE.format(id="mine", framework="sp800-53r5", rest="baseline: OT-LOW\nparameters: {ac-7_prm_1: 5}")
    (framework,) = load_intent(project_of({"controls/profiles/mine.yaml": mine}, profiles="mine")).frameworks
    assert framework.parameters == {"ac-07_odp.01": 5}


def test_a_catalog_of_the_project_that_is_wrong_is_told(project_of) -> None:
    files = {
        "controls/catalogs/own.yaml": (
            "schema: plantproof/catalog/1\nid: own\ntitle: Own\nedition: '1'\npublisher: P\nsources: [s]\nids: csf\n"
            "groups: [{id: OW.NX, title: G}]\ncontrols: {ow.nx-1: Something}\n"
        ),
        "controls/profiles/mine.yaml": PROFILE.format(id="mine", framework="own", rest="controls: [OW.NX]"),
    }
    assert refusal(project_of(files, profiles="mine")) == [
        "controls/catalogs/own.yaml:9:21: `ow.nx-1` is not the canonical id (write `OW.NX-01`)"
    ]
