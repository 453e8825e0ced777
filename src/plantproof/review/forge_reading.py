"""Reading the JSON of forges: many fields that nobody asked for, and a few that must be there. All mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from plantproof.errors import Problem
from plantproof.model.approvals import GivenApproval
from plantproof.text import shown

Where = tuple[str | int, ...]

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LOGIN = re.compile(r"[^\s\x00-\x1f\x7f]{1,255}")


class Reading:
    """One reading of one file: the mistakes so far."""

    def __init__(self, path: str, head: str) -> None:
        self.path, self.head = path, head
        self.problems: list[Problem] = []

    def blame(self, message: str, hint: str = "") -> None:
        """Keep a mistake."""
        self.problems.append(Problem(self.path, 0, message, hint))

    def place(self, where: Sequence[str | int]) -> str:
        """Where in the file: `reviews/3/user`."""
        return f"`{shown('/'.join(str(step) for step in where))}`"

    def get(self, value: Any, keys: Sequence[str]) -> Any:
        """The value that these keys lead to, None where they lead nowhere."""
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def list(self, value: Any, keys: Sequence[str]) -> list[Any]:
        """The list that these keys lead to; a mistake where none is."""
        found = self.get(value, keys)
        if isinstance(found, list):
            return found
        self.blame(f"{self.place(keys)}: is no list", "the forge gives one, with all pages of it")
        return []

    def text(self, value: Any, keys: Sequence[str], what: str, where: Where = ()) -> str:
        """A name that these keys lead to; a mistake where none is."""
        found = self.get(value, keys)
        if isinstance(found, str) and _LOGIN.fullmatch(found):
            return found
        self.blame(f"{self.place((*where, *keys))}: names nobody", f"{what} must be known")
        return ""

    def commit(self, value: Any, keys: Sequence[str], where: Where = ()) -> str:
        """The full id of a commit that these keys lead to; a mistake where none is."""
        found = self.get(value, keys)
        if isinstance(found, str) and _COMMIT.fullmatch(found.lower()):
            return found.lower()
        self.blame(
            f"{self.place((*where, *keys))}: `{shown(found)}` is no commit",
            "the full id, of 40 or 64 digits: what is bound to no commit approves none",
        )
        return ""

    def moment(self, value: Any, key: str, where: Where = (), *, needed: bool = False) -> str:
        """The moment under a key in UTC, "" where there is none; a mistake where it cannot be read."""
        found = value.get(key) if isinstance(value, dict) else None
        if found is None and not needed:
            return ""
        try:
            moment = datetime.fromisoformat(found) if isinstance(found, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.blame(
                f"{self.place((*where, key))}: `{shown(found)}` is no moment", "for example 2026-11-20T10:00:00Z"
            )
            return ""
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def in_order(given: Iterable[GivenApproval]) -> tuple[GivenApproval, ...]:
    """The words in the order in which they were said: by time where every one has a time, else as the forge lists
    them."""
    listed = list(given)
    return tuple(sorted(listed, key=lambda each: each.at) if all(each.at for each in listed) else listed)
