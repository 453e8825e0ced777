"""One site concluded: conduits, provided functions, what is refused, and the tables that reports show."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.mapper_world import (
    FAIL,
    PASS,
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
    simple,
    site,
    table,
    zone,
)

from plantproof.errors import Problem
from plantproof.model.assessment import AssetRow, CrossingRow
from plantproof.model.evidence import AttestedScope, Collector, Covers, Custody, NotUnderstood, RecordsFile, Vantage
from plantproof.model.plant import Column, SourceState, Uncovered
from plantproof.model.site import Conduit
from plantproof.model.vocabulary import Outcome

LINK = Conduit(id="link", title="Link", zones=["cell", "hall"], enforcement_points=["fw"], sl_target=[1] * 7)


def crossings(outcome: Outcome) -> World:
    """Two zones and their conduit, with one crossing in it that f/x judges."""
    assets = table("asset", {"fw": ("cell", "hall"), "plc": ("cell",)}, {"fw": ("link",)})
    passing = table("crossing", {"x1": ("cell", "hall")}, {"x1": ("link",)})
    return World(
        plant=plant(site([zone("cell"), zone("hall"), zone("yard")], [LINK]), [assets, passing]),
        policies=[policy("f/x", "crossing")],
        mappings=[mapping(SR_1_1=mapped(part(by("f/x"), scope="conduit")))],
        frameworks=[framework([control("SR 1.1")])],
        observations=[observe("f/x", passing, {"x1": outcome})],
    )


def test_a_crossing_counts_in_its_conduit_and_in_both_zones() -> None:
    """The crossing between cell and hall fails: the conduit and both zones fail, the yard is not assessed."""
    world = crossings(FAIL)
    found = {unit: world.finding("SR 1.1", unit).conclusion.value for unit in ("link", "cell", "hall", "yard", SITE)}
    failed = "not-satisfied"
    assert found == {"link": failed, "cell": failed, "hall": failed, "yard": "not-assessed", SITE: failed}
    assert world.levels("link").tested[0].blocked_by == ["SR 1.1"]
    conduit = world.conclude().site.conduits[0]
    assert (conduit.gaps, conduit.gaps_by_severity, conduit.assets, conduit.zones) == (
        1,
        {"high": 1},
        1,
        ["cell", "hall"],
    )


@pytest.mark.parametrize(
    ("scope", "asked", "unit", "conclusion"),
    [
        (AttestedScope(conduits=["link"]), "conduit", "link", "satisfied"),
        (AttestedScope(conduits=["link"]), "conduit", "cell", "satisfied"),
        (AttestedScope(conduits=["link"]), "conduit", "yard", "not-assessed"),
        (AttestedScope(zones=["cell"]), "zone", "link", "not-assessed"),
        (AttestedScope(zones=["cell", "hall"]), "zone", "link", "satisfied"),
        (AttestedScope(assets=["fw"]), "component", "link", "satisfied"),
        (AttestedScope(conduits=["link"]), "component", "link", "satisfied"),
        (AttestedScope(assets=["plc"]), "component", "link", "not-assessed"),
        (AttestedScope(assets=["plc", "fw"]), "zone", "cell", "satisfied"),
        (AttestedScope(zones=["cell", "hall"]), "zone", SITE, "not-assessed"),
        (AttestedScope(zones=["cell", "hall", "yard"]), "zone", SITE, "satisfied"),
    ],
)
def test_an_attestation_names_what_a_unit_consists_of(
    scope: AttestedScope, asked: str, unit: str, conclusion: str
) -> None:
    """A conduit consists of itself, of the zones it joins, of its enforcement points; the site of all its zones."""
    world = crossings(PASS)
    world.mappings = [mapping(SR_1_1=mapped(part(by("doors"), scope=asked)))]
    world.plant.attestations = (attest("doors", scope),)
    assert world.finding("SR 1.1", unit).conclusion == conclusion


def test_nobody_secures_the_internet() -> None:
    """The internet is drawn as an external zone without SL-T: the site needs no statement about it; it has no findings
    and no level of its own. With an SL-T it is the site's own to secure."""
    world = crossings(PASS)
    world.mappings = [mapping(SR_1_1=mapped(part(by("doors"), scope="zone")))]
    world.plant.attestations = (attest("doors", AttestedScope(zones=["cell"])),)
    world.plant.site = site([zone("cell"), zone("internet", kind="external")])
    found = world.conclude()
    assert found.frameworks[0].controls[0].conclusion == "satisfied"
    assert [each.unit for each in found.frameworks[0].units] == ["cell"]
    assert [each.sl_achieved is None for each in found.site.zones] == [False, True]
    world.plant.site = site([zone("cell"), zone("vendor", kind="external", sl_target=[1] * 7)])
    assert world.finding("SR 1.1").conclusion == "not-assessed"
    assert world.finding("SR 1.1", "vendor").target


