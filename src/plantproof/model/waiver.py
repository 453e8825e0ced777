"""Approved, dated deviations, as written in controls/waivers/."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Form, Person
from plantproof.model.records import Date, Identifier, Text


class Compensation(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The countermeasure that stands in: itself evaluated, for the listed subjects (verdicts.md 13)."""

    policy: str
    parameters: dict[str, str | int | float | bool | list[str]] = {}
    subjects: list[str]
    description: Text


class Waiver(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/waivers/<id>.yaml. A risk acceptance changes the gate and the plan, never the finding or the level."""

    schema: Literal["plantproof/waiver/1"] = msgspec.field(name="schema")
    id: Identifier
    kind: Literal["risk-acceptance", "compensating"]
    site: str
    policy: str
    subjects: Annotated[list[str], Meta(min_length=1)]
    controls: list[str]
    reason: Text
    owner: Person
    approver: Person
    approved: Date
    expires: Date
    renewals: int = 0
    compensation: Compensation | None = None
