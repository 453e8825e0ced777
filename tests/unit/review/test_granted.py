"""Whether an approval counts: by somebody else, of this commit, by who may. Accounts and people are invented."""

from __future__ import annotations

import pytest
from hypothesis import given as arbitrary
from hypothesis import settings
from hypothesis import strategies as st
from tests.support.programme_example import DAY, HEAD, OLD, SOMEBODY_ELSE, given, intent

from plantproof.model.approvals import (
    ApprovalState,
    Author,
    ForgeApprovals,
    GivenApproval,
    GivenState,
    Moved,
    OpenedPath,
    Place,
)
from plantproof.review.approvals import required_approvals
from plantproof.review.granted import check_approvals, not_granted

INTENT = intent()
NETWORK = required_approvals(Moved(devices=frozenset({Place("mill", "fw-1")})), INTENT, on=DAY)
"""One of OT network: Finn Dahl, with two accounts on GitHub. In an emergency within 72 hours."""
SAFETY = required_approvals(Moved(paths=frozenset({OpenedPath("mill", "line", "sis")})), INTENT, on=DAY)[1:]
"""Two of process safety: Oda Berg and Finn Dahl."""
MADE = "2026-11-18T10:00:00Z"


def network(*words: tuple[str, GivenState, str], authors: tuple[Author, ...] = SOMEBODY_ELSE) -> ApprovalState:
    (state,) = check_approvals(NETWORK, given(*words), authors, HEAD)
    return state


def safety(*words: tuple[str, GivenState, str], authors: tuple[Author, ...] = SOMEBODY_ELSE) -> ApprovalState:
    (state,) = check_approvals(SAFETY, given(*words), authors, HEAD)
    return state


def test_an_approval_of_the_head_by_who_may_is_granted() -> None:
    state = network(("finn-d", "approved", HEAD))
    assert (state.status, state.by, state.reason) == ("granted", ("Finn Dahl",), "")


def test_accounts_are_compared_without_case() -> None:
    assert network(("FINN-D", "approved", HEAD)).status == "granted"


def test_without_approval_it_is_missing_and_says_of_whom() -> None:
    state = network()
    assert (state.status, state.reason) == ("missing", "no approval of this commit by Finn Dahl")


def test_a_comment_is_no_approval() -> None:
    assert network(("finn-d", "commented", HEAD)).status == "missing"


def test_an_approval_of_another_commit_does_not_count() -> None:
    state = network(("finn-d", "approved", OLD))
    assert (state.status, state.reason) == (
        "not-valid", "Finn Dahl: approved commit bbbbbbbbbbbb, and aaaaaaaaaaaa is the head"
    )  # fmt: skip


def test_of_a_head_that_is_no_commit_no_approval_counts() -> None:
    """A review whose commit is gone names none either: nothing is not the same as nothing."""
    words = given(("finn-d", "approved", ""))
    (state,) = check_approvals(NETWORK, words, SOMEBODY_ELSE, "")
    assert (state.status, state.reason) == (
        "not-valid", "Finn Dahl: approved an earlier state, and no commit is the head"
    )  # fmt: skip


def test_who_does_not_hold_the_role_is_named_and_does_not_count() -> None:
    state = network(("oda-b", "approved", HEAD), ("stranger", "approved", HEAD))
    assert state.status == "missing"
    assert state.rejected == (
        "oda-b approved, and does not hold the role for this",
        "stranger approved, and does not hold the role for this",
    )


@pytest.mark.parametrize(
    "author",
    [
        Author(name="Somebody", email="FINN@mill.example", how="author of cccccccccccc"),
        Author(name="finn  dahl", email="private@elsewhere.example", how="committer of cccccccccccc"),
        Author(logins=("Finn-Admin",), how="opened the merge request"),
        Author(name="finn", how="named by the change record C-1, behind config-bot"),
    ],
)
def test_an_author_is_no_approver_by_whatever_trace(author: Author) -> None:
    state = network(("finn-d", "approved", HEAD), authors=(*SOMEBODY_ELSE, author))
    assert (state.status, state.by) == ("not-valid", ())
    assert f"Finn Dahl is an author of the change ({author.how})" in state.reason


def test_behind_a_robot_without_record_anybody_could_be_the_author() -> None:
    robot = Author(name="config-bot", how="config-bot committed cccccccccccc, and there is no record", unknown=True)
    state = network(("finn-d", "approved", HEAD), authors=(robot,))
    assert state.status == "not-valid"
    assert state.reason.startswith("Finn Dahl cannot be shown to be no author: config-bot committed")


def test_a_dismissed_approval_is_none_until_it_is_given_again() -> None:
    assert network(("finn-d", "dismissed", HEAD)).status == "not-valid"
    assert network(("finn-d", "approved", HEAD), ("finn-d", "dismissed", HEAD)).reason == (
        "Finn Dahl: the approval was dismissed"
    )
    assert network(("finn-d", "dismissed", HEAD), ("finn-d", "approved", HEAD)).status == "granted"


def test_who_may_approve_and_asks_for_changes_stands_against_it() -> None:
    both = (("oda-b", "approved", HEAD), ("finn-d", "approved", HEAD))
    assert safety(*both).status == "granted"
    state = safety(*both, ("oda-b", "changes-requested", OLD))
    assert (state.status, state.reason) == ("not-valid", "Oda Berg asked for changes")
    assert safety(*both, ("oda-b", "changes-requested", OLD), ("oda-b", "approved", HEAD)).status == "granted"


def test_who_may_not_approve_cannot_stand_against_it() -> None:
    assert network(("finn-d", "approved", HEAD), ("stranger", "changes-requested", HEAD)).status == "granted"


