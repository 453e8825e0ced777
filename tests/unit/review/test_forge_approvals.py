"""Approvals as GitHub, GitLab and others tell them: recognised by content, bound to a commit, every mistake named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.programme_example import HEAD, OLD

from plantproof.errors import InputError
from plantproof.model.approvals import ForgeApprovals
from plantproof.review import forge_approvals
from plantproof.review.forge_approvals import read_approvals

FILE = "approvals.json"


def read(value: Any, head: str = HEAD) -> ForgeApprovals:
    return read_approvals(json.dumps(value).encode(), FILE, head)


def refused(value: Any, head: str = HEAD) -> list[str]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(InputError) as caught:
        read_approvals(data, FILE, head)
    return [str(problem) for problem in caught.value.problems]


def said(found: ForgeApprovals) -> list[tuple[str, str, str]]:
    return [(each.login, each.state, each.commit[:1]) for each in found.given]


TEN = "2026-11-20T10:00:00Z"


def review(login: str = "kim-p", state: str = "APPROVED", commit: str | None = HEAD, at: str = TEN) -> dict[str, Any]:
    """One review as GitHub's REST answer has it, with some of what nobody asked for."""
    return {
        "id": 1,
        "user": {"login": login, "id": 7},
        "body": "",
        "state": state,
        "commit_id": commit,
        "submitted_at": at,
    }


def gh(*reviews: dict[str, Any], head: str = HEAD) -> dict[str, Any]:
    """As `gh pr view --json` has it."""
    return {"number": 12, "author": {"login": "mo-h", "is_bot": False}, "headRefOid": head, "reviews": list(reviews)}


def gh_review(login: str = "kim-p", state: str = "APPROVED", commit: str = HEAD) -> dict[str, Any]:
    return {
        "author": {"login": login},
        "authorAssociation": "MEMBER",
        "state": state,
        "submittedAt": TEN,
        "commit": {"oid": commit},
    }


def gitlab(*usernames: str, sha: str = HEAD, **more: Any) -> dict[str, Any]:
    """A merge request of GitLab with who approved it, at ten o'clock."""
    by = [
        {"user": {"id": 3, "username": name, "name": "N"}, "approved_at": "2026-11-20T10:00:00.000Z"}
        for name in usernames
    ]
    request = {"iid": 12, "sha": sha, "author": {"username": "mo.h"}}
    return {"merge_request": request, "approvals": {"approved": True, "approved_by": by}, **more}


RESET = {"reset_approvals_on_push": True}


def version(commit: str, at: str) -> dict[str, Any]:
    return {"id": 1, "head_commit_sha": commit, "created_at": at}


def own(*approvals: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"schema": "plantproof/approvals/1", "author": "mo", "head": HEAD, "approvals": list(approvals), **more}


def test_a_list_of_github() -> None:
    found = read([review("kim-p"), review("oda-b", "CHANGES_REQUESTED", OLD, "2026-11-20T09:00:00+01:00")])
    assert (found.forge, found.head, found.author) == ("github", "", "")
    assert said(found) == [("oda-b", "changes-requested", "b"), ("kim-p", "approved", "a")]


def test_an_empty_list_is_no_approval_at_all() -> None:
    assert read([]).given == ()


def test_pages_of_github_are_one_list() -> None:
    assert len(read([[review()] * 30, [review()]]).given) == 31


@pytest.mark.parametrize("number", [30, 100])
def test_what_is_just_one_page_is_refused(number: int) -> None:
    (line,) = refused([review()] * number)
    assert f"holds just {number} reviews, which is one page: a later one may take an approval back" in line
    assert "--paginate --slurp" in line


def test_a_pull_request_of_github_with_its_reviews() -> None:
    request = {"number": 12, "head": {"sha": HEAD}, "user": {"login": "mo-h"}}
    found = read({"pull_request": request, "reviews": [review(state="DISMISSED"), review(state="COMMENTED")]})
    assert (found.head, found.author, found.request) == (HEAD, "mo-h", "12")
    assert [state for _, state, _ in said(found)] == ["dismissed", "commented"]