def test_a_policy_that_was_not_evaluated_leaves_its_answers_open() -> None:
    """A binding without an observation is silence, and silence is never a pass."""
    world = simple({"plc": PASS})
    world.observations = []
    finding = world.finding("SR 1.1")
    assert (finding.conclusion, finding.why) == ("not-assessed", "part a: f/x: the policy was not evaluated")


def test_observations_of_another_site_are_refused() -> None:
    """Nothing crosses sites."""
    world = simple({"plc": PASS})
    world.observations[0].site = "elsewhere"
    with pytest.raises(ValueError, match="observations of elsewhere given for site works"):
        world.conclude()


def test_columns_that_do_not_fit_the_subjects_are_refused() -> None:
    """Two outcomes for one subject would be counted somewhere wrong."""
    world = simple({"plc": PASS})
    world.observations[0].outcomes.append(Outcome.PASS)
    with pytest.raises(ValueError, match="its columns do not fit the subjects of kind asset"):
        world.conclude()


def test_the_finding_says_what_the_profile_selects_and_the_level_rests_on_all() -> None:
    """The profile selects SR 1.1; SR 1.2 of level 2 fails and still keeps the zone's level at 1."""
    world = simple({"plc": PASS})
    world.policies.append(policy("f/y"))
    world.mappings = [mapping(SR_1_1=mapped(part(by("f/x"))), SR_1_2=mapped(part(by("f/y"))))]
    world.observations.append(observe("f/y", world.plant.tables["asset"], {"plc": FAIL}))
    selected, other = control("SR 1.1"), control("SR 1.2", 2)
    world.frameworks = [framework([selected, other], selected=[selected])]
    found = world.conclude().frameworks[0]
    assert [each.control for each in found.controls] == ["SR 1.1"]
    assert [(each.control, each.target) for each in found.units] == [("SR 1.1", True), ("SR 1.2", False)]
    level = world.levels("cell").tested[0]
    assert (level.lower, level.upper) == (1, 1)


def test_a_gap_says_where_it_is_seen_and_who_answers() -> None:
    """The record's line, the method, the zone's owner; every control part that it stands against has an id."""
    world = simple({"a": PASS, "b": FAIL})
    world.plant.site = site([zone("cell", owner="Shift lead")])
    (gap,) = world.conclude().gaps
    assert (gap.evidence[0].record, gap.evidence[0].record_line) == ("evidence/works/scan/records/asset.jsonl", 2)
    assert (gap.owner, gap.method, gap.zones, list(gap.findings)) == (
        "Shift lead",
        "config",
        ["cell"],
        ["iec62443-3-3/SR 1.1/a"],
    )


def test_the_asset_table_shows_gaps_and_disputes() -> None:
    """The PLC has one gap and two sources that differ in its firmware; its criticality is the zone's."""
    world = simple({"hmi": PASS, "plc": FAIL})
    world.plant.site = site([zone("cell", criticality="high")])
    assets = world.plant.tables["asset"]
    assets.columns["role"] = Column(values=[b'"hmi"', b'"plc"'], methods=bytearray(2), disputed={}, stale=set())
    assets.columns["firmware"] = Column(
        values=[None, b'"1.0"'], methods=bytearray(2), disputed={1: (b'"1.0"', b'"1.1"')}, stale=set()
    )
    assets.fresh[0] = 0
    assert world.conclude().site.assets == [
        AssetRow(
            site=SITE,
            id="hmi",
            name="hmi",
            role="hmi",
            zones=["cell"],
            criticality="high",
            sources=["scan"],
            fresh=False,
        ),
        AssetRow(
            site=SITE,
            id="plc",
            name="plc",
            role="plc",
            firmware="1.0",
            zones=["cell"],
            criticality="high",
            sources=["scan"],
            gaps=1,
            worst="high",
            disputed=["firmware"],
        ),
    ]


