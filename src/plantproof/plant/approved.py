"""Derived: devices with an approved configuration, each compared with how fresh evidence says it is configured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from plantproof.errors import Problem
from plantproof.model.approved import ApprovedConfiguration, ApprovedRecord, State
from plantproof.model.evidence import Claims
from plantproof.model.plant import NO_METHOD, Column, Origin, SourceState, Table
from plantproof.model.waiver_state import LONGEST_DAYS
from plantproof.plant.configuration import Configuration, configurations, differing, in_words
from plantproof.plant.references import Belonging

KIND = "approved_configuration"
FIELDS = [field.name for field in msgspec.structs.fields(ApprovedConfiguration)]


class Seen(NamedTuple):
    """One configuration of a device, and whether any of what it rests on is out of date."""

    configuration: Configuration
    stale: bool


class Compared(NamedTuple):
    """One row: what there is to say (None where nothing fresh says how the device is configured), and the lines (of
    stale evidence, where there is no other; none where there is none) and the method that it rests on."""

    asset: str
    found: ApprovedConfiguration | None
    origins: tuple[Origin, ...]
    method: int


def approved_table(
    records: Sequence[ApprovedRecord],
    claims: Claims,
    states: Iterable[SourceState],
    belonging: Belonging,
    names: Mapping[str, str],
) -> tuple[Table, list[Problem]]:
    """One row for each asset of the plant with a record, by id, and what is odd about the records.

    A device without fresh evidence of its configuration has a row without fields: nobody knows, so it is no pass.
    Where several sources read a device in the format of the record, each must be as approved. What is proposed is so
    only where a proposal is judged: a record of evidence that calls itself proposed is what the device has.
    """
    by_asset: dict[str, list[ApprovedRecord]] = {}
    remarks: list[Problem] = []
    retired = {belonging.canonical.get(each, each) for each in claims.identities.retired}
    for asset, own in of_living(records, belonging.canonical).items():
        if asset in belonging.asset_rows:
            by_asset[asset] = own
        for record in own if asset not in belonging.asset_rows and asset not in retired else ():
            message = f"records a configuration of `{record.device.name}`, and no asset has its id {asset}"
            hint = "it compares nothing: correct evidence/<site>/identities.jsonl, or remove the record"
            remarks.append(Problem(record.origin, record.line, message, hint))
    seen = _seen(claims, states, by_asset, belonging.canonical)
    for asset, own in sorted(by_asset.items()):
        if not any(each.current for each in own):
            # Another device of its name was recorded instead. What it may be like nobody can tell, so nothing passes.
            seen.pop(asset, None)
            message = f"the record of `{own[0].device.name}` was replaced by one of another device of that name"
            hint = f"record it anew: `plantproof baseline {asset}`, or correct what the other one replaces"
            remarks.append(Problem(own[0].origin, own[0].line, message, hint))
    rows = [_compared(asset, by_asset[asset], seen.get(asset, []), names) for asset in sorted(by_asset)]
    return _table(rows, belonging), remarks


def of_living(records: Iterable[ApprovedRecord], canonical: Mapping[str, str]) -> dict[str, list[ApprovedRecord]]:
    """Asset, by the id that lives on -> its records. One that was made under an id of before a merge is replaced by
    what was made since, whatever the device was called then."""
    found: dict[str, list[ApprovedRecord]] = defaultdict(list)
    for record in records:
        found[canonical.get(record.device.asset, record.device.asset)].append(record)
    for asset, own in found.items():
        ids = {each.device.asset for each in own}
        replaced = {(name, each.device.asset) for each in own for name in each.device.replaces} if len(ids) > 1 else ()
        if replaced:
            found[asset] = [
                msgspec.structs.replace(each, current=False)
                if any((each.head.change, other) in replaced for other in ids - {each.device.asset})
                else each
                for each in own
            ]
    return dict(found)


def subject_id(asset: str) -> str:
    """The id of the row of an asset: by its living id, so that merging assets does not make another subject of it."""
    return f"{asset}/approved-configuration"


def _seen(
    claims: Claims,
    states: Iterable[SourceState],
    by_asset: Mapping[str, Sequence[ApprovedRecord]],
    canonical: Mapping[str, str],
) -> dict[str, list[Seen]]:
    """Asset -> its configurations, by name of the source, in a format of its records."""
    outdated = {state.name: frozenset(state.stale_kinds) for state in states}
    formats = {each.device.format for records in by_asset.values() for each in records}
    found: dict[str, list[Seen]] = defaultdict(list)
    for source in sorted(claims.sources, key=lambda each: each.name):
        if source.custody.format not in formats:
            continue
        for asset, configuration in configurations(source, by_asset.keys(), canonical).items():
            if any(each.device.format == configuration.format for each in by_asset[asset]):
                configuration = configuration._replace(proposed=configuration.proposed and claims.proposed)
                stale = not outdated.get(source.name, frozenset()).isdisjoint(configuration.kinds)
                found[asset].append(Seen(configuration, stale))
    return found


def _compared(asset: str, records: list[ApprovedRecord], seen: list[Seen], names: Mapping[str, str]) -> Compared:
    fresh = [each.configuration for each in seen if not each.stale]
    if not fresh:
        return Compared(asset, None, tuple(dict.fromkeys(_first_line(each.configuration) for each in seen)), NO_METHOD)
    judged = [_judged(asset, records, each, names.get(asset, asset)) for each in fresh]
    worst = min(judged, key=_gravest_first)
    return worst._replace(method=max(each.method for each in judged))


class Waiting(NamedTuple):
    """Whose configuration a device still has, in words, and the record that is to be made instead."""

    earlier: str
    until: ApprovedRecord


_GRAVE: tuple[State, ...] = ("differs", "not-yet-changed", "proposed", "as-approved")


def _gravest_first(row: Compared) -> tuple[int, str]:
    """Of what waits, what should have been made first: else a source that is behind hides behind one that is not."""
    if row.found is None:
        return (0, "")
    return (_GRAVE.index(row.found.state), row.found.due if row.found.state == "not-yet-changed" else "")


def _judged(asset: str, records: list[ApprovedRecord], seen: Configuration, name: str) -> Compared:
    """The configuration beside the records of its device: the current one that it fits, else the one it comes closest
    to."""
    digest = seen.digest
    current = sorted((each for each in records if each.current), key=_newest_last)
    changed = {each.head.change: _changed(each, seen) for each in current}
    closest = min(reversed(current), key=lambda each: len(changed[each.head.change]))
    differences = changed[closest.head.change]
    waiting = _waiting(records, digest) if differences else None
    state: State = "as-approved"
    if seen.proposed:
        state = "proposed"
    elif differences:
        state = "not-yet-changed" if waiting else "differs"
    told = waiting.until if waiting else closest
    if told.current:  # else only the digest of it is kept, and what differs is told from what holds after it
        closest, differences = told, changed[told.head.change]
    found = ApprovedConfiguration(
        id=subject_id(asset),
        asset=asset,
        device=name,
        state=state,
        change=told.head.change,
        approved_on=told.head.on,
        due=_due(told),
        approved=told.device.digest,
        seen=digest,
        earlier=waiting.earlier if waiting else UNSET,
        differences=in_words(differences, closest.device.facts, seen.facts),
    )
    behind = [seen.facts[fact] for fact in differences if fact in seen.facts] or list(seen.facts.values())[:1]
    origins = dict.fromkeys(Origin(seen.source, fact.path, fact.line) for fact in behind)
    return Compared(asset, found, tuple(origins), seen.method)


def _first_line(seen: Configuration) -> Origin:
    fact = next(iter(seen.facts.values()), None)
    return Origin(seen.source, fact.path, fact.line) if fact else Origin(seen.source, "", 0)


def _waiting(records: list[ApprovedRecord], digest: str) -> Waiting | None:
    """Why a device may still have an earlier configuration; None where it is none.

    It may have it until the record is due that replaces just that one, and of several the first: a further change that
    waits gives an earlier one no more time, and what was replaced long ago does not come back with it. Where a device
    had one configuration several times, the last time counts.
    """
    found = []
    if first := [each for each in records if each.device.before == digest]:
        until = min(first, key=_first_due)
        found.append(Waiting(f"before {until.head.change}", until))
    for each in records:
        if not each.current and each.device.digest == digest:
            after = [other for other in records if each.head.change in other.device.replaces]
            if after:
                found.append(Waiting(f"of {each.head.change}", min(after, key=_first_due)))
    return max(found, key=lambda each: (_first_due(each.until), each.earlier), default=None)


def _first_due(record: ApprovedRecord) -> tuple[str, str]:
    return (_due(record), record.head.change)


def _changed(record: ApprovedRecord, seen: Configuration) -> list[str]:
    device = record.device
    if device.format != seen.format:
        return sorted({*device.facts, *seen.facts})
    return differing(device.facts, device.redacted, device.key_id, seen)


def _due(record: ApprovedRecord) -> str:
    """Until when the change may be made; one that is far ahead is approved for no longer than a waiver holds."""
    if not isinstance(record.head.due, str):
        return record.head.on
    approved = date.fromisoformat(record.head.on[:10])
    try:
        return min(record.head.due, (approved + timedelta(days=LONGEST_DAYS)).isoformat())
    except OverflowError:
        return record.head.due


def _newest_last(record: ApprovedRecord) -> tuple[str, str]:
    return (record.head.on, record.head.change)


def _table(rows: Sequence[Compared], belonging: Belonging) -> Table:
    count = len(rows)
    columns = {
        name: Column(values=[None] * count, methods=bytearray([NO_METHOD]) * count, disputed={}, stale=set())
        for name in FIELDS
    }
    asset_rows = [belonging.asset_rows[row.asset] for row in rows]
    served = belonging.served
    for number, row in enumerate(rows):
        values = msgspec.to_builtins(row.found) if row.found else {}
        for name, column in columns.items():
            if row.found is None and row.origins:
                column.stale.add(number)
            if name in values:
                column.values[number] = msgspec.json.encode(values[name])
                column.methods[number] = row.method
    ids = [subject_id(row.asset) for row in rows]
    return Table(
        kind=KIND,
        ids=ids,
        rows={identifier: number for number, identifier in enumerate(ids)},
        columns=columns,
        fresh=bytearray(row.found is not None for row in rows),
        zones=[tuple(sorted({*belonging.asset_zones[each], *served.get(each, ())})) for each in asset_rows],
        conduits=[belonging.asset_conduits[each] for each in asset_rows],
        asset_rows=asset_rows,
        origins=[row.origins for row in rows],
        methods=bytearray(row.method for row in rows),
    )
