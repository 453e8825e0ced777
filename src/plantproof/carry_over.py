"""A site judged by what changed: what it came to before, carried over to a state of its evidence that differs in few
records.

The assets of which a record changed are judged by themselves, as they were and as they are, with the same stages that
judge a whole site; what that moves is added to what the site came to. So the cost is that of the change. It holds as
long as nothing that changed has a say in other assets, zones or ways: their place, their addresses, their names, what
covers them, any field that a policy on something else reads. Wherever that is not certain there is no answer
(`None`), and the whole site is judged. That the few, as they were, come to just what was known of them, is checked
each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from plantproof.bulk import collector_paused
from plantproof.errors import InputError
from plantproof.evidence.relocation import has_moved, relocated
from plantproof.evidence.stored_site import (
    Differing,
    StoredSite,
    claims_about,
    differing,
    each_of_its_own,
    given_ids,
    lines_that_differ,
    parents_named,
)
from plantproof.evidence.tracing import raw_places
from plantproof.mappers.again import Judging, conclude_gaps, conclude_totals, in_order
from plantproof.mappers.bindings import Key, bindings_of
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.gaps import gaps_of, links_of, parts_of
from plantproof.mappers.identity import canonical, canonical_again
from plantproof.mappers.policy_results import Silence, silence_moved, silence_of
from plantproof.mappers.site_rows import asset_rows, source_results
from plantproof.mappers.standing import totals_moved
from plantproof.mappers.tallies import Tally, tallies_of
from plantproof.mappers.tracing import trace
from plantproof.mappers.waivers import Waivers
from plantproof.model.assessment import AssetRow, EvidenceLink, Gap
from plantproof.model.plant import Plant, SourceState
from plantproof.model.project_file import ProjectFile
from plantproof.model.steady import Steady, steady_around
from plantproof.model.vocabulary import Outcome, Severity
from plantproof.pipeline import Judge, intent_of_site
from plantproof.plant.build import CROSSING_NEEDS, build_plant
from plantproof.plant.freshness import lapses_of_sources, source_states
from plantproof.plant.sightings import first_days
from plantproof.plant.turns import turns_of_plant
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
from plantproof.policies.turns import turns_of_ages

BY_PARENT = frozenset({PARENT, DRAFTED})
MOST = 10
"""Up to one asset in so many may have changed: beyond that the whole is as cheap."""


class Lists(Protocol):
    """The long lists of what a site came to, read when they are asked for."""

    def gaps(self) -> list[Gap]: ...

    def rows_of(self, assets: Collection[str]) -> dict[str, AssetRow]: ...


class Carried(NamedTuple):
    """What the site comes to now; `conclusions` hold neither gaps nor assets. `gaps` is None where they are the very
    same as before; `rows` are those of the assets that changed, and only those."""

    conclusions: SiteConclusions
    gaps: list[Gap] | None
    rows: dict[str, AssetRow]

    def whole(self, before: SiteConclusions) -> SiteConclusions:
        """All of it, with what is as it was `before`."""
        assets = [self.rows.get(row.id, row) for row in before.site.assets]
        return msgspec.structs.replace(
            self.conclusions,
            site=msgspec.structs.replace(self.conclusions.site, assets=assets),
            gaps=before.gaps if self.gaps is None else self.gaps,
        )


def says_the_same(old: StoredSite, new: StoredSite, file: ProjectFile, on: str, approved: bool = False) -> bool:
    """Whether the evidence of two states of a site comes to the same on the date `on` for certain, because sources only
    looked again: the same records, as fresh as before, from the same vantage. `approved`: configurations are approved
    at this site, which may be due.

    Of the old state nothing is checked. False also where something is wrong, so that reading it tells what.
    """
    try:
        where = differing(old, new)
        if where is None or where.records or new.identities().retired or (approved and where.sources):
            return False
        attested = any(path.startswith(f"{new.root}attestations/") for path in new.files)
        if attested and _first_days(where, old) != _first_days(where, new):
            return False
        _states(old, new, file, on)
    except (_NotCertainError, InputError, msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


class _NotCertainError(Exception):
    """What changed may have a say in something else; the words say what."""


class _Plants(NamedTuple):
    """The assets that changed, as they were and as they are."""

    changed: frozenset[str]
    given: frozenset[str]
    """Every id that those ever had."""
    before: Plant
    after: Plant
    rows: dict[str, AssetRow]
    """What was known of them."""


@collector_paused()
def carry_over(
    before: SiteConclusions,
    lists: Lists,
    old: StoredSite,
    new: StoredSite,
    file: ProjectFile,
    judge: Judge,
    *,
    on: str,
    engine: Engine,
    told: Callable[[str], None] = lambda why: None,
) -> Carried | None:
    """What a site comes to on the date `on`, from what it came to `before` (on a date on which that holds) with the
    evidence of `old`; None where the whole site has to be judged, and `told` hears why.

    Intent, policies, mappings and settings are the same for both. The result is that of `judge_site`, but for the days
    on which it holds, which may be fewer.
    """
    try:
        return _carried(before, lists, old, new, file, judge, on, engine)
    except _NotCertainError as error:
        told(str(error))
    except (InputError, msgspec.DecodeError, UnicodeDecodeError) as error:
        told(f"the evidence is wrong: {error}")
    return None


def _carried(
    before: SiteConclusions,
    lists: Lists,
    old: StoredSite,
    new: StoredSite,
    file: ProjectFile,
    judge: Judge,
    on: str,
    engine: Engine,
) -> Carried:
    if before.standing is None or before.steady is None or not before.steady.holds(on):
        raise _NotCertainError("what is known does not hold on that day")
    where = differing(old, new)
    if where is None:
        raise _NotCertainError("more than records, sightings and custody differs, or custody does not fit")
    _refuse_other_first_days(before, where, old, new)
    if any(record.device.source in where.sources for record in judge.intent.approved.get(new.site, ())):
        raise _NotCertainError("a source changed of which configurations are approved")
    changed = _changed(where, old, new, needs_of(judge.bundle))
    judging = Judging(intent_of_site(judge.intent, new.site), judge.mappings, judge.bundle, on)
    states = _states(old, new, file, on)
    stale = {(each.name, kind) for each in states for kind in each.stale_kinds}
    if not stale.isdisjoint(where.records):
        # Names that only such a source lists still say which asset others mean, and are on no row.
        raise _NotCertainError("records of a source that is out of date changed")
    plants = _plants(changed, lists.rows_of(changed), old, new, file, judging) if changed else None
    known = lists.gaps()
    found, gaps, rows = _with_changes(before, known, plants, new, judging, engine) if plants else (before, None, {})
    if has_moved(where, old, new):
        if any(path in remark for paths in where.records.values() for path in paths for remark in before.site.remarks):
            raise _NotCertainError("a remark names a line of a file in which lines moved")
        traced = frozenset(gap.id for gap in gaps or () if plants and _concerns(gap, plants.given))
        gaps = relocated(known if gaps is None else gaps, traced, where, old, new)
    if gaps is not None:
        titles = {unit.id: unit.title for unit in (*before.site.zones, *before.site.conduits)}
        found = conclude_gaps(judging, found, gaps, new.identities().canonical, titles)
        gaps = found.gaps
    rows = _with_counts(rows, known if gaps is None else gaps)
    steady = _steady(before.steady, plants, states, new, judging)
    attested = {f"attestation {each.id}" for each in before.site.attestations}
    others = tuple(each for each in before.lapses if each[1] in attested)
    return Carried(
        msgspec.structs.replace(
            found,
            site=msgspec.structs.replace(found.site, sources=source_results(states), assets=[]),
            gaps=[],
            lapses=tuple(sorted((*others, *lapses_of_sources(states, on)))),
            steady=steady,
        ),
        gaps,
        rows,
    )


def _refuse_other_first_days(before: SiteConclusions, where: Differing, old: StoredSite, new: StoredSite) -> None:
    """An asset that is known since another day may be covered by another statement (verdicts.md 14)."""
    if before.site.attestations and _first_days(where, old) != _first_days(where, new):
        raise _NotCertainError("assets are known since other days than before, and people made statements on them")


def _first_days(where: Differing, stored: StoredSite) -> dict[str, str]:
    paths = [path for (_, kind), files in where.sightings.items() if kind == "asset" for path in files]
    return first_days(stored.read(paths).values())


def _changed(where: Differing, old: StoredSite, new: StoredSite, needs: Mapping[str, set[str]]) -> frozenset[str]:
    """The living ids of the assets of which a record changed that anybody reads, and of the retired: whether those are
    back depends on when sources looked."""
    found: set[str] = set()
    for (_, kind), paths in sorted(where.records.items()):
        if kind in CROSSING_NEEDS or (kind in needs and kind not in LOCAL):
            raise _NotCertainError(f"{kind} records changed: they may have a say in any zone")
        if kind in LOCAL and (kind in needs or kind == "asset"):
            found |= {line.id if kind == "asset" else line.asset for line in lines_that_differ(old, new, paths)}
    identities = new.identities(found)
    living = {identities.canonical.get(given, given) for given in found} | identities.retired.keys()
    if any("/" in asset for asset in living):
        raise _NotCertainError("an asset is called as only records are")
    if "" in living or len(living) * MOST > max(new.records_of_assets, MOST):
        raise _NotCertainError("too much changed")
    return frozenset(living)


def _states(old: StoredSite, new: StoredSite, file: ProjectFile, on: str) -> tuple[SourceState, ...]:
    """How fresh each source is now; it has to be as fresh as it was."""
    was, now = (source_states(claims_about(each, (), ()), file, on) for each in (old, new))
    if [each.stale_kinds.keys() for each in was] != [each.stale_kinds.keys() for each in now]:
        raise _NotCertainError("other evidence is stale than before")
    return now


def _plants(
    changed: frozenset[str],
    rows: dict[str, AssetRow],
    old: StoredSite,
    new: StoredSite,
    file: ProjectFile,
    judging: Judging,
) -> _Plants:
    """The changed assets with what they are parts of, where that matters, and everything that is read of them."""
    site = judging.intent.sites[new.site]
    needs = needs_of(judging.bundle)
    kinds = _kinds(judging)
    # What an asset is a part of says where it stands, if nothing else does. An asset that would stand there only now
    # stands nowhere here, which is another place than before.
    parents = follows_parents(judging.bundle) or any(row.placement in BY_PARENT for row in rows.values())
    bindings = bindings_of(judging.mappings, judging.intent, judging.bundle)
    judged = {judging.bundle.policies[policy].metadata.subject for policy, _ in bindings}
    asked = changed
    while True:
        identities = new.identities(asked)
        ids = given_ids(identities, asked)
        both = [claims_about(each, ids, kinds, sightings=bool(identities.retired)) for each in (old, new)]
        if not parents:
            break
        canonical = new.identities(ids).canonical
        more = frozenset(canonical.get(parent, parent) for claims in both for parent in parents_named(claims))
        if more <= asked:
            break
        asked |= more
    hanging = [kind for kind in kinds if kind != "asset"]
    if not all(each_of_its_own(claims, hanging) for claims in both):
        raise _NotCertainError("a record is not called by the asset that it names")
    was, now = (build_plant(claims, site, file, needs, judging.on, judged) for claims in both)
    given = given_ids(new.identities(changed), changed)
    return _Plants(changed, given, was, now, rows)


def _kinds(judging: Judging) -> list[str]:
    """The kinds of records that are read of the changed assets."""
    return sorted(LOCAL & ({"asset"} | needs_of(judging.bundle).keys()))


def _with_changes(
    before: SiteConclusions,
    gaps: Sequence[Gap],
    plants: _Plants,
    new: StoredSite,
    judging: Judging,
    engine: Engine,
) -> tuple[SiteConclusions, list[Gap] | None, dict[str, AssetRow]]:
    """What the site comes to with the changed assets as they are now: conclusions; gaps in order, None where they are
    the same; rows of those assets, with their gaps not counted yet."""
    bundle, was, now = judging.bundle, plants.before, plants.after
    bindings = bindings_of(judging.mappings, judging.intent, bundle)
    if not _stand_alike(was, now):
        raise _NotCertainError("place, name, address or coverage of an asset changed")
    if not same_for_others(was, now, read_of_others(bundle, {policy for policy, _ in bindings})):
        raise _NotCertainError("a field changed that policies on other subjects read")
    if not same_files(was, now, joined_by_others(bundle, {policy for policy, _ in bindings})):
        raise _NotCertainError("a record that policies on other subjects join comes from other files")
    local = [each for each in bindings if is_local(bundle.policies[each[0]])]
    both = observe_differing(bundle, local, was, now, engine, judging.on)
    silences = _silences(before, both, was, now)
    asked = {_asked(each) for each in both}
    _refuse_waived(judging, asked, plants)
    tallies = [tallies_of(plant, [each[side] for each in both]) for side, plant in enumerate((was, now))]
    concerned = [gap for gap in gaps if _concerns(gap, plants.given)]
    others = [gap for gap in gaps if not _concerns(gap, plants.given)]
    known = [gap for gap in concerned if _key(gap) in asked]
    if _bare(known) != _bare(_gaps(was, tallies[0], judging, plants.given)):
        raise _NotCertainError("the gaps of the assets that changed are not those that were known")
    old_rows, new_rows = (
        {row.id: row for row in asset_rows(plant, ()) if row.id in plants.changed} for plant in (was, now)
    )
    if {row.id: msgspec.structs.replace(row, gaps=0, worst="") for row in plants.rows.values()} != old_rows:
        raise _NotCertainError("the assets that changed are not what was known of them")
    lasting = [_from_origins(_plain(gap), now) for gap in concerned if _key(gap) not in asked]
    if not all(LOCAL.issuperset(bundle.policies[gap.policy].metadata.joins) for gap in lasting):
        raise _NotCertainError("a gap of an asset that changed rests on records that were not read")
    new_gaps = [*lasting, *_gaps(now, tallies[1], judging, plants.given)]
    traced = trace(new_gaps, now, bundle, lambda links: _places(links, plants, new, judging)) if new_gaps else []
    # Most changes open and close nothing: the causes of all gaps are then what they were.
    same = {gap.id: _plain(gap) for gap in concerned} == {gap.id: gap for gap in traced}
    return (
        conclude_totals(judging, before, totals_moved(*tallies), silences),
        None if same else in_order([*others, *traced]),
        new_rows,
    )


def _places(
    links: list[EvidenceLink], plants: _Plants, new: StoredSite, judging: Judging
) -> list[tuple[str, int, str]]:
    return raw_places(claims_about(new, plants.given, _kinds(judging), sightings=True), links)


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
            raise _NotCertainError(f"policy {each.after.policy} could not be evaluated")
        old, new = silence_of(was, each.before), silence_of(now, each.after)
        if old == new:
            continue
        key = _asked(each)
        moved = silence_moved(known[key], old, new)
        if moved is None:
            raise _NotCertainError("too many subjects are without a verdict to name the first of them")
        found[key] = moved
    return found


def _asked(both: Both) -> Key:
    return Key(both.before.policy, canonical_again(both.before.parameters))


def _refuse_waived(judging: Judging, asked: Collection[Key], plants: _Plants) -> None:
    """A waiver on what changed, or a countermeasure that is judged by it, moves more than the subjects themselves."""
    policies = {key.policy for key in asked}
    ids = {
        identifier
        for plant in (plants.before, plants.after)
        for policy in policies
        if (table := plant.tables.get(judging.bundle.policies[policy].metadata.subject))
        for identifier in table.ids
    }
    names = ids | {plant.names.get(each, each) for plant in (plants.before, plants.after) for each in ids}
    for waiver in judging.intent.waivers:
        named = set(waiver.subjects) if waiver.policy in policies else set()
        if waiver.compensation and waiver.compensation.policy in policies:
            named |= set(waiver.compensation.subjects)
        if not named.isdisjoint(names):
            raise _NotCertainError(f"the waiver {waiver.id} rests on what changed")


def _gaps(plant: Plant, tallies: Mapping[Key, Tally], judging: Judging, assets: Collection[str]) -> list[Gap]:
    """The gaps of some assets; no waiver stands on them."""
    parts = parts_of(judging.intent, judging.mappings, judging.bundle)
    waivers = Waivers((), judging.bundle, plant, tallies, judging.on)
    return [gap for gap in gaps_of(plant, tallies, parts, judging.bundle, waivers) if _concerns(gap, assets)]


def _concerns(gap: Gap, assets: Collection[str]) -> bool:
    """Whether a gap is about one of these assets (by any id), or about a record of it that says nothing of others. What
    was retired is no asset any more: its records are then called by it, and belong to none."""
    return (gap.asset or gap.subject.partition("/")[0]) in assets and gap.subject_kind in LOCAL


def _key(gap: Gap) -> Key:
    return Key(gap.policy, canonical(gap.parameters))


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
        raise _NotCertainError(f"{gap.subject} is not there any more, and its gap was not looked at")
    name = plant.names.get(gap.subject, gap.subject)
    return msgspec.structs.replace(gap, name=name, evidence=links_of(table.origins[row]))


def _with_counts(rows: Mapping[str, AssetRow], gaps: Sequence[Gap]) -> dict[str, AssetRow]:
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


def _steady(
    before: Steady, plants: _Plants | None, states: tuple[SourceState, ...], new: StoredSite, judging: Judging
) -> Steady:
    """The days on which it held and on which nothing that changed turns."""
    turns = [*turns_of_plant(states, new.identities())]
    if plants:
        bindings = bindings_of(judging.mappings, judging.intent, judging.bundle)
        turns += turns_of_ages(judging.bundle, bindings, plants.after)
    here = steady_around(judging.on, turns)
    return Steady(max(before.first, here.first), min(before.last, here.last))
