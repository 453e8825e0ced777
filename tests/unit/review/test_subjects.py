"""What it means that a subject is on one side only: gone, new, or only seen or unseen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from tests.support import mapper_world as world
from tests.support.review_world import PASS, judged

from plantproof.mappers.identity import living
from plantproof.model.plant import Column, Table, Uncovered
from plantproof.review.judged import JudgedSite
from plantproof.review.subjects import gone, mergers, retirements, was_watched


def crossing(*devices: str) -> Table:
    """One way from the office to the cell, opened by rules of these devices, or seen to flow."""
    table = world.table("crossing", {"office>cell": ("cell", "office")})
    values: list[bytes | None] = [msgspec.json.encode(list(devices)) if devices else None]
    table.columns["assets"] = Column(values=values, methods=bytearray(1), disputed={}, stale=set())
    return table


def site(*, rules_known: bool = True, blind: Sequence[str] = ()) -> JudgedSite:
    """A site with the firewall fw-1, and zones that nobody watches."""
    built = judged({"fw-1": PASS})
    built.plant.covered_assets["firewall_rule"] = bytearray([rules_known])
    built.plant.uncovered["crossing"] = [Uncovered(zone, "zone", (zone,), "not-covered", "") for zone in blind]
    return built


def test_an_id_follows_its_asset_into_the_ids_of_records() -> None:
    assert living("a-2/admin", {"a-2": "a-1"}) == "a-1/admin"
    assert living("a-2", {"a-2": "a-1"}) == "a-1"
    assert living("a-3/admin", {"a-2": "a-1"}) == "a-3/admin"


def test_an_id_follows_its_asset_into_the_ids_of_ways_through_a_firewall() -> None:
    assert living("reach:a-2:cell>office:tcp/443", {"a-2": "a-1"}) == "reach:a-1:cell>office:tcp/443"
    assert living("reach:a-3:cell>office:tcp/443", {"a-2": "a-1"}) == "reach:a-3:cell>office:tcp/443"
    assert living("reach::cell>office:tcp/443", {"a-2": "a-1"}) == "reach::cell>office:tcp/443"


def test_a_way_that_rules_open_is_new_where_the_rules_were_known_whoever_watches_the_zones() -> None:
    assert was_watched(crossing("fw-1"), 0, site(), site(), {"cell", "office"})


def test_a_way_through_a_device_whose_rules_nobody_had_is_only_known_now() -> None:
    assert not was_watched(crossing("fw-1"), 0, site(rules_known=False), site(), ())


def test_a_way_through_a_new_device_is_new() -> None:
    assert was_watched(crossing("fw-9"), 0, site(), site(), ())


@pytest.mark.parametrize(("blind", "new"), [((), True), (("office",), True), (("cell", "office"), False)])
def test_what_is_seen_to_flow_is_new_unless_both_ends_were_out_of_sight(blind: Sequence[str], new: bool) -> None:
    assert was_watched(crossing(), 0, site(), site(), blind) is new


def test_a_way_is_gone_where_the_rules_are_still_known() -> None:
    assert gone(crossing("fw-1"), 0, site(), site(blind=["cell"])).known
    assert not gone(crossing("fw-1"), 0, site(), site(rules_known=False)).known


def test_a_flow_is_gone_only_where_both_ends_are_still_watched() -> None:
    assert gone(crossing(), 0, site(), site()).known
    assert not gone(crossing(), 0, site(), site(blind=["office"])).known


@pytest.mark.parametrize("retired", [("2036-05-01", "Lee Works", "x"), ("2026-05-01", "Lee Works", "seen again since")])
def test_a_record_is_not_gone_by_a_retirement_that_does_not_hold(retired: tuple[str, str, str]) -> None:
    records = world.table("account", {"fw-1/admin": ("cell",)}, assets=["fw-1"])
    head = msgspec.structs.replace(site(), retired={"fw-1": retired})
    head.plant.covered_assets["account"] = bytearray([False])
    base = site()
    base.plant.tables["account"] = records
    assert not gone(records, 0, base, head).known


def test_a_way_through_a_switch_whose_configuration_had_no_rules_is_new() -> None:
    base = site(rules_known=False)
    base.plant.covered_assets["setting"] = bytearray([True])
    assert was_watched(crossing("fw-1"), 0, base, site(), ("cell", "office"))


def test_what_leaves_is_told_with_who_approved_it_and_what_stays_is_not() -> None:
    base = judged({"a-1": PASS, "a-2": PASS})
    found = retirements(base, judged({"a-2": PASS}, retired={"a-1": ("2026-05-01", "Lee Works", "scrapped")}))
    assert [(each.asset, each.approver, each.reason) for each in found] == [("a-1", "Lee Works", "scrapped")]
    assert not retirements(base, base)


def test_what_leaves_on_a_day_to_come_is_told_when_its_line_comes() -> None:
    """On the day itself only the calendar moves: nobody would ever have asked who approved it."""
    base = judged({"a-1": PASS})
    head = judged({"a-1": PASS}, retired={"a-1": ("2036-05-01", "Lee Works", "to come")})
    assert [(each.asset, each.date) for each in retirements(base, head)] == [("a-1", "2036-05-01")]
    assert not retirements(head, head)
    seen_again = judged({"a-1": PASS}, retired={"a-1": ("2026-05-01", "Lee Works", "seen again since")})
    assert not retirements(base, seen_again)


def test_assets_that_are_one_now_are_told_with_those_that_nobody_reported() -> None:
    """A device that is missing would leave without a retirement, as part of one that is there."""
    base = judged({"a-1": PASS, "a-2": PASS, "a-3": PASS})
    base.plant.tables["asset"].fresh = bytearray([1, 0, 1])
    head = judged({"a-1": PASS, "a-3": PASS}, canonical={"a-1": "a-1", "a-2": "a-1", "a-3": "a-3", "a-9": "a-3"})
    assert [(each.asset, each.names, each.unseen) for each in mergers(base, head)] == [("a-1", ["a-1", "a-2"], ["a-2"])]
    assert not mergers(head, head)
