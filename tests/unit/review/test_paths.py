"""What a change opens and closes between zones, and what else would serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from tests.support.plant_world import CELL, DMZ, OFFICE, conduit, plant, site, source

from plantproof.model.assessment import EvidenceLink
from plantproof.model.paths import PathChange
from plantproof.model.plant import Plant
from plantproof.model.reach import Sample
from plantproof.review.paths import path_changes, reach_rows, reach_table

CONDUITS = [
    conduit("office-dmz", "office", "dmz", permitted=[("office", "dmz", "tcp/3389")]),
    conduit("dmz-cell", "dmz", "cell", permitted=[("dmz", "cell", "tcp/3389")]),
    conduit("cell-office", "cell", "office", permitted=[("cell", "office", "tcp/443")]),
]
AT = site(CELL, OFFICE, DMZ, conduits=CONDUITS)


def world(*rules: Mapping[str, Any], flows: tuple[Mapping[str, Any], ...] = (), device: str = "fw") -> Plant:
    records = {
        "asset": [{"id": device, "names": ["FW-1"], "role": "firewall"}],
        "firewall_rule": [
            {"id": f"r{number}", "asset": device, "order": number, "action": "accept", "enabled": True, **each}
            for number, each in enumerate(rules)
        ],
        "flow": [{"id": f"f{number}", "protocol": "tcp", **each} for number, each in enumerate(flows)],
    }
    return plant(source("config", records, method="config"), at=AT)


def rule(service: str = "tcp/502", src: str = "10.9.0.0/16", dst: str = "10.1.0.0/16", **more: Any) -> dict[str, Any]:
    return {"src_networks": [src], "dst_networks": [dst], "services": [service], **more}


def changes(before: Plant, after: Plant) -> list[PathChange]:
    return path_changes(reach_table(before), reach_table(after))


def test_nothing_moved_is_nothing() -> None:
    assert changes(world(rule()), world(rule())) == []
    assert changes(world(), world()) == []


def test_what_a_rule_opens_has_its_line_a_packet_and_ways_out() -> None:
    flows = (
        {"src_ip": "10.9.0.7", "dst_ip": "10.1.0.5", "port": 502},
        {"src_ip": "10.9.0.7", "dst_ip": "10.1.0.6", "port": 502},
        {"src_ip": "10.9.0.8", "dst_ip": "10.1.0.6", "port": 22},
    )
    (change,) = changes(world(), world(rule(name="any PLC"), flows=flows))
    assert (change.status, change.src_title, change.dst_title) == ("opened", "Zone office", "Zone cell")
    assert (change.services_before, change.services_after, change.closed) == ([], ["tcp/502"], [])
    (path,) = change.opened
    assert (path.device, path.device_name, path.conduit, path.undecided) == ("fw", "FW-1", "", [])
    assert path.sample == Sample(src="10.9.0.1", dst="10.1.0.1", protocol="tcp", port=502)
    (deciding,) = path.rules
    assert deciding.name == "rule 0 any PLC on FW-1"
    line = EvidenceLink(source="config", record="evidence/works/config/records/firewall_rule.jsonl", record_line=1)
    assert deciding.evidence == [line]
    assert [(way.kind, way.conduits) for way in change.ways_out] == [
        ("conduit", ["cell-office"]),
        ("detour", ["office-dmz", "dmz-cell"]),
        ("narrower", []),
    ]
    assert (
        change.ways_out[0].words == "the conduit `cell-office` joins the zones, and permits nothing in this direction"
    )
    narrower = change.ways_out[2]
    assert (narrower.sources, narrower.destinations) == (["10.9.0.7"], ["10.1.0.5", "10.1.0.6"])
    assert (narrower.services, narrower.flows) == (["tcp/502"], ["f0", "f1"])
    assert msgspec.json.decode(msgspec.json.encode(change), type=PathChange) == change


def test_what_nobody_was_seen_to_use_is_said() -> None:
    (change,) = changes(world(), world(rule()))
    assert [way.kind for way in change.ways_out] == ["conduit", "detour", "unused"]


def test_what_a_conduit_permits_needs_no_way_out() -> None:
    (change,) = changes(world(), world(rule("tcp/443", "10.1.0.0/16", "10.9.0.0/16")))
    assert (change.opened[0].conduit, change.ways_out) == ("cell-office", [])


def test_the_change_backwards_closes_what_it_opened() -> None:
    (change,) = changes(world(rule()), world())
    assert (change.status, change.opened, [path.service for path in change.closed]) == ("closed", [], ["tcp/502"])
    assert change.ways_out == []


def test_a_denial_above_closes_and_a_denial_removed_opens() -> None:
    denial = rule(action="deny")
    assert [change.status for change in changes(world(rule()), world(denial, rule()))] == ["closed"]
    assert [change.status for change in changes(world(denial, rule()), world(rule()))] == ["opened"]


def test_fewer_ports_close_and_open_nothing() -> None:
    (change,) = changes(world(rule("tcp/1-1000")), world(rule("tcp/502")))
    assert (change.status, change.opened, change.services_after) == ("closed", [], ["tcp/502"])
    (back,) = changes(world(rule("tcp/502")), world(rule("tcp/1-1000")))
    assert (back.status, [path.service for path in back.opened], back.closed) == ("opened", ["tcp/1-1000"], [])


def test_more_addresses_are_wider_and_fewer_narrower() -> None:
    narrow, wide = world(rule(src="10.9.0.7/32")), world(rule())
    (change,) = changes(narrow, wide)
    assert (change.status, change.services_before, change.services_after) == ("wider", ["tcp/502"], ["tcp/502"])
    assert change.opened[0].src_addresses == 2**16
    assert [each.status for each in changes(wide, narrow)] == ["narrower"]


def test_another_rule_or_certainty_is_changed() -> None:
    (change,) = changes(world(rule(conditions=["schedule nights"])), world(rule()))
    assert (change.status, [path.undecided for path in change.changed]) == ("changed", [[]])
    assert [each.status for each in changes(world(rule()), world(rule(src="10.9.0.0/17"), rule()))] == ["changed"]


def test_everything_but_less_is_more() -> None:
    denial = rule("tcp/22", action="deny")
    assert [each.status for each in changes(world(denial, rule("ip")), world(rule("ip")))] == ["opened"]
    assert [each.status for each in changes(world(rule("ip")), world(denial, rule("ip")))] == ["closed"]
    assert [each.status for each in changes(world(denial, rule("ip")), world(rule("tcp/22")))] == ["opened"]


def test_a_device_that_was_merged_with_another_is_compared_with_itself() -> None:
    before, after = world(rule(), device="old"), world(rule(), device="new")
    merged = path_changes(reach_table(before, {"old": "new"}), reach_table(after))
    assert merged == []
    assert [change.status for change in changes(before, after)] == ["wider"]


def test_answers_stand_apart_and_ask_for_no_way_out() -> None:
    (change,) = changes(world(), world(rule(conditions=["established"])))
    assert (change.services_after, change.opened[0].answers, change.ways_out) == ([], True, [])


def test_rows_come_back_from_the_table_as_they_went_in() -> None:
    built = world(rule("ip"), rule("udp/53", "10.5.0.0/16"))
    assert [row.id for row in reach_rows(built)] == built.tables["reach"].ids
    assert reach_rows(msgspec.structs.replace(built, tables={})) == []