def test_what_gh_prints() -> None:
    found = read(gh(gh_review(), gh_review("oda-b", "CHANGES_REQUESTED", OLD)))
    assert (found.author, found.request) == ("mo-h", "12")
    assert said(found) == [("kim-p", "approved", "a"), ("oda-b", "changes-requested", "b")]


def test_of_github_what_is_nobodys_or_not_sent_is_left_out_and_a_commit_that_is_gone_is_none() -> None:
    pending = {**review("oda-b", "PENDING"), "commit_id": None, "submitted_at": None}
    nobody = {**review(), "user": None}
    assert said(read([pending, nobody, review(commit=None)])) == [("kim-p", "approved", "")]


def test_gitlab_is_bound_where_a_push_resets_approvals() -> None:
    found = read(gitlab("kim.p", approval_settings=RESET))
    assert (found.forge, found.head, found.author, found.request) == ("gitlab", HEAD, "mo.h", "12")
    assert said(found) == [("kim.p", "approved", "a")]
    assert found.bound == "a push resets approvals, so that those there are of the head"


def test_gitlabs_newer_settings_say_it_the_other_way_round() -> None:
    assert said(read(gitlab("kim.p", approval_settings={"retain_approvals_on_push": {"value": False}})))[0][2] == "a"


@pytest.mark.parametrize(
    ("pushed", "commit"),
    [("2026-11-20T09:59:59Z", "a"), ("2026-11-20T10:00:00Z", ""), ("2026-11-20T11:30:00+02:00", "a")],
)
def test_gitlab_is_bound_by_times_where_the_versions_are_there(pushed: str, commit: str) -> None:
    versions = [version(HEAD, pushed), version(OLD, "2026-11-19T08:00:00Z")]
    assert said(read(gitlab("kim.p", versions=versions))) == [("kim.p", "approved", commit)]


def test_the_last_time_that_the_head_was_pushed_counts() -> None:
    versions = [version(HEAD, "2026-11-20T08:00:00Z"), version(HEAD, "2026-11-20T11:00:00Z")]
    assert said(read(gitlab("kim.p", versions=versions))) == [("kim.p", "approved", "")]


@pytest.mark.parametrize(
    "settings_",
    [
        {"reset_approvals_on_push": False},
        {"reset_approvals_on_push": False, "selective_code_owner_removals": True},
        {"reset_approvals_on_push": "true"},
        {"retain_approvals_on_push": {"value": True}},
        {},
        None,
    ],
)
def test_gitlab_that_cannot_be_bound_is_refused(settings_: Any) -> None:
    (line,) = refused(gitlab("kim.p", approval_settings=settings_))
    assert "nothing binds these approvals to a commit (put `approval_settings`" in line


def test_gitlabs_approvals_alone_are_refused() -> None:
    (line,) = refused({"id": 1, "approved_by": [{"user": {"username": "kim.p"}}]})
    assert "GitLab's approvals alone name no commit (add `merge_request` beside them" in line


def test_gitlab_without_approvals_needs_no_binding() -> None:
    assert read(gitlab()).given == ()


def test_a_version_list_without_the_head_is_refused() -> None:
    (line,) = refused(gitlab("kim.p", versions=[version(OLD, "2026-11-20T09:00:00Z")]))
    assert "`versions` does not have the head aaaaaaaaaaaa" in line


def test_an_approval_without_time_cannot_be_bound_by_times() -> None:
    value = gitlab("kim.p", versions=[version(HEAD, "2026-11-20T09:00:00Z")])
    del value["approvals"]["approved_by"][0]["approved_at"]
    assert "`approvals/approved_by/0/approved_at`: `None` is no moment" in refused(value)[0]


def test_the_rules_of_gitlabs_approval_state_are_read_too() -> None:
    value = gitlab(approval_settings=RESET)
    del value["approvals"]
    value["approval_state"] = {
        "rules": [{"name": "Security", "approved_by": [{"username": "oda.b"}]}, {"approved_by": []}]
    }
    assert said(read(value)) == [("oda.b", "approved", "a")]


