"""Gaps: one object for every failing observation, with its stable identity, its trace and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from plantproof.mappers.bindings import Key, answers_asked, key_of
from plantproof.mappers.causes import REVIEW
from plantproof.mappers.identity import Names, line_of
from plantproof.mappers.tallies import Tally, rows_of
from plantproof.mappers.waivers import Waivers, control_names
from plantproof.model.assessment import EvidenceLink, Gap
from plantproof.model.intent import Intent
from plantproof.model.mapping import Mapping as Mapped
from plantproof.model.plant import Origin, Plant
from plantproof.model.policy import Bundle, Policy
from plantproof.model.site import Site
from plantproof.model.vocabulary import Method, Outcome

OPENED_BY = {"crossing": "via", "reach": "rules"}
"""Derived kind -> the field with the records that open the way."""
METHOD_WORDS = {int(method): method.word for method in Method}
PartNames = dict[Key, list[tuple[str, str, str]]]
"""For each binding the parts that it answers, as (framework, control, part)."""


def parts_of(intent: Intent, mappings: Sequence[Mapped], bundle: Bundle) -> PartNames:
    """Which control parts each policy with parameters answers, in order."""
    found: dict[Key, set[tuple[str, str, str]]] = {}
    for framework in intent.frameworks:
        for control, part, answer in answers_asked(framework, mappings):
            if answer.policy:
                names = found.setdefault(key_of(answer, framework, bundle), set())
                names.add((framework.catalog.id, control.id, part.id))
    return {key: sorted(names) for key, names in found.items()}


def gaps_of(
    plant: Plant, tallies: Mapping[Key, Tally], parts: PartNames, bundle: Bundle, waivers: Waivers
) -> list[Gap]:
    """Every failing subject of every policy that a control part asks; `cause` is still empty. In the order of
    policy, parameters and subject."""
    found: list[Gap] = []
    for key in sorted(tallies):
        policy = bundle.policies.get(key.policy)
        if policy is not None and key in parts:
            found += _of_policy(plant, tallies[key], key, parts[key], policy, waivers)
    return found


def _of_policy(
    plant: Plant, tally: Tally, key: Key, parts: list[tuple[str, str, str]], policy: Policy, waivers: Waivers
) -> Iterable[Gap]:
    observation = tally.observations
    table = plant.tables.get(observation.kind)
    if table is None:
        return
    site, parameters = plant.site.id, key.parameters.decode()
    gap_names = Names("gap", site, key.policy, parameters)
    part_names = [
        (f"{framework}/{control}/{part}", Names("finding", framework, control, part, site, key.policy, parameters))
        for framework, control, part in parts
    ]
    decoded = key.decoded()
    opening = OPENED_BY.get(observation.kind, "")
    via = table.columns[opening].values if opening in table.columns else None
    assets = plant.tables.get("asset")
    affected = zones_to_review(plant.site, policy)
    owners = {zone.id: zone.owner for zone in plant.site.zones}
    criterion = policy.title
    for row in rows_of(observation, Outcome.FAIL):
        if row >= len(table.ids):
            break
        subject = table.ids[row]
        zones = table.zones[row]
        asset_row = table.asset_rows[row]
        asset = subject if observation.kind == "asset" else assets.ids[asset_row] if assets and asset_row >= 0 else ""
        applied = waivers.of(key.policy, subject)
        line = line_of(subject)
        yield Gap(
            id=gap_names.of_line(line),
            site=site,
            policy=key.policy,
            parameters=decoded,
            subject=subject,
            subject_kind=observation.kind,
            name=plant.name_of(observation.kind, subject),
            asset=asset,
            device=plant.names.get(asset, asset) if asset != subject else "",
            zones=list(zones),
            conduits=list(table.conduits[row]),
            severity=policy.metadata.severity,
            criterion=criterion,
            violations=list(observation.violations.get(row, ())),
            cause="",
            findings={name: names.of_line(line) for name, names in part_names},
            evidence=links_of(table.origins[row]),
            method=METHOD_WORDS.get(observation.methods[row], ""),
            waiver=applied[0].waiver.id if applied else "",
            waiver_state=applied[0].state if applied else "",
            compensated=any(each.compensated and _names_any(each.waiver.controls, parts) for each in applied),
            owner=next((owners[zone] for zone in zones if owners.get(zone)), plant.site.owner),
            opened_by=_named(via[row], plant) if via else [],
            review=REVIEW if not affected.isdisjoint(zones) else "",
        )


def links_of(origins: Iterable[Origin]) -> list[EvidenceLink]:
    """The records that a subject rests on, as a gap shows them; their places in raw files are not known yet."""
    return [
        EvidenceLink(source=origin.source, record=origin.records_path, record_line=origin.records_line)
        for origin in origins
    ]


def _named(identifiers: bytes | None, plant: Plant) -> list[str]:
    found = msgspec.json.decode(identifiers, type=list[str]) if identifiers else []
    return sorted({plant.names.get(each, each) for each in found})


def zones_to_review(site: Site, policy: Policy) -> frozenset[str]:
    """The zones with an essential function of a kind that the policy's remedy may affect (verdicts.md 12)."""
    kinds = {function.id: function.kind for function in site.essential_functions}
    wanted = set(policy.metadata.may_affect)
    return frozenset(
        zone.id for zone in site.zones if any(kinds.get(each) in wanted for each in zone.essential_functions)
    )


def _names_any(controls: Sequence[str], parts: list[tuple[str, str, str]]) -> bool:
    return any(not control_names(framework, control).isdisjoint(controls) for framework, control, _ in parts)
