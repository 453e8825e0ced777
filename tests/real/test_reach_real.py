"""What the rules of real configurations let pass, with zones drawn around their interfaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.packet_walk import rows_of
from tests.support.plant_world import plant, site, source, zone

from plantproof.evidence.collectors import cisco_ios, fortios
from plantproof.evidence.collectors.protocol import Collector, Export
from plantproof.model.project_file import SourceSettings
from plantproof.model.reach import Reach
from plantproof.model.site import Zone

FOLDER = "evidence/02-network-config"


def reach(module: Collector, real_data: Path, name: str, *zones: Zone) -> list[Reach]:
    export = Export(name, (real_data / FOLDER / name).read_bytes())
    records: dict[str, list[dict[str, Any]]] = {"asset": [{"id": "box", "role": "firewall"}]}
    for draft in module.collect([export], SourceSettings()).drafts:
        if draft.kind in ("interface", "firewall_rule"):
            records.setdefault(draft.kind, []).append({"id": draft.local, "asset": "box", **draft.fields})
    return rows_of(plant(source("config", records, method="config"), at=site(*zones)))


def test_policies_of_a_fortigate(real_data: Path) -> None:
    """The denial above all asks for a source port, so it cannot be relied on; the accepting ones decide."""
    zones = [zone(f"n{number}", f"10.0.{number}.0/24") for number in range(1, 6)]
    rows = reach(fortios, real_data, "fortinet-fortios-firewall-policy.conf", *zones)
    found = {(row.src_zone, row.dst_zone, row.service): row for row in rows}
    assert len({row.id for row in rows}) == len(rows)
    assert {ends[:2] for ends in found} == {
        (one, other)
        for one in ("n1", "n2", "n3", "n4", "n5")
        for other in ("n1", "n2", "n3", "n4", "n5")
        if one != other
    }
    everything = found["n3", "n5", "ip"]
    assert (everything.rules, everything.shadowed, everything.undecided) == (["policy/2"], ["policy/3"], [])
    first = found["n1", "n2", "tcp/11"]
    assert first.rules == ["policy/1"]
    assert (first.sample.src, first.sample.dst, first.sample.port) == ("10.0.1.1", "10.0.2.1", 11)


def test_access_lists_of_a_border_router(real_data: Path) -> None:
    """Neighbours behind the two inner interfaces, the other system behind the outer one."""
    rows = reach(
        cisco_ios, real_data, "cisco-ios-as2border1.cfg",
        zone("inner1", "2.12.11.0/24"), zone("inner2", "2.12.12.0/24"), zone("core", "2.128.0.0/16"),
        zone("outer", "1.0.0.0/8"),
    )  # fmt: skip
    assert rows
    assert all(row.rules and row.sample.protocol for row in rows)
    assert {row.service for row in rows if (row.src_zone, row.dst_zone) == ("inner1", "inner2")} == {"ip"}
