"""Which subject of one revision is which of the other: by identity, never by place in a file.

Ids are minted once, so a rename and a re-collection change none. Merged assets share the living id, also in the ids of
their records (`<asset>/<record>`); of a split one, both halves were the one asset.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from plantproof.mappers.identity import living
from plantproof.model.delta import Merger, Retirement
from plantproof.model.plant import Plant, Table
from plantproof.plant.population import DECLARED_PREFIX
from plantproof.review.judged import Judged

FROM_TRAFFIC = ("crossing", "reach")
"""Kinds that are derived from flows and rules."""


class Pairing(msgspec.Struct):
    """The rows of one kind in two revisions. `pairs` (base row, head row); `gone` rows of the base and `new` rows of
    the head without a partner; `merged` base rows whose partner is taken by another, `split` head rows likewise."""

    pairs: list[tuple[int, int]]
    gone: list[int]
    new: list[int]
    merged: list[tuple[int, int]]
    split: list[tuple[int, int]]
    aligned: bool
    """Row for row the same ids: columns can be compared as they are."""


def pair(kind: str, base: Judged, head: Judged) -> Pairing:
    """Pair the subjects of a kind: by id, else by the living id in the head, else by the one in the base."""
    before, after = base.plant.tables.get(kind), head.plant.tables.get(kind)
    before_ids, after_ids = before.ids if before else [], after.ids if after else []
    if before_ids == after_ids:
        rows = range(len(before_ids))
        return Pairing(list(zip(rows, rows, strict=True)), [], [], [], [], aligned=True)
    partner: dict[int, int] = {}
    taken: set[int] = set()
    rows_after = after.rows if after else {}
    rows_before = before.rows if before else {}
    for row, identifier in enumerate(before_ids):
        other = rows_after.get(identifier, -1)
        if other >= 0:
            partner[row] = other
            taken.add(other)
    merged, gone = [], []
    after_living = {living(identifier, head.canonical): row for row, identifier in enumerate(after_ids)}
    if kind == "asset":
        after_living |= _declared(base, head)
    for row, identifier in enumerate(before_ids):
        if row in partner:
            continue
        other = after_living.get(living(identifier, head.canonical), -1)
        if other < 0:
            gone.append(row)
        elif other in taken:
            merged.append((row, other))
        else:
            partner[row] = other
            taken.add(other)
    split, new = [], []
    for row, identifier in enumerate(after_ids):
        if row not in taken:
            other = rows_before.get(living(identifier, base.canonical), -1)
            if other >= 0:
                split.append((other, row))
            else:
                new.append(row)
    return Pairing(sorted(partner.items()), gone, new, merged, split, aligned=False)


def _declared(base: Judged, head: Judged) -> dict[str, int]:
    """Assets of the base that the head only declares: the same device, of which no source speaks any more."""
    after = head.plant.tables["asset"]
    declared = {
        head.plant.names.get(identifier, identifier).casefold(): row
        for identifier, row in after.rows.items()
        if identifier.startswith(DECLARED_PREFIX)
    }
    if not declared:
        return {}
    before = base.plant.tables.get("asset")
    names = ((each, base.plant.names.get(each, each).casefold()) for each in (before.ids if before else ()))
    return {living(each, head.canonical): declared[name] for each, name in names if name in declared}


def asset_of(table: Table, row: int, plant: Plant) -> str:
    """The id of the asset to which a row belongs; the row's own for an asset, "" for none."""
    if table.kind == "asset":
        return table.ids[row]
    assets = plant.tables.get("asset")
    asset_row = table.asset_rows[row]
    return assets.ids[asset_row] if assets and asset_row >= 0 else ""


def zones_of(kind: str, subject: str, side: Judged) -> list[str]:
    """The zones in which a subject of a kind counts; none for one that is not there."""
    table = side.plant.tables.get(kind)
    row = table.rows.get(subject, -1) if table else -1
    return list(table.zones[row]) if table and row >= 0 else []


class Gone(msgspec.Struct, frozen=True):
    """What it means that a subject of the base is not in the head. `known`: it is known to be gone."""

    known: bool
    why: str


def gone(table: Table, row: int, base: Judged, head: Judged) -> Gone:
    """Whether a subject that is no longer there is known to have gone, or only no longer seen (verdicts.md 7, 8).

    An asset leaves by an approved retirement alone. A record of it has gone where a fresh source of the head still
    speaks of its kind for that asset; what is derived from flows or rules, where those are still watched.
    """
    kind, plant = table.kind, head.plant
    asset = living(asset_of(table, row, base.plant), head.canonical)
    assets = plant.tables.get("asset")
    asset_row = assets.rows.get(asset, -1) if assets else -1
    if asset and asset in head.retired and asset_row < 0:  # a retirement to come, or of what was seen again, is none
        date, approver, _ = head.retired[asset]
        return Gone(True, f"the asset was retired on {date}, approved by {approver}")
    if kind == "asset":
        return Gone(False, "it is neither reported nor retired any more")
    if kind in ("zone", "conduit"):
        return Gone(True, f"the {kind} is no longer in the design intent")
    if kind in FROM_TRAFFIC:
        return _derived_gone(table, row, head)
    if asset_row >= 0:
        if plant.covered(kind, asset_row, _keys(table, row)):
            return Gone(True, "the record is gone; a fresh source still covers it")
        return Gone(False, f"no fresh source speaks of {_words(kind)} there any more")
    if asset:
        return Gone(False, "its asset is not known any more")
    unseen = {zone for each in plant.uncovered.get(kind, ()) for zone in each.zones}
    if _speaks(plant, kind) and not unseen & set(table.zones[row]):
        return Gone(True, "the record is gone; its source still speaks")
    return Gone(False, f"no fresh source speaks of {_words(kind)} any more")


