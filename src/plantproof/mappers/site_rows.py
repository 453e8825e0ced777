"""The tables of a site: assets with what is known of them, sources of evidence, and what crosses between zones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from plantproof.model.assessment import AssetRow, CrossingRow, Gap, SourceResult
from plantproof.model.evidence import Covers, Vantage
from plantproof.model.plant import Origin, Origins, Plant, SourceState, Table
from plantproof.model.vocabulary import Severity

ASSET_FIELDS = ("role", "vendor", "model", "firmware", "criticality")


def asset_rows(plant: Plant, gaps: Iterable[Gap]) -> list[AssetRow]:
    """Every expected asset, seen or not, by id; with its gaps and the fields that sources dispute."""
    table = plant.tables.get("asset")
    if table is None:
        return []
    counts: Counter[str] = Counter()
    ranks = {severity.value: severity.rank for severity in Severity}
    worst: dict[str, str] = {}
    for gap in gaps:
        if gap.asset:
            counts[gap.asset] += 1
            known = worst.get(gap.asset)
            if known is None or ranks[gap.severity] < ranks[known]:
                worst[gap.asset] = gap.severity
    columns = {field: _texts(table, field) for field in ASSET_FIELDS}
    disputed: dict[int, list[str]] = {}
    for field in sorted(table.columns):
        for row in table.columns[field].disputed:
            disputed.setdefault(row, []).append(field)
    zone_criticality = {zone.id: zone.criticality or "" for zone in plant.site.zones}
    sources = sources_of(table.origins)
    found = []
    known_as, placed, site = plant.names, plant.placement, plant.site.id
    facts = zip(table.ids, table.zones, *(columns[field] for field in ASSET_FIELDS), strict=True)
    for row, (asset, zones, role, vendor, model, firmware, criticality) in enumerate(facts):
        found.append(
            AssetRow(
                site=site,
                id=asset,
                name=known_as.get(asset, asset),
                zones=list(zones),
                placement=placed.get(asset, ""),
                sources=sources[row],
                fresh=bool(table.fresh[row]),
                gaps=counts[asset],
                worst=worst.get(asset, ""),
                disputed=disputed.get(row, []),
                role=role,
                vendor=vendor,
                model=model,
                firmware=firmware,
                criticality=criticality or next((zone_criticality.get(each, "") for each in zones), ""),
            )
        )
    return found


def sources_of(origins: Sequence[tuple[Origin, ...]]) -> list[list[str]]:
    """The sources behind each row, sorted. Most rows rest on the same few files, so that equal ones are made once."""
    if not isinstance(origins, Origins):
        return [sorted({origin.source for origin in row}) for row in origins]
    files = [entry >> 32 for entry in origins.entries]
    known: dict[tuple[int, ...], list[str]] = {}
    found = []
    for start, end in pairwise(origins.starts):
        numbers = tuple(files[start:end])
        if numbers not in known:
            known[numbers] = sorted({origins.files[number][0] for number in numbers})
        found.append(known[numbers])
    return found


def crossing_rows(plant: Plant) -> list[CrossingRow]:
    """What passes or may pass between zones, by id of the crossing."""
    table = plant.tables.get("crossing")
    if table is None:
        return []
    columns = {field: _texts(table, field) for field in ("src_zone", "dst_zone", "service", "conduit", "kind")}
    return [
        CrossingRow(
            site=plant.site.id,
            name=plant.names.get(crossing, crossing),
            **{field: values[row] for field, values in columns.items()},
        )
        for row, crossing in enumerate(table.ids)
    ]


def source_results(sources: Iterable[SourceState]) -> list[SourceResult]:
    """Every source of evidence with its custody and how long it is fresh, by name."""
    return [_source(state) for state in sorted(sources, key=lambda each: each.name)]


def _source(state: SourceState) -> SourceResult:
    custody = state.custody
    if not state.stale_kinds:
        word = "fresh"
    else:
        word = "partly-stale" if set(state.fresh_until) - set(state.stale_kinds) else "stale"
    records: Counter[str] = Counter()
    for file in custody.records:
        records[file.kind] += file.rows
    return msgspec.convert(
        {
            "site": state.site,
            "name": state.name,
            "format": custody.format,
            "tool": custody.tool,
            "tool_version": custody.tool_version,
            "steps": custody.steps,
            "collected_at": custody.collected_at,
            "collected_by": custody.collected_by.name,
            "state": word,
            "fresh_until": dict(sorted(state.fresh_until.items())),
            "stale_since": dict(sorted(state.stale_kinds.items())),
            "covers": [_covers_words(each) for each in custody.covers],
            "vantage": _vantage_words(custody.vantage),
            "records": dict(sorted(records.items())),
            "raw": [msgspec.to_builtins(each) for each in custody.raw],
            "rows": sum(each.rows for each in custody.raw),
            "not_understood": sum(each.count for each in custody.not_understood),
            "remarks": [
                f"{each.raw}:{each.line}: {each.what}" + (f" ({each.count} times)" if each.count > 1 else "")
                for each in custody.remarks
            ],
            "redacted": len(custody.redacted),
            "custody_path": state.custody_path,
            "sha256": {each.path: each.sha256 for each in sorted(custody.records, key=lambda each: each.path)},
        },
        SourceResult,
    )


def _covers_words(covers: Covers) -> str:
    limits = [f"zone {each}" for each in covers.zones] + [f"asset {each}" for each in covers.assets]
    limits += [f"key {each}" for each in covers.keys]
    return f"{covers.kind} of {', '.join(limits) if limits else 'the whole site'}"


def _vantage_words(vantage: Vantage | None) -> str:
    if vantage is None:
        return ""
    words = [vantage.sensor, *(f"segment {each}" for each in vantage.segments)]
    words += [f"filter {vantage.filter}"] if vantage.filter else []
    words += [f"loss {vantage.loss_percent:g} %"] if vantage.loss_percent is not None else []
    return ", ".join(word for word in words if word)


def _texts(table: Table, field: str) -> list[str]:
    """A column as texts, "" where nothing is known. Each distinct value is decoded once, all of them in one go: there
    are few of most."""
    column = table.columns.get(field)
    if column is None:
        return [""] * len(table.ids)
    distinct = list(dict.fromkeys(column.values))
    values: list[Any] = msgspec.json.decode(b"[" + b",".join(value or b"null" for value in distinct) + b"]")
    texts = ["" if value is None else value if isinstance(value, str) else str(value) for value in values]
    return list(map(dict(zip(distinct, texts, strict=True)).__getitem__, column.values))
