"""A commit as its object says it. Git's own words for it depend on configuration; its object does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from plantproof.errors import refuse


class Commit(NamedTuple):
    """A commit as its object says it. Dates are UTC, `2026-01-31T12:00:00Z`.

    `signed`: a signature is there; whether it holds is not asked here. `message` is the whole of it, with its trailers.
    """

    id: str
    author: str
    author_email: str
    author_date: str
    committer: str
    committer_email: str
    committer_date: str
    parents: tuple[str, ...]
    message: str
    signed: bool

    @property
    def subject(self) -> str:
        """The first paragraph of the message, on one line."""
        return " ".join(self.message.strip().split("\n\n", 1)[0].split())


def parse_commit(identifier: str, data: bytes) -> Commit:
    """The commit with this id, whose object holds `data`. Raises InputError where its author or a date is not one."""
    head, _, message = data.partition(b"\n\n")
    rows = [row.partition(b" ") for row in head.split(b"\n") if not row.startswith(b" ")]
    facts = {name: value for name, _, value in reversed(rows)}
    encoding = facts.get(b"encoding", b"utf-8").decode("ascii", "replace")
    author, author_email, authored = _signature(facts.get(b"author", b""), encoding)
    committer, committer_email, committed = _signature(facts.get(b"committer", b""), encoding)
    return Commit(
        id=identifier,
        author=author,
        author_email=author_email,
        author_date=authored,
        committer=committer,
        committer_email=committer_email,
        committer_date=committed,
        parents=tuple(value.decode("ascii") for name, _, value in rows if name == b"parent"),
        message=_text(message, encoding),
        signed=b"gpgsig" in facts or b"gpgsig-sha256" in facts,
    )


def moment_of(seconds: str) -> str:
    """Seconds since 1970 as a moment in UTC. Raises InputError for those that no calendar reaches."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        raise refuse("a commit's date cannot be read", "run `git fsck`") from None


def _signature(line: bytes, encoding: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(.*?)\s*<([^<>]*)>\s*(-?\d{1,12})(?: [+-]\d+)?", _text(line, encoding))
    if not found:
        raise refuse("a commit's author or date cannot be read", "run `git fsck`")
    return found.group(1), found.group(2), moment_of(found.group(3))


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
