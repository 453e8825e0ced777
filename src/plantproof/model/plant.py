"""The plant as the policies see it: tables of subjects with merged claims, who covers what, and where each belongs."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, repeat
from operator import sub
from typing import Literal, NamedTuple, overload

import msgspec
from msgspec import UNSET, UnsetType

from plantproof.errors import Problem
from plantproof.model.evidence import Attestation, Custody
from plantproof.model.site import Site

NO_METHOD = 255


class Origin(NamedTuple):
    """Where a record lies: the trace from a verdict down to the line. Lines count from 1; 0 and "" where unknown."""

    source: str
    records_path: str
    records_line: int


class Origins(Sequence[tuple[Origin, ...]]):
    """The origins of every row, made into `Origin` only where somebody asks: 300,000 records cost 8 bytes each, not
    150.

    `files` are the records files as (source, path); the entries of row r are `entries[starts[r]:starts[r + 1]]`, each a
    file's number shifted by 32 bits, plus the line.
    """

    __slots__ = ("entries", "files", "starts")

    def __init__(self, files: Sequence[tuple[str, str]], starts: array[int], entries: array[int]) -> None:
        self.files = files
        self.starts = starts
        self.entries = entries

    def __len__(self) -> int:
        return len(self.starts) - 1

    def rows_of(self, records: Iterable[tuple[str, int]]) -> list[int]:
        """The row that rests on each record, given by file and line; -1 for one on which none does."""
        many = map(sub, self.starts[1:], self.starts)
        rows = dict(zip(self.entries, chain.from_iterable(map(repeat, count(), many)), strict=True))
        files = {path: number << 32 for number, (_, path) in enumerate(self.files)}
        return [rows.get(files[path] | line, -1) if path in files else -1 for path, line in records]

    @overload
    def __getitem__(self, row: int) -> tuple[Origin, ...]: ...

    @overload
    def __getitem__(self, row: slice) -> list[tuple[Origin, ...]]: ...

    def __getitem__(self, row: int | slice) -> tuple[Origin, ...] | list[tuple[Origin, ...]]:
        if isinstance(row, slice):
            return [self[index] for index in range(*row.indices(len(self)))]
        if row < 0:
            row += len(self)
        if not 0 <= row < len(self):
            raise IndexError(row)
        entries = self.entries[self.starts[row] : self.starts[row + 1]]
        return tuple([Origin(*self.files[entry >> 32], entry & 0xFFFFFFFF) for entry in entries])

    def __iter__(self) -> Iterator[tuple[Origin, ...]]:
        return (self[row] for row in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # compares by content, like a list


class Column(msgspec.Struct):
    """One field of all subjects of a kind, row by row.

    `values` holds canonical JSON bytes, None where no fresh source claims the field. `methods` the strongest
    `Method` of the claims that agree with the accepted value, NO_METHOD for none. `disputed`: rows where fresh
    claims differ -> all distinct claimed values, the accepted one first. `stale`: rows that only stale sources claim.
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
    origins: Sequence[tuple[Origin, ...]]
    methods: bytearray = msgspec.field(default_factory=bytearray)
    """The strongest method by which a fresh source reports the row itself; NO_METHOD where none does."""
    unconfirmed: dict[int, str] = {}
    """Rows that rest on intent which nobody has confirmed -> that intent, in words. A policy may fail on such a row; a
    pass or a not-applicable there is no evidence."""

    def outdated(self) -> set[int]:
        """The rows that only stale sources report, whatever they say of them."""
        return {row for row, fresh in enumerate(self.fresh) if not fresh and self.origins[row]}


class Crossing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Derived: something passes, or may pass, from one zone to another. One for each direction, service and kind.

    `observed` rests on flows, `permitted` on what firewall rules let pass in their order, device by device (reach).
    What could not be decided there may pass, and is `approximate`, like the ways of a flow on which sources differ: a
    pass is safe, a fail may need a look. A zone of "unknown" is an address that belongs to no declared zone.
    """

    id: str
    src_zone: str
    dst_zone: str
    src_zone_kind: str
    dst_zone_kind: str
    src_title: str | UnsetType = UNSET
    dst_title: str | UnsetType = UNSET
    """What people call the zones; absent for "unknown"."""
    src_purdue: float | UnsetType = UNSET
    dst_purdue: float | UnsetType = UNSET
    service: str
    kind: Literal["observed", "permitted"]
    conduit: str | UnsetType = UNSET
    """The declared conduit that permits this direction and service."""
    via: list[str]
    """Ids of the flows or deciding rules it rests on."""
    logged: bool | UnsetType = UNSET
    """Permitted: every deciding rule logs. Absent where a rule does not say."""
    asset: str | UnsetType = UNSET
    """Permitted: the device with the rule, the first by id where several have one."""
    assets: list[str] | UnsetType = UNSET
    approximate: bool | UnsetType = UNSET
    unresolved: bool | UnsetType = UNSET
    """Permitted: a rule behind it names an object that could not be resolved and was taken as any."""


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
    """kind -> for each row of the asset table, 1 where a fresh source covers that kind for it. A source that covers
    only some keys of a kind (settings) counts under `<kind>:<key>` alone; ask `covered`."""
    context: dict[str, bytes]
    """kind -> canonical JSON array of whole-site records of a small kind (zone, conduit)."""
    names: dict[str, str]
    """subject id -> what people call it."""
    placement: dict[str, str]
    """asset id -> how it came to its zone: member, subnet, claimed, parent, draft, unplaced."""
    sources: tuple[SourceState, ...]
    attestations: tuple[Attestation, ...]
    lapses: tuple[tuple[str, str], ...]
    """(date, what lapses then), sorted: the first one after `date` is "lapses on"."""
    remarks: tuple[Problem, ...] = ()
    """What is odd but stops nothing, such as a claimed zone that is not declared."""

    first_seen: dict[str, str] = {}
    """asset id -> the day on which any source first saw it, where one says so: a newer asset is not covered by an older
    attestation of its whole zone (verdicts.md 14)."""

    merged_ids: dict[str, str] = {}
    """Id that an asset had -> the one it has now, for assets that were found to be one."""

    retired: tuple[str, ...] = ()
    """Assets that left by an approved retirement in force on the date and were not seen again, by the ids they have
    now, sorted. Nobody expects them."""

    named_assets: dict[str, tuple[str, ...]] = {}
    """What statements and conduits call an asset -> the ids that it means: several where several are called so, none
    where those have left. A name that is not here is that of no asset."""

    not_as_seen: dict[str, tuple[int, str]] = {}
    """Statement -> the first of the files that it says were seen that is not there as it was seen, and why in words."""

    own_names: dict[tuple[str, str], str] = {}
    """(kind, id) -> what people call a record whose id something of another kind has too, of which `names` tell."""

    def name_of(self, kind: str, subject: str) -> str:
        """What people call a subject of a kind: its id where they have no word for it."""
        return self.own_names.get((kind, subject)) or self.names.get(subject, subject)

    @property
    def subjects(self) -> int:
        """How many subjects there are, of all kinds that anybody asks for."""
        return sum(len(table.ids) for table in self.tables.values())

    def covered(self, kind: str, asset_row: int, keys: Sequence[str] = ()) -> bool:
        """Whether a fresh source speaks for `kind` on that asset: for all of it, or for each of `keys`."""
        if asset_row < 0:
            return False
        everything = self.covered_assets.get(kind)
        if everything is not None and everything[asset_row]:
            return True
        columns = [self.covered_assets.get(f"{kind}:{key}") for key in keys]
        return bool(columns) and all(column is not None and column[asset_row] for column in columns)