def retirements(base: Judged, head: Judged) -> list[Retirement]:
    """The assets of the base that leave in the head, or by a line of the head on a day to come, sorted by name. On that
    day nothing but the calendar moves, and nobody reviews it any more."""
    before, after = base.plant.tables["asset"], head.plant.tables["asset"]
    found = []
    for identifier, row in before.rows.items():
        asset = living(identifier, head.canonical)
        if asset not in head.retired:
            continue
        date, approver, reason = head.retired[asset]
        leaves_later = date[:10] > head.plant.date and base.retired.get(identifier) != head.retired[asset]
        if asset not in after.rows or leaves_later:
            found.append(
                Retirement(
                    site=head.plant.site.id,
                    asset=asset,
                    name=base.plant.names.get(identifier, identifier),
                    zones=list(before.zones[row]),
                    date=date,
                    approver=approver,
                    reason=reason,
                )
            )
    return sorted(found, key=lambda each: (each.name, each.asset))


def mergers(base: Judged, head: Judged) -> list[Merger]:
    """The assets of the base that are one in the head, sorted by the id that stays."""
    before = base.plant.tables["asset"]
    together: dict[str, set[str]] = {}
    for given, now in head.canonical.items():
        if given != now and given in before.rows:
            together.setdefault(now, set()).add(given)
    found = []
    for now, ids in sorted(together.items()):
        rows = {before.rows[each]: base.plant.names.get(each, each) for each in {*ids, now} if each in before.rows}
        if len(rows) > 1:
            found.append(
                Merger(
                    site=head.plant.site.id,
                    asset=now,
                    names=sorted(rows.values()),
                    unseen=sorted(name for row, name in rows.items() if not before.fresh[row]),
                    zones=sorted({zone for row in rows for zone in before.zones[row]}),
                )
            )
    return found


def was_watched(table: Table, row: int, base: Judged, head: Judged, blind: Collection[str]) -> bool:
    """Whether a subject of the head that the base has not would have been seen there, had it been there: then it is
    new. Else nobody knows since when it is so. `blind` are the assets and zones of which the base knew nothing of that
    kind.

    A way that rules open is new where the base had the rules of their devices: whether somebody watches the zones does
    not matter. What was seen to flow is new unless both ends were out of sight. A device that was not there brings
    what it brings: that is new.
    """
    if table.kind in FROM_TRAFFIC:
        devices = _devices(table, row)
        if devices:
            return all(_had_rules(device, base) for device in devices)
        return not set(table.zones[row]) <= set(blind)
    asset = asset_of(table, row, head.plant)
    if asset:
        return asset not in blind and living(asset, base.canonical) not in blind
    return not set(table.zones[row]) & set(blind)


def _had_rules(device: str, base: Judged) -> bool:
    """Whether the rules of a device were known. Whose configuration was read, and had none, is known to have had
    none: a switch that begins to route opens what it opens."""
    assets = base.plant.tables.get("asset")
    row = assets.rows.get(living(device, base.canonical), -1) if assets else -1
    return row < 0 or base.plant.covered("firewall_rule", row) or base.plant.covered("setting", row)


def _derived_gone(table: Table, row: int, head: Judged) -> Gone:
    """What was derived from rules is gone where all the rules are still known; what was seen to flow, where both ends
    are still watched."""
    plant = head.plant
    assets = plant.tables.get("asset")
    devices = _devices(table, row)
    for device in devices:
        asset_row = assets.rows.get(living(device, head.canonical), -1) if assets else -1
        if not plant.covered("firewall_rule", asset_row):
            return Gone(False, f"no fresh source has the rules of {plant.names.get(device, device)} any more")
    unseen = {each.subject for each in plant.uncovered.get("crossing", ())}
    blind = sorted(unseen & set(table.zones[row])) if not devices else []
    if blind:
        return Gone(False, f"nobody watches {', '.join(blind)} any more")
    return Gone(True, "nothing opens it any more")


def _devices(table: Table, row: int) -> list[str]:
    """The devices whose rules permit what was derived; none for what was seen to flow."""
    for name in ("assets", "asset"):
        column = table.columns.get(name)
        value = column.values[row] if column else None
        if value is not None:
            decoded = msgspec.json.decode(value)
            return [decoded] if isinstance(decoded, str) else decoded
    return []


def _keys(table: Table, row: int) -> tuple[str, ...]:
    column = table.columns.get("key")
    value = column.values[row] if column else None
    return (msgspec.json.decode(value, type=str),) if value is not None else ()


def _speaks(plant: Plant, kind: str) -> bool:
    return any(kind in source.fresh_until and kind not in source.stale_kinds for source in plant.sources)


def _words(kind: str) -> str:
    return kind.replace("_", " ") + "s"
