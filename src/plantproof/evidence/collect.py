"""Exports to evidence: the plan of one collection as a pure function. `writer.py` carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence import layout, redaction
from plantproof.evidence.assemble import Assembled, Lines, assemble, unread_rows
from plantproof.evidence.collectors.protocol import Collected, Export, Unread
from plantproof.evidence.collectors.protocol import Collector as CollectorModule
from plantproof.evidence.formats import SHIPPED, Formats, collector, recognise
from plantproof.evidence.identities import read_identities
from plantproof.evidence.identity_lines import FILE, encode
from plantproof.evidence.known import addresses_of_others, custody_of, lines_of, raw_exports
from plantproof.evidence.matching import Matched, Proposal, match
from plantproof.files import dump_yaml
from plantproof.model.evidence import Collector, Custody, NotUnderstood, RawFile, RecordsFile, Redacted
from plantproof.model.project_file import SourceSettings


class KindSummary(NamedTuple):
    """One line of the table that `collect` ends with."""

    kind: str
    records: int
    new: int
    changed: int
    gone: int


class Summary(NamedTuple):
    format: str
    title: str
    kinds: tuple[KindSummary, ...]
    rows: int
    not_understood: tuple[NotUnderstood, ...]
    remarks: tuple[NotUnderstood, ...]
    redacted: tuple[Redacted, ...]
    minted: int
    proposals: tuple[Proposal, ...]

    @property
    def unread(self) -> int:
        """Rows that were not understood."""
        return sum(one.count for one in self.not_understood)


class Plan(NamedTuple):
    """What a collection writes. `files` path -> bytes: the source's folder whole; whatever else lies there goes.

    `appended` are lines for identities.jsonl. `seen` is the sha-256 of every file that the plan was made from: if one
    has changed since, the plan is void.
    """

    site: str
    source: str
    files: dict[str, bytes]
    deleted: tuple[str, ...]
    appended: bytes
    seen: dict[str, str]
    summary: Summary


def collect(
    *,
    site: str,
    source: str,
    exports: Sequence[Export],
    settings: SourceSettings,
    who: Collector,
    when: str,
    key: redaction.RedactionKey | None = None,
    existing: Mapping[str, bytes],
    format: str = "",  # noqa: A002  the name that callers read
    again: bool = False,
    formats: Formats = SHIPPED,
) -> Plan:
    """The plan of one collection. `existing` are all files under evidence/<site>/ by path from the project's root.

    With `again` the stored raw files are read instead of `exports`; collector, date, keys and hashes of the originals
    stay as custody has them, and an unchanged source gives the bytes that are there. Raises `InputError` with every
    mistake of the exports, of the identities and of the stored source; nothing is written by this function.
    """
    layout.check_name(site, "a site")
    layout.check_name(source, "a source")
    folder = layout.source_folder(site, source)
    before = custody_of(folder, existing) if again else None
    if before is not None:
        exports = raw_exports(folder, existing, before)
    _check_exports(exports)
    if key is not None:
        redaction.check_key(key)
    module = _module(format or (before.format if before else settings.format), exports, settings, formats)
    stored, collected, redacted = _redacted(module, exports, settings, key)
    identities_path = f"{layout.site_folder(site)}/{FILE}"
    identities = read_identities(existing.get(identities_path, b""), identities_path)
    matched = match(site, source, collected.assets, identities, addresses_of_others(site, source, existing))
    assembled = assemble(source, collected, matched.ids, settings.method or module.METHOD)
    unread = sorted([*collected.unread, *assembled.unread])
    if not any(assembled.records.values()):
        raise InputError(*_nothing(exports, collected, unread))
    files, custody = _files(module, stored, collected, assembled, unread, redacted, settings)
    custody = msgspec.structs.replace(custody, remarks=_counted([*collected.remarks, *_unheard_of(collected, matched)]))
    custody = _provenance(custody, before, exports, who, when, key, settings)
    files["custody.yaml"] = dump_yaml(custody)
    written = {f"{folder}/{path}": data for path, data in files.items()}
    appended = encode(matched.lines)
    there = {path: data for path, data in existing.items() if path.startswith(folder + "/") or path == identities_path}
    return Plan(
        site=site,
        source=source,
        files=dict(sorted(written.items())),
        deleted=tuple(sorted(path for path in there if path != identities_path and path not in written)),
        appended=appended,
        seen={path: layout.sha256(data) for path, data in sorted(there.items())},
        summary=Summary(
            format=module.FORMAT,
            title=module.TITLE,
            kinds=_kinds(assembled.records, lines_of(folder, existing)),
            rows=sum(collected.rows.values()),
            not_understood=tuple(custody.not_understood),
            remarks=tuple(custody.remarks),
            redacted=tuple(custody.redacted),
            minted=len(matched.minted),
            proposals=tuple(matched.proposals),
        ),
    )


def after(existing: Mapping[str, bytes], plan: Plan) -> dict[str, bytes]:
    """The files as they will be when the plan is carried out: the next source's plan starts from them."""
    identities = f"{layout.site_folder(plan.site)}/{FILE}"
    kept = {path: data for path, data in existing.items() if path not in plan.deleted}
    grown = {identities: kept.get(identities, b"") + plan.appended} if plan.appended else {}
    return {**kept, **plan.files, **grown}


def _check_exports(exports: Sequence[Export]) -> None:
    if not exports:
        raise refuse("there is nothing to collect", "name the exported files")
    folded: dict[str, str] = {}
    for export in exports:
        layout.check_name(export.name, "a stored export")
        if export.name.casefold() in folded:
            raise refuse(
                f"two exports are called `{export.name}`",
                "rename one of them; case does not tell files apart everywhere",
            )
        folded[export.name.casefold()] = export.name


