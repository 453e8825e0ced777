"""Who made a change: commits, trailers, robots and the persons behind them."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.programme_example import commit, intent

from plantproof.model.approvals import CommitFacts
from plantproof.model.change import ChangeRecord
from plantproof.review.authors import authors_of, is_author, trailers

PROGRAMME = intent().programme
RECORD = ChangeRecord(
    id="C-1",
    site="mill",
    ticket="OT-4711",
    requested_by="Mo Hand",
    responsible="kim",
    assets=("fw-1", "fw-2"),
    window=("2026-11-17T04:00:00Z", "2026-11-17T06:00:00Z"),
)


def persons(*commits: CommitFacts, changes: tuple[ChangeRecord, ...] = (RECORD,), opened_by: str = "") -> list[str]:
    """Who of the programme is an author."""
    found = authors_of(commits, PROGRAMME, changes, opened_by)
    return sorted(person.id for person in PROGRAMME.persons.values() if is_author(person, found))


def unknown(*commits: CommitFacts, changes: tuple[ChangeRecord, ...] = (RECORD,)) -> list[str]:
    return [author.how for author in authors_of(commits, PROGRAMME, changes) if author.unknown]


def robot(message: str = "Collect fw-1", **more: object) -> CommitFacts:
    return commit("config-bot", "bot@mill.example", message=message, **more)  # type: ignore[arg-type]  # words of a test


def test_author_committer_and_who_opened_it_are_authors() -> None:
    made = commit(committer=("Oda Berg", "oda@mill.example"))
    assert persons(made, opened_by="mo-h") == ["kim", "mo", "oda"]


def test_co_authors_in_trailers_are_authors() -> None:
    co_authors = "Co-authored-by: Finn <finn@mill.example>\nCO-AUTHORED-BY: Lee Works <x@y.example>\n"
    made = commit(message=f"Add a rule\n\nFor the gateway.\n\n{co_authors}")
    assert persons(made) == ["finn", "kim", "lee"]


def test_of_commits_that_were_made_one_every_co_author_is_an_author() -> None:
    first = "Add a rule\n\nCo-authored-by: Finn <finn@mill.example>\n"
    second = "Name it\n\n  Co-Authored-By: Oda <oda@mill.example>\n\nChange: C-1\n"
    assert persons(commit(message=f"{first}\n{second}")) == ["finn", "kim", "oda"]


@pytest.mark.parametrize(
    "address",
    ["4711+oda-b@users.noreply.github.com", "oda-b@users.noreply.github.com", "12-oda.b@users.noreply.gitlab.com"],
)
def test_an_address_that_hides_the_address_names_the_account(address: str) -> None:
    assert persons(commit("O.", address)) == ["oda"]


def test_behind_a_robot_stand_the_persons_of_the_record_that_its_commit_names() -> None:
    assert persons(robot("Collect fw-1\n\nChange: C-1\n")) == ["kim", "mo"]
    assert persons(robot("Collect fw-1\n\nChange: ot-4711\n")) == ["kim", "mo"]
    assert unknown(robot("Collect fw-1\n\nChange: C-1\n")) == []


@pytest.mark.parametrize(
    ("name", "email"),
    [("config-bot", "kim@mill.example"), ("Kim Plant", "bot@mill.example"), ("helper[bot]", "1+kim-p@users.noreply.x")],
)
def test_whoever_commits_under_the_name_of_a_robot_leaves_his_trace(name: str, email: str) -> None:
    """The record names others: he would be nobody's author, and could approve his own change."""
    record = msgspec.structs.replace(RECORD, requested_by="lee", responsible="lee")
    assert persons(commit(name, email, "Collect fw-1\n\nChange: C-1\n"), changes=(record,)) == ["kim", "lee"]


def test_behind_a_robot_stands_the_record_that_fits_by_asset_and_date() -> None:
    assert persons(robot(assets=("fw-1",), date="2026-11-18T02:00:00Z")) == ["kim", "mo"]


@pytest.mark.parametrize(
    ("assets", "date"),
    [
        ((), "2026-11-18T02:00:00Z"),
        (("fw-9",), "2026-11-18T02:00:00Z"),
        (("fw-1", "fw-9"), "2026-11-18T02:00:00Z"),
        (("fw-1",), "2026-11-16T02:00:00Z"),
        (("fw-1",), "2026-11-21T02:00:00Z"),
    ],
)
def test_a_robots_commit_that_no_record_fits_is_nobodys(assets: tuple[str, ...], date: str) -> None:
    assert unknown(robot(assets=assets, date=date)) == [
        "config-bot committed cccccccccccc, and there is no change record that fits by asset and date to say for whom"
    ]


