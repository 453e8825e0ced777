"""What is adopted and open no more: closed only where that is known."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support import mapper_world as world
from tests.support.policy_world import column

from plantproof.mappers.adopted_silence import not_known
from plantproof.mappers.bindings import Key
from plantproof.mappers.gaps import PartNames
from plantproof.mappers.tallies import tallies_of
from plantproof.model.adopted import AdoptedGap
from plantproof.model.evidence import Collector, Custody
from plantproof.model.plant import Plant, SourceState, Table, Uncovered
from plantproof.model.policy import Bundle
from plantproof.model.vocabulary import Outcome

PASS, FAIL, SILENT, OUT, ERROR = (
    Outcome.PASS,
    Outcome.FAIL,
    Outcome.NO_EVIDENCE,
    Outcome.NOT_APPLICABLE,
    Outcome.ERROR,
)
PARTS: PartNames = {Key("f/x", b"{}"): [(world.IEC, "SR 1.1", "a")]}
ASSETS = world.table("asset", {"a-1": ["cell"]})


def entry(subject: str, policy: str = "f/x") -> AdoptedGap:
    return AdoptedGap(
        id="one",
        policy=policy,
        subject=subject,
        name=subject,
        severity="high",
        violations=1,
        owner="Kim",
        adopted="2026-01-01",
        review="2026-12-31",
    )


def closed(
    subject: str,
    table: Table = ASSETS,
    outcomes: dict[str, Outcome] | None = None,
    *,
    tables: tuple[Table, ...] = (),
    policy: dict[str, Any] | None = None,
    adopted: str = "f/x",
    parts: PartNames = PARTS,
    **plant: Any,
) -> bool:
    """Whether an adopted gap of `f/x` on a subject that is open no more is closed."""
    found: Plant = world.plant(world.site([world.zone("cell"), world.zone("office")]), [ASSETS, *tables, table])
    found = msgspec.structs.replace(found, **plant)
    seen = world.observe("f/x", table, outcomes or dict.fromkeys(table.ids, PASS))
    bundle = Bundle(policies={"f/x": world.policy("f/x", table.kind, **(policy or {}))}, libraries={})
    silent = not_known([entry(subject, adopted)], found, tallies_of(found, [seen]), parts, bundle)
    assert silent in ([], ["one"])
    return not silent


@pytest.mark.parametrize(("outcome", "is_closed"), [(PASS, True), (OUT, True), (SILENT, False), (ERROR, False)])
def test_it_is_closed_by_what_the_policy_says_of_the_subject(outcome: Outcome, is_closed: bool) -> None:
    assert closed("a-1", outcomes={"a-1": outcome}) == is_closed


def test_a_merged_asset_is_looked_up_by_the_id_that_it_has_now() -> None:
    assert closed("z-before", merged_ids={"z-before": "a-1"})
    assert not closed("z-before", merged_ids={"z-before": "a-1"}, outcomes={"a-1": SILENT})


def test_what_nobody_asks_any_more_is_not_closed() -> None:
    assert not closed("a-1", parts={})
    assert not closed("a-1", adopted="f/gone")


def test_what_was_adopted_must_pass_or_where_that_is_asked_no_more_all_that_is() -> None:
    other = Key("f/x", b'{"max":5}')
    plant = world.plant(world.site([world.zone("cell")]), [ASSETS])
    seen = [
        world.observe("f/x", ASSETS, {"a-1": PASS}),
        world.observe("f/x", ASSETS, {"a-1": SILENT}, params={"max": 5}),
    ]
    bundle = Bundle(policies={"f/x": world.policy("f/x")}, libraries={})
    tallies = tallies_of(plant, seen)
    assert not_known([entry("a-1")], plant, tallies, {**PARTS, other: []}, bundle) == []
    assert not_known([entry("a-1")], plant, tallies, {other: []}, bundle) == ["one"]


def labelled(role: str) -> Table:
    return msgspec.structs.replace(ASSETS, columns={"role": column([role]), "enabled": column([False])})


def test_what_is_called_otherwise_now_is_not_closed_by_that() -> None:
    asked = {"for_": {"role": ["server"]}}
    assert not closed("a-1", labelled("plc"), {"a-1": OUT}, policy=asked)
    assert closed("a-1", labelled("historian"), {"a-1": OUT}, policy=asked)


def test_what_is_switched_off_is_closed() -> None:
    assert closed("a-1", labelled("server"), {"a-1": OUT}, policy={"for_": {"role": ["server"], "enabled": [True]}})


def test_the_label_of_the_asset_counts_for_its_records() -> None:
    accounts = msgspec.structs.replace(world.table("account", {"a-1/root": ["cell"]}), asset_rows=[0])
    asked = {"for_": {"asset.role": ["server"]}}
    for role, is_closed in (("server", True), ("plc", False)):
        tables = (labelled(role),)
        assert closed("a-1/root", accounts, {"a-1/root": OUT}, tables=tables, policy=asked) == is_closed


def test_an_asset_leaves_by_its_retirement_alone() -> None:
    assert not closed("a-2")
    assert closed("a-2", retired=("a-2",))
    assert closed("a-2/root", world.table("account", {}), retired=("a-2",))


def test_a_record_is_gone_where_a_fresh_source_still_covers_its_asset() -> None:
    none = world.table("account", {})
    assert not closed("a-1/root", none)
    assert closed("a-1/root", none, covered_assets={"account": bytearray([1])})
    assert not closed("a-2/root", none, covered_assets={"account": bytearray([1])})
    settings = world.table("setting", {})
    assert closed("a-1/telnet.enabled", settings, covered_assets={"setting:telnet.enabled": bytearray([1])})
    assert not closed("a-1/telnet.enabled", settings, covered_assets={"setting:ssh.version": bytearray([1])})


def test_a_zone_leaves_by_the_design_intent() -> None:
    assert closed("zone-2", world.table("zone", {"cell": ["cell"]}))


def source(kind: str, *, stale: bool = False) -> SourceState:
    custody = Custody(
        schema="plantproof/custody/1",
        format="json",
        collected_at="2026-06-01T00:00:00Z",
        collected_by=Collector(name="K"),
    )
    return SourceState(
        site=world.SITE,
        name="s",
        custody=custody,
        custody_path="",
        stale_kinds={kind: "2026-06-29"} if stale else {},
        fresh_until={kind: "2026-06-28"},
    )


def unseen(zone: str) -> dict[str, list[Uncovered]]:
    return {"crossing": [Uncovered(zone, "zone", (zone,), "stale", "")]}


@pytest.mark.parametrize(("way", "kind"), [("observed", "flow"), ("permitted", "firewall_rule")])
def test_a_way_is_gone_where_its_zones_are_watched_by_what_is_fresh(way: str, kind: str) -> None:
    subject, none = f"crossing:office>cell:tcp/23:{way}", world.table("crossing", {})
    assert closed(subject, none, sources=(source(kind),))
    assert not closed(subject, none)
    assert not closed(subject, none, sources=(source(kind, stale=True),))
    for zone, is_closed in (("office", False), ("cell", False), ("yard", True)):
        assert closed(subject, none, sources=(source(kind),), uncovered=unseen(zone)) == is_closed


def test_a_way_that_rules_permitted_is_not_gone_while_the_rules_of_a_firewall_are_not_known() -> None:
    subject, none, fresh = "crossing:office>cell:tcp/23:permitted", world.table("crossing", {}), source("firewall_rule")
    firewall = (labelled("firewall"),)
    assert not closed(subject, none, tables=firewall, sources=(fresh,))
    known = {"firewall_rule": bytearray([1])}
    assert closed(subject, none, tables=firewall, sources=(fresh,), covered_assets=known)
    lost = (msgspec.structs.replace(ASSETS, fresh=bytearray([0])),)
    assert not closed(subject, none, tables=lost, sources=(fresh,))


def test_a_record_without_an_asset_is_gone_while_its_source_speaks() -> None:
    none = world.table("advisory", {})
    assert closed("adv-1", none, sources=(source("advisory"),))
    assert not closed("adv-1", none, sources=(source("advisory", stale=True),))
    assert not closed("adv-1", none)
