"""The law of drafts: what nobody has confirmed never makes a verdict better than it is without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.documents import ROOT
from tests.support.plant_world import ON, attestation, conduit, identities, project, site, source, zone

from plantproof.git_opening import open_repository
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import conclude_site
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.draft import confirmed, unconfirmed_conduits, unconfirmed_zones
from plantproof.model.evidence import Attestation, Claims, Covers, Source, Vantage
from plantproof.model.plant import Plant
from plantproof.model.site import Site
from plantproof.model.vocabulary import Conclusion
from plantproof.pipeline import Judge, load_judge
from plantproof.plant.build import build_plant
from plantproof.plant.draft import draft
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of
from plantproof.project import open_project

FRAMEWORKS = ("iec62443-3-2", "iec62443-3-3")
VIEWS = ("conclusion", "tested", "compensated")
KINDS = ("control", "safety", "business", "dmz", "wireless", "temporary")
SUBNETS = {"a": "10.1.0.0/16", "b": "10.2.0.0/16", "c": "10.3.0.0/16", "d": "10.1.7.0/24", "e": "10.4.0.0/16"}
ADDRESSES = ("10.1.0.5", "10.1.7.5", "10.2.0.5", "10.3.0.5", "10.4.0.5", "10.9.9.9", "8.8.8.8")
NETWORKS = ("10.1.0.0/16", "10.1.7.0/24", "10.2.0.0/16", "10.0.0.0/8", "10.9.9.9/32", "0.0.0.0/0", "10.4.0.0/24")
ROLES = ("plc", "hmi", "firewall", "safety-plc", "wireless-ap", "portable", "server")
WATCHING = Vantage(sensor="sensor", segments=["everywhere"], loss_percent=0.5)

named = st.sampled_from(sorted(SUBNETS))


@pytest.fixture(scope="module")
def judge() -> Judge:
    found = load_judge(open_project(open_repository(ROOT).working_tree(), accept_content=True))
    intent = msgspec.structs.replace(
        found.intent, frameworks=tuple(each for each in found.intent.frameworks if each.catalog.id in FRAMEWORKS)
    )
    return msgspec.structs.replace(found, intent=msgspec.structs.replace(intent, waivers=()), crosswalks=())


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine() as found:
        yield found


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Some zones, some of them drafted; conduits between them, some drafted; one zone outside."""
    names = draw(st.lists(named, min_size=1, max_size=5, unique=True))
    zones = []
    for name in names:
        drafted = draw(st.booleans())
        made = zone(name, SUBNETS[name], kind=draw(st.sampled_from(KINDS)))
        target = [1, 0, 0, 0, 0, 0, 0] if draw(st.booleans()) else None
        members = ["asset-1"] if draw(st.integers(0, 5)) == 0 else []
        zones.append(msgspec.structs.replace(made, unconfirmed=drafted, sl_target=target, members=members))
    if draw(st.booleans()):
        outside = zone("world", kind="external", level=5)
        zones.append(msgspec.structs.replace(outside, unconfirmed=draw(st.booleans())))
    conduits = []
    ids = [each.id for each in zones]
    for number in range(draw(st.integers(0, 3)) if len(ids) > 1 else 0):
        ends = draw(st.permutations(ids))[:2]
        made_conduit = conduit(
            f"c{number}", *ends, permitted=[(ends[0], ends[1], "tcp/502")], points=["asset-0"] * draw(st.integers(0, 1))
        )
        conduits.append(msgspec.structs.replace(made_conduit, unconfirmed=draw(st.booleans())))
    return site(*zones, conduits=conduits)