def test_two_must_be_two_persons() -> None:
    state = safety(("finn-d", "approved", HEAD), ("finn-admin", "approved", HEAD))
    assert (state.status, state.by) == ("missing", ("Finn Dahl",))
    assert state.reason == "1 of 2 approvals; it takes another person of: Finn Dahl, Oda Berg"
    assert safety(("finn-d", "approved", HEAD), ("oda-b", "approved", HEAD)).by == ("Finn Dahl", "Oda Berg")


def test_an_account_of_another_forge_is_another_account() -> None:
    said = ForgeApprovals(
        forge="gitlab", head=HEAD, given=(GivenApproval(login="finn-d", state="approved", commit=HEAD),)
    )
    (state,) = check_approvals(NETWORK, said, SOMEBODY_ELSE, HEAD)
    assert state.status == "missing"


def test_who_stands_in_is_named_as_such() -> None:
    required = required_approvals(Moved(zones=frozenset({Place("mill", "office")})), INTENT, on="2026-12-05")
    (state,) = check_approvals(required, given(("finn-d", "approved", HEAD)), SOMEBODY_ELSE, HEAD)
    assert state.by == ("Finn Dahl (for Lee Works until 2026-12-10)",)


def test_where_nobody_could_approve_it_says_where_to_name_somebody() -> None:
    (required,) = required_approvals(Moved(evidence=frozenset({"mill"})), INTENT, on=DAY)
    (state,) = check_approvals([_nobody(required)], given(), SOMEBODY_ELSE, HEAD)
    assert state.reason == "nobody is named who could: `OT network` at mill in controls/programme/"


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-11-18T09:59:59Z", "missing"),
        ("2026-11-18T10:00:00Z", "due"),
        ("2026-11-21T10:00:00Z", "due"),
        ("2026-11-21T10:00:01Z", "missing"),
    ],
)
def test_in_an_emergency_the_approval_may_follow_within_the_hours_of_the_decision_right(now: str, status: str) -> None:
    (state,) = check_approvals(NETWORK, given(), SOMEBODY_ELSE, HEAD, made=MADE, now=now)
    assert (state.status, state.due_by) == (status, "2026-11-21T10:00:00Z" if status == "due" else "")
    assert bool(not_granted([state])) is (status == "missing")


def test_where_the_decision_right_does_not_allow_it_no_emergency_helps() -> None:
    (state,) = check_approvals(SAFETY, given(), SOMEBODY_ELSE, HEAD, made=MADE, now=MADE)
    assert state.status == "missing"


def test_no_emergency_goes_over_an_objection() -> None:
    said = given(("finn-d", "changes-requested", HEAD))
    (state,) = check_approvals(NETWORK, said, SOMEBODY_ELSE, HEAD, made=MADE, now=MADE)
    assert state.status == "not-valid"


def _nobody(required):
    import msgspec

    return msgspec.structs.replace(required, persons=())


LOGINS = st.sampled_from(["finn-d", "finn-admin", "oda-b", "lee-w", "kim-p", "stranger", "config-bot"])
WORDS = st.builds(
    GivenApproval,
    login=LOGINS,
    state=st.sampled_from(["approved", "changes-requested", "dismissed", "commented"]),
    commit=st.sampled_from([HEAD, OLD, ""]),
)
AUTHORS = st.lists(
    st.builds(
        Author,
        name=st.sampled_from(["", "Finn Dahl", "Oda Berg", "Pat"]),
        email=st.sampled_from(["", "oda@mill.example", "pat@elsewhere.example"]),
        logins=LOGINS.map(lambda login: (login,)) | st.just(()),
        how=st.just("a trace"),
        unknown=st.booleans(),
    ),
    max_size=3,
).map(tuple)
REQUIRED = [*NETWORK, *SAFETY]


def statuses(words: list[GivenApproval], authors: tuple[Author, ...]) -> list[str]:
    said = ForgeApprovals(forge="github", head=HEAD, given=tuple(words))
    return [state.status for state in check_approvals(REQUIRED, said, authors, HEAD)]


@settings(max_examples=150)
@arbitrary(st.lists(WORDS, max_size=8), AUTHORS, WORDS, st.integers(0, 8))
def test_law_an_approval_more_takes_none_away(
    words: list[GivenApproval], authors: tuple[Author, ...], another: GivenApproval, where: int
) -> None:
    added = GivenApproval(login=another.login, state="approved", commit=another.commit)
    more = [*words[:where], added, *words[where:]]
    for before, after in zip(statuses(words, authors), statuses(more, authors), strict=True):
        assert before != "granted" or after == "granted"


@settings(max_examples=150)
@arbitrary(st.lists(WORDS, max_size=8), AUTHORS)
def test_law_no_author_is_among_those_who_approved(words: list[GivenApproval], authors: tuple[Author, ...]) -> None:
    names = {author.name for author in authors}
    addresses = {author.email for author in authors}
    accounts = {login for author in authors for login in author.logins}
    said = ForgeApprovals(forge="github", head=HEAD, given=tuple(words))
    for state in check_approvals(REQUIRED, said, authors, HEAD):
        by = [each.person for each in state.required.persons if each.person.name in state.by]
        assert not state.by or not any(author.unknown for author in authors)
        for person in by:
            assert person.name not in names
            assert not addresses & set(person.emails)
            assert not accounts & set(person.accounts.github)
        assert state.status != "granted" or len({person.id for person in by}) >= state.required.count


@settings(max_examples=150)
@arbitrary(st.lists(WORDS.filter(lambda word: word.commit != HEAD), max_size=8), AUTHORS)
def test_law_nothing_said_of_another_commit_grants(words: list[GivenApproval], authors: tuple[Author, ...]) -> None:
    assert "granted" not in statuses(words, authors)
