"""Which adopted gaps are neither open nor closed: known on the day of adoption, and not known any more.

Closed is what is known to be in order, gone or retired (verdicts.md, two revisions). What the subject was on the day of
adoption nobody kept, so all of this is said from what is known today; in doubt a gap is not known any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plantproof.mappers.bindings import Key
from plantproof.mappers.gaps import PartNames
from plantproof.mappers.identity import canonical, living
from plantproof.mappers.tallies import Tally
from plantproof.model.adopted import AdoptedGap
from plantproof.model.choosing import LABELS, lets_in
from plantproof.model.observation import Observations
from plantproof.model.plant import Plant, Table
from plantproof.model.policy import Bundle, Policy
from plantproof.model.vocabulary import Outcome

INTENDED = frozenset({"conduit", "zone"})
"""Kinds of subjects that the design intent declares, and by which alone they leave."""

FROM_TRAFFIC = frozenset({"crossing", "reach"})
"""Kinds that are derived from flows and rules."""


def not_known(
    entries: Iterable[AdoptedGap], plant: Plant, tallies: Mapping[Key, Tally], parts: PartNames, bundle: Bundle
) -> list[str]:
    """The ids, of adopted gaps that are not open, of those that are not known to be closed either.

    Closed is a gap where the policy with the parameters that were adopted passes on the living subject, or is ruled out
    by how that is (where no control part asks with these any more: with each that is asked with); or where the subject
    is known to be gone, or its asset retired.
    """
    asked: dict[str, dict[Key, Observations]] = {}
    for key, tally in tallies.items():
        if key in parts:
            asked.setdefault(key.policy, {})[key] = tally.observations
    found = []
    for entry in entries:
        of_policy = asked.get(entry.policy, {})
        own = of_policy.get(Key(entry.policy, canonical(entry.parameters)))
        answers = [*of_policy.values()] if own is None else [own]
        if not _closed(entry, plant, bundle.policies.get(entry.policy), answers):
            found.append(entry.id)
    return found


def _closed(entry: AdoptedGap, plant: Plant, policy: Policy | None, asked: list[Observations]) -> bool:
    if policy is None or not asked:
        return False  # nobody asks any more
    kind, subject = policy.metadata.subject, living(entry.subject, plant.merged_ids)
    if subject.partition("/")[0] in plant.retired:
        return True
    table = plant.tables.get(kind)
    row = table.rows.get(subject, -1) if table else -1
    if table is None or row < 0:
        return _gone(kind, subject, plant)
    outcomes = {each.outcomes[row] for each in asked}
    if not outcomes <= {Outcome.PASS, Outcome.NOT_APPLICABLE}:
        return False
    return Outcome.NOT_APPLICABLE not in outcomes or _still_called_so(policy, plant, table, row)


def _still_called_so(policy: Policy, plant: Plant, table: Table, row: int) -> bool:
    """Whether the labels of a subject still let a policy be asked of it: calling a thing otherwise mends nothing."""
    for name, wanted in policy.metadata.for_.items():
        reference, _, field = name.rpartition(".")
        if field not in LABELS:
            continue
        if reference not in ("", "asset"):
            return False  # a label of something else, which nobody looks up here
        of, at = table, row
        if reference == "asset" and table.kind != "asset":
            of, at = plant.tables["asset"], table.asset_rows[row]
        column = of.columns.get(field)
        claims = (column.disputed.get(at) or (column.values[at],)) if column and at >= 0 else (None,)
        if not all(lets_in(field, wanted, claim) for claim in claims):
            return False
    return True


def _gone(kind: str, subject: str, plant: Plant) -> bool:
    """Whether a subject that is not there is known to have gone, and not only not reported (verdicts.md 7, 8)."""
    if kind in INTENDED:
        return True
    if kind in FROM_TRAFFIC:
        return _nothing_opens(kind, subject, plant)
    assets = plant.tables.get("asset")
    asset, slash, record = subject.partition("/")
    if kind == "asset" or assets is None:
        return False  # an asset leaves by an approved retirement alone
    if slash:
        return plant.covered(kind, assets.rows.get(asset, -1), (record,))
    return _all_fresh(kind, plant) and not plant.uncovered.get(kind)


def _nothing_opens(kind: str, subject: str, plant: Plant) -> bool:
    """Whether a way that was derived from flows or rules is known to be no more: its zones are watched, what it was
    derived from is fresh, and the rules of all firewalls are known. Of which devices' rules it was is not kept."""
    unseen = {each.subject for found in ("crossing", kind) for each in plant.uncovered.get(found, ())}
    if any(f":{zone}>" in subject or f">{zone}:" in subject for zone in unseen):
        return False
    if kind == "crossing" and subject.endswith(":observed"):
        return _all_fresh("flow", plant)
    return _all_fresh("firewall_rule", plant) and not _silent_firewalls(plant)


def _all_fresh(kind: str, plant: Plant) -> bool:
    """Whether some source speaks of a kind, and none that did is out of date."""
    return any(kind in each.fresh_until for each in plant.sources) and not any(
        kind in each.stale_kinds for each in plant.sources
    )


def _silent_firewalls(plant: Plant) -> bool:
    """Whether there is an asset that is a firewall, or was ever reported and may have been one, whose rules no fresh
    source knows."""
    assets = plant.tables["asset"]
    roles = assets.columns.get("role")
    for row, identifier in enumerate(assets.ids):
        claims = (roles.disputed.get(row) or (roles.values[row],)) if roles else (None,)
        lost = claims == (None,) and not assets.fresh[row] and not identifier.startswith("declared:")
        is_one = any(claim is not None and lets_in("role", ["firewall"], claim) is not False for claim in claims)
        if (lost or is_one) and not plant.covered("firewall_rule", row):
            return True
    return False
