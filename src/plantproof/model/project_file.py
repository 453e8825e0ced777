"""plantproof.yaml: what is judged, with which content, and what people know of each source."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from plantproof.model.evidence import Collector, Covers, Form, Vantage
from plantproof.model.records import Text


class ContentPin(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    version: str
    hash: str


class ColumnMapping(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a generic CSV becomes records of one kind: field -> column, with constants, value maps and date formats."""

    kind: str
    id: list[str] = []
    asset: str = ""
    fields: dict[str, str]
    constants: dict[str, str | int | float | bool | list[str]] = {}
    values: dict[str, dict[str, str | int | float | bool]] = {}
    dates: dict[str, str] = {}
    lists: dict[str, str] = {}
    delimiter: str = ","
    encoding: str = "utf-8-sig"


class SourceSettings(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person knows of a source and the export does not say."""

    format: str = ""
    tool: Text = ""
    tool_version: Text = ""
    steps: Text = ""
    collected_by: Collector | None = None
    covers: list[Covers] = []
    vantage: Vantage | None = None
    max_age_days: int | None = None
    method: Literal["config", "active", "passive", "declared"] | None = None
    time_zone: str = "UTC"
    date_order: Literal["D/M/Y", "M/D/Y"] | None = None
    """How the export writes dates, where no row of it tells."""
    mapping: ColumnMapping | None = None
    assets: dict[str, str] = {}
    """Names in the export (a backup job, a host) -> the asset's name."""


class SiteSettings(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    sources: dict[str, SourceSettings] = {}


class Limits(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one policy may cost before it is an `error`. Memory in MB, time in seconds for one batch."""

    memory_mb: Annotated[int, Meta(ge=64, le=65536)] = 1024
    seconds: Annotated[float, Meta(gt=0, le=3600)] = 20.0


class Override(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    path: str
    reason: Text


class ProjectFile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """plantproof.yaml."""

    schema: Literal["plantproof/project/1"] = msgspec.field(name="schema")
    title: Text
    content: ContentPin
    profiles: Annotated[list[str], Meta(min_length=1)]
    sites: dict[str, SiteSettings]
    max_age_days: dict[str, int] = {}
    """Freshness by kind of record; `default` for the rest. A source's own `max_age_days` wins."""
    source_precedence: list[str] = []
    limits: Limits = msgspec.field(default_factory=Limits)
    overrides: list[Override] = []
    fail_on: Literal["critical", "high", "medium", "low"] = "low"
