"""Profiles select what they say, tailor with reasons, and refuse the rest with lines."""

from __future__ import annotations

import pytest

from plantproof.bundled import Content
from plantproof.controls.catalogs import load_objectives, load_parameters
from plantproof.controls.profiles import ProfileFile, Selection, chain_of, load_profile, select
from plantproof.mappers.removed import with_returned
from plantproof.model.catalog import Catalog
from plantproof.model.intent import SelectedFramework

HEAD = "schema: plantproof/profile/1\nid: {id}\ntitle: T\nframework: {framework}\n"
APPROVED = "reason: r, approver: A. Pprover, review_by: 2027-01-01"


def profile(body: str, id: str = "mine", framework: str = "iec62443-3-3") -> ProfileFile:  # noqa: A002  # as in the file
    text = HEAD.format(id=id, framework=framework) + body
    return load_profile(text.encode(), f"controls/profiles/{id}.yaml")


def selected(selection: Selection) -> SelectedFramework:
    assert selection.problems == []
    assert selection.framework is not None
    return selection.framework


def complaints(selection: Selection) -> list[str]:
    assert selection.framework is None
    return [f"{problem.line}: {problem.message} ({problem.hint})" for problem in selection.problems]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("iec62443-sl2", 60),
        ("iec62443-full", 100),
        ("iec62443-3-2", 32),
        ("ot-low", 160),
        ("ot-moderate", 304),
        ("ot-high", 387),
        ("csf20-target", 106),
    ],
)
def test_shipped_profiles_select_what_their_titles_promise(
    name: str, count: int, content: Content, catalogs: dict[str, Catalog]
) -> None:
    path = f"controls/profiles/{name}.yaml"
    file = load_profile(content.files[path], path)
    assert len(selected(select(catalogs[file.profile.framework], [file])).controls) == count


@pytest.mark.parametrize(("level", "count"), [(1, 37), (2, 60), (3, 90), (4, 100)])
def test_a_level_selects_all_requirements_up_to_it(level: int, count: int, catalogs: dict[str, Catalog]) -> None:
    framework = selected(select(catalogs["iec62443-3-3"], [profile(f"level: {level}\n")]))
    assert len(framework.controls) == count
    assert len(framework.all_controls) == 100


def test_controls_are_named_in_any_notation_and_come_in_the_catalogs_order(catalogs: dict[str, Catalog]) -> None:
    framework = selected(select(catalogs["iec62443-3-3"], [profile('controls: [sr7.1, "SR 1.1(1)", FR 6]\n')]))
    assert [control.id for control in framework.controls] == [
        "SR 1.1 RE 1",
        "SR 6.1",
        "SR 6.1 RE 1",
        "SR 6.2",
        "SR 7.1",
    ]


def test_a_function_of_the_csf_stands_for_its_outcomes(catalogs: dict[str, Catalog]) -> None:
    framework = selected(select(catalogs["csf20"], [profile("controls: [PR.AA, RC]\n", framework="csf20")]))
    assert {control.group for control in framework.controls} == {"PR.AA", "RC.CO", "RC.RP"}


def test_tailoring_adds_removes_and_marks_with_its_reasons(catalogs: dict[str, Catalog]) -> None:
    body = (
        "level: 1\ntailoring:\n"
        "  - {control: SR 1.2, action: add, reason: wanted}\n"
        f"  - {{control: SR 2.2, action: remove, {APPROVED}}}\n"
        f"  - {{control: SR 1.6, action: not-applicable, evidence_of_absence: survey, {APPROVED}}}\n"
    )
    framework = selected(select(catalogs["iec62443-3-3"], [profile(body)]))
    by_id = {control.id: control for control in framework.controls}
    assert len(by_id) == 37 + 1 - 1
    assert by_id["SR 1.2"].tailoring
    assert by_id["SR 1.2"].tailoring.reason == "wanted"
    assert by_id["SR 1.6"].tailoring
    assert by_id["SR 1.6"].tailoring.action == "not-applicable"
    assert [(name, tailoring.approver) for name, tailoring in framework.removed] == [("SR 2.2", "A. Pprover")]
    of_all = {control.id: control for control in framework.all_controls}
    assert of_all["SR 1.6"].tailoring == by_id["SR 1.6"].tailoring
    assert of_all["SR 2.2"].tailoring is None


def test_a_level_of_the_projects_own_decides_what_is_selected_and_is_no_longer_contested(
    catalogs: dict[str, Catalog],
) -> None:
    body = "level: 1\ntailoring: [{control: SR 3.4, action: level, level: 1, reason: our contract}]\n"
    framework = selected(select(catalogs["iec62443-3-3"], [profile(body)]))
    own = {control.id: control for control in framework.controls}["SR 3.4"]
    assert len(framework.controls) == 38
    assert (own.level, own.contested, own.confidence) == (1, None, "")
    assert own.tailoring
    assert own.tailoring.reason == "our contract"


