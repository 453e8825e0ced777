"""Approvals as forges tell them: JSON of GitHub, of GitLab, or our own, recognised by content. Pure: bytes in.

An approval is worth something for the very commit it was given for, and each forge binds it in its own way: GitHub
names the commit of each review; of GitLab see `gitlab_approvals`; our own form names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from plantproof.errors import InputError, refuse
from plantproof.model.approvals import ForgeApprovals, GivenApproval, GivenState
from plantproof.review.forge_reading import Reading, in_order
from plantproof.review.gitlab_approvals import read_gitlab
from plantproof.text import shown

SCHEMA = "plantproof/approvals/1"
LARGEST = 16 * 2**20
"""Bytes. A thousand reviews with their texts are some 2 MB."""
PAGES = (30, 100)
"""What GitHub gives at once, by default and at most: a list of just that length is probably not the whole."""

_GITHUB: dict[str, GivenState] = {
    "APPROVED": "approved",
    "CHANGES_REQUESTED": "changes-requested",
    "DISMISSED": "dismissed",
    "COMMENTED": "commented",
    "PENDING": "commented",
}
_OWN: dict[str, GivenState] = {
    "approved": "approved",
    "changes-requested": "changes-requested",
    "dismissed": "dismissed",
    "commented": "commented",
}
SHAPES = (
    "GitHub: `gh pr view N --json number,author,headRefOid,reviews`, or the list of GET /pulls/N/reviews; GitLab: "
    "{merge_request, approvals, approval_settings or versions}; any other: schema plantproof/approvals/1"
)


def read_approvals(data: bytes, path: str, head: str) -> ForgeApprovals:
    """The approvals in a file, each account's words in the order in which it said them.

    `head` is the full id of the commit under review. Raises `InputError` with every mistake: no JSON, an unknown shape,
    an entry without account or commit, a file about another commit, approvals that cannot be bound to a commit.
    """
    if len(data) > LARGEST:
        raise refuse(f"{len(data):,} bytes of approvals; {LARGEST:,} is the most", "is it the right file?", path=path)
    if not data.strip():
        raise refuse("is empty", f"no approvals at all is `[]` of GitHub; {SHAPES}", path=path)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        hint = "`gh api --paginate --slurp` makes one list of all pages" if b"][" in data else "the file is cut off?"
        raise refuse(f"is no JSON: {shown(str(error), 200)}", hint, path=path) from None
    read = _reader_of(value)
    if read is None:
        raise refuse("holds approvals of no known shape", SHAPES, path=path)
    reading = Reading(path, head)
    found = read(value, reading)
    if found.head and found.head != head:
        message = f"is about commit {shown(found.head[:12])}, and {head[:12]} is the head"
        reading.blame(message, "ask the forge again: an approval of another commit approves nothing here")
    if reading.problems:
        raise InputError(*reading.problems)
    return found


def _reader_of(value: Any) -> Callable[[Any, Reading], ForgeApprovals] | None:
    """Which forge speaks so. None for what no forge says."""
    if isinstance(value, list):
        return _read_reviews
    if not isinstance(value, dict):
        return None
    if value.get("schema") == SCHEMA:
        return _read_own
    if "reviews" in value and "headRefOid" in value:
        return _read_gh
    if "reviews" in value and "pull_request" in value:
        return _read_pull_request
    if "merge_request" in value or "approved_by" in value:
        return read_gitlab
    return None


def _read_reviews(value: list[Any], reading: Reading) -> ForgeApprovals:
    """GET /repos/{owner}/{repo}/pulls/{number}/reviews: a list, or a list of its pages (`--slurp`). Who opened the pull
    request is not in it; its commits say who made it."""
    return ForgeApprovals(
        forge="github", head="", given=_rest(value, reading), bound="GitHub names the commit of each review"
    )


def _read_pull_request(value: dict[str, Any], reading: Reading) -> ForgeApprovals:
    """{pull_request: GET /pulls/{number}, reviews: GET /pulls/{number}/reviews}."""
    return ForgeApprovals(
        forge="github",
        head=reading.commit(value, ("pull_request", "head", "sha")),
        author=reading.text(value, ("pull_request", "user", "login"), "the account that opened the pull request"),
        request=str(reading.get(value, ("pull_request", "number")) or ""),
        given=_rest(reading.list(value, ("reviews",)), reading, ("reviews",)),
        bound="GitHub names the commit of each review",
    )


def _read_gh(value: dict[str, Any], reading: Reading) -> ForgeApprovals:
    """`gh pr view N --json number,author,headRefOid,reviews`, which asks for all pages itself."""
    given = []
    for number, review in enumerate(reading.list(value, ("reviews",))):
        given.append(
            _github(review, ("reviews", number), reading, ("author", "login"), ("commit", "oid"), "submittedAt")
        )
    return ForgeApprovals(
        forge="github",
        head=reading.commit(value, ("headRefOid",)),
        author=reading.text(value, ("author", "login"), "the account that opened the pull request"),
        request=str(value.get("number") or ""),
        given=in_order(each for each in given if each),
        bound="GitHub names the commit of each review",
    )


def _rest(value: list[Any], reading: Reading, where: tuple[str | int, ...] = ()) -> tuple[GivenApproval, ...]:
    paged = bool(value) and all(isinstance(page, list) for page in value)
    reviews = [review for page in value for review in page] if paged else value
    if not paged and len(reviews) in PAGES:
        message = f"holds just {len(reviews)} reviews, which is one page: a later one may take an approval back"
        reading.blame(message, "fetch all pages as one list of pages: `gh api --paginate --slurp`")
    found = [
        _github(review, (*where, number), reading, ("user", "login"), ("commit_id",), "submitted_at")
        for number, review in enumerate(reviews)
    ]
    return in_order(each for each in found if each)


def _github(
    review: Any,
    where: tuple[str | int, ...],
    reading: Reading,
    login: tuple[str, ...],
    commit: tuple[str, ...],
    at: str,
) -> GivenApproval | None:
    return _entry(review, where, reading, _GITHUB, login, commit, at, pending="PENDING")


def _read_own(value: dict[str, Any], reading: Reading) -> ForgeApprovals:
    """Our own form, for forges that we cannot read. It names the commit of each approval."""
    known = {"schema", "forge", "request", "author", "head", "approvals"}
    for key in sorted(value.keys() - known):
        reading.blame(f"`{shown(key)}` is not known here", f"there are: {', '.join(sorted(known))}")
    forge = value.get("forge", "other")
    if forge not in ("github", "gitlab", "other"):
        reading.blame(f"`forge`: `{shown(forge)}` is none of github, gitlab, other", "whose accounts are these?")
        forge = "other"
    given = []
    for number, each in enumerate(reading.list(value, ("approvals",))):
        given.append(_entry(each, ("approvals", number), reading, _OWN, ("login",), ("commit",), "at"))
    return ForgeApprovals(
        forge=forge,
        head=reading.commit(value, ("head",)),
        author=reading.text(value, ("author",), "the account that opened the merge request"),
        request=str(value.get("request") or ""),
        given=in_order(each for each in given if each),
        bound="the file names the commit of each approval",
    )


def _entry(
    value: Any,
    where: tuple[str | int, ...],
    reading: Reading,
    states: Mapping[str, GivenState],
    login: tuple[str, ...],
    commit: tuple[str, ...],
    at: str,
    pending: str = "",
) -> GivenApproval | None:
    """One entry of a list. None where something of it is missing: what, is told.

    Of GitHub, the words of a deleted account (`user: null`) are nobody's, a review that was not sent yet is none, and
    one whose commit is gone after a force push (`commit_id: null`) is of no commit.
    """
    if not isinstance(value, dict):
        reading.blame(f"{reading.place(where)}: is no object", "an approval has an account, a state and a commit")
        return None
    said = value.get("state")
    if pending and (said == pending or (login[0] in value and value[login[0]] is None)):
        return None
    before = len(reading.problems)
    account = reading.text(value, login, "the account that approved", where)
    if not isinstance(said, str) or said not in states:
        reading.blame(
            f"{reading.place((*where, 'state'))}: `{shown(said)}` is no state", f"there are: {', '.join(states)}"
        )
    gone = bool(pending) and commit[0] in value and value[commit[0]] is None
    bound = "" if gone else reading.commit(value, commit, where)
    moment = reading.moment(value, at, where)
    if len(reading.problems) > before:
        return None
    return GivenApproval(login=account, state=states[str(said)], commit=bound, at=moment)
