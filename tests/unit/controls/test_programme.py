"""The programme: what is read, and what is wrong with it. The persons and plants are invented."""

from __future__ import annotations

import pytest
from tests.support.programme_example import COMPANY, FILES, MILL, intent, site, together

from plantproof.controls.intent import load_intent
from plantproof.errors import InputError

COMPANY_FILE, MILL_FILE = FILES


def mistakes(old: str, new: str, text: str = COMPANY, path: str = COMPANY_FILE) -> list[str]:
    assert old in text
    return [str(problem) for problem in together({path: text.replace(old, new)}).problems]


def test_files_count_together_and_a_site_adds_to_the_company() -> None:
    programme = intent().programme
    assert sorted(programme.persons) == ["finn", "kim", "lee", "mo", "oda"]
    assert programme.held_by("ot", "mill") == ("finn",)
    assert programme.held_by("mill-manager", "mill") == ("mo",)
    assert programme.held_by("mill-manager", "elsewhere") == ()
    assert [(each.site, each.right.id, each.line) for each in programme.rights][:2] == [
        ("", "zone", 21),
        ("", "conduit", 22),
    ]


@pytest.mark.parametrize("owner", ["ot", "OT network", "  ot   NETWORK "])
def test_an_owner_names_a_role_by_id_or_title(owner: str) -> None:
    role = intent().programme.role_named(owner)
    assert role is not None
    assert role.id == "ot"


@pytest.mark.parametrize("name", ["kim", "Kim Plant", "KIM@mill.example"])
def test_a_person_is_named_by_id_name_or_address(name: str) -> None:
    person = intent().programme.person_named(name)
    assert person is not None
    assert person.id == "kim"


def test_nobody_is_named_by_nothing() -> None:
    assert intent().programme.person_named(" ") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("held_by: [finn]", "held_by: [fin]", "company.yaml:14:43: no person `fin` (did you mean `finn`?)"),
        ("held_by: [finn]", "held_by: [finn, finn]", "`finn` is named twice"),
        ("role: ot}", "role: otx}", "no role `otx` (did you mean `ot`?)"),
        (
            "accountable_for: collect",
            "accountable_for: colect",
            "no activity of `raci` `colect` (did you mean `collect`?)",
        ),
        ("{owner_of: zone}", "{owner_of: zone, role: ot}", "names role and owner_of under `approved_by` (one of"),
        ("{owner_of: zone}", "{}", "names nobody under `approved_by`"),
        ("when: [zone]", "when: [zone, policy]", "`policy` has no zone (`owner_of: zone` goes with conduit, device,"),
        ("when: [zone]", "when: [zone], zones: [line]", "names zones, but the file names no site"),
        ("when: [severity], severity: high", "when: [design], severity: high", "narrows nothing: `when` does not name"),
        (
            "accounts: {github: [oda-b], gitlab: [oda.b]}, ",
            "",
            "Oda Berg has no account on any forge (without one nobody",
        ),
        ("github: [oda-b]", "github: [LEE-W]", "`lee-w` is Oda Berg's as well"),
        ("bot@mill.example", "lee@mill.example", "`lee@mill.example` is Lee Works's as well"),
        (
            "id: it, title: IT",
            "id: ot, title: IT",
            "two of the id `ot` (the other: controls/programme/company.yaml:14)",
        ),
        ("{to: finn", "{to: lee", "`lee` stands in for himself"),
        ("{to: finn", "{to: fynn", "no person `fynn` (did you mean `finn`?)"),
        ("until: 2026-12-10", "until: 2026-11-10", "ends before it begins"),
        ("until: 2026-12-10", "until: 2028-12-10", "lasts 740 days; 400 is the most"),
        ("until: 2026-12-10", "until: 2026-12-32", "one of its dates is not in the calendar"),
        ("until: 2026-12-10", "until: 2026-12-10, roles: [boss]", "no role `boss`"),
    ],
)
def test_a_mistake_of_the_company_is_told_with_its_line(old: str, new: str, said: str) -> None:
    found = mistakes(old, new)
    assert any(said in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("site: mill", "site: mil", "mill.yaml:2:7: no site `mil` (did you mean `mill`?)"),
        ("waivers: [mo]", "waiver: [mo]", "no role `waiver` (did you mean `waivers`?)"),
        ("waivers: [mo]", "waivers: [nobody]", "no person `nobody`"),
        ("zones: [sis]", "zones: [sys]", "no zone `sys` (did you mean `sis`?)"),
        ("zones: [sis]", "conduits: [line-sys]", "no conduit `line-sys` (did you mean `line-sis`?)"),
        ("zones: [sis], ", "", "`collect` has a row already (line 10) (exactly one role is accountable)"),
        ("accountable: process-safety", "accountable: safety", "no role `safety`"),
        ("responsible: [ot], accountable: ot", "responsible: [xt], accountable: ot", "no role `xt`"),
        ("id: kim", "id: LEE", "two of the id `LEE` (the other: controls/programme/company.yaml:5)"),
    ],
)
def test_a_mistake_of_a_site_is_told_with_its_line(old: str, new: str, said: str) -> None:
    found = mistakes(old, new, MILL, MILL_FILE)
    assert any(said in line for line in found), found


