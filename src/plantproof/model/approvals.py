"""Who must agree to a change, and who did: what moved, what that demands, what the forge says was given."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from plantproof.model.change import ChangeWords
from plantproof.model.programme import NamedPerson, When


class Place(NamedTuple):
    """A zone, a conduit, a device or a policy of one site, by its id or name."""

    site: str
    id: str


class OpenedPath(NamedTuple):
    """Traffic that the change lets through from one zone to another. `what` says it in words (`tcp/502 to plc-07`).

    `safety`: behind it lies an essential function of kind safety. What the intent says of the zone counts as well.
    """

    site: str
    source: str
    destination: str
    what: str = ""
    safety: bool = False


class OpenedGap(NamedTuple):
    """A gap that the change opens: the site, its severity and the zone it lies in ("" where in none)."""

    site: str
    severity: str
    zone: str = ""


class MovedFile(NamedTuple):
    """A file that people write and that the change edits. `site`: whose it is, "" where it judges all sites."""

    kind: When
    path: str
    site: str = ""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a change moves, in the words of decision rights. Values add: `moved_files(paths) + Moved(zones=...)`."""

    evidence: frozenset[str] = frozenset()
    """Sites whose evidence was collected anew."""
    zones: frozenset[Place] = frozenset()
    conduits: frozenset[Place] = frozenset()
    devices: frozenset[Place] = frozenset()
    """Enforcing devices whose rules changed."""
    paths: frozenset[OpenedPath] = frozenset()
    safety: frozenset[Place] = frozenset()
    """Policies that may affect safety and of which a result moved."""
    gaps: frozenset[OpenedGap] = frozenset()
    files: frozenset[MovedFile] = frozenset()

    def __add__(self, other: Moved) -> Moved:
        return Moved(**{name: getattr(self, name) | getattr(other, name) for name in self.__struct_fields__})


class MayApprove(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may give an approval. `standing_in` says for whom and until when, "" for a holder of the role."""

    person: NamedPerson
    standing_in: str = ""


class RequiredApproval(msgspec.Struct, frozen=True, kw_only=True):
    """One approval that a decision right demands. `role` is an id, "" where the owner is a person or nobody known."""

    right: str
    title: str
    path: str
    line: int
    site: str
    role: str
    role_title: str
    persons: tuple[MayApprove, ...]
    count: int
    why: tuple[str, ...]
    """What moved, in plain words, sorted."""
    afterwards_hours: int = 0
    """In an emergency the approval may follow within so many hours; 0: never."""


GivenState = Literal["approved", "changes-requested", "dismissed", "commented"]


class GivenApproval(msgspec.Struct, frozen=True, kw_only=True):
    """What one account said. `commit`: the commit it was said of, "" where that is not the present head."""

    login: str
    name: str = ""
    state: GivenState
    commit: str
    at: str = ""
    """A moment in UTC, `2026-11-20T10:00:00Z`; "" where the forge does not say."""


class ForgeApprovals(msgspec.Struct, frozen=True, kw_only=True):
    """The approvals of one merge request as its forge tells them. `bound` says how they are bound to the commit."""

    forge: Literal["github", "gitlab", "other"]
    head: str
    given: tuple[GivenApproval, ...]
    author: str = ""
    request: str = ""
    bound: str = ""


class CommitFacts(NamedTuple):
    """What a commit says of its makers. `message` is the whole message, with its trailers; `date` UTC."""

    id: str
    author: str
    author_email: str
    committer: str
    committer_email: str
    date: str
    message: str
    assets: tuple[str, ...] = ()
    """Assets whose evidence the commit changes, by name: how a robot's commit finds its change record."""
    site: str = ""


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who made the change or a part of it. `how`: by which trace we know.

    `unknown`: a robot committed, and no change record says for whom, by a name that the programme knows. Then nobody
    can be shown not to be the author.
    """

    name: str = ""
    email: str = ""
    logins: tuple[str, ...] = ()
    how: str
    unknown: bool = False


Status = Literal["granted", "missing", "not-valid", "due"]


class ApprovalState(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one required approval. `due`: an emergency, the approval may still follow, until `due_by`."""

    required: RequiredApproval
    status: Status
    by: tuple[str, ...] = ()
    """Names of those whose approval counts."""
    reason: str = ""
    rejected: tuple[str, ...] = ()
    """Each approval that does not count, with why."""
    due_by: str = ""


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """`states` is empty where no approvals of a forge were given: then `required` says what it takes."""

    required: tuple[RequiredApproval, ...]
    states: tuple[ApprovalState, ...]
    not_decided: tuple[str, ...]
    """What moved and no decision right speaks of."""
    authors: tuple[Author, ...]
    changes: tuple[ChangeWords, ...]
    no_record: bool
    """Something in the plant moves, and no change record is there."""
