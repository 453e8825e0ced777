"""What a changed field, asset, zone, policy or control reaches: policies, parts, controls, documents, figures.

The way down is the one a verdict takes up: record -> policy -> part -> control -> document. What a policy reads is what
it declares, so nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from plantproof.mappers.gaps import parts_of
from plantproof.model.crosswalk import Crosswalk
from plantproof.model.impact import Impact
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping as Mapped
from plantproof.model.plant import Plant, Table
from plantproof.model.policy import Bundle
from plantproof.policies.needs import needs_of
from plantproof.review.judged import JudgedSite
from plantproof.review.subjects import pair

EVERY_FIELD = "*"
ALWAYS = ("assessment.json", "gap register", "summary")
"""Documents in which every finding stands."""


class Downstream(msgspec.Struct, frozen=True, kw_only=True):
    """What lies below the evidence in one project: policies, the mapping, crosswalks."""

    intent: Intent
    mappings: tuple[Mapped, ...]
    bundle: Bundle
    crosswalks: tuple[Crosswalk, ...] = ()


def of_change(base: JudgedSite, head: JudgedSite, below: Downstream) -> Impact:
    """What the difference of two revisions of a site reaches. Only what some policy reads can reach anything."""
    records: dict[str, int] = {}
    fields: set[str] = set()
    zones: set[str] = set()
    for kind in sorted(base.plant.tables.keys() | head.plant.tables.keys()):
        before, after = base.plant.tables.get(kind), head.plant.tables.get(kind)
        if before is None or after is None:
            continue
        pairing = pair(kind, base, head)
        changed = _changed_fields(before, after, pairing.pairs)
        alone = [(before, row) for row in pairing.gone] + [(after, row) for row in pairing.new]
        if changed or alone:
            records[kind] = len({row for _, row in changed}) + len(alone)
            fields |= {f"{kind}.{field}" for field, _ in changed} | ({f"{kind}.{EVERY_FIELD}"} if alone else set())
            zones |= {zone for _, row in changed for zone in after.zones[row]}
            zones |= {zone for table, row in alone for zone in table.zones[row]}
    reached = of_policies(readers_of(fields, below.bundle), below)
    site = head.plant.site.id
    return msgspec.structs.replace(
        reached,
        records=records,
        fields=sorted(fields),
        zones=sorted(f"{site}/{zone}" for zone in zones),
        documents=sorted({*reached.documents, *(f"page of zone {site}/{zone}" for zone in zones)}),
        kpis=sorted({*reached.kpis, *(f"SL-A against SL-T of {site}/{zone}" for zone in zones)}),
    )


def readers_of(fields: Collection[str], bundle: Bundle) -> list[str]:
    """The policies that read any of these fields (`kind.field`, `kind.*`), sorted."""
    found = []
    for name, policy in sorted(bundle.policies.items()):
        needs = needs_of(Bundle(policies={name: policy}, libraries={}))
        read = {f"{kind}.{field}" for kind, names in needs.items() for field in names}
        read |= {f"{kind}.{EVERY_FIELD}" for kind in needs}
        if read & set(fields):
            found.append(name)
    return found


def of_policies(policies: Iterable[str], below: Downstream) -> Impact:
    """What policies reach: the parts that they answer, the controls with these parts, what those stand in."""
    wanted = set(policies)
    parts: set[tuple[str, str, str]] = set()
    for key, names in parts_of(below.intent, below.mappings, below.bundle).items():
        if key.policy in wanted:
            parts.update(names)
    return msgspec.structs.replace(_of_parts(parts, below), policies=sorted(wanted))


def of_control(framework: str, control: str, below: Downstream) -> Impact:
    """What a control reaches, and the policies that reach it; nothing where no profile selects it and no SL-A rests on
    an answer to it."""
    parts: set[tuple[str, str, str]] = set()
    policies: set[str] = set()
    for key, names in parts_of(below.intent, below.mappings, below.bundle).items():
        own = {name for name in names if name[:2] == (framework, control)}
        if own:
            parts |= own
            policies.add(key.policy)
    if not parts and (framework, control) in _selected(below):
        parts = {(framework, control, "")}  # nothing answers it; its page says so
    reached = _of_parts(parts, below)
    return msgspec.structs.replace(
        reached, policies=sorted(policies), parts=[part for part in reached.parts if part[-1] != "/"]
    )


def of_field(field: str, below: Downstream) -> Impact:
    """What `kind.field` (or a kind alone) reaches."""
    asked = field if "." in field else f"{field}.{EVERY_FIELD}"
    return msgspec.structs.replace(of_policies(readers_of([asked], below.bundle), below), fields=[asked])


def of_subjects(judged: JudgedSite, below: Downstream, *, asset: str = "", zone: str = "") -> Impact:
    """What an asset (by id) or a zone reaches: the policies with a subject that belongs to it or counts in it."""
    policies = set()
    for observation in judged.observations:
        table = judged.plant.tables.get(observation.kind)
        if table is not None and any(_concerns(table, row, judged.plant, asset, zone) for row in range(len(table.ids))):
            policies.add(observation.policy)
    site = judged.plant.site.id
    row = judged.plant.tables["asset"].rows.get(asset, -1) if asset else -1
    zones = [zone] if zone else list(judged.plant.tables["asset"].zones[row]) if row >= 0 else []
    reached = of_policies(policies, below)
    return msgspec.structs.replace(
        reached,
        zones=sorted(f"{site}/{each}" for each in zones),
        documents=sorted({*reached.documents, *(f"page of zone {site}/{each}" for each in zones)}),
        kpis=sorted({*reached.kpis, *(f"SL-A against SL-T of {site}/{each}" for each in zones)}),
    )


def together(impacts: Sequence[Impact]) -> Impact:
    """Several impacts as one: lists united, records added."""
    records: dict[str, int] = {}
    for each in impacts:
        for kind, many in each.records.items():
            records[kind] = records.get(kind, 0) + many
    return Impact(
        records=dict(sorted(records.items())),
        fields=_united(each.fields for each in impacts),
        policies=_united(each.policies for each in impacts),
        parts=_united(each.parts for each in impacts),
        controls=_united_by_key(each.controls for each in impacts),
        indicated=_united_by_key(each.indicated for each in impacts),
        zones=_united(each.zones for each in impacts),
        documents=_united(each.documents for each in impacts),
        kpis=_united(each.kpis for each in impacts),
    )


def _of_parts(parts: set[tuple[str, str, str]], below: Downstream) -> Impact:
    """What parts stand in. A part that is asked for SL-A alone, of a requirement that no profile selects, has no page,
    and no finding of a control counts it."""
    selected = _selected(below)
    named = {part for part in parts if part[:2] in selected}
    controls: dict[str, set[str]] = {}
    for framework, control, _ in named:
        controls.setdefault(framework, set()).add(control)
    indicated: dict[str, set[str]] = {}
    for crosswalk in below.crosswalks:
        for control in controls.get(crosswalk.from_, ()):
            others = crosswalk.pairs.get(control, ())
            indicated.setdefault(crosswalk.to, set()).update(
                each for each in others if (crosswalk.to, each) in selected
            )
    documents = {f"page of {framework}" for framework in controls}
    documents |= {f"page of {framework} {control}" for framework, own in controls.items() for control in own}
    kpis = {f"controls satisfied of {framework}" for framework in controls}
    kpis |= {f"SL-A, which rests on every requirement of {framework}" for framework, _, _ in parts - named}
    return Impact(
        parts=sorted("/".join(part) for part in named),
        controls={framework: sorted(own) for framework, own in sorted(controls.items())},
        indicated={framework: sorted(own) for framework, own in sorted(indicated.items()) if own},
        documents=sorted({*documents, *ALWAYS} if parts else ()),
        kpis=sorted({*kpis, "gaps by severity"} if parts else ()),
    )


def _selected(below: Downstream) -> set[tuple[str, str]]:
    """(framework, control) as the profiles select them: what has a conclusion and a page."""
    return {(each.catalog.id, control.id) for each in below.intent.frameworks for control in each.controls}


def _changed_fields(before: Table, after: Table, pairs: Sequence[tuple[int, int]]) -> set[tuple[str, int]]:
    """(field, row of the head) wherever a value differs."""
    found = set()
    for field in sorted(before.columns.keys() & after.columns.keys()):
        was, now = before.columns[field].values, after.columns[field].values
        if was == now:
            continue
        found |= {(field, row_now) for row_was, row_now in pairs if was[row_was] != now[row_now]}
    return found


def _concerns(table: Table, row: int, plant: Plant, asset: str, zone: str) -> bool:
    if zone:
        return zone in table.zones[row] or (table.kind == "zone" and table.ids[row] == zone)
    if table.kind == "asset":
        return table.ids[row] == asset
    asset_row = table.asset_rows[row]
    return asset_row >= 0 and plant.tables["asset"].ids[asset_row] == asset


def _united(lists: Iterable[Iterable[str]]) -> list[str]:
    return sorted({each for one in lists for each in one})


def _united_by_key(maps: Iterable[Mapping[str, Iterable[str]]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for each in maps:
        for key, values in each.items():
            found.setdefault(key, set()).update(values)
    return {key: sorted(values) for key, values in sorted(found.items())}
