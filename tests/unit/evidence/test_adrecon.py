"""ADRecon: accounts, who is privileged and why, the password policy, dates of either order."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.exports import MEMBERS, POLICY, USERS

from plantproof.errors import InputError
from plantproof.evidence.collectors import adrecon
from plantproof.evidence.collectors.protocol import Collected, Export
from plantproof.model.project_file import SourceSettings

FILES = {"users": USERS, "members": MEMBERS, "policy": POLICY}


def collect(settings: SourceSettings | None = None, **files: str) -> Collected:
    return adrecon.collect(
        [Export(f"{name}.csv", text.encode()) for name, text in files.items()], settings or SourceSettings()
    )


def account(found: Collected, principal: str) -> dict[str, Any]:
    return dict(next(draft.fields for draft in found.drafts if draft.kind == "account" and draft.local == principal))


def test_an_account_with_its_dates_in_utc() -> None:
    assert account(collect(**FILES), "anna") == {
        "principal": "anna", "scope": "plant.example", "privileged": True, "enabled": True,
        "password_never_expires": False, "never_logged_on": False, "locked_out": False, "password_not_required": False,
        "last_logon": "2026-08-28T22:34:37Z", "password_set": "2026-03-16T03:27:57Z", "created": "2025-03-16T17:21:13Z",
    }  # fmt: skip


def test_a_built_in_account_is_known_by_its_sid() -> None:
    assert account(collect(**FILES), "administrator")["type"] == "builtin"


def test_privilege_comes_through_groups_in_groups() -> None:
    members = (
        '"Group Name","Member UserName","Member Name","AccountType"\n"Helpers","anna","Anna","user"\n'
        '"Tier 1","-","Helpers","group"\n"Administrators","-","Tier 1","group"\n"Tier 1","-","Tier 1","group"\n'
    )
    assert account(collect(users=USERS, members=members), "anna")["privileged"] is True
    harmless = members.replace('"Administrators"', '"Printers"') + '"Administrators","administrator","A","user"\n'
    assert account(collect(users=USERS, members=harmless), "anna")["privileged"] is False


def test_in_a_directory_of_another_language_nobody_is_called_unprivileged() -> None:
    members = '"Group Name","Member UserName","Member Name","AccountType"\n"Administratoren","anna","Anna","user"\n'
    found = collect(users=USERS, members=members)
    assert "privileged" not in account(found, "anna")
    assert account(found, "administrator")["privileged"] is True


@pytest.mark.parametrize(("group", "privileged"), [("512", True), ("519", True), ("513", False)])
def test_who_has_a_privileged_primary_group_is_privileged(group: str, privileged: bool) -> None:
    head, *rows = USERS.splitlines()
    users = "\n".join([f'{head},"Primary GroupID"', *(f'{row},"{group}"' for row in rows)])
    assert account(collect(users=users, members=MEMBERS.replace("anna", "nobody")), "anna")["privileged"] is privileged


def test_without_membership_nobody_is_called_unprivileged() -> None:
    found = collect(users=USERS)
    assert "privileged" not in account(found, "anna")
    assert account(found, "administrator")["privileged"] is True


def test_the_password_policy_becomes_settings_of_the_directory() -> None:
    found = collect(**FILES)
    assert {draft.local: draft.fields["value"] for draft in found.drafts if draft.kind == "setting"} == {
        "password.history": 24, "password.min_length": 12, "password.complexity": True, "lockout.threshold": 0,
    }  # fmt: skip
    assert found.assets[0].fields == {"names": ["ad-domain:plant.example"], "role": "directory"}


def test_the_policy_alone_needs_to_be_told_its_domain() -> None:
    with pytest.raises(InputError, match="nothing says which domain"):
        collect(policy=POLICY)
    found = collect(SourceSettings(assets={"domain": "plant.example"}), policy=POLICY)
    assert found.assets[0].local == "ad-domain:plant.example"


def test_american_dates_are_told_by_one_clear_row() -> None:
    users = USERS.replace("28/08/2026", "08/28/2026").replace("16/03/", "03/16/")
    assert account(collect(users=users), "anna")["last_logon"] == "2026-08-28T22:34:37Z"


def test_dates_that_no_row_decides_stay_out_and_are_remarked_or_are_stated() -> None:
    users = USERS.replace("28/08/2026", "7/08/2026").replace("16/03/", "6/03/")
    found = collect(users=users)
    assert "last_logon" not in account(found, "anna")
    assert len(found.remarks) == 5
    stated = collect(SourceSettings(date_order="D/M/Y"), users=users)
    assert account(stated, "anna")["last_logon"] == "2026-08-07T22:34:37Z"


def test_a_flag_that_cannot_be_read_stays_out_and_is_remarked() -> None:
    users = (
        "UserName,Enabled,Password LastSet,Last Logon Date,DistinguishedName,Password Not Required,Account Locked Out\n"
        'kim,WAHR,13/01/2026,13/01/2026,"CN=kim,DC=x",VRAI,-\n'
    )
    found = collect(users=users)
    assert not {"enabled", "password_not_required", "locked_out"} & account(found, "kim").keys()
    assert [(remark.line, remark.what) for remark in found.remarks] == [
        (2, "`Enabled` is neither True nor False: WAHR"),
        (2, "`Password Not Required` is neither True nor False: VRAI"),
    ]


def test_what_is_not_understood_is_named() -> None:
    found = collect(users=USERS, members=MEMBERS + '"Users","ghost","Ghost","user"\n', policy=POLICY + '"Odd","1"\n')
    assert sorted(one.what for one in found.unread) == [
        "member `ghost` is not among the users", "policy `Odd`: value not understood",
    ]  # fmt: skip


def test_users_of_two_domains_and_missing_columns_are_refused() -> None:
    with pytest.raises(InputError, match="2 domains"):
        collect(users=USERS + USERS.splitlines()[1].replace("DC=plant", "DC=office").replace("anna", "otto") + "\n")
    with pytest.raises(InputError, match="column `Password LastSet` is missing"):
        collect(users=USERS.replace("Password LastSet", "Changed"))