def test_where_two_records_fit_none_does() -> None:
    other = ChangeRecord(id="C-2", site="mill", responsible="lee", assets=RECORD.assets, window=RECORD.window)
    assert unknown(robot(assets=("fw-1",), date="2026-11-18T02:00:00Z"), changes=(RECORD, other))


def test_a_record_that_does_not_exist_names_nobody() -> None:
    assert unknown(robot("Collect\n\nChange: C-9\n")) == [
        "config-bot committed cccccccccccc, and there is no change record `C-9` to say for whom"
    ]


def test_of_two_records_named_each_must_exist() -> None:
    made = robot("Collect\n\nChange: C-1\nChange: C-9\n")
    assert persons(made) == ["kim", "mo"]
    assert len(unknown(made)) == 1


def test_a_record_without_names_names_nobody() -> None:
    nobody = ChangeRecord(id="C-3", site="mill")
    assert unknown(robot("Collect\n\nChange: C-3\n"), changes=(nobody,)) == [
        "config-bot committed cccccccccccc, and the change record C-3 names nobody"
    ]


def test_a_robot_of_the_forge_is_a_robot_and_a_person_who_commits_beside_it_an_author() -> None:
    made = commit("renewal[bot]", "r@forge.example", committer=("Oda Berg", "oda@mill.example"))
    assert persons(made, changes=()) == ["oda"]
    assert len(unknown(made, changes=())) == 1


@pytest.mark.parametrize(
    "name",
    ["finn", "FINN  dahl", "finn@mill.example", "finn-admin", "@finn-d", "finn.d", "Finn D. <finn@mill.example>"],
)
def test_a_person_is_known_by_name_address_and_account_of_any_forge(name: str) -> None:
    record = ChangeRecord(id="C-4", site="mill", responsible=name)
    made = robot("Collect\n\nChange: C-4\n")
    assert (persons(made, changes=(record,)), unknown(made, changes=(record,))) == (["finn"], [])


@pytest.mark.parametrize(
    ("role", "date", "expected"),
    [
        ("Process safety", "2026-11-18T06:00:00Z", ["finn", "oda"]),
        ("mill-manager", "2026-11-18T06:00:00Z", ["mo"]),
        ("IT services", "2026-11-18T06:00:00Z", ["lee"]),
        ("IT services", "2026-12-02T06:00:00Z", ["finn", "lee"]),
    ],
)
def test_behind_a_role_stand_all_who_hold_it_or_stand_in_that_day(role: str, date: str, expected: list[str]) -> None:
    record = ChangeRecord(id="C-4", site="mill", responsible=role)
    made = robot("Collect\n\nChange: C-4\n", date=date)
    assert (persons(made, changes=(record,)), unknown(made, changes=(record,))) == (expected, [])


@pytest.mark.parametrize("name", ["Pat Contractor", "Dahl, Finn", "Approver of nothing", "Pat <pat@elsewhere.example>"])
def test_a_name_that_the_programme_does_not_know_could_be_anybodys(name: str) -> None:
    record = ChangeRecord(id="C-4", site="mill", requested_by="Mo Hand", responsible=name)
    made = robot("Collect\n\nChange: C-4\n")
    assert persons(made, changes=(record,)) == ["mo"]
    assert unknown(made, changes=(record,)) == [
        f"config-bot committed cccccccccccc, and the change record C-4 names {name}, whom the programme does not know"
    ]


def test_a_role_that_nobody_holds_could_be_anybodys() -> None:
    record = ChangeRecord(id="C-4", site="elsewhere", responsible="Mill manager")
    assert len(unknown(robot("Collect\n\nChange: C-4\n"), changes=(record,))) == 1


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Subject only", []),
        ("Change: C-1", []),
        ("Subject\n\nChange: C-1", [("change", "C-1")]),
        ("Subject\r\n\r\nChange : C-1\r\n", [("change", "C-1")]),
        ("Subject\n\nBody: no trailer\n\nSigned-off-by: A <a@b.example>\n", [("signed-off-by", "A <a@b.example>")]),
        ("Subject\n\nChange: C-1\n  and more\n", [("change", "C-1 and more")]),
        ("Subject\n\nChange:\n", []),
    ],
)
def test_trailers_are_the_last_paragraph(message: str, expected: list[tuple[str, str]]) -> None:
    assert trailers(message) == expected
