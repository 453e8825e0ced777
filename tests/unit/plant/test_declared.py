"""Zones and conduits as subjects."""

from __future__ import annotations

from tests.support.plant_world import CELL, OFFICE, conduit, plant, site, source, value

from plantproof.model.site import ExpectedAsset
from plantproof.model.vocabulary import Method

AT = site(
    CELL,
    OFFICE,
    conduits=[
        conduit("c1", "office", "cell", permitted=[("office", "cell", "tcp/502")], points=["fw", "gone", "ghost"])
    ],
    expected=[ExpectedAsset(name="gone", zone="cell")],
)
RECORDS = {
    "asset": [
        {"id": "fw", "role": "firewall", "ips": ["10.1.0.1", "10.9.0.1"]},
        {"id": "plc", "role": "plc", "ips": ["10.1.0.2"]},
        {"id": "lost"},
    ]
}


def test_a_zone_has_its_declared_fields_and_what_was_counted_in_it() -> None:
    built = plant(source("s", RECORDS), at=AT)
    table = built.tables["zone"]
    assert table.ids == ["cell", "office"]
    cell = {name: value(built, "zone", "cell", name) for name in table.columns}
    assert {name: seen for name, seen in cell.items() if seen is not None} == {
        "id": "cell",
        "title": "Zone cell",
        "kind": "control",
        "purdue_level": 2.0,
        "subnets": ["10.1.0.0/16"],
        "members": [],
        "essential_functions": [],
        "asset_count": 3,
        "unplaced_count": 1,
        "has_firewall": True,
        "conduits": ["c1"],
    }
    assert value(built, "zone", "office", "asset_count") == 1
    assert [table.columns["asset_count"].methods[row] for row in (0, 1)] == [Method.DECLARED, Method.PASSIVE]
    assert table.columns["kind"].methods[0] == Method.DECLARED
    assert (table.zones, list(table.fresh)) == ([("cell",), ("office",)], [1, 1])


def test_a_conduit_says_which_of_its_enforcement_points_anybody_reports() -> None:
    built = plant(source("s", RECORDS), at=AT)
    assert value(built, "conduit", "c1", "enforced") == ["fw"]
    assert value(built, "conduit", "c1", "unenforced") == ["ghost", "gone"]
    assert value(built, "conduit", "c1", "permitted") == [{"from": "office", "to": "cell", "services": ["tcp/502"]}]
    table = built.tables["conduit"]
    assert (table.zones, table.conduits) == ([("cell", "office")], [("c1",)])


def test_a_firewall_that_only_a_stale_source_reports_enforces_nothing() -> None:
    built = plant(source("s", RECORDS, collected="2026-01-01"), at=AT)
    assert value(built, "conduit", "c1", "enforced") == []
    assert value(built, "zone", "cell", "has_firewall") is False


def test_the_context_holds_the_sites_zones_and_conduits_in_order() -> None:
    assert plant(at=AT).context == {
        "zone": b'[{"id":"cell","kind":"control","purdue_level":2.0,"subnets":["10.1.0.0/16"]},'
        b'{"id":"office","kind":"business","purdue_level":4.0,"subnets":["10.9.0.0/16"]}]',
        "conduit": b'[{"enforcement_points":["fw","ghost","gone"],"id":"c1","permitted":[{"from":"office",'
        b'"services":["tcp/502"],"to":"cell"}],"zones":["cell","office"]}]',
    }
