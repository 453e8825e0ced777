"""Crosswalks: which control of one framework speaks to which of another. They indicate, they never satisfy."""

from __future__ import annotations

from typing import Literal

import msgspec

from plantproof.model.evidence import Form
from plantproof.model.records import Text


class Crosswalk(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """mappers/crosswalks/<id>.yaml: for each control of `from` the controls of `to` that it speaks to; who says so."""

    schema: Literal["plantproof/crosswalk/1"] = msgspec.field(name="schema")
    from_: str = msgspec.field(name="from")
    to: str
    source: Text
    title: Text = ""
    pairs: dict[str, list[str]]
