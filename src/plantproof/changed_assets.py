"""The assets of a site of which a record changed, judged by themselves as they were and as they are.

This is what carrying a site over rests on (carry_over.py): that nothing which changed has a say in anything else. Each
condition that does not hold, or of which it is not certain that it does, ends it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from plantproof.evidence.stored_site import (
    StoredSite,
    claims_about,
    each_of_its_own,
    given_ids,
    parents_named,
)
from plantproof.evidence.tracing import raw_places
from plantproof.mappers.adopted import closed_or_silent
from plantproof.mappers.adopted_silence import not_known
from plantproof.mappers.again import Judging, conclude_totals, with_silent
from plantproof.mappers.bindings import Key
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.gaps import gaps_of, links_of
from plantproof.mappers.identity import canonical, canonical_again, living
from plantproof.mappers.policy_results import Silence, silence_moved, silence_of
from plantproof.mappers.site_rows import asset_rows
from plantproof.mappers.standing import totals_moved
from plantproof.mappers.tallies import Tally, tallies_of
from plantproof.mappers.tracing import Called, Place, known_places, trace, unless_known
from plantproof.mappers.waivers import Waivers
from plantproof.model.assessment import AssetRow, EvidenceLink, Gap
from plantproof.model.evidence import Claims
from plantproof.model.plant import Plant
from plantproof.model.project_file import ProjectFile
from plantproof.model.vocabulary import Outcome, Severity
from plantproof.plant.build import build_plant
from plantproof.plant.zones import DRAFTED, PARENT
from plantproof.policies.differing import Both, observe_differing
from plantproof.policies.local import (
    LOCAL,
    follows_parents,
    is_local,
    joined_by_others,
    read_of_others,
    same_files,
    same_for_others,
)
from plantproof.policies.needs import needs_of
from plantproof.policies.protocol import Engine

BY_PARENT = frozenset({PARENT, DRAFTED})
"""How an asset may have come to its zone by way of what it is a part of."""


class NotCertainError(Exception):
    """What changed may have a say in something else; the words say what."""


class ChangedAssets(NamedTuple):
    """The assets that changed, as they were and as they are."""

    changed: frozenset[str]
    given: frozenset[str]
    """Every id that those ever had."""
    claims: tuple[Claims, Claims]
    before: Plant
    after: Plant
    rows: dict[str, AssetRow]
    """What was known of them."""


class WithChanges(NamedTuple):
    """What a site comes to with the changed assets as they are now. `gaps` are those of these assets, None where they
    are the same; `rows` are of them too, with their gaps not counted yet; `both` is what the policies saw to which they
    are others than before."""

    conclusions: SiteConclusions
    gaps: list[Gap] | None
    rows: dict[str, AssetRow]
    both: list[Both]


def changed_assets(
    changed: frozenset[str],
    rows: dict[str, AssetRow],
    old: StoredSite,
    new: StoredSite,
    file: ProjectFile,
    judging: Judging,
) -> ChangedAssets:
    """The changed assets with what they are parts of, where that matters, and everything that is read of them."""
    site = judging.intent.sites[new.site]
    needs = needs_of(judging.bundle)
    kinds = _kinds(judging)
    # What an asset is a part of says where it stands, if nothing else does. An asset that would stand there only now
    # stands nowhere here, which is another place than before.
    parents = follows_parents(judging.bundle) or any(row.placement in BY_PARENT for row in rows.values())
    bindings = judging.bindings
    judged = {judging.bundle.policies[policy].metadata.subject for policy, _ in bindings}
    asked = changed
    while True:
        identities = new.identities(asked)
        ids = given_ids(identities, asked)
        before, after = (claims_about(each, ids, kinds, sightings=bool(identities.retired)) for each in (old, new))
        if not parents:
            break
        canonical = new.identities(ids).canonical
        more = frozenset(
            canonical.get(parent, parent) for claims in (before, after) for parent in parents_named(claims)
        )
        if more <= asked:
            break
        asked |= more
    hanging = [kind for kind in kinds if kind != "asset"]
    if not all(each_of_its_own(claims, hanging) for claims in (before, after)):
        raise NotCertainError("a record is not called by the asset that it names")
    was, now = (build_plant(claims, site, file, needs, judging.on, judged) for claims in (before, after))
    given = given_ids(new.identities(changed), changed)
    return ChangedAssets(changed, given, (before, after), was, now, rows)


def _kinds(judging: Judging) -> list[str]:
    """The kinds of records that are read of the changed assets."""
    return sorted(LOCAL & ({"asset"} | needs_of(judging.bundle).keys()))


def with_changes(
    before: SiteConclusions,
    gaps: Sequence[Gap],
    plants: ChangedAssets,
    new: StoredSite,
    judging: Judging,
    engine: Engine,
    *,
    moved: bool,
) -> WithChanges:
    """What the site comes to with the changed assets as they are now, from what it came to `before`; these `gaps` are
    those that they had. `moved`: records stand on other lines than before, of their file or of the raw file."""
    bundle, was, now = judging.bundle, plants.before, plants.after
    bindings = judging.bindings
    if not _stand_alike(was, now):
        raise NotCertainError("place, name, address or coverage of an asset changed")
    if not same_for_others(was, now, read_of_others(bundle, {policy for policy, _ in bindings})):
        raise NotCertainError("a field changed that policies on other subjects read")
    if not same_files(was, now, joined_by_others(bundle, {policy for policy, _ in bindings})):
        raise NotCertainError("a record that policies on other subjects join comes from other files")
    local = [each for each in bindings if is_local(bundle.policies[each[0]])]
    both = observe_differing(bundle, local, was, now, engine, judging.on)
    silences = _silences(before, both, was, now)
    asked = {_asked(each) for each in both}
    _refuse_waived(judging, asked, plants)
    tallies = [tallies_of(plant, [each[side] for each in both]) for side, plant in enumerate((was, now))]
    known = [gap for gap in gaps if _key(gap) in asked]
    if _bare(known) != _bare(_gaps(was, tallies[0], judging, plants.given)):
        raise NotCertainError("the gaps of the assets that changed are not those that were known")
    old_rows, new_rows = (
        {row.id: row for row in asset_rows(plant, ()) if row.id in plants.changed} for plant in (was, now)
    )
    if {row.id: msgspec.structs.replace(row, gaps=0, worst="") for row in plants.rows.values()} != old_rows:
        raise NotCertainError("the assets that changed are not what was known of them")
    lasting = [_from_origins(_plain(gap), now) for gap in gaps if _key(gap) not in asked]
    if not all(LOCAL.issuperset(bundle.policies[gap.policy].metadata.joins) for gap in lasting):
        raise NotCertainError("a gap of an asset that changed rests on records that were not read")
    new_gaps = [*lasting, *_gaps(now, tallies[1], judging, plants.given)]
    places = {} if moved else known_places(gaps)
    traced = trace(new_gaps, now, bundle, unless_known(places, partial(_places, plants, new, judging)))
    # Most changes open and close nothing: the causes of all gaps are then what they were.
    same = {gap.id: _plain(gap) for gap in gaps} == {gap.id: gap for gap in traced}
    found = conclude_totals(judging, before, totals_moved(*tallies), silences)
    silent = _silent(before.standing.unknown if before.standing else (), traced, plants, tallies[1], judging)
    return WithChanges(
        with_silent(found, silent),
        None if same else traced,
        new_rows,
        both,
    )


def _places(
    plants: ChangedAssets, new: StoredSite, judging: Judging, links: list[EvidenceLink], called: list[Called]
) -> list[Place]:
    return raw_places(claims_about(new, plants.given, _kinds(judging), sightings=True), links, called)


STANDING_FIELDS = ("ips", "names", "parent", "role", "zone")
"""What others go by: an asset's place and names, which addresses are its own, whether it is a firewall."""


