"""The approval of one change, put together: a robot collected a firewall rule that opens a path to the safety zone."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.programme_example import DAY, HEAD, OLD, commit, given, intent

from plantproof.model.approvals import (
    ApprovalState,
    ForgeApprovals,
    GivenApproval,
    Moved,
    MovedFile,
    OpenedPath,
    Place,
)
from plantproof.model.change import ChangeRecord
from plantproof.review.sign_off import SignOff, changes_of, sign_off

RECORD = ChangeRecord(
    id="C-1",
    site="mill",
    requested_by="mo",
    responsible="finn",
    assets=("fw-2",),
    window=("2026-11-17T04:00:00Z", "2026-11-17T06:00:00Z"),
    origin="controls/changes/C-1.yaml",
)
OTHER = ChangeRecord(id="C-2", site="mill", responsible="lee", origin="controls/changes/C-2.yaml")
COMMIT = commit("config-bot", "bot@mill.example", "Collect fw-2\n\nChange: C-1\n")
MOVED = Moved(
    devices=frozenset({Place("mill", "fw-2")}), paths=frozenset({OpenedPath("mill", "line", "sis", "tcp/502")})
)


def signed(said: ForgeApprovals | None = None, record: ChangeRecord = RECORD, now: str = "") -> SignOff:
    return sign_off(MOVED, intent(), [record, OTHER], [COMMIT], on=DAY, head=HEAD, given=said, now=now)


def test_before_anybody_approved_it_says_what_it_takes_and_what_the_record_lacks() -> None:
    found = signed()
    assert [(each.right, each.count) for each in found.required] == [("network", 1), ("safety", 2)]
    assert found.states == ()
    assert [(each.id, each.missing) for each in found.changes] == [("C-1", ("the rollback plan", "the safety review"))]
    assert not found.no_record


def test_the_person_behind_the_robot_does_not_approve_his_own_change() -> None:
    network, safety = signed(given(("finn-d", "approved", HEAD), ("oda-b", "approved", HEAD))).states
    assert network.status == "not-valid"
    assert "named by the change record C-1, behind config-bot" in network.reason
    assert (safety.status, safety.by) == ("not-valid", ("Oda Berg",))


def test_an_emergency_of_the_record_lets_the_approval_follow_where_the_right_allows_it() -> None:
    record = msgspec.structs.replace(RECORD, emergency_made="2026-11-17T05:00:00Z", emergency_reason="Line stood")
    network, safety = signed(given(), record, "2026-11-18T05:00:00Z").states
    assert (network.status, network.due_by, safety.status) == ("due", "2026-11-20T05:00:00Z", "missing")


@pytest.mark.parametrize("at", ["2026-12-01", "2026-12-10", ""])
def test_who_stands_in_approves_on_his_days(at: str) -> None:
    assert approved_by_the_deputy(at).status == "granted"


def test_who_stood_in_approves_nothing_afterwards() -> None:
    """Finn stands in for Lee until 10 December; the change was committed before, and is judged on that day."""
    found = approved_by_the_deputy("2026-12-11")
    assert (found.status, found.reason) == (
        "not-valid",
        "Finn Dahl stands in for Lee Works until 2026-12-10, and approved on 2026-12-11",
    )


def approved_by_the_deputy(at: str) -> ApprovalState:
    word = GivenApproval(login="finn-d", state="approved", commit=HEAD, at=f"{at}T08:00:00.000000Z" if at else "")
    said = ForgeApprovals(forge="github", head=HEAD, given=(word,))
    moved = Moved(files=frozenset({MovedFile("policy", "policies/a/b/b.rego")}))
    (state,) = sign_off(moved, intent(), [], [commit()], on="2026-12-05", head=HEAD, given=said).states
    return state


def test_an_emergency_at_another_plant_is_none_here() -> None:
    urgent = {"emergency_made": "2026-11-17T05:00:00Z", "emergency_reason": "Line stood"}
    elsewhere = msgspec.structs.replace(RECORD, id="C-3", site="other", origin="controls/changes/C-3.yaml", **urgent)
    found = sign_off(
        MOVED,
        intent(),
        [RECORD, elsewhere],
        [COMMIT],
        on=DAY,
        head=HEAD,
        given=given(),
        now="2026-11-18T05:00:00Z",
        paths=[elsewhere.origin],
    )
    assert [each.id for each in found.changes] == ["C-1", "C-3"]
    assert [each.status for each in found.states] == ["missing", "missing"]


def test_without_a_record_it_says_so() -> None:
    made = commit()
    found = sign_off(MOVED, intent(), [], [made], on=DAY)
    assert found.no_record
    assert not sign_off(Moved(), intent(), [], [made], on=DAY).no_record


def test_a_record_that_the_change_brings_is_its_own() -> None:
    made = commit()
    assert changes_of([made], [RECORD, OTHER]) == ()
    assert changes_of([made], [RECORD, OTHER], ["controls/changes/C-2.yaml"]) == (OTHER,)
    assert changes_of([COMMIT], [RECORD, OTHER], ["controls/changes/C-2.yaml"]) == (RECORD, OTHER)


def test_who_opened_the_merge_request_is_an_author() -> None:
    said = msgspec.structs.replace(given(("oda-b", "approved", OLD)), author="oda-b")
    assert ["oda-b"] in [list(author.logins) for author in signed(said).authors]
