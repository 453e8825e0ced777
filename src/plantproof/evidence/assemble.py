"""Drafts to records: ids put in, fields checked against the kind, one canonical line each, sightings apart."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.evidence.collectors.protocol import AssetDraft, Collected, Draft, Unread
from plantproof.files import encode_json
from plantproof.model.records import KINDS, Sighting
from plantproof.text import shown

Lines = dict[str, dict[str, bytes]]
"""kind -> id -> canonical JSON line, without its end."""


class Assembled(NamedTuple):
    records: Lines
    sightings: Lines
    unread: list[Unread]


def assemble(source: str, collected: Collected, ids: Mapping[str, str], method: str) -> Assembled:
    """Records and sightings of one source. `ids` local -> asset id; `method` where a draft has none of its own.

    A draft that its kind refuses is `unread`, and whatever belongs to a refused asset stays. Raises `InputError` where
    two drafts bear one id and say different things.
    """
    records: Lines = {}
    sightings: Lines = {}
    unread: list[Unread] = []
    problems: list[Problem] = []
    first: dict[tuple[str, str], AssetDraft | Draft] = {}
    every: list[AssetDraft | Draft] = [*collected.assets, *collected.drafts]
    for draft in every:
        kind = "asset" if isinstance(draft, AssetDraft) else draft.kind
        if isinstance(draft, AssetDraft) and draft.refers:
            continue
        value = _value(source, draft, ids, method)
        try:
            line = encode_json(msgspec.to_builtins(msgspec.convert(value, KINDS[kind])))
            if b"null" in line:  # infinity and "not a number" have no JSON: they would come back as another type
                msgspec.json.decode(line, type=KINDS[kind])
            sighting = encode_json(_sighting(value["id"], draft))
        except (msgspec.MsgspecError, UnicodeError, ValueError, OverflowError) as error:
            reason = _unknown_asset(draft, ids) or shown(error, 160)
            unread.append(Unread(draft.raw, draft.line, f"{kind} `{shown(draft.local, 40)}`: {reason}"))
            continue
        place = (kind, value["id"])
        if place in first and records[kind][value["id"]] != line:
            problems.append(_double(draft, first[place], kind))
            continue
        first.setdefault(place, draft)
        records.setdefault(kind, {})[value["id"]] = line
        sightings.setdefault(kind, {}).setdefault(value["id"], sighting)
    if problems:
        raise InputError(*sorted(problems))
    return Assembled(records, sightings, unread)


def record_id(owner: str, local: str) -> str:
    """`<owner>/<local>`, without control characters, and shortened by a hash where it would be too long for an id."""
    plain = "".join(sign if sign.isprintable() else f"%{ord(sign):02X}" for sign in f"{owner}/{local}")
    if len(plain) <= 256:
        return plain
    return f"{plain[:200]}~{hashlib.sha256(plain.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _value(source: str, draft: AssetDraft | Draft, ids: Mapping[str, str], method: str) -> dict[str, Any]:
    value = {"method": draft.method or method, **draft.fields}
    if isinstance(draft, AssetDraft):
        value["id"] = ids[draft.local]
        return value
    asset = ids.get(draft.asset) if draft.asset is not None else None
    if asset is not None:
        value["asset"] = asset
    for field, ends in draft.ends.items():
        found = [ids[local] for local in ([ends] if isinstance(ends, str) else ends) if local in ids]
        if found:
            value[field] = found[0] if isinstance(ends, str) else sorted(set(found))
    value["id"] = record_id(source if draft.of_source or asset is None else asset, draft.local)
    return value


def _unknown_asset(draft: AssetDraft | Draft, ids: Mapping[str, str]) -> str:
    if isinstance(draft, Draft) and draft.asset is not None and draft.asset not in ids:
        return f"no asset is known as `{shown(draft.asset, 60)}`"
    return ""


def _sighting(identifier: str, draft: AssetDraft | Draft) -> dict[str, Any]:
    counted = {} if isinstance(draft, AssetDraft) else {"count": draft.count, "bytes": draft.bytes, "hits": draft.hits}
    plain: dict[str, Any] = msgspec.to_builtins(
        Sighting(
            id=identifier,
            raw=draft.raw,
            line=draft.line,
            pointer=draft.pointer,
            first_seen=draft.first_seen,
            last_seen=draft.last_seen,
            **counted,
        )
    )
    return plain


def _double(draft: AssetDraft | Draft, other: AssetDraft | Draft, kind: str) -> Problem:
    where = f"{shown(other.raw)}:{other.line}" if other.line else f"{shown(other.raw)} {other.pointer}"
    return Problem(
        draft.raw,
        draft.line,
        f"{kind} `{shown(draft.local)}` is also at {where}, and says something else there",
        "one row a subject, with an id of its own: correct the source and export it again",
    )


def unread_rows(unread: Sequence[Unread], raw: str) -> int:
    """How many rows of one export were not understood."""
    return sum(one.count for one in unread if one.raw == raw)
