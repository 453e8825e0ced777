"""What a collector is: a module that turns the exports of one tool into values. Bytes in, values out; no I/O, no clock.

A collector never mints ids and never hides a secret: it names the keys by which an asset can be recognised, and the
spans of bytes that are secret; `evidence/collect.py` does the rest, the same for every format. It is run twice where
it names secrets: on the export, for the spans; then on the export as stored, for the records. So nothing secret can
reach a record, and collecting again from the stored export gives the same bytes. A span that already is
`<redacted...>` is named again, and stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from plantproof.model.project_file import SourceSettings


class Export(NamedTuple):
    """One file as the tool exported it. `name` is a bare file name: it tells people, it decides nothing."""

    name: str
    data: bytes


class AssetKey(NamedTuple):
    """An identifier of an asset. `id` is the source's own (the framework adds the source's name), `serial` is
    `<vendor>/<serial>`; both are strong. `name` matches where it is unique; `mac` and `ip` only propose."""

    key: Literal["id", "serial", "name", "mac", "ip"]
    value: str

    @property
    def strong(self) -> bool:
        return self.key in ("id", "serial")


class AssetDraft(msgspec.Struct, frozen=True):
    """An asset that the source reports. `local` is any name for it within this `Collected`.

    With `refers`, the source only speaks of an asset that others report (the host of a backup job): no asset record is
    written, none is minted, and drafts that name it have no asset where it is unknown. `method` "" is the source's.
    """

    local: str
    keys: Sequence[AssetKey]
    fields: Mapping[str, Any]
    raw: str
    line: int = 0
    pointer: str = ""
    first_seen: str = ""
    last_seen: str = ""
    method: str = ""
    refers: bool = False


class Draft(msgspec.Struct, frozen=True):
    """A record of another kind. `fields` are those of the kind in model/records.py without `id`, `asset` and `method`.

    Its id is `<asset id>/<local>`, or `<source>/<local>` where it belongs to no asset or `of_source` is set; `local`
    must be unique for the kind, and the same tomorrow. `asset` is the `local` of an `AssetDraft`. `ends` maps other
    fields that hold asset ids (`src`, `dst` of a flow, `assets` of a change) to locals; unknown ends are left out.
    """

    kind: str
    local: str
    fields: Mapping[str, Any]
    raw: str
    asset: str | None = None
    line: int = 0
    pointer: str = ""
    first_seen: str = ""
    last_seen: str = ""
    count: int = 0
    bytes: int = 0
    hits: int = 0
    method: str = ""
    of_source: bool = False
    ends: Mapping[str, str | Sequence[str]] = {}


class Unread(msgspec.Struct, frozen=True, order=True):
    """Rows or blocks not understood: `count` of them from `line` on, and what they are, in a few plain words."""

    raw: str
    line: int
    what: str
    count: int = 1


class Secret(NamedTuple):
    """A secret as a span of bytes of the export. `token` for what is stored unsalted or readable (clear, type 7): equal
    secrets stay recognisable as equal; `placeholder` for what is salted or encrypted anew on every export."""

    raw: str
    start: int
    end: int
    what: str
    how: Literal["token", "placeholder"] = "token"
    quoted: bool = False
    """A number of a JSON file: a text stands for it, in quotes."""


class Collected(NamedTuple):
    """All that the exports of one source say. Every row of `rows` is an asset, a record, part of one, or unread.

    `rows` is by name of export. `imported` need not be given: it is rows less the unread ones.
    """

    assets: Sequence[AssetDraft]
    drafts: Sequence[Draft]
    unread: Sequence[Unread]
    secrets: Sequence[Secret]
    rows: Mapping[str, int]
    tool_version: str = ""
    observed_from: str = ""
    observed_to: str = ""
    remarks: Sequence[Unread] = ()
    """What was kept as it is and looks odd: formula cells, dates that may be read two ways."""


class Collector(Protocol):
    """A module with these names, and one row in the table of `collectors/__init__.py`.

    FORMAT   what `--format` and custody call it, such as `nozomi-assets`
    TITLE    tool and export in the tool's own words
    TOOL     the tool's name, for custody
    KINDS    the kinds of record it can bring
    METHOD   how its facts are known, unless a draft or plantproof.yaml says otherwise
    """

    FORMAT: str
    TITLE: str
    TOOL: str
    KINDS: tuple[str, ...]
    METHOD: str

    def recognise(self, export: Export) -> int:
        """0 to 100: how sure it is, by content alone, that it can read this; never raises. 50 and more is a claim."""
        ...

    def collect(self, exports: Sequence[Export], settings: SourceSettings) -> Collected:
        """All exports of one source, read together. Raises `InputError` with every mistake where an export cannot be
        read at all (empty, binary, cut off, columns missing); a single bad row is `unread`, and never an exception."""
        ...


def join(parts: Sequence[Collected]) -> Collected:
    """For formats whose exports do not refer to one another: one `Collected` of one for each export."""
    return Collected(
        assets=[asset for part in parts for asset in part.assets],
        drafts=[draft for part in parts for draft in part.drafts],
        unread=[unread for part in parts for unread in part.unread],
        secrets=[secret for part in parts for secret in part.secrets],
        rows={name: rows for part in parts for name, rows in part.rows.items()},
        tool_version=", ".join(sorted({part.tool_version for part in parts if part.tool_version})),
        observed_from=min((part.observed_from for part in parts if part.observed_from), default=""),
        observed_to=max((part.observed_to for part in parts if part.observed_to), default=""),
        remarks=[remark for part in parts for remark in part.remarks],
    )
