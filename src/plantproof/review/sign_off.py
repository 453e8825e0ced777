"""Everything about the approval of one change, put together: what it demands, who made it, what was given, what its
change records say. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from plantproof.model.approvals import ApprovalState, CommitFacts, ForgeApprovals, Moved, RequiredApproval, SignOff
from plantproof.model.change import ChangeRecord
from plantproof.model.intent import Intent
from plantproof.review.approvals import not_decided, required_approvals
from plantproof.review.authors import authors_of, trailers
from plantproof.review.change_record import change_of, change_words, emergency_made
from plantproof.review.granted import check_approvals
from plantproof.review.moved import things_of


def changes_of(
    commits: Iterable[CommitFacts], changes: Sequence[ChangeRecord], paths: Collection[str] = ()
) -> tuple[ChangeRecord, ...]:
    """The records that a change is about, by id: those that its commits name or fit, and those whose file it brings."""
    found = {(each.site, each.id): each for each in changes if each.origin in paths}
    for commit in commits:
        for named in [value for key, value in trailers(commit.message) if key == "change"] or [""]:
            record = change_of(commit, named, changes)
            if record:
                found[record.site, record.id] = record
    return tuple(found[key] for key in sorted(found))


def _is_same(one: RequiredApproval, other: RequiredApproval) -> bool:
    return (one.right, one.site, one.role, one.role_title) == (other.right, other.site, other.role, other.role_title)


def _emergency_at(site: str, records: Iterable[ChangeRecord]) -> str:
    """When something was done as an emergency that an approval at a site could follow: what was urgent at one plant was
    not at another. What is of no site may follow any."""
    return emergency_made(each for each in records if site in ("", each.site))


def sign_off(
    moved: Moved,
    base: Intent,
    changes: Sequence[ChangeRecord],
    commits: Sequence[CommitFacts],
    *,
    on: str,
    head: str = "",
    given: ForgeApprovals | None = None,
    now: str = "",
    paths: Collection[str] = (),
) -> SignOff:
    """What a change demands and what was given.

    `base` is the base's intent: its people and rights decide. `changes` are the change records of the head, those of
    its evidence among them; `commits` those of the change, `paths` the files that it brings. `on` is a date, `head` the
    full id of the commit under review, `now` a moment in UTC, for emergencies.
    """
    required = required_approvals(moved, base, on=on)
    authors = authors_of(commits, base.programme, changes, given.author if given else "")
    records = changes_of(commits, changes, paths)

    def could(asked: RequiredApproval, day: str) -> set[str]:
        then = [each for each in required_approvals(moved, base, on=day) if _is_same(each, asked)]
        return {person.person.id for each in then for person in each.persons}

    states: list[ApprovalState] = []
    if given is not None:
        for each in required:
            made = _emergency_at(each.site, records)
            states += check_approvals([each], given, authors, head, made=made, now=now, could=could)
    safety = any(thing.kind == "safety" for thing in things_of(moved, base))
    return SignOff(
        required=tuple(required),
        states=tuple(states),
        not_decided=not_decided(moved, base),
        authors=authors,
        changes=change_words(records, on, safety),
        no_record=not records and bool(moved.devices or moved.paths or moved.zones or moved.conduits),
    )
