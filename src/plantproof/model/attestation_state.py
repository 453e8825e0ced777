"""Whether a statement is in force on a date, and over which period it vouches. Who states what, and what was seen,
decides beside the dates (verdicts.md 14 and 16).

What is missing takes force from a statement in favour only. One that is against never loses any: whoever leaves out his
role has still seen what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from plantproof.model.evidence import Attestation
from plantproof.model.waiver_state import LONGEST_DAYS, day
from plantproof.text import plain

LEAST_PERIOD_DAYS = 28
"""The shortest month, both days counted: what is due every day, week or month came due in it at least once. What is due
more seldom needs longer, which nobody but the person who states it can know."""

State = Literal["in-force", "expired", "not-yet", "not-valid"]

_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z")


class Flaw(NamedTuple):
    """What is wrong with a statement: where it stands in the file, and in words."""

    pointer: tuple[str | int, ...]
    message: str
    hint: str


def state_of(attestation: Attestation, on: str, not_as_seen: str = "") -> tuple[State, str]:
    """The state of a statement on a date (YYYY-MM-DD), and in words why it is not valid. Its last day counts as in
    force; before its date nobody had stated anything. `not_as_seen`: why a file that it rests on is not what was seen.
    """
    if attestation.outcome == "satisfied":
        flaw = next(flaws_of(attestation), None)
        if why := flaw.message if flaw else not_as_seen:
            return "not-valid", why
    if on < day(attestation.date):
        return "not-yet", ""
    return ("expired" if on > day(attestation.expires) else "in-force"), ""


def flaws_of(attestation: Attestation) -> Iterator[Flaw]:
    """Everything for which a statement in favour satisfies nothing, whatever the date."""
    for name, text in (("name", attestation.who.name), ("role", attestation.who.role)):
        if not plain(text):
            yield Flaw(("who", name), f"it does not say the {name} of who states it", "a person, and what he is")
    if not plain(attestation.statement):
        yield Flaw(("statement",), "it states nothing", "say in a sentence what was found")
    for number, seen in enumerate(attestation.seen):
        if (seen.sha256 or seen.path) and not _SHA256.match(seen.sha256):
            what = f"`{seen.sha256}` is no sha256" if seen.sha256 else f"it does not say the sha256 of {seen.path}"
            yield Flaw(("seen", number, "sha256" if seen.sha256 else "path"), what, "`sha256sum` of what was seen")
    first, last = _date(attestation.date), _date(attestation.expires)
    for field, text, found in (("date", attestation.date, first), ("expires", attestation.expires, last)):
        if found is None:
            yield Flaw((field,), f"{text} is not in the calendar", "year-month-day")
    if first and last and attestation.outcome == "satisfied" and (days := (last - first).days) > LONGEST_DAYS:
        yield Flaw(("expires",), f"it lasts {days} days; {LONGEST_DAYS} is the most", "look again, and state it anew")


def over_period(attestation: Attestation) -> bool:
    """Whether the statement names the period that it speaks of, which was over when it was made, and not for long."""
    return not over_no_period(attestation)


def over_no_period(attestation: Attestation) -> str:
    """Why a statement proves nothing about operation, in words; "" where it does."""
    if not (attestation.period_from and attestation.period_to):
        return "over no period of operation"
    first, last, stated = map(_date, (attestation.period_from, attestation.period_to, attestation.date))
    if not (first and last and stated and first <= last <= stated):
        return "over no period that had passed when it was stated"
    if (days := (last - first).days + 1) < LEAST_PERIOD_DAYS:
        return f"over {days} {'days' if days > 1 else 'day'} of operation; {LEAST_PERIOD_DAYS} are the least"
    if (ago := (stated - last).days) > LONGEST_DAYS:
        return f"over a period that had ended {ago} days before; {LONGEST_DAYS} is the most"
    return ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(day(text))
    except ValueError:
        return None
