"""Change records beside the change: which one a commit belongs to, and what a record does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import UNSET

from plantproof.model.approvals import CommitFacts
from plantproof.model.change import ChangeRecord, ChangeWords
from plantproof.model.programme import folded
from plantproof.model.records import Change
from plantproof.text import shown

GRACE_DAYS = 3
"""A nightly collection sees a change on the next night, after a weekend on the third."""

LONGEST_WINDOW_DAYS = 92
"""A quarter, as long as evidence speaks where nobody says otherwise. Whatever lasts longer is no window for one change:
it would cover every change that anybody makes in the meantime."""

_BETWEEN = re.compile(r"\s*(?:/|\.\.|\u2013| - | to )\s*")


def from_evidence(
    record: Change, site: str, names: Mapping[str, str] | None = None, canonical: Mapping[str, str] | None = None
) -> ChangeRecord:
    """A change record of the evidence (a ticket system's export) as one like those of files. `names`: asset id -> name;
    `canonical` maps the ids of merged assets to the one that stays.

    Its `window` is a text; where it holds two moments in UTC it is a window, else words only.
    """

    def text(value: object) -> str:
        return value.strip() if isinstance(value, str) else ""

    reviewed = record.safety_review
    living = [(canonical or {}).get(asset, asset) for asset in listed_assets(record)]
    return ChangeRecord(
        id=record.id.rpartition("/")[2],
        site=site,
        ticket=record.id,
        requested_by=text(record.requested_by),
        responsible=text(record.responsible) or text(record.requested_by),
        assets=tuple((names or {}).get(asset, asset) for asset in living),
        window=_window(text(record.window)),
        window_words=text(record.window),
        rollback_plan=text(record.rollback_plan),
        safety_review="" if reviewed is UNSET else ("reviewed" if reviewed else "refused or open"),
        origin=f"evidence/{site}",
    )


def listed_assets(record: Change) -> list[str]:
    """The assets that a change record of the evidence names."""
    return record.assets if isinstance(record.assets, list) else []


def change_of(commit: CommitFacts, named: str, changes: Sequence[ChangeRecord]) -> ChangeRecord | None:
    """The record that a commit belongs to: the one its `Change:` trailer names (`named`), by id or ticket; without a
    trailer the one whose assets it changes, in its window or shortly after. Where several fit, none does."""
    if named:
        wanted = folded(named)
        return _only([each for each in changes if wanted in (folded(each.id), folded(each.ticket))])
    touched = {folded(asset) for asset in commit.assets}
    fitting = [
        each
        for each in changes
        if touched
        and touched <= {folded(asset) for asset in each.assets}
        and (not commit.site or each.site == commit.site)
        and in_window(commit.date, each)
    ]
    return _only(fitting)


def change_words(changes: Iterable[ChangeRecord], on: str, safety: bool = False) -> tuple[ChangeWords, ...]:
    """What each record says of window, rollback and review, and what it does not say, sorted by id. `on` is a date;
    `safety`: the change reaches or affects a safety function, so a safety review is missing where none is named."""
    return tuple(_words(each, on[:10], safety) for each in sorted(changes, key=lambda each: (each.site, each.id)))


def emergency_made(changes: Iterable[ChangeRecord]) -> str:
    """The earliest moment at which one of the changes was made as an emergency; "" where none was."""
    return min((each.emergency_made for each in changes if each.emergency_made), default="")


def _words(record: ChangeRecord, on: str, safety: bool) -> ChangeWords:
    lines: list[str] = []
    missing: list[str] = []
    who = [f"{word} by {shown(name)}" for word, name in _people(record) if name]
    lines.append(", ".join(who)) if who else missing.append("who asked for it and who makes it")
    start, end = record.window
    if start:
        when = "is over" if end[:10] < on else "is to come" if start[:10] > on else "is today"
        lines.append(f"maintenance window {_plain(start)} to {_plain(end)} UTC; it {when}")
        if days := too_long(record):
            missing.append(
                f"a maintenance window that ends: this one lasts {days} days, {LONGEST_WINDOW_DAYS} is the most"
            )
    elif record.window_words:
        lines.append(f"maintenance window: {shown(record.window_words, 200)}")
    elif record.emergency_made:
        lines.append(
            f"made as an emergency on {_plain(record.emergency_made)} UTC: {shown(record.emergency_reason, 200)}"
        )
    else:
        missing.append("the maintenance window")
    if record.rollback_plan:
        lines.append(f"way back: {shown(record.rollback_plan, 200)}")
    else:
        missing.append("the rollback plan")
    if record.safety_review:
        lines.append(f"safety review: {shown(record.safety_review, 200)}")
    elif safety:
        missing.append("the safety review")
    return ChangeWords(
        id=record.id, title=record.title, origin=record.origin, lines=tuple(lines), missing=tuple(missing)
    )


def _people(record: ChangeRecord) -> list[tuple[str, str]]:
    return [("asked for", record.requested_by), ("made", record.responsible)]


def _plain(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _only(found: Sequence[ChangeRecord]) -> ChangeRecord | None:
    return found[0] if len(found) == 1 else None


def in_window(moment: str, record: ChangeRecord) -> bool:
    """Whether what was collected or committed at a moment, or on a day, can be of this record: from the beginning of
    the window until some nights after its last day. A record without window, or with one too long, fits no moment."""
    start, end = times_of(record)
    if not start or too_long(record):
        return False
    try:
        late = (datetime.fromisoformat(moment[:10]) - datetime.fromisoformat(end[:10])).days
    except ValueError:
        return False
    # What was collected an hour before the window shows nothing of what was done in it.
    return start[: len(moment)] <= moment and late <= GRACE_DAYS


def times_of(record: ChangeRecord) -> tuple[str, str]:
    """From when until when a change was made: an emergency at its moment, else in its window; "" where not known."""
    return (record.emergency_made, record.emergency_made) if record.emergency_made else record.window


def too_long(record: ChangeRecord) -> int:
    """How many days its window lasts, where that is more than a window may last; else 0."""
    start, end = times_of(record)
    days = (datetime.fromisoformat(end[:10]) - datetime.fromisoformat(start[:10])).days if start else 0
    return days if days > LONGEST_WINDOW_DAYS else 0


def _window(text: str) -> tuple[str, str]:
    ends = [_moment(part) for part in _BETWEEN.split(text)]
    return (ends[0], ends[1]) if len(ends) == 2 and all(ends) and ends[0] <= ends[1] else ("", "")


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    return "" if found.tzinfo is None or found.utcoffset() else found.strftime("%Y-%m-%dT%H:%M:%SZ")