@st.composite
def evidence(draw: st.DrawFn) -> tuple[Source, ...]:
    assets: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        record: dict[str, Any] = {"id": f"a-{number}", "names": [f"asset-{number}"], "authorised": True}
        if draw(st.booleans()):
            record["ips"] = draw(st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=2, unique=True))
        if draw(st.booleans()):
            record["role"] = draw(st.sampled_from(ROLES))
        if draw(st.integers(0, 3)) == 0:
            record["zone"] = draw(named)
        if draw(st.integers(0, 3)) == 0:
            record["parent"] = "a-0"
        assets.append(record)
    ids = [record["id"] for record in assets]
    flows = [
        {"id": f"f-{number}", "protocol": "tcp", "port": 502, "src_ip": start, "dst_ip": end}
        for number, (start, end) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(ADDRESSES)), max_size=4))
        )
    ]
    interfaces = [
        {"id": f"{ids[0]}/p{number}", "asset": ids[0], "name": f"p{number}", "ips": [f"{address}/24"]}
        for number, address in enumerate(draw(st.lists(st.sampled_from(ADDRESSES), max_size=3, unique=True)))
    ]
    rules = [
        {
            "id": f"r-{number}", "asset": ids[0], "order": number + 1, "action": "accept", "enabled": True, "log": True,
            "src_networks": [start], "dst_networks": [end], "services": [draw(st.sampled_from(["tcp/502", "ip"]))],
            **({"src_interfaces": [f"p{draw(st.integers(0, 3))}"]} if draw(st.booleans()) else {}),
        }
        for number, (start, end) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(NETWORKS), st.sampled_from(NETWORKS)), max_size=3))
        )
    ]  # fmt: skip
    accounts = [
        {"id": f"{owner}/root", "asset": owner, "principal": "root", "type": "person", "enabled": True, "mfa": True,
         "privileged": True, "password_not_required": False, "shared": False}
        for owner in ids if draw(st.booleans())
    ]  # fmt: skip
    covers = [Covers(kind=kind) for kind in ("asset", "flow", "firewall_rule", "account") if draw(st.booleans())]
    records = {"asset": assets, "flow": flows, "interface": interfaces, "firewall_rule": rules, "account": accounts}
    filled = {kind: each for kind, each in records.items() if each}
    return (source("sensor", filled, covers=covers, vantage=WATCHING if draw(st.booleans()) else None),)


def claims_of(sources: tuple[Source, ...], attestations: tuple[Attestation, ...] = ()) -> Claims:
    ids = [f"a-{number}" for number in range(6)]
    present = [each for each in ids if any(each.encode() in data for s in sources for _, data in s.records["asset"])]
    return Claims(site="works", sources=sources, identities=identities(present), attestations=attestations)


def concluded(judge: Judge, engine: EmbeddedEngine, claims: Claims, at: Site) -> SiteConclusions:
    plant: Plant = build_plant(claims, at, project(), needs_of(judge.bundle), ON)
    bindings = bindings_of(judge.mappings, judge.intent, judge.bundle)
    observations = evaluate(judge.bundle, bindings, plant, engine, ON)
    return conclude_site(judge.intent, judge.mappings, judge.bundle, plant, observations, ON)


def satisfied(found: SiteConclusions) -> set[tuple[str, ...]]:
    """Everything that is satisfied: controls in each view, their parts, and the answers of policies to these."""
    drafted = {each.id for each in [*found.site.zones, *found.site.conduits] if each.unconfirmed}
    result: set[tuple[str, ...]] = set()
    for framework in found.frameworks:
        for finding in [*framework.controls, *framework.units]:
            here = (framework.framework, finding.unit_kind, finding.unit, finding.control)
            result |= {(*here, view) for view in VIEWS if getattr(finding, view) is Conclusion.SATISFIED}
            for part in finding.parts:
                result |= {(*here, "part", part.id)} if part.conclusion is Conclusion.SATISFIED else set()
                result |= {
                    (*here, "part", part.id, answer.policy or answer.attestation, str(answer.parameters))
                    for answer in part.answers
                    # The answer of a policy is told as it is; what a draft withholds is the part.
                    if answer.conclusion is Conclusion.SATISFIED and finding.unit not in drafted
                }
    return result


def lowers(found: SiteConclusions) -> dict[str, list[int]]:
    """Zone or conduit -> the lower bounds of its SL-A in all views."""
    return {
        f"{unit.kind} {unit.id}": [
            bound.lower
            for view in (unit.sl_achieved.tested, unit.sl_achieved.attested, unit.sl_achieved.compensated)
            for bound in view
        ]
        for unit in [*found.site.zones, *found.site.conduits]
        if unit.sl_achieved
    }


