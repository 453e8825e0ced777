"""One thing to know of a change, with lines under it: what sections in terminals and comments are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from plantproof.model.delta import Delta
from plantproof.reports.marks import Place
from plantproof.reports.words import Status

MANY = 12
"""Names of one list that are shown."""


class Entry(NamedTuple):
    """One thing to know. `under` says more of it, a line each; `places` are lines of evidence, `commands` to type."""

    status: Status
    text: str
    under: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    commands: tuple[str, ...] = ()


class EntrySection(NamedTuple):
    """`speaks`: alone a reason for a comment. `expanded`: open where sections can be folded. `brief`: the title says
    enough where they cannot be. `diagram` is Mermaid, for those who draw it."""

    title: str
    entries: Sequence[Entry]
    speaks: bool = False
    expanded: bool = False
    brief: bool = False
    diagram: str = ""


EntriesOf = Callable[[Delta], EntrySection | None]

OPENED = Status("opened", "+", "bad")
ODD = Status("to be seen to", "!", "bad")
PLAIN = Status("", "·", "quiet")


def listed(names: Iterable[str]) -> str:
    """Names in a row, at most `MANY` of them."""
    found = list(names)
    rest = f" and {len(found) - MANY:,} more" if len(found) > MANY else ""
    return ", ".join(found[:MANY]) + rest
