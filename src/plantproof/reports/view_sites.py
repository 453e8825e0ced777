"""Sites as reports show them: zones and conduits with their levels, sources, assets, waivers, attestations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from plantproof.model.assessment import (
    AssetRow,
    AttestationState,
    CrossingRow,
    SiteResult,
    SourceResult,
    UnitResult,
    WaiverState,
)
from plantproof.reports.view_frameworks import SHOWN_GAPS, finding_view
from plantproof.reports.view_gaps import cause_counts, severity_counts
from plantproof.reports.view_levels import build_levels
from plantproof.reports.view_names import Names, severity_rank
from plantproof.reports.view_parts import Fact, FindingView
from plantproof.reports.view_site_types import (
    AssetView,
    AttestationView,
    CrossingView,
    RawView,
    SourceKind,
    SourceView,
    UnitView,
    WaiverView,
)
from plantproof.reports.view_types import SiteView
from plantproof.reports.view_values import size_text
from plantproof.reports.words import (
    CONCLUSIONS,
    SOURCE_STATES,
    WAIVER_STATES,
    ZONE_KINDS,
    purdue_label,
    status_of,
)


def build_site(site: SiteResult, names: Names) -> SiteView:
    """One site, everything sorted: zones from the office down to the process, the worst ones apart."""
    findings = _findings_by_unit(site, names)
    crossings = [_crossing(row, names) for row in sorted(site.crossings, key=_crossing_order)]
    crossings_of = _crossings_by_unit(crossings)
    conduits_of: dict[str, list[str]] = defaultdict(list)
    for conduit in sorted(site.conduits, key=lambda unit: unit.id):
        for zone in conduit.zones:
            conduits_of[zone].append(conduit.id)
    zones = [
        _unit(zone, site, names, crossings_of, conduits_of[zone.id], findings)
        for zone in sorted(site.zones, key=lambda unit: (-_level(unit), unit.id))
    ]
    conduits = [
        _unit(conduit, site, names, crossings_of, conduit.zones, findings)
        for conduit in sorted(site.conduits, key=lambda unit: unit.id)
    ]
    return SiteView(
        id=site.id,
        title=site.title,
        fictional=site.fictional,
        owner=site.owner,
        zones=zones,
        worst=sorted(zones, key=_worst_first),
        conduits=conduits,
        sources=[_source(source) for source in sorted(site.sources, key=lambda source: source.name)],
        assets=[_asset(row, names) for row in sorted(site.assets, key=_asset_order)],
        attestations=[_attestation(state) for state in sorted(site.attestations, key=lambda state: state.id)],
        waivers=[_waiver(state) for state in sorted(site.waivers, key=lambda state: state.id)],
        adopted=_adopted(site),
        shadows=[crossing for crossing in crossings if not crossing.conduit],
        gaps=names.gaps_per_site[site.id],
    )


def _level(unit: UnitResult) -> float:
    return -1.0 if unit.purdue_level is None else unit.purdue_level


def _worst_first(unit: UnitView) -> tuple[int, int, int, str]:
    levels = unit.levels
    return (-(levels.short if levels else 0), -(levels.open if levels else 0), -unit.gaps, unit.id)


def _asset_order(row: AssetRow) -> tuple[int, int, str, str]:
    return (severity_rank(row.worst) if row.worst else 99, -row.gaps, row.name, row.id)


def _crossing_order(row: CrossingRow) -> tuple[str, ...]:
    return (row.src_zone, row.dst_zone, row.service, row.conduit, row.kind, row.name)


def _findings_by_unit(site: SiteResult, names: Names) -> dict[tuple[str, str], list[FindingView]]:
    found: dict[tuple[str, str], list[FindingView]] = defaultdict(list)
    for framework in names.assessment.frameworks:
        for finding in framework.units:
            if finding.site == site.id:
                found[finding.unit_kind, finding.unit].append(finding_view(finding, names))
    order = {status: rank for rank, status in enumerate(CONCLUSIONS.values())}
    for findings in found.values():
        findings.sort(key=lambda finding: (order.get(finding.status, -1), finding.control))
    return found


def _crossings_by_unit(crossings: list[CrossingView]) -> dict[tuple[str, str], list[CrossingView]]:
    found: dict[tuple[str, str], list[CrossingView]] = defaultdict(list)
    for crossing in crossings:
        for zone in sorted({crossing.source.id, crossing.target.id}):
            found["zone", zone].append(crossing)
        if crossing.conduit:
            found["conduit", crossing.conduit].append(crossing)
    return found


def _crossing(row: CrossingRow, names: Names) -> CrossingView:
    return CrossingView(
        source=names.unit(row.site, "zone", row.src_zone),
        target=names.unit(row.site, "zone", row.dst_zone),
        service=row.service,
        conduit=row.conduit,
        kind=row.kind,
        name=row.name,
    )


def _unit(
    unit: UnitResult,
    site: SiteResult,
    names: Names,
    crossings: dict[tuple[str, str], list[CrossingView]],
    joins: Sequence[str],
    findings: dict[tuple[str, str], list[FindingView]],
) -> UnitView:
    gaps = names.gaps_of_unit.get((site.id, unit.kind, unit.id), [])
    other = "conduit" if unit.kind == "zone" else "zone"
    return UnitView(
        site=site.id,
        kind=unit.kind,
        id=unit.id,
        title=(unit.title or unit.id) + (" (draft)" if unit.unconfirmed else ""),
        level=unit.purdue_level,
        level_label=purdue_label(unit.purdue_level) if unit.kind == "zone" else "",
        kind_label=ZONE_KINDS.get(unit.zone_kind, unit.zone_kind),
        zone_kind=unit.zone_kind,
        owner=unit.owner,
        criticality=unit.criticality,
        assets=unit.assets,
        levels=build_levels(unit.sl_target, unit.sl_achieved),
        gaps=unit.gaps,
        severities=[count for count in severity_counts(Counter(unit.gaps_by_severity)) if count.count],
        causes=cause_counts(names, (gap.cause for gap in gaps), site.id),
        gap_ids=[gap.id for gap in gaps[:SHOWN_GAPS]],
        joins=[names.unit(site.id, other, identity) for identity in joins],
        crossings=crossings.get((unit.kind, unit.id), []),
        functions=[site.essential_functions.get(function, function) for function in sorted(unit.essential_functions)],
        findings=findings.get((unit.kind, unit.id), []),
    )


def _source(source: SourceResult) -> SourceView:
    facts = [
        ("Format", source.format),
        ("Tool", f"{source.tool} {source.tool_version}".strip()),
        ("How it was exported", source.steps),
        ("Collected", f"{source.collected_at} by {source.collected_by}"),
        ("Vantage", source.vantage),
        ("Custody", source.custody_path),
        ("Last changed by commit", source.commit),
        ("Rows in the export", f"{source.rows:,}"),
        ("Rows not understood", f"{source.not_understood:,}"),
        ("Values redacted", f"{source.redacted:,}"),
    ]
    ages = [f"{kind} stale since {source.stale_since[kind]}" for kind in sorted(source.stale_since)]
    return SourceView(
        site=source.site,
        name=source.name,
        status=status_of(SOURCE_STATES, source.state),
        facts=[Fact(label=label, value=value) for label, value in facts if value],
        collected_at=source.collected_at,
        collected_by=source.collected_by,
        kinds=_kinds(source),
        records=sum(source.records.values()),
        raw=[
            RawView(
                path=str(raw.get("path", "")),
                size=size_text(raw.get("bytes")),
                rows=f"{raw.get('imported', 0):,} of {raw['rows']:,} rows imported" if raw.get("rows") else "",
                sha256=str(raw.get("sha256", "")),
            )
            for raw in sorted(source.raw, key=lambda raw: str(raw.get("path", "")))
        ],
        hashes=[Fact(label=path, value=source.sha256[path]) for path in sorted(source.sha256)],
        covers=list(source.covers),
        not_understood=source.not_understood,
        redacted=source.redacted,
        ages="; ".join(ages),
    )


def _kinds(source: SourceResult) -> list[SourceKind]:
    kinds = []
    for kind in sorted({*source.records, *source.fresh_until, *source.stale_since}):
        if kind in source.stale_since:
            age, state = f"stale since {source.stale_since[kind]}", "stale"
        elif kind in source.fresh_until:
            age, state = f"fresh until {source.fresh_until[kind]}", "fresh"
        else:
            age, state = "no age limit", source.state if source.state != "partly-stale" else "fresh"
        kinds.append(
            SourceKind(
                kind=kind.replace("_", " "),
                records=source.records.get(kind, 0),
                age=age,
                status=status_of(SOURCE_STATES, state),
            )
        )
    return kinds


def _asset(row: AssetRow, names: Names) -> AssetView:
    remarks = []
    if not row.fresh:
        remarks.append("evidence stale")
    if row.disputed:
        remarks.append(f"sources disagree on {', '.join(sorted(row.disputed))}")
    if not row.zones:
        remarks.append("not in any zone")
    elif row.placement == "draft":
        remarks.append("zone only drafted")
    elif row.placement == "unplaced" or len(row.zones) > 1:
        remarks.append("zone not certain")
    return AssetView(
        site=row.site,
        id=row.id,
        name=row.name or row.id,
        role=row.role,
        product=f"{row.vendor} {row.model}".strip(),
        firmware=row.firmware,
        zones=", ".join(names.units.get((row.site, "zone", zone)) or zone for zone in sorted(row.zones)),
        criticality=row.criticality,
        sources=", ".join(sorted(row.sources)),
        remarks="; ".join(remarks),
        gaps=row.gaps,
        worst=row.worst,
    )


def _adopted(site: SiteResult) -> str:
    """`77 adopted on 2026-11-20 by Kim Plant: 9 closed, 68 open (2 worse, 1 past its review); 3 gaps are new`,
    and how many of them are not known any more."""
    state = site.adopted
    if state is None:
        return ""
    notes = [f"{many} {word}" for many, word in ((state.worse, "worse"), (state.overdue, "past their review")) if many]
    noted = f" ({', '.join(notes)})" if notes else ""
    silent = f"{state.unknown} not known any more, " if state.unknown else ""
    return (
        f"{state.adopted} adopted on {state.on} by {state.by}: {state.closed} closed, {silent}"
        f"{state.open} open{noted}; {state.new} came since"
    )


def _waiver(state: WaiverState) -> WaiverView:
    return WaiverView(
        site=state.site,
        id=state.id,
        kind=state.kind.replace("-", " "),
        policy=state.policy,
        subjects=sorted(state.subjects),
        controls=sorted(state.controls),
        reason=state.reason,
        people=f"owner {state.owner}, approved by {state.approver}",
        dates=f"{state.approved} to {state.expires}",
        status=status_of(WAIVER_STATES, state.state),
        why=state.why,
        gaps=state.gaps,
        compensated=state.compensated,
    )


def _attestation(state: AttestationState) -> AttestationView:
    return AttestationView(
        site=state.site,
        id=state.id,
        topic=state.topic,
        who=f"{state.who} ({state.role})" if state.role else state.who,
        method=state.method,
        dates=f"{state.date} to {state.expires}",
        outcome=state.outcome.replace("-", " "),
        status=status_of(WAIVER_STATES, state.state),
        why=state.why,
        claimed=state.claimed,
        statement=state.statement,
        scope=list(state.scope),
    )