def test_the_crossings_are_listed() -> None:
    world = crossings(PASS)
    columns = {"src_zone": b'"cell"', "dst_zone": b'"hall"', "service": b'"tcp/502"', "kind": b'"observed"'}
    for field, value in columns.items():
        world.plant.tables["crossing"].columns[field] = Column(
            values=[value], methods=bytearray(1), disputed={}, stale=set()
        )
    assert world.conclude().site.crossings == [
        CrossingRow(site=SITE, src_zone="cell", dst_zone="hall", service="tcp/502", kind="observed", name="x1")
    ]


@pytest.mark.parametrize(
    ("stale", "fresh", "state"),
    [
        ({}, {"asset": "2026-07-01"}, "fresh"),
        ({"asset": "2026-06-01"}, {"account": "2026-07-01"}, "partly-stale"),
        ({"asset": "2026-06-01"}, {}, "stale"),
    ],
)
def test_a_source_says_how_fresh_it_is(stale: dict[str, str], fresh: dict[str, str], state: str) -> None:
    """Of two kinds one may be stale: the source is partly stale."""
    custody = Custody(
        schema="plantproof/custody/1",
        format="netbox",
        collected_by=Collector(name="bot", kind="bot"),
        collected_at="2026-06-01",
        covers=[Covers(kind="asset", zones=["cell"]), Covers(kind="account")],
        vantage=Vantage(sensor="span-1", segments=["10.0.0.0/24"], loss_percent=0.5),
        records=[RecordsFile(path="records/asset.jsonl", kind="asset", sha256="00", rows=2)],
        remarks=[
            NotUnderstood(raw="a.csv", line=7, what="a formula"),
            NotUnderstood(raw="a.csv", line=9, what="a date that may be two", count=3),
        ],
    )
    world = simple({"plc": PASS})
    world.plant.sources = (
        SourceState(
            site=SITE, name="scan", custody=custody, custody_path="c.yaml", stale_kinds=stale, fresh_until=fresh
        ),
    )
    (source,) = world.conclude().site.sources
    assert (source.state, source.stale_since, source.fresh_until) == (state, stale, fresh)
    assert source.covers == ["asset of zone cell", "account of the whole site"]
    assert source.remarks == ["a.csv:7: a formula", "a.csv:9: a date that may be two (3 times)"]
    assert (source.vantage, source.records) == ("span-1, segment 10.0.0.0/24, loss 0.5 %", {"asset": 2})


def test_the_conclusions_are_plain_values() -> None:
    """They can be written and read again: workers hand them on."""
    found = simple({"plc": FAIL}).conclude()
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found


def test_what_is_odd_in_the_evidence_is_told_with_its_place() -> None:
    """A remark of the plant (with a place, or without) stands in the result of the site."""
    world = simple({"plc": PASS})
    world.plant.remarks = (
        Problem("", 0, "asset `a` is retired without date or approver", "add both"),
        Problem("evidence/works/s/custody.yaml", 3, "nobody knows `x`"),
    )
    assert world.conclude().site.remarks == [
        "asset `a` is retired without date or approver (add both)",
        "evidence/works/s/custody.yaml:3: nobody knows `x`",
    ]


def test_a_zone_that_nobody_watches_leaves_its_conduits_open() -> None:
    """The one crossing of the link passes, but nobody listens in the hall: what else passes there is not known."""
    world = crossings(PASS)
    assert world.finding("SR 1.1", "link").conclusion == "satisfied"
    dark = Uncovered("hall", "zone", ("hall",), "not-covered", "no source of flows covers this zone")
    passing = world.plant.tables["crossing"]
    world.observations = [observe("f/x", passing, {"x1": PASS}, uncovered=[dark])]
    assert world.finding("SR 1.1", "link").conclusion == "not-assessed"