def _stand_alike(was: Plant, now: Plant) -> bool:
    """Whether the assets stand where they stood, under the same names and addresses, and as well covered."""
    old, new = was.tables["asset"], now.tables["asset"]
    return (
        (old.ids, old.fresh, old.zones, old.conduits, old.methods)
        == (new.ids, new.fresh, new.zones, new.conduits, new.methods)
        and all(old.columns.get(field) == new.columns.get(field) for field in STANDING_FIELDS)
        and (was.placement, was.covered_assets, was.remarks) == (now.placement, now.covered_assets, now.remarks)
        and all(was.names[asset] == now.names[asset] for asset in old.ids)
    )


def _silences(before: SiteConclusions, both: Sequence[Both], was: Plant, now: Plant) -> dict[Key, dict[str, Silence]]:
    """Of the policies of which other subjects have no verdict now: those that have none, by reason."""
    known = dict(before.standing.silences) if before.standing else {}
    found: dict[Key, dict[str, Silence]] = {}
    for each in both:
        if Outcome.ERROR in each.after.outcomes:
            raise NotCertainError(f"policy {each.after.policy} could not be evaluated")
        old, new = silence_of(was, each.before), silence_of(now, each.after)
        if old == new:
            continue
        key = _asked(each)
        moved = silence_moved(known[key], old, new)
        if moved is None:
            raise NotCertainError("too many subjects are without a verdict to name the first of them")
        found[key] = moved
    return found


