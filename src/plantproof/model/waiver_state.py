"""Whether a waiver is in force on a date. Dates decide, and who signed; nothing else (verdicts.md 13)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from plantproof.model.waiver import Waiver
from plantproof.text import plain

LONGEST_DAYS = 400
"""A waiver is granted for a year with some days of grace; whatever lasts longer is a change of the rule."""
MOST_RENEWALS = 2
SAME_POLICY = "it is the requirement it deviates from, not a countermeasure"
"""Said of a countermeasure that is judged by the waived policy: on other subjects, or with milder parameters, it says
nothing of how those that fail are protected."""

State = Literal["in-force", "expired", "not-valid"]


def day(text: str) -> str:
    """The day (YYYY-MM-DD, UTC) of a date or of a point in time; days compare as texts."""
    return text[:10]


def state_of(waiver: Waiver, on: str) -> tuple[State, str]:
    """The state of a waiver on a date (YYYY-MM-DD), and in words why it is not in force; "" where it is.

    Not valid, whatever the date: signed by nobody, approved by its own owner, renewed too often, compensating by
    nothing, dates that are out of order or too far apart. Its last day counts as in force.
    """
    approved, expires = day(waiver.approved), day(waiver.expires)
    owner, approver = plain(waiver.owner.name), plain(waiver.approver.name)
    if not owner or not approver:
        return "not-valid", f"it names no {'approver' if owner else 'owner'}"
    if owner == approver:
        return "not-valid", f"{waiver.approver.name} approved his own waiver"
    if waiver.renewals > MOST_RENEWALS:
        return "not-valid", f"renewed {waiver.renewals} times; {MOST_RENEWALS} is the most"
    if waiver.kind == "compensating" and waiver.compensation is None:
        return "not-valid", "it names no countermeasure that compensates"
    try:
        days = (date.fromisoformat(expires) - date.fromisoformat(approved)).days
    except ValueError:
        return "not-valid", "one of its dates is not in the calendar"
    if days <= 0:
        return "not-valid", "it expires before it is approved"
    if days > LONGEST_DAYS:
        return "not-valid", f"it lasts {days} days; {LONGEST_DAYS} is the most"
    if on < approved:
        return "not-valid", f"not approved before {approved}"
    if on > expires:
        return "expired", f"expired on {expires}"
    return "in-force", ""
