"""What lies between two zones, for everything derived there: crossings and reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from plantproof.model.draft import confirmed, unconfirmed_zones
from plantproof.model.plant import NO_METHOD, Column, Origin, Table
from plantproof.model.site import Site, Zone
from plantproof.plant.places import UNKNOWN, Places
from plantproof.plant.services import permits


class Support(NamedTuple):
    """One record behind what is derived."""

    record: str
    method: int
    origins: tuple[Origin, ...]
    asset_row: int = -1
    logged: bool | None = None
    unresolved: bool = False


SIMPLE = frozenset({bool, float, str})


class Ends(NamedTuple):
    """What policies read of the zones at both ends. Titles and levels are absent for "unknown"."""

    src_zone_kind: str
    dst_zone_kind: str
    src_title: str | UnsetType
    dst_title: str | UnsetType
    src_purdue: float | UnsetType
    dst_purdue: float | UnsetType
    conduit: str | UnsetType
    """The declared and confirmed conduit that permits this direction and service."""


class Between:
    """The zones and conduits of a site, asked for pair by pair."""

    def __init__(self, site: Site, places: Places) -> None:
        self.site = site
        self.places = places
        self._certain = confirmed(site)  # a conduit that was drafted from a flow must not be what permits the flow
        self._zones = {zone.id: zone for zone in site.zones}
        self._waiting = unconfirmed_zones(site)
        self._conduits: dict[str, set[str]] = {}
        for conduit in site.conduits:
            for zone in conduit.zones:
                self._conduits.setdefault(zone, set()).add(conduit.id)

    def ends(self, src_zone: str, dst_zone: str, service: str) -> Ends:
        """What is known of a way from one zone to another."""
        source, target = self._zones.get(src_zone), self._zones.get(dst_zone)
        return Ends(
            src_zone_kind=self._kind_of(source),
            dst_zone_kind=self._kind_of(target),
            src_title=source.title if source else UNSET,
            dst_title=target.title if target else UNSET,
            src_purdue=float(source.purdue_level) if source else UNSET,
            dst_purdue=float(target.purdue_level) if target else UNSET,
            conduit=next(iter(permitting(self._certain, src_zone, dst_zone, service)), UNSET),
        )

    def _kind_of(self, zone: Zone | None) -> str:
        """What a zone is. One that is called external while the plant's own assets stand in it may be anything."""
        if zone is None or (zone.kind == "external" and zone.id in self.places.inhabited):
            return UNKNOWN
        return zone.kind

    def table(self, kind: str, rows: Sequence[msgspec.Struct], supports: Sequence[list[Support]]) -> Table:
        """A table of structs with `id`, `src_zone`, `dst_zone` and `conduit`, one row each, sorted by id. Methods are
        those of the strongest record behind each; a row counts in the zones at its ends, and in the conduit that
        permits it or else in those that join them: what passes there without permission counts against them."""
        pairs = sorted(zip(rows, supports, strict=True), key=lambda pair: str(getattr(pair[0], "id")))  # noqa: B009  any struct
        count = len(pairs)
        names = [field.name for field in msgspec.structs.fields(type(rows[0]))] if rows else []
        columns = {
            name: Column(values=[None] * count, methods=bytearray([NO_METHOD]) * count, disputed={}, stale=set())
            for name in names
        }
        table = Table(
            kind=kind, ids=[], rows={}, columns=columns, fresh=bytearray([1]) * count, zones=[], conduits=[],
            asset_rows=[], origins=[], methods=bytearray([NO_METHOD]) * count,
        )  # fmt: skip
        origins: list[tuple[Origin, ...]] = []
        encoded: dict[tuple[type, object], bytes] = {}
        for number, (row, behind) in enumerate(pairs):
            fields = {name: getattr(row, name) for name in names}
            table.ids.append(fields["id"])
            table.methods[number] = min(support.method for support in behind)
            for name, value in fields.items():
                if value is not UNSET:
                    # Most values stand in many rows: the zones and their titles, an empty list.
                    seen = value if value.__class__ in SIMPLE else tuple(value) if value.__class__ is list else None
                    key = (value.__class__, seen)
                    known = encoded.get(key) if seen is not None else msgspec.json.encode(value)
                    if known is None:
                        known = encoded[key] = msgspec.json.encode(value)
                    columns[name].values[number] = known
                    columns[name].methods[number] = table.methods[number]
            ends = {fields["src_zone"], fields["dst_zone"]}
            conduit = fields["conduit"]
            table.zones.append(tuple(sorted(ends - {UNKNOWN})) or self.places.every)
            table.conduits.append(self._joining(ends) if conduit is UNSET else (conduit,))
            table.asset_rows.append(next((item.asset_row for item in behind if item.asset_row >= 0), -1))
            origins.append(tuple(dict.fromkeys(item for support in behind for item in support.origins)))
            if waiting := sorted(ends & self._waiting):
                # Whether it leads from zone to zone at all is open.
                table.unconfirmed[number] = f"nobody has confirmed the zone {' or '.join(waiting)}"
        table.rows = {identifier: number for number, identifier in enumerate(table.ids)}
        table.origins = origins
        return table

    def _joining(self, ends: set[str]) -> tuple[str, ...]:
        """Conduits between these zones."""
        return tuple(sorted(set.intersection(*(self._conduits.get(zone, set()) for zone in ends))))


def permitting(site: Site, src_zone: str, dst_zone: str, service: str) -> list[str]:
    """Ids of the conduits whose `permitted` allows the service in that direction, sorted."""
    found = []
    for conduit in site.conduits:
        allowed = [
            text
            for permitted in conduit.permitted
            if permitted.from_ == src_zone and permitted.to == dst_zone
            for text in permitted.services
        ]
        if permits(allowed, service):
            found.append(conduit.id)
    return sorted(found)
