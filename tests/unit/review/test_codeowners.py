"""CODEOWNERS from the programme: who is asked for which file, on both forges."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.programme_example import COMPANY, DAY, FILES, MILL, intent

from plantproof.model.evidence import Person
from plantproof.model.waiver import Waiver
from plantproof.review.codeowners import Forge, codeowners
from plantproof.review.moved import OF_THE_FORGE, moved_files

COMPANY_FILE, MILL_FILE = FILES
WAIVER = Waiver(
    schema="plantproof/waiver/1",
    id="W-1",
    kind="risk-acceptance",
    site="mill",
    policy="a/b",
    subjects=["x"],
    controls=[],
    reason="r",
    owner=Person(name="o"),
    approver=Person(name="a"),
    approved="2026-01-01",
    expires="2026-12-31",
)
INTENT = msgspec.structs.replace(intent(), waivers=(WAIVER,))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_github_has_a_line_for_each_path_with_all_who_may() -> None:
    assert lines(codeowners(INTENT, "github", on=DAY)) == [
        "/.github/ @lee-w",
        "/.gitlab-ci.yml @lee-w",
        "/.gitlab-ci/ @lee-w",
        "/.gitlab/ @lee-w",
        "/CODEOWNERS @lee-w",
        "/docs/CODEOWNERS @lee-w",
        "/.gitattributes @lee-w",
        "/plantproof.yaml @lee-w",
        "/policies/ @lee-w",
        "/mappers/ @lee-w",
        "/controls/profiles/ @lee-w",
        "/controls/programme/ @lee-w",
        "/controls/waivers/ @mo-h",
        "/controls/sites/mill.yaml @mo-h",
        "/evidence/mill/ @finn-admin @finn-d",
        "/controls/waivers/W-1.yaml @mo-h",
    ]


def test_gitlab_has_a_section_for_each_decision_right_with_its_number_of_approvals() -> None:
    company = COMPANY.replace(
        "when: [design], approved_by: {owner_of: site}",
        "when: [design], approved_by: {role: process-safety}, approvals: 2",
    )
    text = codeowners(intent({COMPANY_FILE: company}), "gitlab", on=DAY)
    assert "\n[design: mill: Process safety][2] @finn.d @oda.b\n/controls/sites/mill.yaml\n" in text
    assert "\n[evidence: mill: OT network] @finn.d\n/evidence/mill/\n" in text


def test_what_is_of_any_site_asks_one_of_all_who_may() -> None:
    other = (
        MILL.replace("site: mill", "site: other")
        .replace("kim", "ann")
        .replace("mo-h", "eve-o")
        .replace("mo.h", "eve.o")
    )
    other = (
        other.replace("id: mo", "id: eve")
        .replace("Mo Hand", "Eve O")
        .replace("[mo]", "[eve]")
        .replace("mo@", "eve@")
        .replace("Kim", "Ann")
    )
    text = codeowners(intent({"controls/programme/other.yaml": other}, "mill", "other"), "gitlab", on=DAY)
    assert "\n[waiver] @eve.o @mo.h\n/controls/waivers/\n" in text


def test_who_stands_in_is_asked_too() -> None:
    assert "/policies/ @finn-admin @finn-d @lee-w" in lines(codeowners(INTENT, "github", on="2026-12-05"))


def test_a_path_without_account_gets_a_remark_and_no_line_that_would_free_it() -> None:
    text = codeowners(intent({MILL_FILE: MILL.replace("github: [mo-h], ", "")}), "github", on=DAY)
    assert "# NOT ASKED for /controls/sites/mill.yaml, no account on github: Mill manager" in text
    assert not any(line.startswith("/controls/sites/mill.yaml") for line in lines(text))


def test_a_project_in_a_folder_of_its_repository_is_named_by_that() -> None:
    text = codeowners(INTENT, "github", on=DAY, prefix="plants/north west")
    assert "/plants/north\\ west/policies/ @lee-w" in lines(text)


@pytest.mark.parametrize(("forge", "owner"), [("github", " @lee-w"), ("gitlab", "")])
def test_what_the_forge_reads_is_named_from_the_root_of_the_repository(forge: Forge, owner: str) -> None:
    found = lines(codeowners(INTENT, forge, on=DAY, prefix="plant"))
    assert {f"/{path}{owner}" for path in OF_THE_FORGE} <= set(found)
    assert f"/plant/.gitattributes{owner}" in found
    assert f"/plant/plantproof.yaml{owner}" in found
    assert f"/plant/.github/{owner}" not in found


def test_who_is_asked_for_what_the_forge_reads_is_whoever_agrees_to_the_project() -> None:
    """One list: what a line is written for is also what a review asks for."""
    for path in OF_THE_FORGE:
        (file,) = moved_files([path]).files
        assert file.kind == "project"


def test_the_head_says_where_it_comes_from_and_it_ends_with_a_line() -> None:
    text = codeowners(INTENT, "gitlab", on=DAY)
    assert text.startswith("# Written by `plantproof approvals codeowners` from controls/programme/")
    assert text.endswith("\n")
    assert text == codeowners(INTENT, "gitlab", on=DAY)
