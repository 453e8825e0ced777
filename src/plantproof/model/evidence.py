"""What a source of evidence says of itself: custody, attestations, identities."""

from __future__ import annotations

from typing import Literal

import msgspec

from plantproof.model.records import Date, Identifier, Text


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything that people write: unknown fields are mistakes, defaults are not written."""


class Covers(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """For which subjects a source speaks: a kind, and the zones or assets; both empty means the whole site."""

    kind: str
    zones: list[str] = []
    assets: list[str] = []
    keys: list[str] = []


class Vantage(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """From where and how completely a source looked. Without it, no claim of absence passes (verdicts.md 8)."""

    sensor: Text = ""
    segments: list[str] = []
    filter: Text = ""
    loss_percent: float | None = None


class Collector(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    name: Text
    kind: Literal["person", "bot"] = "person"
    key: Text = ""


class RawFile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One export as stored (after redaction). `original` is the keyed hash of what was collected, with its key id."""

    path: str
    sha256: str
    bytes: int
    rows: int = 0
    imported: int = 0
    original: str = ""
    original_kept_at: str = ""
    external: bool = False


class RecordsFile(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    path: str
    kind: str
    sha256: str
    rows: int


class NotUnderstood(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Rows or blocks that the collector could not read: counted and named, never dropped silently."""

    raw: str
    line: int
    what: str
    count: int = 1


class Redacted(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    raw: str
    line: int
    what: str
    how: Literal["token", "placeholder"]


class Custody(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """evidence/<site>/<source>/custody.yaml: the chain from the tool that exported to the bytes as stored."""

    schema: Literal["plantproof/custody/1"] = msgspec.field(name="schema")
    format: str
    tool: Text = ""
    tool_version: Text = ""
    steps: Text = ""
    collected_by: Collector
    collected_at: Date
    observed_from: Date | None = None
    observed_to: Date | None = None
    clock_offset_seconds: float | None = None
    covers: list[Covers] = []
    vantage: Vantage | None = None
    key_id: str = ""
    raw: list[RawFile] = []
    records: list[RecordsFile] = []
    sightings: list[RecordsFile] = []
    not_understood: list[NotUnderstood] = []
    remarks: list[NotUnderstood] = []
    """What was kept as it is and looks odd: cells that a spreadsheet would run, ambiguous dates."""
    redacted: list[Redacted] = []
    transfers: list[Text] = []


class Person(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    name: Text
    role: Text = ""


class AttestedScope(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Enumerated: a subject that is not named here is not covered. `site: true` covers system and programme parts
    only."""

    site: bool = False
    zones: list[str] = []
    conduits: list[str] = []
    assets: list[str] = []


class SeenEvidence(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person saw. `path` names a file under evidence/<site>/, which still has to be the one with that
    `sha256`."""

    document: Text
    sha256: str = ""
    path: str = ""


class Attestation(Form, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """evidence/<site>/attestations/<id>.yaml: a named person's dated statement on a topic (verdicts.md 14).

    Mappings refer to the `topic`, so one statement answers several frameworks. A statement by `about_own_work` shows
    as "claimed".
    """

    schema: Literal["plantproof/attestation/1"] = msgspec.field(name="schema")
    id: Identifier
    topic: Identifier
    who: Person
    about_own_work: bool
    method: Literal["examine", "interview", "test"]
    scope: AttestedScope
    outcome: Literal["satisfied", "not-satisfied"]
    statement: Text
    seen: list[SeenEvidence] = []
    period_from: Date | None = None
    period_to: Date | None = None
    date: Date
    expires: Date
    signature: Text = ""


class IdentityLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of identities.jsonl: an identifier of an asset, or that two ids are the same, or that one is retired."""

    key: str = ""
    value: str = ""
    id: str = ""
    same: list[str] = []
    retired: str = ""
    approved_by: str = ""
    date: str = ""
    reason: str = ""


# --- what the evidence stage hands on ---


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One source folder as read: `records` and `sightings` by kind, as (path, bytes) in path order."""

    name: str
    custody: Custody
    custody_path: str
    records: dict[str, list[tuple[str, bytes]]]
    sightings: dict[str, list[tuple[str, bytes]]]
    left_out: frozenset[str] = frozenset()
    """Kinds of which there are records that are not among these, where only some assets are looked at."""


class Identities(msgspec.Struct, frozen=True, kw_only=True):
    """identities.jsonl, resolved. `ids` all living asset ids (merged ones by their first id), `canonical` id ->
    living id.

    `by_key` (key, value) -> id, for strong keys and for names that one asset bears alone, values as `identities.normal`
    writes them. `names` asset id -> its name keys, `retired` id -> (date, approver, reason). All ids here are
    canonical. A merged asset is retired once each of its ids is, on the day of the last; `retired_in_part` id -> those
    of its ids that are not. `doubtful_merges` id -> strong keys in which its ids differ, in words.
    """

    ids: frozenset[str]
    canonical: dict[str, str]
    by_key: dict[tuple[str, str], str]
    names: dict[str, list[str]]
    retired: dict[str, tuple[str, str, str]]
    retired_in_part: dict[str, tuple[str, ...]] = {}
    doubtful_merges: dict[str, tuple[str, ...]] = {}


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """All evidence of one site, read and checked against custody, nothing merged yet."""

    site: str
    sources: tuple[Source, ...]
    identities: Identities
    attestations: tuple[Attestation, ...]
    not_as_seen: dict[str, tuple[int, str]] = {}
    """Statement -> the first of the files under `seen` that is not there as it was seen: its number, and why."""
    proposed: bool = False
    """Read with configurations laid over that are on no device yet. Stored evidence never says so of itself."""
