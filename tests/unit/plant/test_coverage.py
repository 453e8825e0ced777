"""For whom the fresh sources speak, and for whom nobody does."""

from __future__ import annotations

import pytest
from tests.support.plant_world import CELL, OFFICE, plant, site, source, zone

from plantproof.errors import InputError
from plantproof.model.evidence import Covers, Vantage
from plantproof.model.plant import Uncovered

ASSETS = {"asset": [{"id": "a", "ips": ["10.1.0.1"]}, {"id": "b", "ips": ["10.9.0.1"]}, {"id": "c"}]}
SENSOR = Vantage(sensor="tap-1")
NEEDS: dict[str, set[str]] = {"account": {"enabled"}}


def covered(*scopes: Covers, collected: str = "2026-06-01", kind: str = "account") -> list[int]:
    records = {"account": [{"id": "k", "asset": "a", "principal": "x"}]}
    built = plant(source("s", ASSETS), source("t", records, covers=scopes, collected=collected), needs=NEEDS)
    return list(built.covered_assets[kind])


def test_without_a_word_in_custody_a_source_covers_those_of_whom_it_brought_records() -> None:
    assert covered() == [1, 0, 0]


def test_a_word_on_another_kind_changes_nothing() -> None:
    assert covered(Covers(kind="setting")) == [1, 0, 0]


def test_an_empty_scope_is_the_whole_site() -> None:
    assert covered(Covers(kind="account")) == [1, 1, 1]


def test_a_scope_over_zones_covers_the_assets_placed_there() -> None:
    assert covered(Covers(kind="account", zones=["office"])) == [0, 1, 0]


def test_an_unplaced_asset_is_covered_only_by_a_scope_over_every_zone() -> None:
    assert covered(Covers(kind="account", zones=["cell", "office"])) == [1, 1, 0]
    assert covered(Covers(kind="account", zones=["cell", "office", "dmz"])) == [1, 1, 1]


def test_a_scope_over_assets_covers_them_by_name_or_id() -> None:
    assert covered(Covers(kind="account", assets=["B", "c"])) == [0, 1, 1]


def test_scopes_add_up() -> None:
    assert covered(Covers(kind="account", assets=["c"]), Covers(kind="account", zones=["cell"])) == [1, 0, 1]


def test_a_stale_source_covers_nobody() -> None:
    assert covered(Covers(kind="account"), collected="2026-01-01") == [0, 0, 0]


def test_a_scope_over_keys_speaks_for_those_keys_only() -> None:
    scopes = [Covers(kind="setting", keys=["ssh.version", "http.enabled"])]
    built = plant(source("s", ASSETS), source("t", {}, covers=scopes), needs={"setting": {"key"}})
    assert list(built.covered_assets["setting"]) == [0, 0, 0]
    assert built.covered("setting", 0, ["ssh.version"])
    assert built.covered("setting", 0, ["ssh.version", "http.enabled"])
    assert not built.covered("setting", 0, ["ssh.version", "telnet.enabled"])
    assert not built.covered("setting", 0)
    assert built.uncovered["setting"] == []


def test_what_is_covered_whole_is_covered_for_every_key() -> None:
    built = plant(source("s", ASSETS), source("t", {}, covers=[Covers(kind="setting")]), needs={"setting": {"key"}})
    assert built.covered("setting", 2, ["anything"])
    assert not built.covered("setting", -1, ["anything"])


def test_a_scope_over_an_undeclared_zone_is_refused() -> None:
    with pytest.raises(InputError, match="names zone `attic`, which site `works` does not declare"):
        covered(Covers(kind="account", zones=["attic"]))


def test_a_scope_over_an_unknown_asset_is_remarked() -> None:
    built = plant(source("s", ASSETS, covers=[Covers(kind="asset", assets=["nobody"])]))
    assert [remark.path for remark in built.remarks] == ["evidence/works/s/custody.yaml"]


def test_assets_without_coverage_are_listed_with_their_zones_and_the_reason() -> None:
    stale = source("t", {}, covers=[Covers(kind="account", assets=["b"])], collected="2026-01-01")
    built = plant(source("s", {"asset": ASSETS["asset"][:2]}), stale, needs=NEEDS)
    assert built.uncovered["account"] == [
        Uncovered("a", "asset", ("cell",), "not-covered", "no source says which account records it has"),
        Uncovered(
            "b", "asset", ("office",), "stale", "the last source that said which account records it has is out of date"
        ),
    ]


def test_kinds_that_no_policy_needs_have_no_list() -> None:
    assert set(plant(source("s", ASSETS)).uncovered) == {"crossing"}


def test_only_firewalls_and_assets_of_unknown_role_should_have_firewall_rules() -> None:
    records = {"asset": [{"id": "fw", "role": "firewall"}, {"id": "plc", "role": "plc"}, {"id": "what"}]}
    built = plant(source("s", records), needs={"firewall_rule": {"log"}})
    assert [item.subject for item in built.uncovered["firewall_rule"]] == ["fw", "what"]


FLOWS = Covers(kind="flow")


@pytest.mark.parametrize(
    ("scope", "vantage", "collected", "reason", "detail"),
    [
        (None, SENSOR, "2026-06-01", "not-covered", "no source of flows or firewall rules covers this zone"),
        (FLOWS, None, "2026-06-01", "not-covered", "s states no vantage (sensor or segments)"),
        (FLOWS, Vantage(loss_percent=0.0), "2026-06-01", "not-covered", "s states no vantage (sensor or segments)"),
        (FLOWS, SENSOR, "2026-01-01", "stale", "s is out of date"),
        (
            Covers(kind="flow", zones=["office"]),
            SENSOR,
            "2026-06-01",
            "not-covered",
            "no source of flows or firewall rules covers this zone",
        ),
    ],
)
def test_a_zone_that_nobody_could_watch_is_listed(
    scope: Covers | None, vantage: Vantage | None, collected: str, reason: str, detail: str
) -> None:
    watching = source("s", {}, covers=[scope] if scope else [], vantage=vantage, collected=collected)
    zones = [CELL, zone("world", kind="external")]
    if scope is not None and scope.zones:
        zones.append(OFFICE)
    built = plant(watching, at=site(*zones))
    assert built.uncovered["crossing"] == [Uncovered("cell", "zone", ("cell",), reason, detail)]


@pytest.mark.parametrize("kind", ["flow", "firewall_rule"])
@pytest.mark.parametrize("vantage", [SENSOR, Vantage(segments=["ring 1"])])
def test_a_fresh_source_with_a_stated_vantage_watches_its_zones(kind: str, vantage: Vantage) -> None:
    watching = source("s", {}, covers=[Covers(kind=kind, zones=["cell"])], vantage=vantage)
    assert plant(watching, at=site(CELL)).uncovered["crossing"] == []
