"""Devices between zones that a change shows configured otherwise, and of which no record says that they were to be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from plantproof.model.approved import ApprovedRecord
from plantproof.model.change import ChangeRecord
from plantproof.model.delta import UnrecordedChange
from plantproof.model.evidence import Claims, Source
from plantproof.model.plant import Plant
from plantproof.model.programme import folded
from plantproof.model.roles import chain
from plantproof.plant.approved import of_living
from plantproof.plant.configuration import Configuration, configurations, differing, in_words
from plantproof.plant.zones import claims_of
from plantproof.review.change_record import LONGEST_WINDOW_DAYS, in_window, times_of, too_long

NETWORK = "network-device"
MOST_NAMED = 2
"""So many change records that name the device, and do not cover it, are told: those with the latest windows."""


class _Collected(NamedTuple):
    """The configuration of a device, and the day on which it was collected."""

    configuration: Configuration
    on: str


def unrecorded(
    base: Claims,
    head: Claims,
    plants: Sequence[Plant],
    changes: Sequence[ChangeRecord],
    approved: Sequence[ApprovedRecord],
) -> list[UnrecordedChange]:
    """The devices of one site whose configuration differs between the evidence of base and head without a record.

    Asked of network devices and enforcement points of either of `plants` (base, head) whose configuration both sides
    hold, in whatever format; what `diff --propose` adds is not on the device, and no change of it. A record is a change
    record of the head that names the device and in whose window, or shortly after, the head's evidence was collected;
    or a configuration of `approved`, the records of the base, that the device now has. Sorted by device.
    """
    canonical = head.identities.canonical
    wanted = {canonical.get(each, each) for plant in plants for each in enforcing(plant)} & _touched(base, head)
    before = _collected(base, wanted, canonical)
    after = _collected(head, wanted, canonical)
    names = {key: name for plant in plants for key, name in plant.names.items()}
    found = []
    for asset, source in sorted(after):
        now = after[asset, source]
        was = before.get((asset, source)) or _same_format(before, asset, now.configuration.format)
        was = was or _read_no_more(before, after, asset)
        if was is None or (head.proposed and now.configuration.proposed):
            continue
        facts = {name: fact.digest for name, fact in was.configuration.facts.items()}
        redacted = {name: fact.redacted for name, fact in was.configuration.facts.items() if fact.redacted}
        moved = differing(facts, redacted, was.configuration.key_id, now.configuration)
        if not moved or _is_approved(asset, now.configuration, approved, canonical):
            continue
        ids = (given for given, living in canonical.items() if living == asset)  # a record may be older than a merge
        own_names = (names.get(asset, ""), *head.identities.names.get(asset, ()))
        called = {folded(each) for each in (asset, *ids, *own_names) if each}
        naming = [
            each for each in changes if each.site == head.site and called & {folded(name) for name in each.assets}
        ]
        if any(in_window(now.on, each) for each in naming):
            continue
        found.append(
            UnrecordedChange(
                site=head.site,
                asset=asset,
                device=names.get(asset, asset),
                source=source,
                collected=now.on[:10],
                differences=_differences(moved, was.configuration, now.configuration),
                lines=_lines(moved, now.configuration),
                why=_why(naming, now.on),
            )
        )
    return sorted(found, key=lambda each: (each.device, each.asset, each.source))


def enforcing(plant: Plant) -> Iterator[str]:
    """The assets that join or part zones: network devices by any claim of their role, and enforcement points."""
    assets = plant.tables["asset"]
    role = assets.columns.get("role")
    known: dict[bytes, bool] = {}
    for row, asset in enumerate(assets.ids):
        claims = claims_of(role, row) if role is not None else ()
        for claim in claims:
            if claim not in known:
                known[claim] = NETWORK in chain(claim.decode().strip('"'))
        if assets.conduits[row] or any(known[claim] for claim in claims):
            yield asset


def _touched(base: Claims, head: Claims) -> set[str]:
    """The assets with a line of records that only one side has. Files that are equal, nearly all, are not even read."""
    found: set[str] = set()
    before = {source.name: source for source in base.sources}
    for source in head.sources:
        was = before.get(source.name)
        sides = [_files(each) for each in (was, source) if each]
        same = set(sides[0].items()) & set(sides[-1].items()) if was else set()
        lines = [_lines_of(side, same) for side in sides]
        moved = lines[0] ^ lines[-1] if was else lines[0]
        kinds = sorted({kind for kind, _ in moved})
        records = {kind: [("", b"\n".join(sorted(line for of, line in moved if of == kind)))] for kind in kinds}
        only_there = msgspec.structs.replace(source, records=records)
        found |= configurations(only_there, None, head.identities.canonical).keys()
    return found


def _files(source: Source) -> dict[tuple[str, str], bytes]:
    return {(kind, path): data for kind, files in source.records.items() for path, data in files}


def _lines_of(
    files: Mapping[tuple[str, str], bytes], but: Collection[tuple[tuple[str, str], bytes]]
) -> frozenset[tuple[str, bytes]]:
    return frozenset(
        (key[0], line) for key, data in files.items() if (key, data) not in but for line in data.split(b"\n")
    )


def _collected(
    claims: Claims, wanted: Collection[str], canonical: Mapping[str, str]
) -> dict[tuple[str, str], _Collected]:
    return {
        (asset, source.name): _Collected(configuration, source.custody.collected_at)
        for source in claims.sources
        if wanted
        for asset, configuration in configurations(source, wanted, canonical).items()
    }


def _same_format(found: Mapping[tuple[str, str], _Collected], asset: str, format_: str) -> _Collected | None:
    """A source may be renamed; the device is the same."""
    alike = [each for (of, _), each in sorted(found.items()) if of == asset and each.configuration.format == format_]
    return alike[0] if alike else None


def _read_no_more(
    before: Mapping[tuple[str, str], _Collected], after: Mapping[tuple[str, str], _Collected], asset: str
) -> _Collected | None:
    """How a device was read by a source that reads it no more: where nothing that is read now can be compared with it,
    nobody can tell that the device is as it was."""
    gone = [each for (of, source), each in sorted(before.items()) if of == asset and (of, source) not in after]
    return gone[0] if gone else None


def _differences(moved: Sequence[str], was: Configuration, now: Configuration) -> list[str]:
    if was.format != now.format:
        return [f"it is read as `{now.format}` and was as `{was.format}`: nobody can tell what differs"]
    return in_words(moved, was.facts, now.facts)


def _is_approved(
    asset: str, seen: Configuration, approved: Sequence[ApprovedRecord], canonical: Mapping[str, str]
) -> bool:
    own = (each.device for each in of_living(approved, canonical).get(asset, ()) if each.current)
    return any(
        device.format == seen.format and not differing(device.facts, device.redacted, device.key_id, seen)
        for device in own
    )


def _lines(moved: Sequence[str], seen: Configuration) -> list[str]:
    facts = [seen.facts[name] for name in moved if name in seen.facts]
    return [f"{fact.path}:{fact.line}" for fact in facts]


def _why(naming: Sequence[ChangeRecord], on: str) -> str:
    if not naming:
        return "no change record names it, and no approved configuration is this one"
    told = []
    nearest = sorted(naming, key=lambda record: (times_of(record)[1], record.id))[-MOST_NAMED:]
    for each in reversed(nearest):
        start, end = times_of(each)
        shown = len("2026-01-01T00:00") if start[:10] == on[:10] else len("2026-01-01")
        when = f"its window is {_plain(start[:shown])} to {_plain(end[:shown])}" if start else "it says no window"
        if days := too_long(each):
            when = f"its window lasts {days} days, {LONGEST_WINDOW_DAYS} is the most"
        told.append(f"{each.id} names it, but {when}")
    same_day = any(times_of(each)[0][:10] == on[:10] for each in nearest)
    return f"{'; '.join(told)}; it was collected on {_plain(on[:16] if same_day else on[:10])}"


def _plain(moment: str) -> str:
    return moment.replace("T", " ")
