"""GitLab's approvals. They name no commit, so the file must hold more than them.

    {"merge_request": GET /projects/:id/merge_requests/:iid,
     "approvals": GET .../approvals, or "approval_state": GET .../approval_state,
     "approval_settings": GET /projects/:id/approvals or .../merge_request_approval_setting,
     "versions": GET .../versions}

The merge request's `sha` is the head. An approval is bound to it in one of two ways: the settings say that a push
resets approvals, so that those that are left are of the head; or each approval has its time, and the versions have the
time at which this head was pushed: what was approved before was approved of something else.
"""

from __future__ import annotations

from typing import Any

from plantproof.model.approvals import ForgeApprovals, GivenApproval
from plantproof.review.forge_reading import Reading, in_order

_WAY_OUT = (
    "put `approval_settings` (with `reset_approvals_on_push: true`) or `versions` into the file; "
    "docs/how-to/approve-a-change.md has the commands"
)


def read_gitlab(value: dict[str, Any], reading: Reading) -> ForgeApprovals:
    """The approvals of a merge request. Mistakes go to `reading`, among them that nothing binds them to a commit."""
    if "merge_request" not in value:
        reading.blame("GitLab's approvals alone name no commit", f"add `merge_request` beside them; {_WAY_OUT}")
        return ForgeApprovals(forge="gitlab", head="", given=())
    head = reading.commit(value, ("merge_request", "sha"))
    author = reading.text(value, ("merge_request", "author", "username"), "the account that opened the merge request")
    entries = _entries(value, reading)
    reset = _resets(value)
    given: list[GivenApproval] = []
    since = "" if reset or not entries else _pushed(value, head, reading)
    bound = "a push resets approvals, so that those there are of the head"
    if not reset:
        bound = "approved after the head was pushed"
    for where, entry in entries:
        before = len(reading.problems)
        login = reading.text(entry, ("user", "username"), "the account that approved", where)
        at = reading.moment(entry, "approved_at", where, needed=not reset and bool(since))
        if len(reading.problems) == before:
            commit = head if reset or (since and at > since) else ""
            given.append(GivenApproval(login=login, state="approved", commit=commit, at=at))
    return ForgeApprovals(
        forge="gitlab",
        head=head,
        author=author,
        request=str(reading.get(value, ("merge_request", "iid")) or ""),
        given=in_order(given),
        bound=bound,
    )


def _entries(value: dict[str, Any], reading: Reading) -> list[tuple[tuple[str | int, ...], Any]]:
    """Who approved, with where it stands: the plain list, or what the rules of the approval state list together."""
    if "approvals" in value:
        listed = reading.list(value, ("approvals", "approved_by"))
        return [(("approvals", "approved_by", number), entry) for number, entry in enumerate(listed)]
    if "approval_state" not in value:
        reading.blame(
            "holds neither `approvals` nor `approval_state`", "GET /projects/:id/merge_requests/:iid/approvals"
        )
        return []
    found: list[tuple[tuple[str | int, ...], Any]] = []
    for index, rule in enumerate(reading.list(value, ("approval_state", "rules"))):
        users = rule.get("approved_by") if isinstance(rule, dict) else None
        for number, user in enumerate(users if isinstance(users, list) else []):
            found.append((("approval_state", "rules", index, "approved_by", number), {"user": user}))
    return found


def _resets(value: dict[str, Any]) -> bool:
    """Whether the settings say that a push takes all approvals away. Taking only those of code owners is not enough."""
    settings = value.get("approval_settings")
    if not isinstance(settings, dict):
        return False
    retain = settings.get("retain_approvals_on_push")
    if isinstance(retain, dict):
        retain = retain.get("value")
    return settings.get("reset_approvals_on_push") is True or retain is False


def _pushed(value: dict[str, Any], head: str, reading: Reading) -> str:
    """When the head was pushed, the last time that it was; "" with a mistake where the file does not say."""
    versions = value.get("versions")
    if not isinstance(versions, list):
        reading.blame("nothing binds these approvals to a commit", _WAY_OUT)
        return ""
    times = [
        reading.moment(version, "created_at", ("versions", number), needed=True)
        for number, version in enumerate(versions)
        if isinstance(version, dict) and version.get("head_commit_sha") == head
    ]
    if not times:
        reading.blame(f"`versions` does not have the head {head[:12]}", "fetch the versions after the last push")
    return max(times, default="")