def test_our_own_form_for_other_forges() -> None:
    found = read(own({"login": "kim", "state": "approved", "commit": HEAD, "at": "2026-11-20T10:00:00Z"}, request="7"))
    assert (found.forge, found.author, found.request) == ("other", "mo", "7")
    assert said(found) == [("kim", "approved", "a")]


@pytest.mark.parametrize(
    "value",
    [
        [review("kim-p")],
        {"pull_request": {"number": 1, "head": {"sha": OLD}, "user": {"login": "mo-h"}}, "reviews": []},
        gh(head=OLD),
        gitlab("kim.p", sha=OLD, approval_settings=RESET),
        own(head=OLD),
    ],
)
def test_approvals_of_another_commit_approve_nothing(value: Any) -> None:
    if isinstance(value, list):
        assert [each.commit for each in read(value, OLD).given] == [HEAD]
    else:
        (line,) = refused(value)
        assert line == (
            "approvals.json: is about commit bbbbbbbbbbbb, and aaaaaaaaaaaa is the head "
            "(ask the forge again: an approval of another commit approves nothing here)"
        )


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ([{**review(), "user": {}}], ["`0/user/login`: names nobody (the account that approved must be known)"]),
        ([{**review(), "user": {"login": "a b"}}], ["`0/user/login`: names nobody"]),
        ([review(state="LGTM")], ["`0/state`: `LGTM` is no state (there are: APPROVED, CHANGES_REQUESTED, DISMISSED"]),
        ([review(commit="abc")], ["`0/commit_id`: `abc` is no commit (the full id, of 40 or 64 digits"]),
        ([review(at="yesterday")], ["`0/submitted_at`: `yesterday` is no moment"]),
        ([review(at="2026-11-20T10:00:00")], ["`0/submitted_at`: `2026-11-20T10:00:00` is no moment"]),
        (["approved"], ["`0`: is no object"]),
        ([{**review(), "user": {}}, review(commit="abc")], ["`0/user/login`", "`1/commit_id`"]),
        ({"reviews": {}, "headRefOid": HEAD, "author": {}}, ["`reviews`: is no list", "`author/login`: names nobody"]),
        (own({"login": "kim", "state": "approved"}), ["`approvals/0/commit`: `None` is no commit"]),
        (own(forge="gitea"), ["`forge`: `gitea` is none of github, gitlab, other"]),
        (own(aproved=[]), ["`aproved` is not known here"]),
        ({"merge_request": {"sha": HEAD, "author": {"username": "mo.h"}}}, ["holds neither `approvals` nor"]),
        (gitlab("", approval_settings=RESET), ["`approvals/approved_by/0/user/username`: names nobody"]),
        ({"approved": True}, ["holds approvals of no known shape (GitHub: `gh pr view"]),
        ({"schema": "plantproof/approvals/2"}, ["holds approvals of no known shape"]),
        ("approved", ["holds approvals of no known shape"]),
        (None, ["holds approvals of no known shape"]),
        (b"", ["is empty"]),
        (b" \n", ["is empty"]),
        (b"{", ["is no JSON"]),
        (b"[][]", ["is no JSON", "`gh api --paginate --slurp` makes one list of all pages"]),
        (b"\xff\xfe", ["is no JSON"]),
        (b"[" * 100_000, ["is no JSON"]),
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_refused_with_every_mistake(value: Any, lines: list[str]) -> None:
    found = refused(value)
    assert all(line.startswith(f"{FILE}: ") for line in found)
    assert all(any(wanted in line for line in found) for wanted in lines), found


def test_what_is_far_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forge_approvals, "LARGEST", 10)
    assert refused(b"[           ]") == [
        "approvals.json: 13 bytes of approvals; 10 is the most (is it the right file?)"
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([HEAD, "APPROVED"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["reviews", "headRefOid", "author", "login", "state", "commit", "oid", "merge_request", "approvals",
                 "approved_by", "user", "username", "sha", "versions", "schema", "pull_request", "rules"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200)
@given(JSON)
def test_law_whatever_the_json_it_is_read_or_refused_and_never_grants_without_commit(value: Any) -> None:
    try:
        given_ = read(value).given
    except InputError:
        given_ = ()
    assert all(each.login and each.commit in ("", HEAD) for each in given_)
