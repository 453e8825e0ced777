"""For whom the fresh sources speak, and for whom nobody does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.plant_world import CELL, OFFICE, plant, project, site, source, zone

from plantproof.errors import InputError
from plantproof.model.evidence import Covers, NotUnderstood, Vantage
from plantproof.model.plant import Uncovered
from plantproof.model.project_file import SourceSettings

ASSETS = {"asset": [{"id": "a", "ips": ["10.1.0.1"]}, {"id": "b", "ips": ["10.9.0.1"]}, {"id": "c"}]}
SENSOR = Vantage(sensor="tap-1", loss_percent=0.5)
SOMETHING: dict[str, list[dict[str, object]]] = {
    "account": [{"id": "k", "principal": "x"}],
    "asset": [{"id": "a", "ips": ["10.1.0.1"]}],
    "firewall_rule": [{"id": "r", "asset": "elsewhere", "order": 1, "enabled": False}],
    "flow": [{"id": "f", "src_ip": "192.168.9.1", "dst_ip": "192.168.9.2"}],
    "setting": [{"id": "v", "asset": "elsewhere", "key": "ssh.version", "value": "2"}],
}
"""An export that is not empty, with nothing that matters to a test."""
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
    built = plant(source("s", ASSETS), source("t", SOMETHING, covers=scopes), needs={"setting": {"key"}})
    assert list(built.covered_assets["setting"]) == [0, 0, 0]
    assert built.covered("setting", 0, ["ssh.version"])
    assert built.covered("setting", 0, ["ssh.version", "http.enabled"])
    assert not built.covered("setting", 0, ["ssh.version", "telnet.enabled"])
    assert not built.covered("setting", 0)
    assert built.uncovered["setting"] == []


def test_what_is_covered_whole_is_covered_for_every_key() -> None:
    whole = source("t", SOMETHING, covers=[Covers(kind="setting")])
    built = plant(source("s", ASSETS), whole, needs={"setting": {"key"}})
    assert built.covered("setting", 2, ["anything"])
    assert not built.covered("setting", -1, ["anything"])


def test_a_scope_over_an_undeclared_zone_is_refused() -> None:
    with pytest.raises(InputError, match="names zone `attic`, which site `works` does not declare"):
        covered(Covers(kind="account", zones=["attic"]))


def test_a_scope_over_an_unknown_asset_is_remarked() -> None:
    built = plant(source("s", ASSETS, covers=[Covers(kind="asset", assets=["nobody"])]))
    assert [remark.path for remark in built.remarks] == ["evidence/works/s/custody.yaml"]


def test_assets_without_coverage_are_listed_with_their_zones_and_the_reason() -> None:
    stale = source(
        "t", {"account": SOMETHING["account"]}, covers=[Covers(kind="account", assets=["b"])], collected="2026-01-01"
    )
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


FLOWS, RULES = Covers(kind="flow"), Covers(kind="firewall_rule")
NO_FLOWS = "no source of flows covers this zone"
BLIND = "s states no vantage (sensor or segments)"


@pytest.mark.parametrize(
    ("scopes", "vantage", "collected", "reason", "detail"),
    [
        ([], SENSOR, "2026-06-01", "not-covered", "no source of flows or firewall rules covers this zone"),
        ([RULES], SENSOR, "2026-06-01", "not-covered", NO_FLOWS),
        ([FLOWS], SENSOR, "2026-06-01", "not-covered", "no source of firewall rules covers this zone"),
        ([FLOWS, RULES], None, "2026-06-01", "not-covered", BLIND),
        ([FLOWS, RULES], Vantage(loss_percent=0.0), "2026-06-01", "not-covered", BLIND),
        ([FLOWS, RULES], Vantage(sensor=" ", segments=["-"], loss_percent=0.0), "2026-06-01", "not-covered", BLIND),
        ([FLOWS, RULES], SENSOR, "2026-01-01", "stale", "s is out of date"),
        ([Covers(kind="flow", zones=["office"]), RULES], SENSOR, "2026-06-01", "not-covered", NO_FLOWS),
    ],
)
def test_a_zone_that_nobody_could_watch_is_listed(
    scopes: list[Covers], vantage: Vantage | None, collected: str, reason: str, detail: str
) -> None:
    """Flows alone do not show what is permitted, rules alone do not show a way around: it takes both."""
    watching = source("s", SOMETHING, covers=scopes, vantage=vantage, collected=collected)
    sighted = source("t", SOMETHING, covers=[Covers(kind=kind, zones=["office"]) for kind in ("flow", "firewall_rule")])
    sighted = replace(sighted, custody=replace(sighted.custody, vantage=SENSOR))
    built = plant(watching, sighted, at=site(CELL, OFFICE, zone("world", kind="external")))
    assert built.uncovered["crossing"] == [Uncovered("cell", "zone", ("cell",), reason, detail)]


@pytest.mark.parametrize("vantage", [SENSOR, Vantage(segments=["ring 1"], filter="None", loss_percent=0.0)])
def test_fresh_sources_with_a_stated_vantage_watch_their_zones(vantage: Vantage) -> None:
    """Flows from one, rules from another."""
    watching = [
        source(name, SOMETHING, covers=[Covers(kind=kind, zones=["cell"])], vantage=vantage)
        for name, kind in (("s", "flow"), ("t", "firewall_rule"))
    ]
    assert plant(*watching, at=site(CELL)).uncovered["crossing"] == []


def test_what_a_source_missed_by_its_own_account_may_be_what_crosses() -> None:
    """The same two sources as above, whose custody says that not every row of the export was read."""
    unread = [NotUnderstood(raw="raw/x", line=3, what="no address")]
    watching = source("s", SOMETHING, covers=[FLOWS, RULES], vantage=SENSOR)
    watching = replace(watching, custody=replace(watching.custody, not_understood=unread))
    detail = "s has a row that was not understood"
    built = plant(watching, at=site(CELL))
    assert built.uncovered["crossing"] == [Uncovered("cell", "zone", ("cell",), "not-covered", detail)]


def test_a_foreign_device_may_be_what_a_filter_leaves_out() -> None:
    filtered = Vantage(sensor="tap-1", filter="type is plc")
    sensor = source("s", SOMETHING, covers=[Covers(kind="asset")], vantage=filtered)
    assert plant(sensor, at=site(CELL)).tables["zone"].columns["watched"].values == [None]
    whole = replace(sensor, custody=replace(sensor.custody, vantage=replace(filtered, filter="none")))
    assert plant(whole, at=site(CELL)).tables["zone"].columns["watched"].values == [b"true"]


def test_policies_on_flows_know_where_nobody_listens() -> None:
    """Without flows of a zone, that nothing forbidden flows there is not known."""
    watching = source("s", SOMETHING, covers=[FLOWS], vantage=SENSOR)
    needs = {"flow": {"operation"}}
    assert plant(watching, at=site(CELL), needs=needs).uncovered["flow"] == []
    assert plant(at=site(CELL), needs=needs).uncovered["flow"] == [
        Uncovered("cell", "zone", ("cell",), "not-covered", NO_FLOWS)
    ]


def test_a_zone_is_watched_where_a_foreign_device_would_be_seen() -> None:
    """The cell by a sensor; the office by a list without vantage; nobody watches the world outside."""
    sensor = source("s", SOMETHING, covers=[Covers(kind="asset", zones=["cell"])], vantage=SENSOR)
    register = source("r", SOMETHING, covers=[Covers(kind="asset")])
    zones = plant(sensor, register, at=site(CELL, OFFICE, zone("world", kind="external"))).tables["zone"]
    assert zones.columns["watched"].values == [b"true", None, None]


def test_a_firewall_that_brought_no_rule_is_not_covered_by_a_scope_over_its_zone() -> None:
    """The rules of one firewall say what crosses the zone, not what another firewall in it lets through."""
    records = {
        "asset": [
            {"id": "fw-1", "role": "firewall", "zone": "cell"},
            {"id": "fw-2", "role": "firewall", "zone": "cell"},
        ],
        "firewall_rule": [{"id": "r", "asset": "fw-1", "order": 1}],
    }
    needs = {"firewall_rule": {"log"}}
    over_zone = source("s", records, covers=[Covers(kind="firewall_rule", zones=["cell"])])
    assert [item.subject for item in plant(over_zone, needs=needs).uncovered["firewall_rule"]] == ["fw-2"]
    by_name = source("s", records, covers=[Covers(kind="firewall_rule", assets=["fw-1", "fw-2"])])
    assert plant(by_name, needs=needs).uncovered["firewall_rule"] == []


def test_what_a_source_of_the_project_should_speak_for_stays_open_while_there_is_no_evidence_of_it() -> None:
    """The folder of one source was deleted. Another speaks of the same account, and may know less: not covered."""
    records = {**SOMETHING, **ASSETS, "account": [{"id": "k", "asset": "a", "principal": "x"}]}
    other = source("s", records, covers=[Covers(kind="account", assets=["a", "b"]), FLOWS, RULES], vantage=SENSOR)
    gone = SourceSettings(covers=[Covers(kind="account", assets=["a"]), Covers(kind="flow", zones=["cell"])])
    built = plant(other, needs=NEEDS, by=project(settings={"s": SourceSettings(), "t": gone}))
    assert list(built.covered_assets["account"]) == [0, 1, 0]
    words = "no source says which account records it has"
    assert [item[::4] for item in built.uncovered["account"]] == [("a", words), ("c", words)]
    assert built.uncovered["crossing"] == [
        Uncovered("cell", "zone", ("cell",), "not-covered", "t is set up, and there is no evidence of it")
    ]
    assert [remark.message for remark in built.remarks] == ["source `t` is set up, and there is no evidence of it"]


@pytest.mark.parametrize(("keys", "known"), [(["ssh.version"], False), (["banner"], True), ([], False)])
def test_what_a_missing_source_should_say_of_a_key_nobody_else_covers(keys: list[str], known: bool) -> None:
    """The other source is silent about what that one found; about another key it speaks for itself."""
    own = Covers(kind="setting", assets=["a"], keys=["ssh.version"])
    gone = SourceSettings(covers=[Covers(kind="setting", assets=["a"], keys=keys)])
    records = {**ASSETS, "setting": [{"id": "a/x", "asset": "a", "key": "ssh.version", "value": 2}]}
    built = plant(
        source("s", records, covers=[own]),
        needs={"setting": {"value"}},
        by=project(settings={"s": SourceSettings(), "t": gone}),
    )
    assert built.covered("setting", built.tables["asset"].rows["a"], ["ssh.version"]) is known


def test_a_zone_called_external_is_watched_like_any_other_while_an_asset_stands_in_it() -> None:
    abroad = zone("abroad", "10.7.0.0/16", kind="external")
    assert plant(at=site(abroad)).uncovered["crossing"] == []
    there = source("s", {"asset": [{"id": "a", "ips": ["10.7.0.1"]}]})
    assert [item.subject for item in plant(there, at=site(abroad)).uncovered["crossing"]] == ["abroad"]


@pytest.mark.parametrize("kind", ["account", "asset", "firewall_rule", "flow", "interface", "setting"])
def test_an_export_without_any_record_covers_nobody(kind: str) -> None:
    """Custody says that the source covers the kind, and its file is empty or gone: that is no sign that there is
    none."""
    emptied = source("t", {kind: b"\n"}, covers=[Covers(kind=kind)], vantage=SENSOR)
    built = plant(source("s", ASSETS), emptied, needs={kind: {"id"}})
    assert not any(built.covered_assets[kind]) or kind == "asset"
    message = f"t says that it covers {kind.replace('_', ' ')} records, and brought none"
    assert message in [remark.message for remark in built.remarks]


@pytest.mark.parametrize("kind", ["backup", "vulnerability"])
def test_no_job_and_no_advisory_are_an_answer(kind: str) -> None:
    built = plant(source("s", ASSETS), source("t", {}, covers=[Covers(kind=kind)]), needs={kind: {"asset"}})
    assert list(built.covered_assets[kind]) == [1, 1, 1]