def _module(name: str, exports: Sequence[Export], settings: SourceSettings, formats: Formats) -> CollectorModule:
    if name:
        return collector(name, formats)
    # A column mapping is a person's word that the source is a table of his own.
    return collector("csv", formats) if settings.mapping is not None else recognise(exports, formats)


def _redacted(
    module: CollectorModule, exports: Sequence[Export], settings: SourceSettings, key: redaction.RedactionKey | None
) -> tuple[list[Export], Collected, list[Redacted]]:
    """The exports as stored, and what they say then: records come from the redacted files and from nothing else."""
    now = sorted(exports)
    for _ in range(5):
        collected = module.collect(now, settings)
        stored, redacted = [], []
        for export in now:
            named = [secret for secret in collected.secrets if secret.raw == export.name]
            clean, found = redaction.redact(export, [*named, *redaction.sweep(export)], key)
            stored.append(clean)
            redacted += found
        if stored == now:
            return now, collected, redacted
        now = stored
    raise refuse(
        "secrets remain after redaction",
        "nothing was written; please report this export's format",
        path=exports[0].name,
    )


def _nothing(exports: Sequence[Export], collected: Collected, unread: Sequence[Unread]) -> list[Problem]:
    rows = sum(collected.rows.values())
    told = f"{rows} rows, none of them understood" if rows else "it has no rows"
    first = Problem(exports[0].name, 0, f"no record was found in it ({told})", "is this the right export?")
    return [first, *(Problem(one.raw, one.line, one.what) for one in unread[:5])]


def _files(
    module: CollectorModule,
    stored: Sequence[Export],
    collected: Collected,
    assembled: Assembled,
    unread: Sequence[Unread],
    redacted: Sequence[Redacted],
    settings: SourceSettings,
) -> tuple[dict[str, bytes], Custody]:
    files: dict[str, bytes] = {}
    parts: dict[str, list[RecordsFile]] = {"records": [], "sightings": []}
    for name, lines in (("records", assembled.records), ("sightings", assembled.sightings)):
        for kind in sorted(lines):
            part = layout.store(name, kind, lines[kind])
            files |= part.files
            parts[name] += part.entries
    raw = []
    for export in stored:
        files[f"raw/{export.name}"] = export.data
        rows = collected.rows.get(export.name, 0)
        raw.append(
            RawFile(
                path=f"raw/{export.name}",
                sha256=layout.sha256(export.data),
                bytes=len(export.data),
                rows=rows,
                imported=max(0, rows - unread_rows([*collected.unread, *assembled.unread], export.name)),
            )
        )
    custody = Custody(
        schema="plantproof/custody/1",
        format=module.FORMAT,
        tool=settings.tool or module.TOOL,
        tool_version=settings.tool_version or collected.tool_version,
        steps=settings.steps,
        collected_by=Collector(name=""),
        collected_at="",
        observed_from=collected.observed_from or None,
        observed_to=collected.observed_to or None,
        covers=settings.covers,
        vantage=settings.vantage,
        raw=raw,
        records=parts["records"],
        sightings=parts["sightings"],
        not_understood=_counted(unread),
        redacted=[msgspec.structs.replace(one, raw=f"raw/{one.raw}") for one in redacted],
    )
    return files, custody


def _unheard_of(collected: Collected, matched: Matched) -> list[Unread]:
    """Assets that the source speaks of and nobody reports: what it says of them answers for no asset."""
    what = "no source reports an asset of that name, so this belongs to none: name it under `assets` of the source"
    return [
        Unread(draft.raw, draft.line, what)
        for draft in collected.assets
        if draft.refers and draft.local not in matched.ids
    ]


def _counted(unread: Sequence[Unread]) -> list[NotUnderstood]:
    """Alike ones of a file as one entry, with the first line and how many there are."""
    alike: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for one in unread:
        alike.setdefault((one.raw, one.what), []).append((one.line, one.count))
    entries = [
        NotUnderstood(raw=f"raw/{raw}", line=min(places)[0], what=what, count=sum(count for _, count in places))
        for (raw, what), places in alike.items()
    ]
    return sorted(entries, key=lambda one: (one.raw, one.line, one.what))


def _provenance(
    custody: Custody,
    before: Custody | None,
    exports: Sequence[Export],
    who: Collector,
    when: str,
    key: redaction.RedactionKey | None,
    settings: SourceSettings,
) -> Custody:
    """Who, when, and the keyed hashes of the originals: of this collection, or of the first where it is done again."""
    if before is not None:
        kept = {one.path: one for one in before.raw}
        raw = [
            msgspec.structs.replace(
                one, original=kept[one.path].original, original_kept_at=kept[one.path].original_kept_at
            )
            for one in custody.raw
        ]
        return msgspec.structs.replace(
            custody,
            raw=raw,
            collected_by=before.collected_by,
            collected_at=before.collected_at,
            key_id=before.key_id,
            transfers=before.transfers,
            clock_offset_seconds=before.clock_offset_seconds,
        )
    originals = {f"raw/{export.name}": redaction.keyed_hash(key, export.data) for export in exports}
    return msgspec.structs.replace(
        custody,
        raw=[msgspec.structs.replace(one, original=originals[one.path]) for one in custody.raw],
        collected_by=settings.collected_by or who,
        collected_at=when,
        key_id=key.id if key else "",
    )


def _kinds(now: Lines, before: Lines) -> tuple[KindSummary, ...]:
    table = []
    for kind in sorted({*now, *before}):
        new, old = now.get(kind, {}), before.get(kind, {})
        changed = sum(1 for identifier, line in new.items() if identifier in old and old[identifier] != line)
        table.append(KindSummary(kind, len(new), len(new.keys() - old.keys()), changed, len(old.keys() - new.keys())))
    return tuple(table)
