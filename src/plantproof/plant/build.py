"""All claims of one site -> its plant on a date. Reads like the list of what a plant is: who, how fresh, where,
covered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, product

import msgspec

from plantproof.bulk import collector_paused
from plantproof.errors import InputError, Problem
from plantproof.model.approved import ApprovedRecord
from plantproof.model.draft import draft_words
from plantproof.model.evidence import Claims, Covers
from plantproof.model.plant import Column, Plant, SourceState, Table
from plantproof.model.project_file import ProjectFile
from plantproof.model.records import KINDS
from plantproof.model.site import Site
from plantproof.model.vocabulary import Method
from plantproof.plant import crossing, declared, naming, references
from plantproof.plant.approved import KIND as APPROVED
from plantproof.plant.approved import approved_table
from plantproof.plant.attested import named_assets, names_asked
from plantproof.plant.claims import ReadKind, read_kind, record_fields
from plantproof.plant.coverage import HANG_ON_ASSETS, coverage, uncovered, unwatched_zones
from plantproof.plant.drafted import place_assets
from plantproof.plant.freshness import lapses, source_states
from plantproof.plant.merge import Merged, merge_kind, merge_records
from plantproof.plant.places import Places
from plantproof.plant.population import Population, population
from plantproof.plant.reach import reach_rows, reach_table
from plantproof.plant.rulebase import RULE_FIELDS
from plantproof.plant.sightings import first_seen
from plantproof.plant.subnets import SubnetIndex
from plantproof.plant.zones import NOWHERE_CERTAIN, claims_of

PLACING = frozenset({"ips", "names", "parent", "role", "zone"})
"""What is read of every asset, whatever the policies read: where it is, and what people call it."""

DESCRIBING = frozenset({"criticality", "firmware", "model", "owner", "purdue_level", "vendor"})
"""What reports say of every asset besides."""

CROSSING_NEEDS = {
    "firewall_rule": RULE_FIELDS,
    "flow": crossing.FLOW_FIELDS,
    "interface": crossing.INTERFACE_FIELDS,
}
"""Kinds that are read even if no policy does: crossings rest on them."""


def build_plant(
    claims: Claims,
    site: Site,
    project: ProjectFile,
    needs: Mapping[str, set[str]],
    on: str,
    judged: Collection[str] | None = None,
    approved: Sequence[ApprovedRecord] = (),
) -> Plant:
    """Merge the claims of one site into the plant as it is known on the date `on`. Pure: same arguments, same plant.

    `needs` maps a kind to the fields that policies read. Kinds that nobody needs are not read at all; pass every
    kind to have every record checked. Raises InputError with every mistake found: records that do not parse, values
    of a wrong type, two subjects under one id, evidence dated after `on`, scopes over zones that the site does not
    declare.

    `judged` are the kinds about which a policy is asked, None where that may be any: only for those the assets of
    which nothing is known are listed. `approved` are the configurations on record for devices of this site.
    """
    with collector_paused():
        return _build(claims, site, project, needs, on, judged, approved)


def _build(
    claims: Claims,
    site: Site,
    project: ProjectFile,
    needs: Mapping[str, set[str]],
    on: str,
    judged: Collection[str] | None,
    approved: Sequence[ApprovedRecord],
) -> Plant:
    states = source_states(claims, project, on)
    _check_zones(site)
    problems: list[Problem] = []
    read = {kind: _read(kind, claims, states, needs, problems) for kind in _kinds(needs)}
    problems += _stored_proposals(claims, read)
    if problems:
        raise InputError(*problems)
    absent = _absent(claims, project)
    canonical = {given: living for given, living in claims.identities.canonical.items() if given != living}
    asked = names_asked(claims.attestations, site)
    expected = population(read["asset"], claims, canonical, site, _names_in_scopes(claims, absent) | asked, on)
    merged = {
        kind: merge_kind(claimed, expected.ids, canonical, project.source_precedence)
        if kind == "asset"
        else merge_records(claimed, canonical, project.source_precedence)
        for kind, claimed in read.items()
    }
    if canonical:  # a module of a rack that was merged is a part of the asset that lives on, for whoever looks it up
        references.name_living(merged["asset"].columns["parent"], canonical)
    names = naming.asset_names(merged["asset"], claims.identities.names, expected.declared_names, canonical)
    _add_declared(merged["asset"], expected, site)
    _withdraw(merged["asset"], expected.returned)
    subnets = SubnetIndex(site)
    placement = place_assets(
        merged["asset"],
        site,
        expected.index,
        subnets,
        _interface_addresses(merged["interface"], merged["asset"], canonical),
        _last_addresses(merged["asset"]),
    )
    belonging = references.Belonging(
        asset_rows=merged["asset"].rows,
        canonical=canonical,
        asset_zones=placement.zones,
        asset_conduits=references.asset_conduits(site, expected.index, merged["asset"].rows),
        served=references.shared_systems(site, expected.index, merged["asset"].rows),
        every_zone=tuple(sorted(zone.id for zone in site.zones)),
        every_conduit=tuple(sorted(conduit.id for conduit in site.conduits)),
        subnets=subnets,
        confirmed_zones=frozenset(zone.id for zone in site.zones if not zone.unconfirmed),
    )
    merged["asset"].columns["zone"] = placement.column
    assets = references.table_of(
        merged["asset"], list(range(len(expected.ids))), placement.zones, belonging.asset_conduits
    )
    tables = {kind: references.owned_table(item, belonging) for kind, item in merged.items() if kind != "asset"}
    tables["asset"] = assets
    places = Places(site, subnets, assets, placement)
    rules = tables["firewall_rule"]
    reaches = reach_rows(site, assets, rules, tables["interface"], places)
    tables["reach"] = reach_table(site, rules, reaches, places)
    tables["crossing"] = crossing.crossing_table(site, assets, tables["flow"], rules, reaches, places)
    odd_records: list[Problem] = []
    if approved and APPROVED in needs:
        tables[APPROVED], odd_records = approved_table(approved, claims, states, belonging, names)
    certain = zip(assets.zones, placement.how, strict=True)
    placed = {zone for zones, how in certain if how not in NOWHERE_CERTAIN for zone in zones}
    unwatched = {zone.subject for zone in unwatched_zones(site, claims.sources, states, ["asset"], absent, placed)}
    tables["zone"] = declared.zone_table(site, assets, placement, unwatched)
    tables["conduit"] = declared.conduit_table(site, assets, expected.index)
    for kind, fields in needs.items():
        if "id" in fields and kind in tables:
            _add_ids(tables[kind])
    hanging = [kind for kind in HANG_ON_ASSETS if kind in needs and (judged is None or kind in judged)]
    brought = _records_of(merged, tables)
    covered = coverage(claims.sources, states, sorted(read), site, assets, placement, expected.index, brought, absent)
    unseen = uncovered(hanging, assets, covered)
    unseen["crossing"] = unwatched_zones(site, claims.sources, states, absent=absent, placed=placed)
    if "reach" in needs:
        unseen["reach"] = unwatched_zones(site, claims.sources, states, ["firewall_rule"], absent, placed)
    if "flow" in needs:
        unseen["flow"] = unwatched_zones(site, claims.sources, states, ["flow"], absent, placed)
    own_names: dict[tuple[str, str], str] = {}
    # First the kinds that are always read: their records are named in words about others too.
    for kind in sorted(tables, key=lambda each: (each not in CROSSING_NEEDS, each)):
        naming.add_names(names, own_names, kind, naming.record_names(tables[kind], assets, names))
    names |= naming.flow_names(tables["flow"], names)
    names |= naming.declared_names(site, tables["crossing"])
    names |= naming.reach_names(reaches, names)
    naming.add_names(names, own_names, APPROVED, naming.approved_names(tables.get(APPROVED), assets, names))
    return Plant(
        site=site,
        date=on,
        tables=tables,
        uncovered=unseen,
        covered_assets=covered.covered,
        context=declared.context(site),
        names=names,
        placement=dict(zip(expected.ids, placement.how, strict=True)),
        sources=states,
        attestations=tuple(sorted(claims.attestations, key=lambda item: item.id)),
        not_as_seen=claims.not_as_seen,
        lapses=lapses(claims, states, on),
        first_seen=first_seen(claims, canonical),
        merged_ids=canonical,
        retired=tuple(sorted(expected.retired)),
        named_assets=named_assets(asked, expected.index, canonical, assets.rows),
        own_names=own_names,
        remarks=tuple(
            sorted({*expected.remarks, *placement.remarks, *covered.remarks, *odd_records, *_draft_remarks(site)})
        ),
    )


def _draft_remarks(site: Site) -> list[Problem]:
    """Said in every report: what rests on a draft is never satisfied."""
    words = draft_words(site)
    hint = "confirm them one by one: correct what is wrong, then take `unconfirmed: true` away"
    return [Problem(declared.site_path(site), 0, words, hint)] if words else []


def _add_ids(table: Table) -> None:
    """The id as a field like any other, for the policies that declare that they read it."""
    if "id" not in table.columns:
        values: list[bytes | None] = [msgspec.json.encode(identifier) for identifier in table.ids]
        table.columns["id"] = Column(values=values, methods=table.methods[:], disputed={}, stale=set())


def _kinds(needs: Mapping[str, set[str]]) -> list[str]:
    return sorted(({"asset"} | set(CROSSING_NEEDS) | set(needs)) & set(KINDS))


def _read(
    kind: str,
    claims: Claims,
    states: tuple[SourceState, ...],
    needs: Mapping[str, set[str]],
    problems: list[Problem],
) -> ReadKind:
    fields = set(needs.get(kind, ())) | set(CROSSING_NEEDS.get(kind, ())) | set(naming.LABEL_FIELDS.get(kind, ()))
    fields |= {"asset", "assets"} & record_fields(kind).keys()
    if kind == "asset":
        fields |= PLACING | DESCRIBING
    stale = {state.name for state in states if kind in state.stale_kinds}
    sources = {source.name: (source, source.name in stale) for source in claims.sources}
    return read_kind(kind, sources, fields, problems)


def _stored_proposals(claims: Claims, read: Mapping[str, ReadKind]) -> list[Problem]:
    """Evidence that calls itself proposed: what is on no device yet is judged by `diff --propose`, and never stored. A
    record so marked would pass for a change that nobody has made."""
    if claims.proposed:
        return []
    marked = {batch.source for each in read.values() for batch in each.batches if batch.method == Method.PROPOSED}
    paths = sorted(source.custody_path for source in claims.sources if source.name in marked)
    hint = "collect it from the device; `plantproof diff --propose` judges what is not on it yet"
    return [Problem(path, 0, "holds records that are only proposed", hint) for path in paths]


def _names_in_scopes(claims: Claims, absent: Mapping[str, Sequence[Covers]]) -> set[str]:
    covers = [cover for source in claims.sources for cover in source.custody.covers]
    covers += [cover for scopes in absent.values() for cover in scopes]
    return {name for cover in covers for name in cover.assets}


def _absent(claims: Claims, project: ProjectFile) -> dict[str, list[Covers]]:
    """The sources that the project sets up for this site and that have no folder of evidence, with what they cover."""
    there = {source.name for source in claims.sources}
    settings = project.sites[claims.site].sources if claims.site in project.sites else {}
    return {name: each.covers for name, each in settings.items() if name not in there}


def _check_zones(site: Site) -> None:
    """Raise InputError for every name of a zone that the site file uses and does not declare."""
    declared_zones = {zone.id for zone in site.zones}
    used = [
        (f"expected asset `{expected.name}`", [expected.zone]) for expected in site.expected_assets if expected.zone
    ]
    used += [(f"shared system `{shared.asset}`", shared.serves) for shared in site.shared_systems]
    used += [(f"conduit `{conduit.id}`", conduit.zones) for conduit in site.conduits]
    used += [
        (f"conduit `{conduit.id}`", [permitted.from_, permitted.to])
        for conduit in site.conduits
        for permitted in conduit.permitted
    ]
    hint = f"zones are {', '.join(sorted(declared_zones))}"
    problems = {
        Problem(declared.site_path(site), 0, f"{what} names zone `{zone}`, which is not declared", hint)
        for what, zones in used
        for zone in zones
        if zone not in declared_zones
    }
    if problems:
        raise InputError(*sorted(problems))


def _add_declared(assets: Merged, expected: Population, site: Site) -> None:
    """What the site file says of expected assets, where no source says anything: their names and roles."""
    for identifier, name in expected.declared_names.items():
        _declare(assets.columns["names"], assets.rows[identifier], [name])
    for item in site.expected_assets:
        for identifier in expected.index.find(item.name) if item.role else ():
            row = assets.rows.get(identifier)
            if row is not None and row not in assets.columns["role"].stale:
                _declare(assets.columns["role"], row, item.role)


def _withdraw(assets: Merged, returned: Iterable[str]) -> None:
    """What was taken out of service and is seen again is no part of the approved inventory, whatever a register says:
    who retired it withdrew the approval."""
    authorised = assets.columns.get("authorised")
    if authorised is None:
        return
    for identifier in returned:
        row = assets.rows[identifier]
        authorised.values[row], authorised.methods[row] = b"false", assets.methods[row]
        authorised.disputed.pop(row, None)
        authorised.stale.discard(row)


def _declare(column: Column, row: int, value: object) -> None:
    if column.values[row] is None:
        column.values[row] = msgspec.json.encode(value)
        column.methods[row] = int(Method.DECLARED)


def _interface_addresses(interfaces: Merged, assets: Merged, canonical: Mapping[str, str]) -> dict[int, list[str]]:
    """Row of an asset -> addresses on its interfaces, as fresh sources report them: where they differ on the asset or
    the addresses, all that they claim."""
    found: dict[int, list[str]] = {}
    owners, ips = interfaces.columns["asset"], interfaces.columns["ips"]
    disputed = sorted({*owners.disputed, *ips.disputed})
    claimed = (pair for row in disputed for pair in product(claims_of(owners, row), claims_of(ips, row)))
    for owner, listed in chain(zip(owners.values, ips.values, strict=True), claimed):
        if owner is None or listed is None:
            continue
        name = msgspec.json.decode(owner, type=str)
        row = assets.rows.get(canonical.get(name, name))
        if row is not None:
            found.setdefault(row, []).extend(msgspec.json.decode(listed, type=list[str]))
    return found


def _last_addresses(assets: Merged) -> dict[int, list[str]]:
    """Row of an asset that no fresh source reports -> the addresses it had when last seen."""
    found: dict[int, list[str]] = {}
    for batch, rows in assets.reporters:
        if batch.stale:
            for row, listed in zip(rows, batch.columns["ips"], strict=True):
                if listed is not None and not assets.fresh[row]:
                    found.setdefault(row, []).extend(msgspec.json.decode(listed, type=list[str]))
    return found


def _records_of(merged: Mapping[str, Merged], tables: Mapping[str, Table]) -> dict[str, dict[str, set[int]]]:
    """kind -> source -> rows of the assets of which that source brought a record of that kind."""
    found: dict[str, dict[str, set[int]]] = {}
    for kind, item in merged.items():
        asset_rows = tables[kind].asset_rows
        if "asset" in item.columns and (disputed := item.columns["asset"].disputed):
            # Of whom the record is nobody knows, so that it speaks for nobody.
            asset_rows = [-1 if row in disputed else asset_row for row, asset_row in enumerate(asset_rows)]
        by_source = found.setdefault(kind, {})
        for batch, rows in item.reporters:
            by_source.setdefault(batch.source, set()).update(map(asset_rows.__getitem__, rows))
        for known in by_source.values():
            known.discard(-1)
    return found