slow_but_sure = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@slow_but_sure
@given(at=sites(), sources=evidence())
def test_what_nobody_has_confirmed_satisfies_nothing(
    judge: Judge, engine: EmbeddedEngine, at: Site, sources: tuple[Source, ...]
) -> None:
    claims = claims_of(sources)
    with_draft, without = (concluded(judge, engine, claims, each) for each in (at, confirmed(at)))
    assert satisfied(with_draft) <= satisfied(without)
    drafted = {f"zone {each}" for each in unconfirmed_zones(at)}
    drafted |= {f"conduit {each}" for each in unconfirmed_conduits(at)}
    before = lowers(without)
    for unit, bounds in lowers(with_draft).items():
        assert all(after <= most for after, most in zip(bounds, before.get(unit, [0] * 21), strict=True))
        assert not (unit in drafted and any(bounds))


@slow_but_sure
@given(at=sites(), sources=evidence())
def test_a_draft_is_named_as_one_permits_nothing_and_has_no_target(
    judge: Judge, engine: EmbeddedEngine, at: Site, sources: tuple[Source, ...]
) -> None:
    found = concluded(judge, engine, claims_of(sources), at).site
    assert bool(found.draft) == bool(unconfirmed_zones(at) | unconfirmed_conduits(at))
    assert all(unit.sl_target is None for unit in [*found.zones, *found.conduits] if unit.unconfirmed)
    assert all(each.conduit not in unconfirmed_conduits(at) for each in found.crossings)


@slow_but_sure
@given(sources=evidence())
def test_drafting_a_site_satisfies_nothing_that_was_not_satisfied_without_zones(
    judge: Judge, engine: EmbeddedEngine, sources: tuple[Source, ...]
) -> None:
    claims = claims_of(sources)
    drafted = draft(claims).site
    assert satisfied(concluded(judge, engine, claims, drafted)) <= satisfied(
        concluded(judge, engine, claims, confirmed(drafted))
    )


def test_the_law_has_something_to_forbid(judge: Judge, engine: EmbeddedEngine) -> None:
    """Confirmed, the same site satisfies more: the law above is no empty one."""
    assets = [{"id": "a-0", "names": ["asset-0"], "role": "plc", "ips": ["10.1.0.5"], "authorised": True}]
    flows = [{"id": "f", "protocol": "tcp", "port": 502, "src_ip": "10.2.0.5", "dst_ip": "10.1.0.5"}]
    covers = [Covers(kind="asset"), Covers(kind="flow")]
    claims = claims_of((source("sensor", {"asset": assets, "flow": flows}, covers=covers, vantage=WATCHING),))
    drafted = draft(claims).site
    whole = msgspec.structs.replace(
        drafted,
        zones=[msgspec.structs.replace(each, unconfirmed=False) for each in drafted.zones],
        conduits=[msgspec.structs.replace(each, unconfirmed=False) for each in drafted.conduits],
    )
    assert satisfied(concluded(judge, engine, claims, drafted)) < satisfied(concluded(judge, engine, claims, whole))


def test_a_statement_on_a_drafted_zone_satisfies_nothing_there(judge: Judge, engine: EmbeddedEngine) -> None:
    topics = {
        answer.attestation
        for mapping in judge.mappings
        for mapped in mapping.controls.values()
        for part in mapped.parts
        for answer in [*part.all_of, *part.any_of]
        if answer.attestation
    }
    said = tuple(
        attestation(id=f"att-{topic}", topic=topic, scope={"site": True, "zones": ["a"], "assets": ["asset-0"]})
        for topic in sorted(topics)
    )
    assets = [{"id": "a-0", "names": ["asset-0"], "role": "plc", "ips": ["10.1.0.5"]}]
    claims = claims_of((source("sensor", {"asset": assets}),), said)
    certain = site(zone("a", SUBNETS["a"]))
    open_ = site(msgspec.structs.replace(zone("a", SUBNETS["a"]), unconfirmed=True))
    here = {each for each in satisfied(concluded(judge, engine, claims, certain)) if each[1] == "zone"}
    assert here
    assert not {each for each in satisfied(concluded(judge, engine, claims, open_)) if each[1] == "zone"}
