"""What was wrong on the day of adoption, by identity: known debt that stays not satisfied and stops no gate."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Form
from plantproof.model.records import Date, Text


class AdoptedHead(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first line of controls/adopted/<site>.jsonl: who took the debt over, when, and when it is looked at again."""

    schema: Literal["plantproof/adopted/1"] = msgspec.field(name="schema")
    site: str
    by: Annotated[str, Meta(min_length=1)]
    on: Date
    commit: str = ""
    """The commit that was assessed; empty where it was the working tree."""


class AdoptedGap(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One further line: a gap as it was adopted. `violations` is how many things were found; more of them is worse, and
    so is one that is farther from what is expected than in `distances`, by field, where that can be measured."""

    id: str
    policy: str
    parameters: dict[str, Any] = {}
    subject: str
    name: Text
    severity: Literal["critical", "high", "medium", "low"]
    violations: int
    distances: dict[str, float] = {}
    owner: Text
    adopted: Date
    review: Date
    by: Text = ""
    """Who adopted it, where that is somebody else than the first line says: with `--more`, later."""


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """The adopted gaps of one site."""

    head: AdoptedHead
    gaps: tuple[AdoptedGap, ...]
