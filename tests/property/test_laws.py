"""The laws of verdicts, on generated plants, mappings and observations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.mapper_world import (
    FAIL,
    PASS,
    SILENT,
    SITE,
    World,
    attest,
    by,
    control,
    framework,
    mapped,
    mapping,
    observe,
    part,
    plant,
    policy,
    site,
    table,
    waive,
    zone,
)

from plantproof.mappers.levels import Requirement, bounds_of
from plantproof.mappers.tallies import Unit, tallies_of
from plantproof.model.assessment import LevelVectors, Totals
from plantproof.model.catalog import Tailoring
from plantproof.model.evidence import Attestation, AttestedScope
from plantproof.model.mapping import Answer, MappedControl
from plantproof.model.vocabulary import Conclusion, Method, Outcome
from plantproof.model.waiver import Compensation

unhurried = settings(max_examples=150)
ZONES = ("cell", "hall")
POLICIES = ("f/x", "f/y", "f/z")
TOPICS = ("doors", "habits")
SUBJECTS = tuple(f"asset-{number}" for number in range(5))
EVERY_ZONE = (("cell",), ("hall",), ("cell", "hall"))

answers = st.builds(by, st.sampled_from([*POLICIES, *TOPICS]), st.sampled_from(["full", "full", "partial"]))


@st.composite
def controls(draw: st.DrawFn) -> MappedControl:
    parts = [
        part(
            *_distinct(draw(st.lists(answers, min_size=1, max_size=3))),
            name=f"p{number}",
            scope=draw(st.sampled_from(["component", "zone", "system"])),
            aspect=draw(st.sampled_from(["configuration", "configuration", "operation"])),
            any_of=draw(st.booleans()),
            provided_by=draw(st.sampled_from(["", "", "common", "hybrid"])),
        )
        for number in range(draw(st.integers(1, 2)))
    ]
    return mapped(*parts, complete=draw(st.sampled_from([True, True, False])))


@st.composite
def statements(draw: st.DrawFn) -> Attestation:
    scope = AttestedScope(
        site=draw(st.booleans()),
        zones=draw(st.lists(st.sampled_from(ZONES), unique=True)),
        assets=draw(st.lists(st.sampled_from(SUBJECTS), unique=True)),
    )
    period = {"period_from": "2025-01-01", "period_to": "2026-01-01"} if draw(st.booleans()) else {}
    return attest(
        draw(st.sampled_from(TOPICS)),
        scope,
        outcome=draw(st.sampled_from(["satisfied", "satisfied", "not-satisfied"])),
        about_own_work=draw(st.booleans()),
        **period,
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    placed = {each: draw(st.sampled_from(EVERY_ZONE)) for each in SUBJECTS[: draw(st.integers(1, 5))]}
    assets = table("asset", placed)
    tailoring = Tailoring(
        control="SR 1.2", action="not-applicable", reason="None.", approver="A. Pprover", review_by="2027-01-01"
    )
    selected = [
        control("SR 1.1", 1),
        control("SR 1.2", 2, tailoring=draw(st.sampled_from([None, tailoring]))),
        control("SR 1.3", draw(st.integers(1, 4)), contested=(1, 4)),
    ]
    outcome = st.sampled_from([PASS, PASS, PASS, *Outcome])
    method = st.sampled_from([Method.CONFIG, Method.PASSIVE, Method.DECLARED])
    subjects = draw(st.lists(st.sampled_from(list(placed)), min_size=1, unique=True))
    countermeasure = Compensation(policy="f/z", subjects=subjects, description="Watched.")
    waiver = waive("f/x", subjects, draw(st.sampled_from([None, countermeasure])))
    attestations = [
        msgspec.structs.replace(each, id=f"att-{number}")
        for number, each in enumerate(draw(st.lists(statements(), max_size=3)))
    ]
    return World(
        plant=plant(site([zone(each) for each in ZONES]), [assets], attestations),
        policies=[policy(each) for each in POLICIES],
        mappings=[mapping(SR_1_1=draw(controls()), SR_1_2=draw(controls()), SR_1_3=draw(controls()))],
        frameworks=[framework(selected)],
        observations=[
            observe(
                name,
                assets,
                {each: draw(outcome) for each in placed},
                methods={each: draw(method) for each in placed},
            )
            for name in POLICIES
        ],
        waivers=[waiver],
    )


def _distinct(found: Sequence[Answer]) -> list[Answer]:
    return list({(each.policy, each.attestation): each for each in found}.values())


def _vectors(world: World) -> list[LevelVectors]:
    return [vectors for unit in world.conclude().site.zones if (vectors := unit.sl_achieved)]


def _lowers(world: World) -> list[int]:
    return [
        bounds.lower
        for vectors in _vectors(world)
        for view in (vectors.tested, vectors.attested, vectors.compensated)
        for bounds in view
    ]


def _uppers(world: World) -> list[int]:
    return [
        bounds.upper
        for vectors in _vectors(world)
        for view in (vectors.tested, vectors.attested, vectors.compensated)
        for bounds in view
    ]


def _views(world: World) -> dict[tuple[str, str, str], Conclusion]:
    found = world.conclude().frameworks[0]
    return {
        (finding.control, finding.unit, view): getattr(finding, view)
        for finding in [*found.controls, *found.units]
        for view in ("tested", "conclusion", "compensated")
    }


@given(worlds(), st.data())
@unhurried
def test_totals_add(world: World, data: st.DataObject) -> None:
    """The totals of the subjects of one part and of the others add up to the totals of all, in every unit."""
    assets = world.plant.tables["asset"]
    chosen = data.draw(st.sets(st.sampled_from(assets.ids)))
    whole = tallies_of(world.plant, world.observations)
    halves = []
    for wanted in (chosen, set(assets.ids) - chosen):
        smaller = table("asset", {each: assets.zones[assets.rows[each]] for each in wanted})
        columns = [
            observe(
                each.policy,
                smaller,
                {name: Outcome(each.outcomes[assets.rows[name]]) for name in wanted},
                methods={name: Method(each.methods[assets.rows[name]]) for name in wanted},
            )
            for each in world.observations
        ]
        halves.append(tallies_of(plant(world.plant.site, [smaller]), columns))
    for key, tally in whole.items():
        for unit in (Unit("site", SITE), *(Unit("zone", each) for each in ZONES)):
            assert sum((half[key].of(unit) for half in halves), Totals()) == tally.of(unit)


@given(worlds(), st.sampled_from(POLICIES), st.sampled_from(EVERY_ZONE))
@unhurried
def test_adding_a_failing_subject_never_raises_a_level(world: World, failing: str, where: tuple[str, ...]) -> None:
    """One more asset, which fails one policy and is unknown to the others: no bound of any view rises."""
    before, old = (_lowers(world), _uppers(world)), world.plant.tables["asset"]
    assets = table("asset", {**dict(zip(old.ids, old.zones, strict=True)), "one-more": where})
    outcomes = [{name: Outcome(each.outcomes[old.rows[name]]) for name in old.ids} for each in world.observations]
    more = msgspec.structs.replace(
        world,
        plant=plant(world.plant.site, [assets], world.plant.attestations),
        observations=[
            observe(
                each.policy,
                assets,
                {**known, "one-more": FAIL if each.policy == failing else SILENT},
                methods={name: Method(each.methods[old.rows[name]]) for name in old.ids},
            )
            for each, known in zip(world.observations, outcomes, strict=True)
        ],
    )
    assert all(after <= earlier for after, earlier in zip(_lowers(more), before[0], strict=True))
    assert all(after <= earlier for after, earlier in zip(_uppers(more), before[1], strict=True))


@given(worlds(), st.data())
@unhurried
def test_removing_evidence_never_satisfies_and_never_lifts_a_level(world: World, data: st.DataObject) -> None:
    """Passes and failures become silence: nothing becomes satisfied, no lower bound rises."""
    views, lowers = _views(world), _lowers(world)
    column = data.draw(st.sampled_from(world.observations))
    for row in data.draw(st.sets(st.integers(0, len(column.outcomes) - 1), min_size=1)):
        if column.outcomes[row] in (PASS, FAIL):
            column.outcomes[row] = SILENT
            column.violations.pop(row, None)
    for key, conclusion in _views(world).items():
        assert conclusion != "satisfied" or views[key] == "satisfied"
    assert all(after <= earlier for after, earlier in zip(_lowers(world), lowers, strict=True))


@given(worlds(), st.randoms(use_true_random=False))
@unhurried
def test_the_order_of_input_never_matters(world: World, random: object) -> None:
    """Observations, attestations, waivers, answers and policies in another order: the same bytes."""
    before = msgspec.json.encode(world.conclude())
    shuffle = random.shuffle  # hypothesis gives a random.Random
    attestations = list(world.plant.attestations)
    waivers = [*world.waivers, waive("f/y", ["asset-0"], id="w-2")]
    for each in (world.observations, world.policies, attestations):
        shuffle(each)
    world.plant.attestations = tuple(attestations)
    assert msgspec.json.encode(world.conclude()) == before
    world.waivers = waivers
    first = msgspec.json.encode(world.conclude())
    world.waivers = waivers[::-1]
    assert msgspec.json.encode(world.conclude()) == first


@given(worlds())
@unhurried
def test_tested_never_exceeds_attested_nor_attested_compensated(world: World) -> None:
    """Each view may rest on more than the one before: its lower bounds are no lower, and lower never exceeds upper."""
    for vectors in _vectors(world):
        for tested, attested, compensated in zip(vectors.tested, vectors.attested, vectors.compensated, strict=True):
            assert tested.lower <= attested.lower <= compensated.lower
            for bounds in (tested, attested, compensated):
                assert 0 <= bounds.lower <= bounds.upper <= 4


@st.composite
def requirement(draw: st.DrawFn) -> Requirement:
    lowest, level, highest = sorted(draw(st.tuples(*[st.integers(1, 4)] * 3)))
    return Requirement(draw(st.uuids()).hex, level, lowest, highest, draw(st.sampled_from(list(Conclusion))))


def by_definition(rows: Sequence[tuple[int, Conclusion]]) -> tuple[int, int]:
    """Lower: the highest L such that every applicable requirement at or below L is satisfied (and, above 0, there
    is one); upper: the highest L with none not-satisfied."""
    asked = [(level, word) for level, word in rows if word != "not-applicable"]
    lower, upper = 0, 0
    for candidate in range(1, 5):
        within = [word for level, word in asked if level <= candidate]
        if within and all(word == "satisfied" for word in within):
            lower = candidate
        if all(word != "not-satisfied" for word in within):
            upper = candidate
    return lower, upper


@given(st.lists(requirement(), max_size=5))
@settings(max_examples=300)
def test_both_bounds_are_what_the_definition_says(rows: list[Requirement]) -> None:
    """Against the definition read literally; the contested bounds against every choice of levels within the ranges."""
    found = bounds_of(rows)
    assert (found.lower, found.upper) == by_definition([(each.level, each.conclusion) for each in rows])
    choices = product(*(range(each.lowest, each.highest + 1) for each in rows))
    every = [
        by_definition([(level, each.conclusion) for level, each in zip(levels, rows, strict=True)])
        for levels in choices
    ]
    lowest, highest = min(lower for lower, _ in every), max(upper for _, upper in every)
    contested = (found.lower if found.contested_lower is None else found.contested_lower, found.contested_upper)
    assert contested[0] == lowest
    assert (found.upper if contested[1] is None else contested[1]) == highest