def test_what_a_higher_level_takes_out_is_among_what_is_removed(catalogs: dict[str, Catalog]) -> None:
    """Else a requirement that fails leaves the profile by another word, without an approver and for ever."""
    body = "level: 2\ntailoring:\n"
    body += f"  - {{control: SR 1.5, action: level, level: 4, {APPROVED}}}\n"
    body += "  - {control: SR 1.1, action: level, level: 2, reason: r}\n"
    body += "  - {control: SR 7.6, action: level, level: 3, reason: too hard}\n"
    found = selected(select(catalogs["iec62443-3-3"], [profile(body)]))
    told = [(name, each.action, each.reason, each.approver) for name, each in found.removed]
    assert told == [
        ("SR 1.5", "remove", "level 4 instead of 1: r", "A. Pprover"),
        ("SR 7.6", "remove", "level 3 instead of 1: too hard", ""),
    ]
    back = with_returned(found, "2026-06-30")
    assert {control.id for control in back.controls} - {control.id for control in found.controls} == {"SR 7.6"}
    kept = profile("controls: [SR 7.6]\nlevel: 2\ntailoring:\n" + body.splitlines()[-1] + "\n")
    assert not selected(select(catalogs["iec62443-3-3"], [kept])).removed


def test_what_extends_adds_and_overrules(catalogs: dict[str, Catalog]) -> None:
    base = profile("level: 1\nparameters: {days: 30, mode: a}\n", id="base")
    above = profile(
        "extends: [base]\nparameters: {days: 10}\n"
        f"tailoring: [{{control: SR 2.2, action: remove, {APPROVED}}}, {{control: SR 1.2, action: add, reason: r}}]\n"
    )
    framework = selected(select(catalogs["iec62443-3-3"], [base, above]))
    assert framework.profile.id == "mine"
    assert len(framework.controls) == 37
    assert framework.parameters == {"days": 10, "mode": "a"}


def test_nist_controls_come_with_objectives_methods_and_parameters_of_now(
    content: Content, catalogs: dict[str, Catalog]
) -> None:
    catalog = catalogs["sp800-53r5"]
    folder = "controls/catalogs/sp800-53r5"
    objectives = load_objectives(content.files[f"{folder}.objectives.yaml"], "o.yaml", catalog)
    parameters = load_parameters(content.files[f"{folder}.parameters.yaml"], "p.yaml", catalog)
    body = "baseline: OT-LOW\nparameters: {ac-2_prm_1: a, ac-02_odp.02: b}\n"
    framework = selected(select(catalog, [profile(body, framework="sp800-53r5")], objectives, parameters))
    first = framework.controls[0]
    assert (first.id, first.objectives[0], first.methods) == ("AC-1", "ac-1_obj.a-1", "EI")
    assert framework.parameters == {"ac-02_odp.01": "a", "ac-02_odp.02": "b"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{ac-1_prm_1: a}", "it became ac-01_odp.01 and ac-01_odp.02"),
        ("{ac-2_prm_1: a, ac-02_odp.01: b}", "are one parameter"),
        ("{days: 3}", "no single parameter is called `days`"),
    ],
)
def test_a_parameter_that_is_none_is_refused(
    body: str, words: str, content: Content, catalogs: dict[str, Catalog]
) -> None:
    catalog = catalogs["sp800-53r5"]
    path = "controls/catalogs/sp800-53r5.parameters.yaml"
    parameters = load_parameters(content.files[path], path, catalog)
    file = profile(f"baseline: LOW\nparameters: {body}\n", framework="sp800-53r5")
    (complaint,) = complaints(select(catalog, [file], parameters=parameters))
    assert complaint.startswith("6: ")
    assert words in complaint


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "1: the profile mine selects no requirement"),
        ("level: 1\ncontrols: [SR 1.99]", "6: no requirement `SR 1.99`"),
        ("controls: [SR 1.1, sr1.1]", "5: `SR 1.1` is there twice, as `SR 1.1` and as `sr1.1`"),
        ("baseline: OT-LOW", "5: no baseline `OT-LOW` in iec62443-3-3 (it has none)"),
        ("level: 1\ntailoring: [{control: SR 1.1, action: add, reason: r}]", "6: `SR 1.1` is selected already"),
        ("level: 1\ntailoring: [{control: SR 1.2, action: add, reason: ' '}]", "6: `add` of SR 1.2 gives no reason"),
        (
            "level: 1\ntailoring: [{control: SR 1.1, action: remove, reason: r}]",
            "does not name its approver and review_by",
        ),
        (
            'level: 1\ntailoring: [{control: SR 1.2, action: add, reason: "\\u200b"}]',
            "6: `add` of SR 1.2 gives no reason",
        ),
        (
            "level: 1\ntailoring: [{control: SR 1.1, action: remove, "
            + APPROVED.replace("A. Pprover", '"\\u200b"')
            + "}]",
            "6: `remove` of SR 1.1 does not name its approver",
        ),
        (f"level: 1\ntailoring: [{{control: SR 1.2, action: remove, {APPROVED}}}]", "there is nothing to remove"),
        (
            f"level: 1\ntailoring: [{{control: SR 1.2, action: not-applicable, {APPROVED}}}]",
            "nothing to call not applicable",
        ),
        ("level: 1\ntailoring: [{control: SR 1.2, action: level, reason: r}]", "6: no level given for SR 1.2"),
        ("level: 1\ntailoring: [{control: SR 1.2, action: add, level: 1, reason: r}]", "6: `add` takes no level"),
        ("level: 1\ntailoring: [{control: SR 1.99, action: add, reason: r}]", "6: no requirement `SR 1.99`"),
        ("level: 1\ntailoring: [{control: FR 1, action: add, reason: r}]", "6: FR 1 is a group"),
        (
            (
                f"level: 1\ntailoring:\n  - {{control: SR 1.1, action: remove, {APPROVED}}}\n"
                f"  - {{control: sr1.1, action: not-applicable, {APPROVED}}}"
            ),
            "8: `SR 1.1` is tailored twice here",
        ),
    ],
)
def test_what_a_profile_gets_wrong_is_told_with_its_line(
    body: str, expected: str, catalogs: dict[str, Catalog]
) -> None:
    found = complaints(select(catalogs["iec62443-3-3"], [profile(body + "\n")]))
    assert any(expected in complaint for complaint in found), found


