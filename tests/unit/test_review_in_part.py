"""What a review of the changed assets alone says, and when the whole site is reviewed: each time the same is said."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
import pytest
from tests.support.carried_world import ON, World, added, edited, removed, set_field, start, with_intent
from tests.support.collected_again import Files, fitting
from tests.support.reviewed_world import Reviewer

from plantproof.carry_over import AsOne
from plantproof.errors import InputError
from plantproof.files import dump_yaml, load_yaml
from plantproof.model.approvals import CommitFacts
from plantproof.model.delta import Delta, SiteDelta
from plantproof.model.evidence import Covers, Custody
from plantproof.model.moves import Brought
from plantproof.model.steady import Steady
from plantproof.model.waiver import Compensation
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.review.brought import Made
from plantproof.review_in_part import may_be_in_part
from plantproof.review_memory import Known
from plantproof.revision import Compared

SITE = "northmill"
ROOT = f"evidence/{SITE}/"
INTENT = f"controls/sites/{SITE}.yaml"
DIRECTORY = "a-fo4mtdzzfcoe"
FIREWALL = "a-2djhmf24xxgh"
DIRECTORY_SETTINGS = f"{ROOT}directory/records/setting.jsonl"
FIREWALL_SETTINGS = f"{ROOT}firewalls/records/setting.jsonl"
ADVISORIES = f"{ROOT}advisories/records/vulnerability.jsonl"
TELNET = f"{FIREWALL}/telnet.enabled"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


@pytest.fixture(scope="module")
def reviewer(world: World) -> Reviewer:
    return Reviewer(world)


def locked_out_for(files: Files, minutes: int = 1) -> Files:
    """A setting of something between no zones."""
    return edited(files, DIRECTORY_SETTINGS, set_field(f"{DIRECTORY}/lockout.duration_minutes", value=minutes))


def with_telnet(files: Files) -> Files:
    """A setting of a firewall."""
    return edited(files, FIREWALL_SETTINGS, set_field(TELNET, value=True))


def with_kind(files: Files, source: str, kind: str, data: bytes) -> Files:
    """A source that brings records of one kind more."""
    folder = f"{ROOT}{source}/"
    custody = load_yaml(files[f"{folder}custody.yaml"], "custody.yaml", Custody)
    listed = {
        name: [*entries, msgspec.structs.replace(custody.records[0], kind=kind, path=f"{name}/{kind}.jsonl")]
        for name, entries in (("records", custody.records), ("sightings", custody.sightings))
    }
    found = {
        **files,
        f"{folder}records/{kind}.jsonl": data,
        f"{folder}sightings/{kind}.jsonl": b"",
        f"{folder}custody.yaml": dump_yaml(msgspec.structs.replace(custody, **listed)),
    }
    return fitting(found, f"{folder}custody.yaml")


def with_second_source(files: Files) -> Files:
    """Another source in the format of the firewalls, which says something of the other firewall."""
    path = f"{ROOT}firewalls/custody.yaml"
    custody = load_yaml(files[path], path, Custody)
    records, sightings = (
        [one for one in each if one.kind == "setting"] for each in (custody.records, custody.sightings)
    )
    custody = msgspec.structs.replace(
        custody, records=records, sightings=sightings, raw=[], remarks=[], not_understood=[], redacted=[]
    )
    lines = [line for line in files[FIREWALL_SETTINGS].splitlines(keepends=True) if FIREWALL.encode() not in line]
    folder = f"{ROOT}firewalls-again/"
    found = {
        **files,
        f"{folder}records/setting.jsonl": b"".join(lines),
        f"{folder}sightings/setting.jsonl": b"",
        f"{folder}custody.yaml": dump_yaml(custody),
    }
    return fitting(found, f"{folder}custody.yaml")


def record(files: Files, path: str, identifier: str) -> dict[str, object]:
    (found,) = (line for line in map(json.loads, files[path].splitlines()) if line["id"] == identifier)
    return dict(found)


def of_site(delta: Delta) -> SiteDelta:
    (site,) = delta.sites
    return site


def test_a_change_of_evidence_is_reviewed_in_part_and_the_other_gaps_are_counted(
    world: World, reviewer: Reviewer
) -> None:
    new = locked_out_for(world.files)
    delta, in_part = reviewer.twice(world.files, new)
    assert in_part
    assert {(move.status, move.gap.asset) for move in of_site(delta).gaps} == {
        ("opened", DIRECTORY),
        ("worse", DIRECTORY),
    }
    failing = sum(each.totals.failed for each in world.known[SITE].policies if each.controls)
    assert (delta.counts.gaps_was, delta.counts.gaps_now) == (failing, failing + 1)
    (revisions,) = reviewer.review(world.files, new).judged.values()
    assert revisions.beside is not None
    assert 0 < failing - revisions.beside.same <= len(revisions.base.conclusions.gaps) < failing
    assert revisions.beside.gaps_was == revisions.beside.gaps_now == revisions.beside.same


def test_what_only_a_countermeasure_asks_is_no_gap_that_is_counted(world: World) -> None:
    """Whatever fails of it, at subjects that no waiver names too."""
    (waiver, *others) = world.judge.intent.waivers
    compensation = Compensation(
        policy="use_control/session_timeout",
        parameters={"max_minutes": 1},
        subjects=["sw-cip-01"],
        description="sessions end at once",
    )
    waiver = msgspec.structs.replace(waiver, compensation=compensation, kind="compensating", expires="2027-06-15")
    judge = with_intent(world.judge, waivers=(waiver, *others))
    (asked,) = (each for each in world.judged(world.files, SITE, judge=judge).policies if not each.controls)
    assert asked.totals.failed
    delta, in_part = Reviewer(world, judge).twice(world.files, locked_out_for(world.files))
    assert in_part
    assert delta.counts.gaps_was == sum(each.totals.failed for each in world.known[SITE].policies if each.controls)


@pytest.mark.parametrize(("base_on", "told_in_part"), [(ON, True), ("2026-11-19", True), ("2026-11-18", False)])
def test_a_base_of_a_day_on_which_it_came_to_something_else(base_on: str, told_in_part: bool, world: World) -> None:
    """The backups are out of date since the day before."""
    fields = {"collected_at": "2026-10-19T05:00:00Z", "observed_from": None, "observed_to": None}
    old = fitting(world.files, f"{ROOT}backup/custody.yaml", **fields)
    delta, in_part = Reviewer(world).twice(old, locked_out_for(old), base_on)
    assert in_part is told_in_part
    assert bool(of_site(delta).calendar or of_site(delta).calendar_lost) is not told_in_part


@pytest.mark.parametrize(
    ("steady", "told_in_part"), [(None, False), (Steady(ON, ON), False), (Steady("2026-11-19", ON), True)]
)
def test_what_is_known_of_the_base_does_not_say_that_it_held_on_its_own_day(
    steady: Steady | None, told_in_part: bool, world: World
) -> None:
    conclusions = msgspec.structs.replace(world.known[SITE], steady=steady)
    reviewer = Reviewer(world, known=Known(conclusions, AsOne(conclusions)))
    _, in_part = reviewer.twice(world.files, locked_out_for(world.files), "2026-11-19")
    assert in_part is told_in_part


def software(version: str) -> bytes:
    asset = FIREWALL.encode()
    text = b'{"asset":"%s","id":"%s/agent","method":"config","name":"agent","version":"%s"}\n'
    return text % (asset, asset, version.encode())


def test_records_of_a_kind_that_no_policy_reads_may_be_a_configuration(world: World, reviewer: Reviewer) -> None:
    old = with_kind(world.files, "firewalls", "software", software("1"))
    new = with_kind(locked_out_for(world.files), "firewalls", "software", software("2"))
    delta, in_part = reviewer.twice(old, new)
    assert [(each.device, each.differences) for each in delta.unrecorded] == [
        ("fw-cell-01", ["software `agent` changed"])
    ]
    assert not in_part
    _, in_part = reviewer.twice(old, locked_out_for(old))
    assert in_part


def test_a_firewall_that_is_configured_otherwise_is_told_in_part(world: World, reviewer: Reviewer) -> None:
    delta, in_part = reviewer.twice(world.files, with_telnet(world.files))
    assert in_part
    (found,) = delta.unrecorded
    assert (found.device, found.source) == ("fw-cell-01", "firewalls")
    assert found.differences == ["setting `telnet.enabled` changed"]
    assert [line.rpartition(":")[0] for line in found.lines] == [FIREWALL_SETTINGS]


def test_what_a_source_says_for_the_first_time_is_compared_with_what_another_said(
    world: World, reviewer: Reviewer
) -> None:
    """Of all kinds of records: the source that says it now has no rule of the firewall."""
    old = with_second_source(world.files)
    told = record(old, FIREWALL_SETTINGS, TELNET)
    new = edited(old, f"{ROOT}firewalls-again/records/setting.jsonl", added(**told))
    delta, in_part = reviewer.twice(old, new)
    assert in_part
    (found,) = delta.unrecorded
    assert (found.device, found.source) == ("fw-cell-01", "firewalls-again")
    assert "rule `policy/1` removed" in found.differences


@pytest.mark.parametrize("kind", ["interface", "firewall_rule"])
def test_lines_of_a_firewall_that_are_written_by_hand(kind: str, world: World, reviewer: Reviewer) -> None:
    path = f"{ROOT}firewalls/records/{kind}.jsonl"
    by_hand = b"".join(json.dumps(json.loads(line)).encode() + b"\n" for line in world.files[path].splitlines())
    old = fitting({**world.files, path: by_hand}, f"{ROOT}firewalls/custody.yaml")
    delta, in_part = reviewer.twice(old, with_telnet(old))
    assert delta.unrecorded
    assert not in_part
    _, in_part = reviewer.twice(old, locked_out_for(old))
    assert in_part


def test_lines_that_are_no_records_of_a_kind_that_nobody_reads(world: World, reviewer: Reviewer) -> None:
    """Whoever compares configurations reads them all the same."""
    old = with_kind(world.files, "flows", "metric", b"{no record\n")
    with pytest.raises(InputError, match=r"metric\.jsonl:1: not a record"):
        reviewer.twice(old, with_telnet(old))
    _, in_part = reviewer.twice(old, locked_out_for(old))
    assert in_part


def retired(world: World) -> tuple[Files, Reviewer, str]:
    """A plant from which an asset is gone, whose records of vulnerabilities say of nobody else whether he has some."""
    files, judge, _ = start(world, SITE, "retired")
    gone = sorted({gap.asset for gap in world.known[SITE].gaps if gap.asset})[0]
    zones = [zone.id for zone in judge.intent.sites[SITE].zones if zone.id != "line-filling"]
    covers = [Covers(kind="vulnerability", zones=zones)]
    files = fitting(files, f"{ROOT}advisories/custody.yaml", covers=covers)
    fields = {"advisory": "CVE-1", "known_exploited": True, "status": "open", "method": "declared"}
    return edited(files, ADVISORIES, added(id=f"{gone}/CVE-1", asset=gone, **fields)), Reviewer(world, judge), gone


def test_records_of_nobody_that_come_and_go(world: World) -> None:
    """Whether anybody would still tell of them, the whole site says."""
    old, reviewer, gone = retired(world)
    delta, in_part = reviewer.twice(old, edited(old, ADVISORIES, removed(f"{gone}/CVE-1")))
    assert {move.status for move in of_site(delta).gaps} == {"unknown-now"}
    assert not in_part
    delta, in_part = reviewer.twice(old, edited(old, ADVISORIES, set_field(f"{gone}/CVE-1", known_exploited=False)))
    assert {move.status for move in of_site(delta).gaps} == {"closed"}
    assert in_part


CHANGE = {"id": "tickets/CHG-9", "method": "declared", "window": "2026-11-16T00:00Z to 2026-11-19T00:00Z"}


def with_change(files: Files, *assets: str) -> Files:
    return with_kind(files, "flows", "change", json.dumps({"assets": assets, **CHANGE}).encode() + b"\n")


def test_a_change_record_names_assets_that_did_not_change(world: World) -> None:
    """By their names the commit of a robot finds it."""
    facts = CommitFacts("c" * 40, "bot", "", "bot", "", "2026-11-18", "", assets=("fw-cell-01",), site=SITE)
    brought = Brought(commit=facts.id, author="bot", date="2026-11-18", subject="", path="")
    reviewer = Reviewer(world, made=[Made(brought, frozenset(), facts)])
    old = with_change(world.files, FIREWALL)
    delta, in_part = reviewer.twice(old, locked_out_for(old))
    assert in_part
    assert [each.id for each in delta.sign_off.changes] == ["CHG-9"]


def test_a_change_record_covers_what_it_names(world: World, reviewer: Reviewer) -> None:
    old = with_change(world.files, FIREWALL)
    delta, in_part = reviewer.twice(old, with_telnet(old))
    assert in_part
    assert not delta.unrecorded
    other = with_change(world.files, DIRECTORY)
    assert reviewer.twice(other, with_telnet(other))[0].unrecorded


def test_a_change_record_that_comes_with_the_change(world: World, reviewer: Reviewer) -> None:
    old = with_change(world.files, DIRECTORY)
    delta, in_part = reviewer.twice(old, with_change(with_telnet(world.files), FIREWALL))
    assert not in_part
    assert not delta.unrecorded


def test_all_that_is_wrong_is_told_at_once_where_a_change_record_is(world: World, reviewer: Reviewer) -> None:
    wrong = with_kind(world.files, "flows", "change", b"{}\n")
    wrong = edited(wrong, FIREWALL_SETTINGS, set_field(TELNET, key=7))
    with pytest.raises(InputError, match=r"setting\.jsonl"):
        reviewer.twice(with_change(world.files, FIREWALL), wrong)


def test_waivers_that_the_change_brings_are_tried_on_the_whole_site(world: World, reviewer: Reviewer) -> None:
    path = "controls/waivers/W-2026-004.yaml"
    text = world.project.read(path).decode()
    new = {**locked_out_for(world.files), path: text.replace("expires: 2027-08-31", "expires: 2026-10-31").encode()}
    delta, in_part = reviewer.twice(world.files, new)
    assert in_part
    assert delta.judge.words
    assert "1 gap" in " ".join(delta.judge.words)


def test_what_the_head_designs_otherwise_is_reviewed_as_a_whole(world: World, reviewer: Reviewer) -> None:
    text = world.project.read(INTENT).decode()
    new = {**locked_out_for(world.files), INTENT: text.replace("enforcement_points: [fw-corp-01]", "", 1).encode()}
    delta, in_part = reviewer.twice(world.files, new)
    assert not in_part
    assert of_site(delta).intent is not None


def test_what_the_project_says_otherwise_of_a_site_is_reviewed_as_a_whole(world: World, reviewer: Reviewer) -> None:
    text = world.project.read("plantproof.yaml").decode()
    sources = "  northmill:\n    sources:\n"
    scanner = "      scanner: {format: csv, covers: [{kind: service}]}\n"
    lines = text.replace(sources, sources + scanner, 1)
    _, in_part = reviewer.twice(world.files, {**locked_out_for(world.files), "plantproof.yaml": lines.encode()})
    assert not in_part


def test_what_is_only_proposed_is_never_reviewed_in_part(world: World, reviewer: Reviewer) -> None:
    base, head = reviewer.revisions(world.files, locked_out_for(world.files))

    def may_be(proposed: list[str]) -> bool:
        side = msgspec.structs.replace(head.side, proposed=proposed)
        compared = Compared(base, msgspec.structs.replace(head, side=side), world.judge, ON, world.engine, None)
        return may_be_in_part(compared, SITE)

    assert may_be([])
    assert not may_be(["fw-cell-01.conf"])
