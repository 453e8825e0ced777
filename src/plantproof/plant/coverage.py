"""For which subjects the fresh sources speak: the difference between "there is none" and "nobody looked"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import msgspec

from plantproof.errors import InputError, Problem
from plantproof.model.choosing import lets_in
from plantproof.model.draft import unconfirmed_zones
from plantproof.model.evidence import Covers, Source
from plantproof.model.plant import SourceState, Table, Uncovered
from plantproof.model.site import Site
from plantproof.model.vantage import is_stated, missed
from plantproof.model.vocabulary import Reason
from plantproof.plant.population import NameIndex
from plantproof.plant.zones import NOWHERE_CERTAIN, Placement, claims_of

HANG_ON_ASSETS = ("account", "backup", "firewall_rule", "interface", "service", "setting", "software", "vulnerability")
"""Kinds of which every asset may have records, so that silence about one is a question."""

ONLY_ROLES = {"firewall_rule": ("firewall",)}
"""Kinds that only assets of some role have. An asset whose role nobody knows may be one of them."""

NEVER_EMPTY = frozenset({"account", "asset", "firewall_rule", "flow", "interface", "setting"})
"""Kinds of which an export without any record shows that something went wrong, not that there are none. No advisory
and no backup job, on the other hand, is an answer."""

UNCONFIRMED = "nobody has confirmed where this zone ends"
CROSSING_KINDS = ("flow", "firewall_rule")


class Coverage(msgspec.Struct):
    """`covered` as in `Plant.covered_assets`; `stale[kind]` marks assets for which only a stale source speaks."""

    covered: dict[str, bytearray]
    stale: dict[str, bytearray]
    remarks: list[Problem]


def coverage(
    sources: Sequence[Source],
    states: Sequence[SourceState],
    kinds: Sequence[str],
    site: Site,
    assets: Table,
    placement: Placement,
    index: NameIndex,
    records: Mapping[str, Mapping[str, set[int]]],
    absent: Mapping[str, Sequence[Covers]] | None = None,
) -> Coverage:
    """Who is covered, kind by kind.

    A source covers what its custody says: the zones and assets of each scope, the whole site where a scope names
    neither. Where custody says nothing of a kind, the source covers just the assets of which it brought a record of
    that kind (`records[kind][source]`, rows of assets): an export that lists somebody's accounts speaks for that
    somebody only. An asset in several zones is covered by a scope over one of them; an unplaced one only by a scope
    over all. What a source of `absent` (set up in the project, and no evidence of it) should speak for is covered by
    nobody: other sources may well be silent about what that one found. Raises InputError for a scope over a zone that
    the site does not declare.
    """
    problems: list[Problem] = []
    result = Coverage(covered={}, stale={}, remarks=[])
    by_name = {state.name: state for state in states}
    declared = {zone.id for zone in site.zones}
    draft = unconfirmed_zones(site)
    for source in sorted(sources, key=lambda item: item.name):
        state = by_name[source.name]
        problems += _undeclared(source, site, declared)
        for kind in kinds:
            marked = result.stale if kind in state.stale_kinds else result.covered
            scopes = [cover for cover in source.custody.covers if cover.kind == kind]
            brought = records.get(kind, {}).get(source.name, set())
            if not scopes:
                _mark(marked, kind, brought, len(assets.ids))
            if scopes and brought_nothing(source, kind):
                message = f"{source.name} says that it covers {kind.replace('_', ' ')} records, and brought none"
                hint = "an empty export is no evidence: check the export, and collect the source again"
                result.remarks.append(Problem(source.custody_path, 0, message, hint))
                continue
            for scope in scopes:
                rows = _scope_rows(scope, source.custody_path, assets, placement, index, result.remarks, draft)
                if kind in ONLY_ROLES and not scope.assets:
                    # Over zones it says what crosses there; of a firewall that brought no rule it says nothing.
                    rows = brought.intersection(rows)
                for key in [f"{kind}:{key}" for key in scope.keys] or [kind]:
                    _mark(marked, key, rows, len(assets.ids))
    if problems:
        raise InputError(*problems)
    for kind in kinds:
        result.covered.setdefault(kind, bytearray(len(assets.ids)))
    for name, missing in sorted((absent or {}).items()):
        _leave_open(result, name, missing, assets, placement, index)
    return result


def _undeclared(source: Source, site: Site, declared: set[str]) -> list[Problem]:
    hint = f"zones are {', '.join(sorted(declared))}"
    return [
        Problem(source.custody_path, 0, f"`covers` names zone `{zone}`, which site `{site.id}` does not declare", hint)
        for cover in source.custody.covers
        for zone in sorted(set(cover.zones) - declared)
    ]


def _leave_open(
    result: Coverage, name: str, scopes: Sequence[Covers], assets: Table, placement: Placement, index: NameIndex
) -> None:
    """Nobody covers what a source of which there is no evidence should speak for."""
    path = "plantproof.yaml"
    message = f"source `{name}` is set up, and there is no evidence of it"
    hint = f"collect it, or take it out of {path}: until then its {_kinds_of(scopes)} stay open"
    result.remarks.append(Problem(path, 0, message, hint))
    for scope in scopes:
        rows = _scope_rows(scope, path, assets, placement, index, result.remarks)
        for key, column in result.covered.items():
            kind, _, of_key = key.partition(":")
            # Without keys it would speak for all of them; whoever else speaks for all may not for those that it names.
            if kind == scope.kind and (not of_key or not scope.keys or of_key in scope.keys):
                for row in rows:
                    column[row] = 0


def _kinds_of(scopes: Sequence[Covers]) -> str:
    return " and ".join(sorted({scope.kind.replace("_", " ") for scope in scopes})) or "records"


def brought_nothing(source: Source, kind: str) -> bool:
    """Whether a source has no record at all of a kind of which a look at a plant always brings some."""
    if kind not in NEVER_EMPTY or kind in source.left_out:
        return False
    return not any(data.strip() for _, data in source.records.get(kind, ()))


def _mark(columns: dict[str, bytearray], key: str, rows: Sequence[int] | set[int] | range, count: int) -> None:
    column = columns.setdefault(key, bytearray(count))
    for row in rows:
        column[row] = 1


def _scope_rows(
    scope: Covers,
    path: str,
    assets: Table,
    placement: Placement,
    index: NameIndex,
    remarks: list[Problem],
    draft: frozenset[str] = frozenset(),
) -> range | set[int]:
    """The rows of the assets in a scope. A zone of `draft` counts for nothing there: nobody has said where it ends."""
    if not scope.zones and not scope.assets:
        return range(len(assets.ids))
    rows: set[int] = set()
    for name in scope.assets:
        found = index.find(name)
        rows.update(assets.rows[identifier] for identifier in found if identifier in assets.rows)
        if not found:
            message = f"`covers` names asset `{name}`, which nobody knows: it covers nothing by that"
            remarks.append(Problem(path, 0, message, "check the name"))
    if scope.zones:
        zones = set(scope.zones) - draft
        within = {
            (unplaced, distinct): zones.issuperset(distinct) if unplaced else not zones.isdisjoint(distinct)
            for unplaced in (False, True)
            for distinct in set(assets.zones)
        }
        loose = map(NOWHERE_CERTAIN.__contains__, placement.how)
        rows.update(row for row, key in enumerate(zip(loose, assets.zones, strict=True)) if within[key])
    return rows


def uncovered(kinds: Sequence[str], assets: Table, found: Coverage) -> dict[str, list[Uncovered]]:
    """For each kind that hangs on assets: the assets for which no fresh source speaks, in the order of the table."""
    result: dict[str, list[Uncovered]] = {}
    roles = assets.columns["role"]
    make = partial(tuple.__new__, Uncovered)  # 100,000 assets of ten kinds: half the time of calling the class
    for kind in kinds:
        if kind not in HANG_ON_ASSETS:
            continue
        spoken = int.from_bytes(found.covered[kind], "big")
        for key, column in found.covered.items():
            if key.startswith(f"{kind}:"):
                spoken |= int.from_bytes(column, "big")
        silent = spoken.to_bytes(len(assets.ids), "big")
        rows = [row for row, said in enumerate(silent) if not said]
        if kind in ONLY_ROLES:
            rows = [row for row in rows if _may_have(ONLY_ROLES[kind], claims_of(roles, row))]
        word = kind.replace("_", " ")
        stale = found.stale.get(kind, bytes(len(assets.ids)))
        words = (
            (Reason.NOT_COVERED.value, f"no source says which {word} records it has"),
            (Reason.STALE.value, f"the last source that said which {word} records it has is out of date"),
        )
        result[kind] = [make((assets.ids[row], "asset", assets.zones[row], *words[stale[row]])) for row in rows]
    return result


def _may_have(wanted: Sequence[str], roles: tuple[bytes, ...]) -> bool:
    """Whether an asset of these claimed roles may have records that only the wanted roles have."""
    return not roles or any(lets_in("role", list(wanted), role) is not False for role in roles)


def unwatched_zones(
    site: Site,
    sources: Sequence[Source],
    states: Sequence[SourceState],
    kinds: Sequence[str] = CROSSING_KINDS,
    absent: Mapping[str, Sequence[Covers]] | None = None,
    placed: Collection[str] = (),
) -> list[Uncovered]:
    """Zones in which something could be that nobody would have seen: for one of the kinds, no fresh source covers the
    zone from a stated vantage, without a filter or a loss that hides it and with every row read (verdicts.md 8).

    That nothing crosses a boundary unseen takes flows, which alone show a way around the firewalls, and firewall rules,
    which alone show what was not used while the sensor looked. A zone outside the plant (`external`, and not `placed`:
    no asset stands in it) is seen from its neighbours and needs no sensor of its own.
    """
    by_name = {state.name: state for state in states}
    result = []
    for zone in sorted(site.zones, key=lambda item: item.id):
        if zone.unconfirmed:
            result.append(Uncovered(zone.id, "zone", (zone.id,), Reason.UNCONFIRMED.value, UNCONFIRMED))
            continue
        if zone.kind == "external" and zone.id not in placed:
            continue
        silent: list[str] = []
        details = []
        for kind in kinds:
            reasons = [
                _why_blind(source, by_name[source.name], kind)
                for source in sorted(sources, key=lambda item: item.name)
                for scope in source.custody.covers
                if scope.kind == kind and not scope.keys and _speaks_for(scope, zone.id)
            ]
            if "" not in reasons:
                details += reasons
                silent += [] if reasons else [f"{kind.replace('_', ' ')}s"]
            details += [
                f"{name} is set up, and there is no evidence of it"
                for name, scopes in sorted((absent or {}).items())
                if any(scope.kind == kind and _speaks_for(scope, zone.id) for scope in scopes)
            ]
        if silent:
            details.append(f"no source of {' or '.join(silent)} covers this zone")
        if details:
            stale = any(detail.endswith("out of date") for detail in details)
            reason = Reason.STALE if stale else Reason.NOT_COVERED
            result.append(Uncovered(zone.id, "zone", (zone.id,), reason.value, "; ".join(dict.fromkeys(details))))
    return result


def _speaks_for(scope: Covers, zone: str) -> bool:
    return zone in scope.zones or not (scope.zones or scope.assets)


def _why_blind(source: Source, state: SourceState, kind: str) -> str:
    """Why a source that covers a zone still proves no absence there; "" where it does."""
    if kind in state.stale_kinds:
        return f"{source.name} is out of date"
    if not is_stated(source.custody.vantage):
        return f"{source.name} states no vantage (sensor or segments)"
    if brought_nothing(source, kind):
        return f"{source.name} brought no {kind.replace('_', ' ')}s"
    if why := missed(source.custody, kind):
        return f"{source.name} {', '.join(why)}"
    return ""
