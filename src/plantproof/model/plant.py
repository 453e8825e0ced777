"""The plant as the policies see it: tables of subjects with merged claims, who covers what, and where each belongs."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from plantproof.model.evidence import Attestation, Custody
from plantproof.model.intent import Site

NO_METHOD = 255


class Origin(NamedTuple):
    """Where a record lies: the trace from a verdict down to the line. Lines count from 1; 0 and "" where unknown."""

    source: str
    records_path: str
    records_line: int


class Column(msgspec.Struct):
    """One field of all subjects of a kind, row by row.

    `values` holds canonical JSON bytes, None where no fresh source claims the field. `methods` the `Method` of the
    accepted claim, NO_METHOD for none. `disputed`: rows where fresh claims differ -> all distinct claimed values, the
    accepted one first. `stale`: rows that only stale sources claim.
    """

    values: list[bytes | None]
    methods: bytearray
    disputed: dict[int, tuple[bytes, ...]]
    stale: set[int]


class Table(msgspec.Struct):
    """All subjects of one kind at one site, sorted by id.

    `fresh[row]` is 1 where at least one fresh source reports the subject; 0 where it is only expected (declared, or
    known from earlier and not retired) or only stale sources know it. `zones[row]` are the zones in which the row
    counts: one for a placed asset, several for an unplaced one or a shared system; `conduits[row]` likewise.
    `asset_rows[row]` is the row in the asset table to which the record belongs, -1 for none.
    """

    kind: str
    ids: list[str]
    rows: dict[str, int]
    columns: dict[str, Column]
    fresh: bytearray
    zones: list[tuple[str, ...]]
    conduits: list[tuple[str, ...]]
    asset_rows: list[int]
    origins: list[tuple[Origin, ...]]


class Uncovered(NamedTuple):
    """An asset or zone of which no fresh source says anything of a kind: the policies on that kind get a
    `no-evidence` for it, so that unknown accounts of a known server are not silently fine."""

    subject: str
    subject_kind: str
    zones: tuple[str, ...]
    reason: str
    detail: str


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """One source of evidence on the date of the assessment."""

    site: str
    name: str
    custody: Custody
    custody_path: str
    stale_kinds: dict[str, str]
    """kind -> the date on which it became stale."""
    fresh_until: dict[str, str]
    """kind -> the last date on which it is fresh."""


class Plant(msgspec.Struct):
    """One site at one commit on one date."""

    site: Site
    date: str
    tables: dict[str, Table]
    uncovered: dict[str, list[Uncovered]]
    covered_assets: dict[str, bytearray]
    """kind -> for each row of the asset table, 1 where a fresh source covers that kind for it."""
    context: dict[str, bytes]
    """kind -> canonical JSON array of whole-site records of a small kind (zone, conduit)."""
    names: dict[str, str]
    """subject id -> what people call it."""
    placement: dict[str, str]
    """asset id -> how it came to its zone: member, subnet, claimed, unplaced."""
    sources: tuple[SourceState, ...]
    attestations: tuple[Attestation, ...]
    lapses: tuple[tuple[str, str], ...]
    """(date, what lapses then), sorted: the first one after `date` is "lapses on"."""