def test_levels_are_for_62443_only(catalogs: dict[str, Catalog]) -> None:
    body = "level: 2\nbaseline: OT-MODERAT\ntailoring: [{control: ac-2, action: level, level: 1, reason: r}]\n"
    found = complaints(select(catalogs["sp800-53r5"], [profile(body, framework="sp800-53r5")]))
    assert [complaint.split(" (")[0] for complaint in found] == [
        "6: no baseline `OT-MODERAT` in sp800-53r5",
        "5: the requirements of sp800-53r5 have no levels",
        "7: the requirements of sp800-53r5 have no levels",
    ]
    assert "did you mean `OT-MODERATE`" in found[0]


def test_a_withdrawn_control_says_what_became_of_it(catalogs: dict[str, Catalog]) -> None:
    found = complaints(select(catalogs["sp800-53r5"], [profile("controls: [AC-2(10)]\n", framework="sp800-53r5")]))
    assert "AC-2(10) is withdrawn" in found[0]
    assert "incorporated into AC-2" in found[0]


def test_a_profile_extends_its_own_framework_only(catalogs: dict[str, Catalog]) -> None:
    base = profile("controls: [PR]\n", id="base", framework="csf20")
    found = complaints(select(catalogs["iec62443-3-3"], [base, profile("level: 1\n")]))
    assert found == [
        (
            "4: the profile is of `csf20`, but what extends it is of `iec62443-3-3` "
            "(a profile extends profiles of its own framework only)"
        )
    ]


def chain(extends: dict[str, list[str]], start: str) -> tuple[list[str], list[str]]:
    files = {name: profile(f"extends: [{', '.join(bases)}]\n", id=name) for name, bases in extends.items()}
    found, problems = chain_of(start, files.get, files.__contains__)
    return [file.profile.id for file in found], [
        f"{problem.path}:{problem.line}: {problem.message}" for problem in problems
    ]


def test_a_chain_has_each_profile_once_with_what_is_extended_first() -> None:
    assert chain({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, "a") == (["d", "b", "c", "a"], [])


def test_profiles_in_a_circle_are_named_in_their_order() -> None:
    _, problems = chain({"a": ["b"], "b": ["c"], "c": ["b"]}, "a")
    assert problems == ["controls/profiles/c.yaml:5: profiles extend each other in a circle: b -> c -> b"]
    assert chain({"a": ["a"]}, "a")[1] == ["controls/profiles/a.yaml:5: profiles extend each other in a circle: a -> a"]


def test_a_missing_base_and_a_base_named_twice_are_told() -> None:
    assert chain({"a": ["b", "b", "x"], "b": []}, "a")[1] == [
        "controls/profiles/a.yaml:5: `b` is extended twice",
        "controls/profiles/a.yaml:5: no profile `x` in controls/profiles/",
    ]
