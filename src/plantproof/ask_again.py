"""A site asked again about some policies only: what it came to before, under a judge of which few policies were others.

Evidence, intent, mappings and settings are the same, and so is the plant that was built of them. The policies that were
edited are asked about all of its subjects; what is known of the other policies stands. Of the evidence only sightings
are read, for new gaps. Wherever an edited policy has a say in more than its own verdicts there is no answer (`None`),
and the whole site is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from plantproof.bulk import collector_paused
from plantproof.carry_over import Carried, Lists
from plantproof.changed_assets import with_counts
from plantproof.evidence.layout import kind_of
from plantproof.evidence.ledger import read_claims
from plantproof.evidence.tracing import Place, raw_places, raw_places_of_ids
from plantproof.mappers.adopted import closed_or_silent
from plantproof.mappers.adopted_silence import not_known
from plantproof.mappers.again import Judging, conclude_gaps, conclude_totals, in_order, with_silent
from plantproof.mappers.bindings import Key, bindings_of
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.mappers.gaps import gaps_of
from plantproof.mappers.identity import canonical
from plantproof.mappers.policy_results import silence_of
from plantproof.mappers.standing import Standing, totals_moved
from plantproof.mappers.tallies import Tally, Unit, tallies_of
from plantproof.mappers.tracing import Called, PlaceOf, known_places, trace, unless_known
from plantproof.mappers.waivers import Waivers
from plantproof.model.assessment import EvidenceLink, Gap, PolicyResult, Totals
from plantproof.model.intent import Intent
from plantproof.model.plant import Origins, Plant
from plantproof.model.policy import Bundle
from plantproof.model.programme import Programme
from plantproof.model.steady import Steady, steady_around
from plantproof.model.vocabulary import Outcome
from plantproof.pipeline import Judge, intent_of_site
from plantproof.policies.bundle import modules_of
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of
from plantproof.policies.protocol import Engine
from plantproof.policies.turns import turns_of_ages
from plantproof.tree import Tree

MOST = 4
"""Up to one policy in so many may be another one: beyond that the whole is as cheap."""


def edited_policies(was: Judge, now: Judge) -> frozenset[str]:
    """The policies by which alone two judges differ, but for the intent of sites; none where they differ in more, or
    where an edit has a say in something else than the verdicts of these policies."""
    intents = [_shared(each.intent) for each in (was, now)]
    bundles = was.bundle, now.bundle
    names = [each.policies.keys() for each in bundles]
    if intents[0] != intents[1] or was.mappings != now.mappings or names[0] != names[1]:
        return frozenset()
    edited = frozenset(
        name
        for name, policy in now.bundle.policies.items()
        if policy != was.bundle.policies[name]
        or modules_of(now.bundle, policy) != modules_of(was.bundle, was.bundle.policies[name])
    )
    waived = {
        name
        for waiver in intents[0].waivers
        for name in (waiver.policy, waiver.compensation.policy if waiver.compensation else "")
    }
    subjects = [{name: each.policies[name].metadata.subject for name in edited} for each in bundles]
    # As they are named: 1, 1.0 and true are equal, and do not read the same.
    asked = [
        [(policy, canonical(parameters)) for policy, parameters in bindings_of(now.mappings, intents[0], each)]
        for each in bundles
    ]
    alike = needs_of(bundles[0]) == needs_of(bundles[1]) and subjects[0] == subjects[1] and asked[0] == asked[1]
    few = len(edited) * MOST <= max(len(now.bundle.policies), MOST)
    return edited if alike and few and not edited & waived else frozenset()


@collector_paused()
def ask_again(
    before: SiteConclusions,
    lists: Lists,
    edited: Collection[str],
    plant: Plant,
    tree: Tree,
    judge: Judge,
    *,
    on: str,
    engine: Engine,
) -> Carried | None:
    """What a site comes to on the date `on`, from what it came to `before` with the same evidence and the same intent
    of its own, under a judge that differs from this one in the policies `edited` alone (`edited_policies`); None where
    the whole site has to be judged. `plant` is that of the site on this date, as `judge_site` builds it; `tree` has its
    evidence.

    The result is that of `judge_site`, but for the days on which it holds, which may be fewer. Raises InputError where
    the evidence is wrong, NotKeptError where the gaps are not there any more.
    """
    site, known = before.site.id, before.steady
    if before.standing is None or known is None or not known.holds(on) or not edited:
        return None
    judging = Judging(intent_of_site(judge.intent, site), judge.mappings, judge.bundle, on)
    bindings = [each for each in judging.bindings if each[0] in edited]
    observations = evaluate(judge.bundle, bindings, plant, engine, on)
    if any(Outcome.ERROR in each.outcomes for each in observations):
        return None
    tallies = tallies_of(plant, observations)
    silences = {key: silence_of(plant, tally.observations) for key, tally in tallies.items()}
    found = conclude_totals(judging, before, _moved(before.standing, tallies), silences)
    found = msgspec.structs.replace(found, policies=[_named(each, judge.bundle, edited) for each in found.policies])
    all_gaps = lists.gaps()
    own = [gap for gap in all_gaps if gap.policy in edited]
    # No waiver is about these policies: `edited_policies` has asked.
    failing = gaps_of(plant, tallies, judging.parts, judge.bundle, Waivers((), judge.bundle, plant, tallies, on))
    new = trace(failing, plant, judge.bundle, unless_known(known_places(own), places(tree, plant)))
    others = [gap for gap in all_gaps if gap.policy not in edited]
    titles = {unit.id: unit.title for unit in (*before.site.zones, *before.site.conduits)}
    found = with_silent(found, _silent(before.standing, [*others, *new], edited, plant, tallies, judging))
    found = conclude_gaps(judging, found, in_order([*others, *new]), plant.merged_ids, titles)
    gaps = None if found.gaps == all_gaps else found.gaps
    counted = lists.rows_of({gap.asset for gap in (*own, *new) if gap.asset}) if gaps is not None else {}
    rows = {asset: row for asset, row in with_counts(counted, found.gaps).items() if row != counted[asset]}
    here = steady_around(on, turns_of_ages(judge.bundle, bindings, plant))
    return Carried(
        msgspec.structs.replace(
            found,
            site=msgspec.structs.replace(found.site, assets=[]),
            gaps=[],
            steady=Steady(max(known.first, here.first), min(known.last, here.last)),
        ),
        gaps,
        rows,
    )


def _silent(
    standing: Standing,
    gaps: Sequence[Gap],
    edited: Collection[str],
    plant: Plant,
    tallies: Mapping[Key, Tally],
    judging: Judging,
) -> list[str]:
    """The adopted gaps that are not known any more: of the edited policies anew, of the others as it was."""
    known = judging.intent.adopted.get(plant.site.id)
    left = closed_or_silent(known, gaps, plant.merged_ids, judging.parts)
    anew = [entry for entry in left if entry.policy in edited]
    silent = not_known(anew, plant, tallies, judging.parts, judging.bundle)
    return silent + [entry.id for entry in left if entry.policy not in edited and entry.id in standing.unknown]


def places(tree: Tree, plant: Plant) -> PlaceOf:
    """The lines of the raw files behind links, for a plant of which the evidence in `tree` was not read. All of it is
    where a record may not be called as its subject."""

    def place_of(links: list[EvidenceLink], called: list[Called]) -> list[Place]:
        named = _also_called(plant, links, called)
        sources = {each.name: each.custody for each in plant.sources}
        try:
            return raw_places_of_ids(tree, plant.site.id, sources, links, named)
        except LookupError:
            return raw_places(read_claims(tree, plant.site.id), links, named)

    return place_of


def _also_called(plant: Plant, links: list[EvidenceLink], called: list[Called]) -> list[Called]:
    """What links are called, also those to records of another kind than the subject: the rules that open a crossing."""
    pairs = zip(links, called, strict=True)
    records = {(link.record, link.record_line) for link, (kind, _) in pairs if kind and kind_of(link.record) != kind}
    ids: dict[tuple[str, int], Called] = {}
    merged = {*plant.merged_ids.values()}
    for kind, table in sorted(plant.tables.items()):
        own = [record for record in records if kind_of(record[0]) == kind]
        if own and isinstance(table.origins, Origins):
            rows = zip(own, table.origins.rows_of(own), strict=True)
            known = ((record, table.ids[row]) for record, row in rows if row >= 0)
            ids.update(
                (record, (kind, identifier))
                for record, identifier in known
                if identifier.partition("/")[0] not in merged
            )
    return [ids.get((link.record, link.record_line), name) for link, name in zip(links, called, strict=True)]


def _shared(intent: Intent) -> Intent:
    """What holds for all sites."""
    return msgspec.structs.replace(
        intent, sites={}, adopted={}, approved={}, programme=Programme(), changes=(), warnings=()
    )


def _moved(standing: Standing, tallies: Mapping[Key, Tally]) -> dict[Key, dict[Unit, Totals]]:
    """What the totals of the edited policies have changed by."""
    known = {
        key: Tally(tally.observations, units)
        for key, units in standing.totals_by_key().items()
        if (tally := tallies.get(key))
    }
    return totals_moved(known, tallies)


def _named(result: PolicyResult, bundle: Bundle, edited: Collection[str]) -> PolicyResult:
    """The result of a policy, in the words that the policy has now."""
    if result.policy not in edited:
        return result
    policy = bundle.policies[result.policy]
    return msgspec.structs.replace(
        result,
        title=policy.title,
        description=policy.description,
        severity=policy.metadata.severity,
        path=policy.path,
    )