def test_all_mistakes_are_told_at_once() -> None:
    broken = MILL.replace("[sis]", "[sys]").replace("waivers: [mo]", "waivers: [nobody]")
    found = together({COMPANY_FILE: COMPANY.replace("held_by: [finn]", "held_by: [fin]"), MILL_FILE: broken})
    assert len(found.problems) == 3


def delegating(**to: str) -> list[str]:
    """The mistakes where each stands in for the other on the days named."""
    text = MILL
    for person, words in to.items():
        old = f"emails: [{person}@mill.example]"
        text = text.replace(old, f"{old}, delegations: [{words}]")
    return [problem.message for problem in together({MILL_FILE: text}).problems]


def test_a_delegation_that_leads_back_leaves_nobody() -> None:
    found = delegating(
        kim="{to: mo, from: 2026-07-01, until: 2026-07-20}", mo="{to: kim, from: 2026-07-10, until: 2026-08-01}"
    )
    assert found == [
        "on 2026-07-10 `kim` and `mo` stand in for each other, directly or through others",
        "on 2026-07-10 `mo` and `kim` stand in for each other, directly or through others",
    ]


def test_two_who_stand_in_for_each_other_one_after_the_other_are_in_order() -> None:
    assert delegating(
        kim="{to: mo, from: 2026-07-01, until: 2026-07-09}", mo="{to: kim, from: 2026-07-10, until: 2026-08-01}"
    ) == []  # fmt: skip


def test_two_who_stand_in_for_each_other_in_different_roles_are_in_order() -> None:
    assert delegating(
        kim="{to: mo, from: 2026-07-01, until: 2026-07-20, roles: [ot]}",
        mo="{to: kim, from: 2026-07-01, until: 2026-07-20, roles: [it]}",
    ) == []  # fmt: skip


def test_an_owner_who_is_nobody_deserves_a_word() -> None:
    text = COMPANY.replace("title: Mill manager", "title: Head of the mill")
    assert str(together({COMPANY_FILE: text}).warnings[0]) == (
        "controls/sites/mill.yaml: the site `mill` names the owner `Mill manager`, who is no role and no person of the "
        "programme (nobody can approve for it; see controls/programme/)"
    )


def test_more_approvals_than_holders_deserve_a_word() -> None:
    warned = together({COMPANY_FILE: COMPANY.replace("held_by: [oda, finn]", "held_by: [oda]")}).warnings
    assert any("asks for 2 of `process-safety`; at mill 1 holds the role" in str(each) for each in warned)


def test_an_activity_that_nobody_answers_for_at_a_site_deserves_a_word() -> None:
    warned = together(None, "mill", "other").warnings
    assert any("nobody is accountable for `collect` at other" in str(each) for each in warned)


def test_a_project_without_programme_has_an_empty_one(project_of) -> None:
    assert load_intent(project_of()).programme.rights == ()


def test_the_intent_holds_programme_and_changes(project_of) -> None:
    change = (
        "schema: plantproof/change/1\nid: C-1\ntitle: t\nsite: mill\nrequested_by: kim\nresponsible: finn\n"
        "window: {from: 2026-11-20T04:00Z, until: 2026-11-20T06:00Z}\n"
    )
    company = COMPANY.replace("accountable_for: collect", "role: ot")
    files = {COMPANY_FILE: company, "controls/changes/C-1.yaml": change}
    found = load_intent(project_of(files))
    assert found.programme.roles["ot"].title == "OT network"
    assert found.changes[0].window == ("2026-11-20T04:00:00Z", "2026-11-20T06:00:00Z")


def test_where_one_file_cannot_be_read_the_others_are_not_blamed_for_it(project_of) -> None:
    files = {COMPANY_FILE: "schema: plantproof/programme/1\nroles: 3\n", MILL_FILE: MILL.replace(", zones: [sis]", "")}
    with pytest.raises(InputError) as caught:
        load_intent(project_of(files))
    assert [problem.path for problem in caught.value.problems] == [COMPANY_FILE]


def test_the_site_of_these_tests_is_in_order() -> None:
    assert site().conduits[1].enforcement_points == ["fw-2"]
