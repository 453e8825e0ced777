"""Whether a required approval was given: by somebody else than an author, of this very commit, by who may. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from plantproof.model.approvals import (
    ApprovalState,
    Author,
    ForgeApprovals,
    GivenApproval,
    MayApprove,
    RequiredApproval,
    Status,
)
from plantproof.model.programme import folded
from plantproof.review.authors import is_author
from plantproof.text import shown, visible

Could = Callable[[RequiredApproval, str], Collection[str]]
"""A required approval and a day -> the ids of the persons who could give it on that day."""


class _Said(NamedTuple):
    """What one account says in the end. `approves`: of the head, and not taken back since. `objects`: asked for
    changes, and has not approved since. `why`: why an approval does not count. `at`: when it approved, "" where nobody
    says."""

    login: str
    approves: bool
    objects: bool
    why: str
    at: str = ""


def check_approvals(
    required: Iterable[RequiredApproval],
    given: ForgeApprovals,
    authors: Sequence[Author],
    head: str,
    *,
    made: str = "",
    now: str = "",
    could: Could | None = None,
) -> list[ApprovalState]:
    """What became of each required approval, in the same order. An approval more never takes one away.

    It counts where the account is that of a person who may, he is by no trace an author of the change, and it is of
    the commit `head`; of a head that is no commit ("") none counts. A person counts once, with however many accounts.
    Whoever may approve and asks for changes stands against it until he approves. `made` is the moment of an emergency,
    `now` the present one: within the hours that the decision right allows the approval is `due` instead of missing
    (verdicts.md 20). `could` says who may give an approval on a day: whoever stands in does so on the days of his
    delegation alone.
    """
    said = _in_the_end(given, head)
    return [_state(each, _counted(each, given.forge, said, authors, could), made, now) for each in required]


def not_granted(states: Iterable[ApprovalState]) -> list[ApprovalState]:
    """Those for which the gate fails: missing or not valid. What is due after an emergency is none of them."""
    return [state for state in states if state.status in ("missing", "not-valid")]


class _Count:
    """The words of all accounts, sorted by what they are worth for one required approval."""

    def __init__(self) -> None:
        self.by: dict[str, str] = {}
        """Person -> name, with for whom he stands in."""
        self.without_role: list[str] = []
        self.invalid: list[str] = []
        self.objections: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.by.values()))

    @property
    def rejected(self) -> tuple[str, ...]:
        return tuple(sorted({*self.without_role, *self.invalid}))


def _counted(
    required: RequiredApproval, forge: str, said: Iterable[_Said], authors: Sequence[Author], could: Could | None
) -> _Count:
    count = _Count()
    unknown = next((author for author in authors if author.unknown), None)
    for each in said:
        who = _person(each.login, required.persons, forge)
        name = visible(who.person.name) if who else shown(each.login)
        trace = is_author(who.person, authors) if who else None
        if who is None:
            if each.approves:
                count.without_role.append(f"{name} approved, and does not hold the role for this")
        elif each.objects:
            count.objections.append(f"{name} asked for changes")
        elif not each.approves:
            count.invalid += [f"{name}: {each.why}"] if each.why else []
        elif could and who.standing_in and each.at and who.person.id not in could(required, each.at[:10]):
            count.invalid.append(f"{name} stands in {visible(who.standing_in)}, and approved on {each.at[:10]}")
        elif trace:
            count.invalid.append(f"{name} is an author of the change ({shown(trace.how, 200)})")
        elif unknown:
            count.invalid.append(f"{name} cannot be shown to be no author: {shown(unknown.how, 200)}")
        else:
            count.by[who.person.id] = f"{name} ({who.standing_in})" if who.standing_in else name
    return count


def _state(required: RequiredApproval, count: _Count, made: str, now: str) -> ApprovalState:
    status: Status = "granted"
    reason = ""
    due = "" if count.objections or len(count.by) >= required.count else _due(required, made, now)
    if count.objections:
        status, reason = "not-valid", "; ".join(sorted(set(count.objections)))
    elif due:
        status, reason = "due", f"an emergency of {made}: the approval may follow until {due}"
    elif len(count.by) < required.count:
        status = "not-valid" if count.invalid else "missing"
        lacking = [_lacking(required, count.names)] if count.by or not count.invalid else []
        reason = "; ".join([*lacking, *sorted(set(count.invalid))])
    return ApprovalState(
        required=required, status=status, by=count.names, reason=reason, rejected=count.rejected, due_by=due
    )


def _lacking(required: RequiredApproval, by: Sequence[str]) -> str:
    if not required.persons:
        place = f" at {visible(required.site)}" if required.site else ""
        return f"nobody is named who could: `{visible(required.role_title)}`{place} in controls/programme/"
    names = ", ".join(visible(each.person.name) for each in required.persons)
    if by:
        return f"{len(by)} of {required.count} approvals; it takes another person of: {names}"
    return f"no approval of this commit by {names}"


def _person(login: str, persons: Iterable[MayApprove], forge: str) -> MayApprove | None:
    wanted = folded(login)
    for each in persons:
        if wanted in {folded(known) for known in getattr(each.person.accounts, forge)}:
            return each
    return None


def _in_the_end(given: ForgeApprovals, head: str) -> list[_Said]:
    """What each account says in the end. Its words are in the order in which it said them."""
    accounts: dict[str, list[GivenApproval]] = {}
    for each in given.given:
        accounts.setdefault(folded(each.login), []).append(each)
    return [_last_word(words, head) for _, words in sorted(accounts.items())]


def _last_word(words: Sequence[GivenApproval], head: str) -> _Said:
    approves = objects = False
    why = at = ""
    for word in words:
        if word.state == "approved":
            objects = False
            if head and word.commit == head:
                approves, why, at = True, "", word.at
            elif not approves:
                other = f"commit {word.commit[:12]}" if word.commit else "an earlier state"
                why = f"approved {other}, and {head[:12] or 'no commit'} is the head"
        elif word.state == "changes-requested":
            approves, objects, why = False, True, ""
        elif word.state == "dismissed":
            approves, objects, why = False, False, "the approval was dismissed"
    return _Said(words[0].login, approves, objects, why, at)


def _due(required: RequiredApproval, made: str, now: str) -> str:
    """Until when the approval may follow; "" where it may not any more, or never could."""
    if not required.afterwards_hours or not made or not now or not required.persons:
        return ""
    limit = datetime.fromisoformat(made) + timedelta(hours=required.afterwards_hours)
    present = datetime.fromisoformat(now)
    return limit.strftime("%Y-%m-%dT%H:%M:%SZ") if datetime.fromisoformat(made) <= present <= limit else ""
