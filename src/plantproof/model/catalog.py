"""Published requirements and the profiles that select and tailor them, as written in YAML."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Form
from plantproof.model.records import Date, Identifier, Text

Level = Annotated[int, Meta(ge=0, le=4)]
LevelVector = Annotated[list[Level], Meta(min_length=7, max_length=7)]
"""Security levels in the order of the foundational requirements: IAC, UC, SI, DC, RDF, TRE, RA."""

FOUNDATIONAL_REQUIREMENTS = ("IAC", "UC", "SI", "DC", "RDF", "TRE", "RA")


class CatalogControl(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One requirement: title and facts, never the standard's prose. Level and what else applies to 62443 only.

    `source` names who gives the level, by the letters under the catalog's `sources`. `contested` holds the lowest and
    highest level that any source gives, where sources disagree (verdicts.md 10).
    """

    title: Text
    level: Level | None = None
    confidence: Literal["high", "medium", "low"] | None = None
    source: Text = ""
    contested: Annotated[list[Level], Meta(min_length=2, max_length=2)] | None = None
    note: Text = ""


class CatalogGroup(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: Identifier
    title: Text
    code: str = ""


class Catalog(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/catalogs/<id>.yaml. `controls` maps the canonical id to its title, or to a `CatalogControl`."""

    schema: Literal["plantproof/catalog/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    edition: Text
    publisher: Text
    sources: list[Text]
    notice: Text = ""
    ids: Literal["iec", "nist-800-53", "csf"]
    groups: list[CatalogGroup]
    controls: dict[str, Text | CatalogControl]
    withdrawn: dict[str, Text] = {}
    """Former id -> what it was called and what became of it. Withdrawn ids are not in `controls`."""
    baselines: dict[str, list[str]] = {}


class Objectives(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/catalogs/<id>.objectives.yaml: the leaf assessment objectives of SP 800-53A, ids only.

    `controls`: control id -> the letters of its methods (EXAMINE, INTERVIEW, TEST), then its objectives, as compact
    text.
    `differs`: the same without methods, where a later release numbers them otherwise.
    """

    schema: Literal["plantproof/objectives/1"] = msgspec.field(name="schema")
    catalog: Identifier
    title: Text
    edition: Text
    sources: list[Text]
    notice: Text = ""
    controls: dict[str, Text]
    differs: dict[str, Text] = {}


class Parameters(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/catalogs/<id>.parameters.yaml: organisation-defined parameters, ids only.

    `controls`: control id -> its parameters as compact text: `2=03` for former number 2, now `_odp.03`.
    """

    schema: Literal["plantproof/parameters/1"] = msgspec.field(name="schema")
    catalog: Identifier
    title: Text
    edition: Text
    sources: list[Text]
    notice: Text = ""
    controls: dict[str, Text]


class Tailoring(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    control: str
    action: Literal["add", "remove", "level", "not-applicable"]
    reason: Text
    approver: Text = ""
    review_by: Date | None = None
    level: Level | None = None
    evidence_of_absence: Text = ""


class Profile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """controls/profiles/<id>.yaml: which controls of one framework, with which parameters, tailored with reasons."""

    schema: Literal["plantproof/profile/1"] = msgspec.field(name="schema")
    id: Identifier
    title: Text
    framework: str
    extends: list[str] = []
    baseline: str = ""
    level: Level | None = None
    controls: list[str] = []
    tailoring: list[Tailoring] = []
    parameters: dict[str, str | int | float | bool | list[str]] = {}
