"""Which documents go to whom: reports/packs/<id>.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Form
from plantproof.model.records import Identifier, Text

Document = Literal["html", "gaps", "summary", "narrative"]
"""HTML pages, gaps.csv, summary.txt, the narrative as Markdown. assessment.json is always there: it proves the rest."""


class PackDefinition(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A pack by name: its documents and whom they are for."""

    schema: Literal["plantproof/pack-definition/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    audience: Text
    documents: Annotated[list[Document], Meta(min_length=1)]
