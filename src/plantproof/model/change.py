"""Change records: what was to be done to the plant, by whom, when, and how to get back."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Form
from plantproof.model.records import Identifier, Text

Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z\Z")]


class Window(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The maintenance window, in UTC."""

    from_: Moment = msgspec.field(name="from")
    until: Moment


class Emergency(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A change made before it was approved: when, and why it could not wait (verdicts.md 20)."""

    made: Moment
    reason: Text


class ChangeFile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/changes/<id>.yaml: a change record as a file of the merge request. Persons are ids or names of the
    programme. What is left out is unknown, and named as missing."""

    schema: Literal["plantproof/change/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    ticket: Text = ""
    site: str
    requested_by: Text
    responsible: Text
    """Who makes the change: he is its author, also where a robot commits what was collected."""
    assets: list[Identifier] = []
    zones: list[str] = []
    conduits: list[str] = []
    window: Window | None = None
    rollback_plan: Text = ""
    safety_review: Text = ""
    """Who of process safety has looked at it, and when."""
    emergency: Emergency | None = None


# --- what the controls and evidence stages hand on ---


class ChangeRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One change record, from a file of the merge request or from the evidence of a ticket system.

    `window` is (from, until) in UTC, both "" where not known; `window_words` what the ticket says of it. `origin` is
    the file, or `evidence/<site>`.
    """

    id: str
    site: str
    title: str = ""
    ticket: str = ""
    requested_by: str = ""
    responsible: str = ""
    assets: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    conduits: tuple[str, ...] = ()
    window: tuple[str, str] = ("", "")
    window_words: str = ""
    rollback_plan: str = ""
    safety_review: str = ""
    emergency_made: str = ""
    emergency_reason: str = ""
    origin: str = ""
    line: int = 0


class ChangeWords(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer must know of one change record: in words, and what is missing from it."""

    id: str
    title: str
    origin: str
    lines: tuple[str, ...]
    missing: tuple[str, ...]