def _asked(both: Both) -> Key:
    return Key(both.before.policy, canonical_again(both.before.parameters))


def _refuse_waived(judging: Judging, asked: Collection[Key], plants: ChangedAssets) -> None:
    """A waiver on what changed, or a countermeasure that is judged by it, moves more than the subjects themselves."""
    policies = {key.policy for key in asked}
    names = {
        name
        for plant in (plants.before, plants.after)
        for policy in policies
        if (table := plant.tables.get(judging.bundle.policies[policy].metadata.subject))
        for identifier in table.ids
        for name in (identifier, plant.name_of(table.kind, identifier))
    }
    for waiver in judging.intent.waivers:
        named = set(waiver.subjects) if waiver.policy in policies else set()
        if waiver.compensation and waiver.compensation.policy in policies:
            named |= set(waiver.compensation.subjects)
        named |= {living(name, plants.after.merged_ids) for name in named}
        if not named.isdisjoint(names):
            raise NotCertainError(f"the waiver {waiver.id} rests on what changed")


def _gaps(plant: Plant, tallies: Mapping[Key, Tally], judging: Judging, assets: Collection[str]) -> list[Gap]:
    """The gaps of some assets; no waiver stands on them."""
    waivers = Waivers((), judging.bundle, plant, tallies, judging.on)
    return [gap for gap in gaps_of(plant, tallies, judging.parts, judging.bundle, waivers) if concerns(gap, assets)]


def concerns(gap: Gap, assets: Collection[str]) -> bool:
    """Whether a gap is about one of these assets (by any id), or about a record of it that says nothing of others. What
    was retired is no asset any more: its records are then called by it, and belong to none."""
    return (gap.asset or gap.subject.partition("/")[0]) in assets and gap.subject_kind in LOCAL


def _key(gap: Gap) -> Key:
    return Key(gap.policy, canonical(gap.parameters))


def _silent(
    known: Collection[str],
    gaps: Sequence[Gap],
    plants: ChangedAssets,
    tallies: Mapping[Key, Tally],
    judging: Judging,
) -> list[str]:
    """The ids of the adopted gaps that are not known any more, of which those of the ids `known` were so before. `gaps`
    are those of the changed assets. To a policy that was not asked again their subjects are what they were."""
    plant = plants.after
    adopted = judging.intent.adopted.get(plant.site.id)
    bundle, found, anew = judging.bundle, [], []
    for entry in adopted.gaps if adopted else ():
        policy = bundle.policies.get(entry.policy)
        here = policy is not None and policy.metadata.subject in LOCAL
        again = {key in tallies for key in judging.parts if key.policy == entry.policy}
        if not here or entry.subject.partition("/")[0] not in plants.given or again <= {False}:
            found += [entry.id] if entry.id in known else []
        elif again == {True}:
            anew.append(entry)
        else:
            raise NotCertainError("a policy with other parameters was not asked about what was adopted")
    left = {entry.id for entry in closed_or_silent(adopted, gaps, plant.merged_ids, judging.parts)}
    return found + not_known([entry for entry in anew if entry.id in left], plant, tallies, judging.parts, bundle)


def _bare(gaps: Sequence[Gap]) -> dict[str, Gap]:
    """Gaps by id, without what depends on other gaps and on other lines of the same files."""
    return {gap.id: msgspec.structs.replace(_plain(gap), evidence=[]) for gap in gaps}


def _plain(gap: Gap) -> Gap:
    """A gap before causes are named and what was adopted is known."""
    return msgspec.structs.replace(gap, cause="", adopted="")


def _from_origins(gap: Gap, plant: Plant) -> Gap:
    """A gap that lasts, with the records that its subject rests on now."""
    table = plant.tables[gap.subject_kind]
    row = table.rows.get(gap.subject, -1)
    if row < 0:
        raise NotCertainError(f"{gap.subject} is not there any more, and its gap was not looked at")
    name = plant.name_of(gap.subject_kind, gap.subject)
    return msgspec.structs.replace(gap, name=name, evidence=links_of(table.origins[row]))


def with_counts(rows: Mapping[str, AssetRow], gaps: Sequence[Gap]) -> dict[str, AssetRow]:
    """Rows of assets with their gaps counted."""
    counts: Counter[str] = Counter()
    worst: dict[str, Severity] = {}
    for gap in gaps if rows else ():
        if gap.asset in rows:
            counts[gap.asset] += 1
            severity = Severity(gap.severity)
            worst[gap.asset] = min(worst.get(gap.asset, severity), severity, key=lambda each: each.rank)
    return {
        asset: msgspec.structs.replace(row, gaps=counts[asset], worst=worst[asset].value if asset in worst else "")
        for asset, row in rows.items()
    }
