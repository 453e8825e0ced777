"""The evidence of one site as files that can be compared and read in part: what differs from another state of it, and
the claims about a few assets.

Nothing here is merged or judged. Whatever is not certain (a file more or less, another scope, bytes that are not those
that custody names) is no answer: the caller reads the whole site then, and is told what is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from plantproof.errors import InputError, refuse
from plantproof.evidence import layout
from plantproof.evidence.blobs import Blobs
from plantproof.evidence.identity_lines import FILE
from plantproof.evidence.line_difference import between
from plantproof.evidence.source_in_part import SourceInPart, by_kind, holding
from plantproof.model.evidence import Claims, Custody, Identities
from plantproof.model.vantage import missed
from plantproof.tree import Entry, Tree

REGULAR = ("100644", "100755")


class Line(msgspec.Struct, gc=False):
    """What a line of records tells of whom it is about. The records of an asset name it by its id."""

    id: str
    asset: str = ""


class Differing(NamedTuple):
    """Where two states of a site's evidence differ: which sources at all, and their files of records and of sightings
    by (source, kind), as paths from the project's root. Custody may differ in what decides no verdict by itself."""

    sources: frozenset[str]
    records: dict[tuple[str, str], list[str]]
    sightings: dict[tuple[str, str], list[str]]


class StoredSite:
    """The files under evidence/<site>/ of one tree. States of one site share `blobs`."""

    def __init__(self, tree: Tree, site: str, blobs: Blobs) -> None:
        self.site = site
        self.root = layout.site_folder(site) + "/"
        self.files: dict[str, Entry] = {entry.path: entry for entry in tree.list(layout.site_folder(site))}
        self._tree = tree
        self._blobs = blobs

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of some files, by path."""
        wanted = {path: self.files[path].id for path in paths}
        missing = {blob: path for path, blob in wanted.items() if blob not in self._blobs.data}
        for path, data in self._tree.read_many(sorted(missing.values())):
            self._blobs.data[self.files[path].id] = data
        return {path: self._blobs.data[blob] for path, blob in wanted.items()}

    def knows(self, entry: Entry) -> bool:
        """Whether all that is asked of a file is known without reading it."""
        return entry.id in self._blobs.data or entry.id in self._blobs.found.custody

    def is_plain(self, path: str) -> bool:
        """Whether a file of records that was read is written as a collection writes it."""
        return self._blobs.is_plain(self.files[path].id)

    @property
    def sources(self) -> list[str]:
        """The sources that have a folder, sorted."""
        inner = (path.removeprefix(self.root).split("/") for path in self.files)
        return sorted(parts[0] for parts in inner if parts[1:] == ["custody.yaml"])

    @property
    def lasting(self) -> set[str]:
        """The files that another collection leaves where they are: all but the exports that were collected."""
        raw = tuple(f"{self.root}{source}/raw/" for source in self.sources)
        return {path for path in self.files if not path.startswith(raw)}

    def custody(self, source: str) -> Custody:
        """What a source says of itself. Raises InputError where that cannot be read."""
        path = f"{self.root}{source}/custody.yaml"
        return self._blobs.custody(self.files[path].id, path, lambda: self.read([path])[path])

    def identities(self, assets: Collection[str] = ()) -> Identities:
        """The identities of some assets, and of all that were merged or retired."""
        path = self.root + FILE
        if path not in self.files:
            return Identities(ids=frozenset(), canonical={}, by_key={}, names={}, retired={})
        return self._blobs.identities(self.files[path].id, path, lambda: self.read([path])[path]).about(assets)

    def differs_in(self, path: str, other: StoredSite, lines: Iterable[bytes]) -> None:
        """A file of records was seen to differ from that of another state in these lines alone."""
        if other.is_plain(path):
            self._blobs.more_lines(self.files[path].id, lines)

    @property
    def records_of_assets(self) -> int:
        """How many assets the source that knows most of them has records of."""
        listed = (self.custody(source).records for source in self.sources)
        return max((sum(each.rows for each in entries if each.kind == "asset") for entries in listed), default=0)


def read_soon(old: StoredSite, new: StoredSite) -> list[Entry]:
    """The files that comparing two states will read for certain, or almost, in the order in which they are asked for:
    who was known by which names comes last."""
    differ = {*old.files.values()} ^ {*new.files.values()}
    custody = {entry for entry in new.files.values() if entry.path.endswith("/custody.yaml")}
    first = sorted(entry for entry in differ | custody if "/raw/" not in entry.path)
    last = [entry for entry in new.files.values() if entry.path == new.root + FILE]
    return [entry for entry in (*first, *last) if not new.knows(entry)]


def differing(old: StoredSite, new: StoredSite) -> Differing | None:
    """Where two states differ; None where anything but records, sightings, raw files and their custody does, and where
    the new state is not what its custody says.

    The old state has been checked against custody before: what is the same in both, files and their digests, holds.
    """
    if any(entry.mode not in REGULAR for entry in new.files.values()):
        return None
    lasting = new.lasting
    if lasting != old.lasting or old.sources != new.sources:
        return None
    everything = {*old.files.values()} ^ {*new.files.values()}
    sources = frozenset(entry.path.removeprefix(new.root).partition("/")[0] for entry in everything)
    found = Differing(sources, {}, {})
    for path in sorted(lasting):
        if old.files[path].id == new.files[path].id:
            continue
        source, _, inner = path.removeprefix(new.root).partition("/")
        folder, _, name = inner.partition("/")
        kind = (source, layout.kind_of(name))
        if folder == "records":
            found.records.setdefault(kind, []).append(path)
        elif folder == "sightings":
            found.sightings.setdefault(kind, []).append(path)
        elif inner != "custody.yaml":
            return None
    try:
        fits = all(_fits(old, new, source) for source in new.sources)
    except InputError:
        return None
    return found if fits else None


def _fits(old: StoredSite, new: StoredSite, source: str) -> bool:
    """Whether a source speaks for the same as before, and has the files that its custody says it has."""
    was, now = old.custody(source), new.custody(source)
    if (was.format, was.covers, was.vantage) != (now.format, now.covers, now.vantage):
        return False
    if any(missed(was, each.kind) != missed(now, each.kind) for each in now.covers):
        return False
    if _places(was) != _places(now) or not all(_as_collected(*each) for each in _places(now)):
        return False
    folder = f"{new.root}{source}/"
    there = {path.removeprefix(folder) for path in new.files if path.startswith(folder)} - {"custody.yaml"}
    listed = _digests(now)
    elsewhere = {each.path for each in now.raw if each.external}
    if there - listed.keys() or listed.keys() - there - elsewhere:
        return False
    before = _digests(was)
    doubtful = [
        inner
        for inner in there
        if before.get(inner) != listed[inner] or _blob(old, folder + inner) != _blob(new, folder + inner)
    ]
    contents = new.read(folder + inner for inner in doubtful)
    return all(
        layout.sha256(contents[folder + inner]) == listed[inner]
        and not contents[folder + inner].startswith(layout.LFS_POINTER)
        for inner in doubtful
    )


def _places(custody: Custody) -> list[tuple[str, str, str]]:
    """Folder, path and kind of the files that hold records and sightings."""
    return [
        (folder, each.path, each.kind)
        for folder, entries in (("records", custody.records), ("sightings", custody.sightings))
        for each in entries
    ]


def _as_collected(folder: str, path: str, kind: str) -> bool:
    """Whether a file lies where a collection puts it, so that its name says what it holds."""
    return path == f"{folder}/{path.rpartition('/')[2]}" and layout.kind_of(path) == kind


def _digests(custody: Custody) -> dict[str, str]:
    found = {each.path: each.sha256 for each in custody.raw}
    return found | {each.path: each.sha256 for each in (*custody.records, *custody.sightings)}


def _blob(stored: StoredSite, path: str) -> str:
    entry = stored.files.get(path)
    return entry.id if entry else ""


def same_places(old: StoredSite, new: StoredSite, paths: Sequence[str]) -> bool:
    """Whether each line of some files of records is about the record that it was about."""
    decode = msgspec.json.Decoder(Line).decode
    before, after = old.read(paths), new.read(paths)
    for path in paths:
        lines = between(before[path], after[path])
        if len(lines.before) != len(lines.after):
            return False
        differing = (pair for pair in zip(*lines, strict=True) if pair[0] != pair[1])
        if any(not one or not other or decode(one).id != decode(other).id for one, other in differing):
            return False
    return True


def lines_that_differ(old: StoredSite, new: StoredSite, paths: Sequence[str]) -> list[Line]:
    """The lines of some files of records that only one of two states has. Raises `msgspec.DecodeError` for one that is
    no record, and `InputError` for an asset in another file than that in which it is looked for."""
    decode = msgspec.json.Decoder(Line).decode
    found: list[Line] = []
    before, after = old.read(paths), new.read(paths)
    for path in paths:
        differ = sorted(between(before[path], after[path]).only_in_one())
        new.differs_in(path, old, differ)
        lines = [decode(line) for line in differ if line]
        if layout.kind_of(path) == "asset" and not _all_in(new, path, [line.id for line in lines]):
            raise refuse("an asset stands in a file that its id does not name", path=path)
        found += lines
    return found


def _all_in(stored: StoredSite, path: str, assets: Sequence[str]) -> bool:
    source = path.removeprefix(stored.root).partition("/")[0]
    paths = by_kind(stored.custody(source).records, f"{stored.root}{source}/")["asset"]
    return {*holding("asset", paths, assets).get(path, ())} >= {*assets}


def claims_about(
    stored: StoredSite,
    assets: Collection[str],
    kinds: Collection[str],
    *,
    sightings: bool = False,
    sources: Collection[str] | None = None,
) -> Claims:
    """The claims of some assets only (`assets`: every id that they ever had) and of some kinds that hang on assets, in
    the form in which `read_claims` gives those of all; without statements of people. `sources`: only of those.

    Of each file the other lines are left empty, so that places stay the same; a file of another kind is empty, and so
    are those of `sightings` that nobody wants.
    """
    identities = stored.identities(assets)
    canonical = {given: living for given, living in identities.canonical.items() if given in assets or living in assets}
    living = frozenset(canonical.values())
    asked = sorted(assets)
    parts = [
        SourceInPart(source, stored.custody(source), f"{stored.root}{source}/", asked, kinds, sightings=sightings)
        for source in stored.sources
        if sources is None or source in sources
    ]
    contents = stored.read(path for part in parts for path in part.wanted)
    return Claims(
        site=stored.site,
        sources=tuple(part.source(contents, stored.is_plain) for part in parts),
        identities=Identities(
            ids=identities.ids & living,
            canonical=canonical,
            by_key={},
            names={asset: identities.names[asset] for asset in sorted(living & identities.names.keys())},
            retired=identities.retired,
            retired_in_part=identities.retired_in_part,
            doubtful_merges=identities.doubtful_merges,
        ),
        attestations=(),
    )


def each_of_its_own(claims: Claims, kinds: Iterable[str]) -> bool:
    """Whether every record of some kinds is called by the asset that it names (`<asset>/<record>`): then no two sources
    can give one record to two assets, of which only one would be looked at."""
    decode = msgspec.json.Decoder(Line).decode
    lines = (
        decode(line)
        for source in claims.sources
        for kind in kinds
        for _, data in source.records.get(kind, ())
        for line in data.split(b"\n")
        if line
    )
    return all(line.asset and line.id.startswith(f"{line.asset}/") for line in lines)


def given_ids(identities: Identities, assets: Collection[str]) -> frozenset[str]:
    """Every id that some assets (by their living ids) ever had."""
    return frozenset(assets) | {given for given, living in identities.canonical.items() if living in assets}


def parents_named(claims: Claims) -> set[str]:
    """The ids that assets name as their parents, whoever says so."""
    found = set()
    decode = msgspec.json.Decoder(_Child).decode
    for source in claims.sources:
        for _, data in source.records.get("asset", ()):
            found |= {parent for line in data.split(b"\n") if line and (parent := decode(line).parent)}
    return found


class _Child(msgspec.Struct, gc=False):
    parent: str = ""


def ids_by_line(stored: StoredSite, paths: Sequence[str]) -> dict[str, Sequence[str]]:
    """For each file of records the ids in its lines, in order; an empty line has none. Raises `msgspec.DecodeError`."""
    decode = msgspec.json.Decoder(Line).decode
    return {
        path: [decode(line).id if line.strip() else "" for line in data.split(b"\n")]
        for path, data in stored.read(paths).items()
    }


def places_in_raw(stored: StoredSite, paths: Sequence[str]) -> dict[str, tuple[str, int, str]]:
    """Record id -> raw file, line and pointer, as files of sightings say. Raises `msgspec.DecodeError`."""
    decode = msgspec.json.Decoder(_Place).decode_lines
    seen = (each for data in stored.read(paths).values() for each in decode(data))
    return {each.id: (each.raw, each.line, each.pointer) for each in seen}


class _Place(msgspec.Struct, gc=False):
    id: str
    raw: str = ""
    line: int = 0
    pointer: str = ""
