"""When a site is asked about the edited policies alone, and when not: each reason with a sibling without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pytest
from tests.support.carried_world import ON, SITES, World, adopted, shown, with_intent, with_metadata, written
from tests.support.collected_again import Files
from tests.support.memory_tree import MemoryTree

from plantproof.ask_again import ask_again, edited_policies
from plantproof.carry_over import AsOne, Carried
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.plant import Plant
from plantproof.model.policy import Policy
from plantproof.model.programme import Programme
from plantproof.model.steady import Steady
from plantproof.model.vocabulary import Outcome
from plantproof.model.waiver import Compensation
from plantproof.pipeline import Judge, judge_site
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.protocol import PASS, Engine, Request, Verdict

SITE = "northmill"
SETTINGS = f"evidence/{SITE}/directory/records/setting.jsonl"
ACCOUNTS = "identity/no_dormant_accounts"
EDITED = "identity/mfa_for_privileged"
"""It has no parameter, no waiver is about it, and other policies read accounts too."""

WITH_PARAMETER = "use_control/account_lockout"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


def with_policies(judge: Judge, **policies: Policy) -> Judge:
    """What judges, with these policies too: the first `_` of a name stands for its slash."""
    named = {name.replace("_", "/", 1): policy for name, policy in policies.items()}
    return with_bundle(judge, policies={**judge.bundle.policies, **named})


def with_bundle(judge: Judge, **fields: Any) -> Judge:
    """What judges, with a bundle of which something is other."""
    return msgspec.structs.replace(judge, bundle=msgspec.structs.replace(judge.bundle, **fields))


def with_rule(judge: Judge, policy: str, rule: str) -> Judge:
    """What judges, with another rule at the end of a policy."""
    old = judge.bundle.policies[policy]
    new = msgspec.structs.replace(old, source=f"{old.source}\n{rule}\n")
    return with_bundle(judge, policies={**judge.bundle.policies, policy: new})


def with_default(judge: Judge, default: Any, name: str) -> Judge:
    """What judges, with another default of a parameter."""
    parameters = judge.bundle.policies[WITH_PARAMETER].metadata.parameters
    changed = msgspec.structs.replace(parameters[name], default=default)
    return with_metadata(judge, WITH_PARAMETER, parameters={**parameters, name: changed})


def fields_of(policy: Policy) -> dict[str, Any]:
    """What a policy declares, by field."""
    return msgspec.structs.asdict(policy.metadata)


def low(judge: Judge, *policies: str) -> Judge:
    """What judges, with policies of another severity."""
    for policy in policies or (EDITED,):
        judge = with_metadata(judge, policy, severity="low")
    return judge


# Which policies were edited, and whether that can be asked by itself.


def test_a_policy_of_which_nothing_changed_is_not_edited(world: World) -> None:
    assert edited_policies(world.judge, world.judge) == frozenset()


def test_metadata_and_rules_are_edits(world: World) -> None:
    assert edited_policies(world.judge, low(world.judge)) == {EDITED}
    ruled = with_rule(world.judge, EDITED, "# another line")
    assert edited_policies(world.judge, ruled) == {EDITED}


def test_a_library_edits_each_policy_that_uses_it(world: World) -> None:
    libraries = world.judge.bundle.libraries
    users: dict[str, set[str]] = {path: set() for path in libraries}
    for name, policy in world.judge.bundle.policies.items():
        for path in policy.libraries:
            users[path].add(name)
    waived = {waiver.policy for waiver in world.judge.intent.waivers}
    found = 0
    for path, using in users.items():
        now = with_bundle(world.judge, libraries={**libraries, path: f"{libraries[path]}\n"})
        many = len(using) * 4 > len(world.judge.bundle.policies)
        expected = set() if many or using & waived else using
        assert edited_policies(world.judge, now) == expected, path
        found += bool(expected)
    assert found, "one library is used by few policies"


def test_what_belongs_to_sites_has_no_say(world: World) -> None:
    debt = {SITE: adopted(world.known[SITE].gaps[:1], SITE)}
    other = with_intent(
        world.judge, sites={}, adopted=debt, approved={}, programme=Programme(), changes=(), warnings=("spelling",)
    )
    for field in ("sites", "adopted", "approved", "programme", "changes", "warnings"):
        assert getattr(other.intent, field) != getattr(world.judge.intent, field)
    assert edited_policies(other, low(world.judge)) == {EDITED}


def test_other_controls_are_no_edit_of_a_policy(world: World) -> None:
    assert edited_policies(with_intent(world.judge, waivers=()), low(world.judge)) == frozenset()
    assert edited_policies(with_intent(world.judge, waivers=()), low(with_intent(world.judge, waivers=()))) == {EDITED}


def test_other_mappings_are_no_edit_of_a_policy(world: World) -> None:
    fewer = msgspec.structs.replace(world.judge, mappings=world.judge.mappings[1:])
    assert edited_policies(fewer, low(world.judge)) == frozenset()
    assert edited_policies(fewer, low(fewer)) == {EDITED}


def test_a_policy_more_or_less_is_no_edit(world: World) -> None:
    # Nobody asks for it, and it reads what another one reads: only its name is new.
    copy = msgspec.structs.replace(world.judge.bundle.policies[ACCOUNTS], id="identity/copy")
    more = with_policies(world.judge, identity_copy=copy)
    assert edited_policies(more, low(world.judge)) == frozenset()
    assert edited_policies(world.judge, low(more)) == frozenset()
    assert edited_policies(more, low(more)) == {EDITED}


def test_other_fields_are_needed(world: World) -> None:
    reads = world.judge.bundle.policies[EDITED].metadata.reads
    assert edited_policies(
        world.judge, with_metadata(world.judge, EDITED, reads={**reads, "locked_out": "optional"})
    ) == (frozenset())
    known = dict.fromkeys(reads, "optional")
    assert known != reads
    assert edited_policies(world.judge, with_metadata(world.judge, EDITED, reads=known)) == {EDITED}


def test_another_kind_of_subject(world: World) -> None:
    # Each asks about what the other did: all in all the same fields are needed, and neither has a parameter.
    policies = world.judge.bundle.policies
    other = "availability/authorised_inventory"
    swapped = with_metadata(world.judge, EDITED, **fields_of(policies[other]))
    swapped = with_metadata(swapped, other, **fields_of(policies[EDITED]))
    assert edited_policies(world.judge, swapped) == frozenset()
    assert edited_policies(swapped, low(swapped, EDITED, other)) == {EDITED, other}


def test_another_default(world: World) -> None:
    parameters = world.judge.bundle.policies[WITH_PARAMETER].metadata.parameters
    name, parameter = next((name, each) for name, each in parameters.items() if isinstance(each.default, int))
    assert edited_policies(world.judge, with_default(world.judge, 77, name)) == frozenset()
    told = msgspec.structs.replace(parameter, description="said otherwise")
    worded = with_metadata(world.judge, WITH_PARAMETER, parameters={**parameters, name: told})
    assert edited_policies(world.judge, worded) == {WITH_PARAMETER}


@pytest.mark.parametrize("default", [1.0, True])
def test_a_default_that_equals_the_old_one_and_reads_otherwise(world: World, default: Any) -> None:
    parameters = world.judge.bundle.policies[WITH_PARAMETER].metadata.parameters
    name = next(name for name, each in parameters.items() if isinstance(each.default, int))
    one = with_default(world.judge, 1, name)
    other = with_rule(with_default(world.judge, default, name), WITH_PARAMETER, f"# default: {default}")
    assert edited_policies(one, other) == frozenset(), "gaps are named by their parameters as they are written"
    assert edited_policies(one, with_rule(one, WITH_PARAMETER, "# default: 1")) == {WITH_PARAMETER}


def test_up_to_one_policy_in_four_is_few(world: World) -> None:
    waived = {waiver.policy for waiver in world.judge.intent.waivers}
    waived |= {each.compensation.policy for each in world.judge.intent.waivers if each.compensation}
    others = sorted(world.judge.bundle.policies.keys() - waived)
    most = len(world.judge.bundle.policies) // 4
    severe = with_bundle(
        world.judge,
        policies={
            name: msgspec.structs.replace(policy, description="as it was")
            for name, policy in world.judge.bundle.policies.items()
        },
    )

    def again(count: int) -> Judge:
        policies = {
            name: msgspec.structs.replace(severe.bundle.policies[name], description="now") for name in others[:count]
        }
        return with_bundle(severe, policies={**severe.bundle.policies, **policies})

    assert edited_policies(severe, again(most)) == set(others[:most])
    assert edited_policies(severe, again(most + 1)) == frozenset()


def test_of_very_few_policies_one_may_be_edited(world: World) -> None:
    two = with_bundle(world.judge, policies={name: world.judge.bundle.policies[name] for name in (ACCOUNTS, EDITED)})
    assert edited_policies(two, low(two)) == {EDITED}
    assert edited_policies(two, low(two, ACCOUNTS, EDITED)) == frozenset()


def test_a_waiver_on_the_policy(world: World) -> None:
    waiver = msgspec.structs.replace(world.judge.intent.waivers[0], policy=EDITED, compensation=None)
    waived = with_intent(world.judge, waivers=(waiver,))
    assert edited_policies(waived, low(waived)) == frozenset()
    assert edited_policies(waived, low(waived, ACCOUNTS)) == {ACCOUNTS}


def test_a_countermeasure_that_the_policy_judges(world: World) -> None:
    other = "availability/authorised_inventory"
    by = Compensation(policy=EDITED, subjects=["fw-ot-01"], description="stands in")
    waiver = msgspec.structs.replace(world.judge.intent.waivers[0], policy=ACCOUNTS, compensation=by)
    waived = with_intent(world.judge, waivers=(waiver,))
    assert edited_policies(waived, low(waived)) == frozenset()
    assert edited_policies(waived, low(waived, other)) == {other}


# What a site comes to, asked about them.


def asked(
    world: World,
    judge: Judge,
    before: SiteConclusions | None = None,
    *,
    edited: Iterable[str] = (EDITED,),
    engine: Engine | None = None,
    on: str = ON,
    files: Files | None = None,
    plant: Plant | None = None,
    tree: MemoryTree | None = None,
) -> Carried | None:
    known = before or world.known[SITE]
    return ask_again(
        known,
        AsOne(known),
        frozenset(edited),
        plant or plant_of(world, known.site.id, files),
        tree or MemoryTree(files or world.files),
        judge,
        on=on,
        engine=engine or world.engine,
    )


def plant_of(world: World, site: str, files: Files | None = None) -> Plant:
    """The plant of a site, as it is built to judge it."""
    tree = MemoryTree(files or world.files)
    return judge_site(tree, world.project.file, world.judge, site, on=ON, engine=world.engine).plant


def test_asked_it_comes_to_what_judging_gives(world: World) -> None:
    judge = low(world.judge)
    found = asked(world, judge)
    assert found is not None
    assert shown(found.whole(world.known[SITE])) == shown(world.judged(world.files, SITE, judge=judge))


def test_sums_that_are_not_known(world: World) -> None:
    bare = msgspec.structs.replace(world.known[SITE], standing=None)
    assert asked(world, low(world.judge), bare) is None


def test_days_that_are_not_known(world: World) -> None:
    bare = msgspec.structs.replace(world.known[SITE], steady=None)
    assert asked(world, low(world.judge), bare) is None


def test_a_day_on_which_it_does_not_hold(world: World) -> None:
    steady = world.known[SITE].steady
    assert steady is not None
    short = msgspec.structs.replace(world.known[SITE], steady=Steady(steady.first, ON))
    assert asked(world, low(world.judge), short) is not None
    assert asked(world, low(world.judge), short, on="2026-11-21") is None


def test_no_policy_was_edited(world: World) -> None:
    assert asked(world, world.judge, edited=()) is None


class Answering:
    """An engine that gives every input the same verdict."""

    name, version = "answering", "1"

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def evaluate(self, requests: Iterable[Request]) -> Iterator[list[Verdict]]:
        for request in requests:
            yield [self._verdict] * len(request.inputs)

    def close(self) -> None:
        pass


def test_a_policy_that_cannot_be_evaluated(world: World) -> None:
    broken = Answering(Verdict(Outcome.ERROR, (), "limit", "too long"))
    assert asked(world, low(world.judge), engine=broken) is None
    assert asked(world, low(world.judge), engine=Answering(PASS)) is not None


def test_it_holds_no_longer_than_what_was_known_nor_than_its_ages(world: World) -> None:
    short = msgspec.structs.replace(world.known[SITE], steady=Steady(ON, "2026-11-21"))
    found = asked(world, low(world.judge), short)
    assert found is not None
    assert found.conclusions.steady == Steady(ON, "2026-11-21")
    ever = msgspec.structs.replace(world.known[SITE], steady=Steady("1990-01-01", "2990-01-01"))
    aged = next(
        name
        for name, policy in sorted(world.judge.bundle.policies.items())
        if policy.metadata.ages and not any(waiver.policy == name for waiver in world.judge.intent.waivers)
    )
    found = asked(world, low(world.judge, aged), ever, edited=[aged])
    assert found is not None
    assert found.conclusions.steady is not None
    assert found.conclusions.steady.first > "1990-01-01", "the last date that passed its limit"
    assert found.conclusions.steady.last < "2990-01-01", "the next one that does"


def test_gaps_that_are_the_same_are_not_told_again(world: World) -> None:
    worded = with_metadata(world.judge, EDITED, remediation=world.judge.bundle.policies[ACCOUNTS].metadata.remediation)
    found = asked(world, worded)
    assert found is not None
    assert found.gaps is None
    assert found.rows == {}
    assert found.conclusions.causes != world.known[SITE].causes
    assert shown(found.whole(world.known[SITE])) == shown(world.judged(world.files, SITE, judge=worded))


def test_only_rows_that_changed_are_told(world: World) -> None:
    known = {row.id: row for row in world.known[SITE].site.assets}
    found = asked(world, low(world.judge), engine=Answering(PASS))
    assert found is not None
    own = {gap.asset for gap in world.known[SITE].gaps if gap.policy == EDITED}
    assert own == found.rows.keys()
    assert all(row != known[asset] for asset, row in found.rows.items())
    assert found.gaps is not None
    assert not any(gap.policy == EDITED for gap in found.gaps)


def test_gaps_of_other_words_leave_the_rows_of_assets(world: World) -> None:
    old = world.judge.bundle.policies[EDITED]
    titled = msgspec.structs.replace(old, title="Now another title")
    found = asked(world, with_bundle(world.judge, policies={**world.judge.bundle.policies, EDITED: titled}))
    assert found is not None
    assert found.gaps is not None
    assert found.rows == {}


@pytest.mark.parametrize(
    "policy",
    [
        EDITED,
        "availability/authorised_inventory",
        "integrity/configuration_as_approved",
        "integrity/exploited_vulnerabilities_fixed",
        "zones/conduit_enforced",
        "zones/crossing_has_conduit",
        "zones/no_any_any_rule",
        "zones/zone_watched",
    ],
)
def test_new_gaps_on_subjects_of_any_kind(world: World, policy: str) -> None:
    rule = 'violations contains v if {\n\tinput\n\tv := {"message": "it is so"}\n}'
    ruled = with_rule(world.judge, policy, rule)
    found = asked(world, ruled, edited=[policy])
    assert found is not None
    assert shown(found.whole(world.known[SITE])) == shown(world.judged(world.files, SITE, judge=ruled))
    assert found.gaps is not None


def test_the_words_of_a_policy_follow(world: World) -> None:
    old = world.judge.bundle.policies[EDITED]
    new = msgspec.structs.replace(
        old,
        title="Now another title",
        description="Now another description",
        metadata=msgspec.structs.replace(old.metadata, severity="low"),
    )
    found = asked(world, with_bundle(world.judge, policies={**world.judge.bundle.policies, EDITED: new}))
    assert found is not None
    words = {each.policy: (each.title, each.description, each.severity) for each in found.conclusions.policies}
    before = {each.policy: (each.title, each.description, each.severity) for each in world.known[SITE].policies}
    assert words == before | {EDITED: ("Now another title", "Now another description", "low")}


def test_what_was_adopted_and_is_none_any_more_is_told(world: World) -> None:
    gaps = [gap for gap in world.known[SITE].gaps if gap.policy == EDITED]
    judge = with_intent(world.judge, adopted={SITE: adopted(gaps, SITE)})
    before = world.judged(world.files, SITE, judge=judge)
    policy = judge.bundle.policies[EDITED]
    source = policy.source.replace("violations contains v if {", "violations contains v if {\n\tinput == 1")
    never = msgspec.structs.replace(policy, source=source)
    ruled = with_bundle(judge, policies={**judge.bundle.policies, EDITED: never})
    found = asked(world, ruled, before)
    assert found is not None
    assert shown(found.whole(before)) == shown(world.judged(world.files, SITE, judge=ruled))
    assert found.conclusions.site.adopted != before.site.adopted


def test_a_record_of_another_kind_with_the_same_id_lends_no_name(world: World) -> None:
    gap = next(gap for gap in world.known[SITE].gaps if gap.policy == ACCOUNTS)
    asset, _, principal = gap.subject.partition("/")
    line = {"asset": asset, "id": gap.subject, "key": principal, "method": "config", "value": True}
    lines = sorted([*world.files[SETTINGS].splitlines(), msgspec.json.encode(line, order="sorted")])
    files = written(world.files, SETTINGS, b"\n".join(lines) + b"\n")
    before = world.judged(files, SITE)
    judge = low(world.judge, ACCOUNTS)
    found = asked(world, judge, before, edited=[ACCOUNTS], files=files)
    assert found is not None
    assert shown(found.whole(before)) == shown(world.judged(files, SITE, judge=judge))
    assert found.gaps is not None
    assert {each.name for each in (*before.gaps, *found.gaps) if each.id == gap.id} == {gap.name}


# Of the evidence only sightings are read.


class ReadTree(MemoryTree):
    """Files in memory, and which of them were read."""

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self.seen: set[str] = set()

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(paths)
        self.seen.update(wanted)
        return super().read_many(wanted)


def always(judge: Judge, policy: str) -> Judge:
    """What judges, with a policy on which every subject fails."""
    return with_rule(judge, policy, 'violations contains v if {\n\tinput\n\tv := {"message": "it is so"}\n}')


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("policy", [EDITED, "availability/authorised_inventory", "zones/crossing_has_conduit"])
def test_only_sightings_are_read(world: World, site: str, policy: str) -> None:
    plant, tree = plant_of(world, site), ReadTree(world.files)
    found = asked(world, always(world.judge, policy), world.known[site], edited=[policy], plant=plant, tree=tree)
    assert found is not None
    merged = {*plant.merged_ids.values()}
    if not any(gap.subject in merged for gap in found.gaps or ()):
        assert all("/sightings/" in path for path in tree.seen)


def test_a_policy_that_finds_what_it_found_reads_nothing(world: World) -> None:
    tree = ReadTree(world.files)
    found = asked(world, low(world.judge), tree=tree)
    assert found is not None
    assert found.gaps != world.known[SITE].gaps
    assert tree.seen == set()


def test_records_of_merged_assets_are_looked_up_in_all_evidence(world: World) -> None:
    policy = "availability/authorised_inventory"
    ruled = always(world.judge, policy)
    plant = plant_of(world, SITE)
    asset = next(gap.subject for gap in world.known[SITE].gaps if gap.subject_kind == "asset")
    merged = msgspec.structs.replace(plant, merged_ids={"a-earlier": asset})
    trees = [ReadTree(world.files), ReadTree(world.files)]
    found = [
        asked(world, ruled, edited=[policy], plant=each, tree=tree)
        for each, tree in zip((plant, merged), trees, strict=True)
    ]
    assert found[0] == found[1]
    assert not any("/records/" in path for path in trees[0].seen)
    assert any("/records/" in path for path in trees[1].seen)
