"""Edits by which a plant might try to look better than it is, on the reference plant, with custody brought in line:
none of them turns anything satisfied, and none raises a level."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from plantproof.evidence.ledger import read_claims
from plantproof.git import DirTree
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import SiteConclusions, conclude_site
from plantproof.model.evidence import Claims, Covers, Person, Source
from plantproof.model.site import Conduit, Site
from plantproof.model.waiver import Compensation, Waiver
from plantproof.pipeline import Judge, load_judge
from plantproof.plant.build import build_plant
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of
from plantproof.project import Project, open_project

ROOT = Path(__file__).resolve().parents[2]
SITE, ON = "northmill", "2026-11-22"
VIEWS = ("tested", "conclusion", "compensated")
SOURCES = sorted(path.parent.name for path in (ROOT / "evidence" / SITE).glob("*/custody.yaml"))
KINDS = sorted({path.stem for path in (ROOT / "evidence" / SITE).glob("*/records/*.jsonl")})


class World(NamedTuple):
    """The reference plant, ready to be judged again after an edit."""

    project: Project
    judge: Judge
    claims: Claims
    engine: EmbeddedEngine

    def conclude(self, claims: Claims | None = None, site: Site | None = None) -> SiteConclusions:
        judged = site or self.judge.intent.sites[SITE]
        intent = msgspec.structs.replace(self.judge.intent, sites={SITE: judged})
        bundle = self.judge.bundle
        plant = build_plant(claims or self.claims, judged, self.project.file, needs_of(bundle), ON)
        observations = evaluate(bundle, bindings_of(self.judge.mappings, intent, bundle), plant, self.engine, ON)
        return conclude_site(intent, self.judge.mappings, bundle, plant, observations, ON)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    project = open_project(DirTree(ROOT), accept_content=True)
    with EmbeddedEngine() as engine:
        yield World(project, load_judge(project), read_claims(project.tree, SITE), engine)


@pytest.fixture(scope="module")
def honest(world: World) -> SiteConclusions:
    return world.conclude()


Key = tuple[str, str, str, str, str]


def satisfied(found: SiteConclusions, views: tuple[str, ...] = VIEWS) -> set[Key]:
    return {
        (framework.profile, finding.unit_kind, finding.unit, finding.control, view)
        for framework in found.frameworks
        for finding in [*framework.controls, *framework.units]
        for view in views
        if getattr(finding, view) == "satisfied"
    }


def lowers(found: SiteConclusions) -> dict[tuple[str, str, str, int], int]:
    return {
        (unit.kind, unit.id, view, number): bounds.lower
        for unit in [*found.site.zones, *found.site.conduits]
        if unit.sl_achieved
        for view in ("tested", "attested", "compensated")
        for number, bounds in enumerate(getattr(unit.sl_achieved, view))
    }


def no_better(edited: SiteConclusions, honest: SiteConclusions, views: tuple[str, ...] = VIEWS) -> None:
    assert satisfied(edited, views) - satisfied(honest, views) == set()
    before = lowers(honest)
    assert {key: low for key, low in lowers(edited).items() if low > before.get(key, 0)} == {}


def changed(claims: Claims, change: Callable[[Source], Source | None]) -> Claims:
    return replace(claims, sources=tuple(found for each in claims.sources if (found := change(each))))


def rewritten(source: Source, change: Callable[[str, dict[str, Any]], dict[str, Any] | None]) -> Source:
    """Every record of the source after an edit of its fields; None takes it out."""
    records = {}
    for kind, files in source.records.items():
        records[kind] = [
            (
                path,
                b"".join(
                    msgspec.json.encode(new, order="sorted") + b"\n"
                    for line in data.splitlines()
                    if (new := change(kind, msgspec.json.decode(line))) is not None
                ),
            )
            for path, data in files
        ]
    return replace(source, records=records)


def test_the_reference_plant_has_something_to_lose(honest: SiteConclusions) -> None:
    """Else the rest of this file would show nothing."""
    assert satisfied(honest)
    assert any(lowers(honest).values())


@pytest.mark.parametrize("kind", KINDS)
def test_deleting_all_records_of_a_kind(kind: str, world: World, honest: SiteConclusions) -> None:
    """The files are gone, custody no longer lists them and still says that the source covers the kind."""

    def change(source: Source) -> Source:
        return replace(source, records={name: files for name, files in source.records.items() if name != kind})

    no_better(world.conclude(changed(world.claims, change)), honest)


@pytest.mark.parametrize("name", SOURCES)
def test_deleting_a_source(name: str, world: World, honest: SiteConclusions) -> None:
    no_better(world.conclude(changed(world.claims, lambda each: None if each.name == name else each)), honest)


@pytest.mark.parametrize("name", SOURCES)
def test_shrinking_what_a_source_covers(name: str, world: World, honest: SiteConclusions) -> None:
    """Nothing, or only what looks well."""

    def change(source: Source) -> Source:
        if source.name != name:
            return source
        scopes = [Covers(kind=cover.kind, zones=["utilities"]) for cover in source.custody.covers]
        return replace(source, custody=replace(source.custody, covers=scopes))

    no_better(world.conclude(changed(world.claims, change)), honest)


@pytest.mark.parametrize("zone", ["enterprise", "utilities"])
def test_moving_assets_by_claim(zone: str, world: World, honest: SiteConclusions) -> None:
    """Every asset is said to be elsewhere; where it stands is decided by its address."""

    def move(kind: str, record: dict[str, Any]) -> dict[str, Any]:
        return {**record, "zone": zone} if kind == "asset" else record

    no_better(world.conclude(changed(world.claims, lambda each: rewritten(each, move))), honest)


def test_calling_every_record_read_from_a_configuration(world: World, honest: SiteConclusions) -> None:
    """It makes nothing satisfied that was not. What a table says stays declared."""

    def claim(kind: str, record: dict[str, Any]) -> dict[str, Any]:
        return {**record, "method": "config"}

    found = world.conclude(changed(world.claims, lambda each: rewritten(each, claim)))
    no_better(found, honest, ("conclusion", "compensated"))
    tables = {state.name for state in honest.site.sources if state.format == "csv" and not state.vantage}
    assert tables == {"account-register", "advisories", "restore-tests"}
    restored = next(each for each in found.policies if each.policy == "availability/restore_tested")
    assert restored.totals.passed
    assert restored.totals.tested == 0


def test_a_second_source_that_says_the_opposite(world: World, honest: SiteConclusions) -> None:
    """Every setting turned round, every account personal, in a source of its own: sources disagree, and the worse
    counts."""
    opposite = {"type": "person", "shared": False, "privileged": False, "mfa": True, "enabled": True}

    def turn(kind: str, record: dict[str, Any]) -> dict[str, Any] | None:
        if kind == "account":
            return {**record, **{field: value for field, value in opposite.items() if field in record}}
        if kind == "setting" and isinstance(record["value"], bool):
            return {**record, "value": not record["value"]}
        return record

    extra = [replace(rewritten(each, turn), name=f"{each.name}-again") for each in world.claims.sources]
    no_better(world.conclude(replace(world.claims, sources=(*world.claims.sources, *extra))), honest)


def test_renaming_everything(world: World, honest: SiteConclusions) -> None:
    """Other names, the same devices; those that the site knows by name are then missed."""

    def rename(kind: str, record: dict[str, Any]) -> dict[str, Any]:
        return {**record, "names": [f"good-{record['id']}"]} if kind == "asset" else record

    no_better(world.conclude(changed(world.claims, lambda each: rewritten(each, rename))), honest)


def test_a_zone_and_a_conduit_without_subjects(world: World, honest: SiteConclusions) -> None:
    """Drawn, with a target, and nothing in them: no level."""
    site = world.judge.intent.sites[SITE]
    model = next(zone for zone in site.zones if zone.id == "safety")
    empty = replace(model, id="paper", title="Paper", subnets=[], members=[])
    conduit = Conduit(id="paper-conduit", title="Paper", zones=["paper", "safety"], sl_target=model.sl_target)
    found = world.conclude(site=replace(site, zones=[*site.zones, empty], conduits=[*site.conduits, conduit]))
    assert {low for key, low in lowers(found).items() if key[1].startswith("paper")} == {0}
    known = {"paper", "paper-conduit"}
    fresh = {key for key in satisfied(found) - satisfied(honest) if key[2] not in known}
    assert fresh == set()


@pytest.mark.parametrize("targets", [True, False])
def test_declaring_every_zone_external(targets: bool, world: World, honest: SiteConclusions) -> None:
    site = world.judge.intent.sites[SITE]
    zones = [
        replace(zone, kind="external", sl_target=zone.sl_target if targets else None, derived_from=None)
        for zone in site.zones
    ]
    no_better(world.conclude(site=replace(site, zones=zones)), honest)


def test_a_waiver_on_everything(world: World, honest: SiteConclusions) -> None:
    """Risk acceptance for every gap changes no finding and no level. A countermeasure that is not passing on each of
    its subjects lifts nothing either."""
    subjects: dict[str, set[str]] = {}
    for gap in honest.gaps:
        subjects.setdefault(gap.policy, set()).add(gap.subject)
    controls = sorted({finding.control for framework in honest.frameworks for finding in framework.controls})
    countermeasure = Compensation(
        policy="events/central_logging", subjects=["sw-fill-01", "sw-cip-01"], description="Watched."
    )
    given: dict[str, Any] = {
        "schema": "plantproof/waiver/1",
        "site": SITE,
        "controls": controls,
        "reason": "Later.",
        "owner": Person(name="O. Wner"),
        "approver": Person(name="A. Pprover"),
        "approved": "2026-11-01",
        "expires": "2027-10-31",
    }
    waivers = [
        Waiver(id=f"{kind}-{policy}", kind=kind, policy=policy, subjects=sorted(names), compensation=how, **given)
        for policy, names in subjects.items()
        for kind, how in (("risk-acceptance", None), ("compensating", countermeasure))
    ]
    intent = replace(world.judge.intent, waivers=tuple(waivers))
    judge = replace(world.judge, intent=intent)
    found = world._replace(judge=judge).conclude()
    no_better(found, honest)
    assert {gap.waiver_state for gap in found.gaps} == {"in-force"}
    assert not any(gap.compensated for gap in found.gaps)
