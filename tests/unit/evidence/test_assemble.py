"""Drafts to records: ids, references, what a kind refuses, and rows that contradict each other."""

from __future__ import annotations

import json

import pytest

from plantproof.errors import InputError
from plantproof.evidence.assemble import assemble, record_id
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Draft

ASSET = AssetDraft("x", [AssetKey("name", "x")], {"names": ["x"]}, "raw.csv", line=2)


def collected(*drafts: Draft) -> Collected:
    return Collected(assets=[ASSET], drafts=drafts, unread=[], secrets=[], rows={"raw.csv": len(drafts)})


def test_a_record_belongs_to_its_asset_or_to_its_source() -> None:
    found = assemble(
        "src",
        collected(
            Draft("backup", "j1", {"job": "j1"}, "raw.csv", asset="x"),
            Draft("backup", "j2", {"job": "j2"}, "raw.csv", asset="x", of_source=True, count=4),
            Draft("backup", "j3", {"job": "j3"}, "raw.csv", asset="unknown"),
            Draft("flow", "f", {"port": 502}, "raw.csv", ends={"src": "x", "dst": "unknown"}, method="active"),
            Draft("change", "c", {}, "raw.csv", ends={"assets": ["x", "unknown", "x"]}),
        ),
        {"x": "a-1"},
        "declared",
    )
    records = [json.loads(line) for kind in sorted(found.records) for _, line in sorted(found.records[kind].items())]
    assert records == [
        {"id": "a-1", "method": "declared", "names": ["x"]},
        {"id": "a-1/j1", "method": "declared", "asset": "a-1", "job": "j1"},
        {"id": "src/j2", "method": "declared", "asset": "a-1", "job": "j2"},
        {"id": "src/j3", "method": "declared", "job": "j3"},
        {"id": "src/c", "method": "declared", "assets": ["a-1"]},
        {"id": "src/f", "method": "active", "port": 502, "src": "a-1"},
    ]
    assert json.loads(found.sightings["backup"]["src/j2"]) == {"id": "src/j2", "raw": "raw.csv", "count": 4}


def test_what_the_kind_refuses_is_unread_with_the_reason() -> None:
    found = assemble(
        "src",
        collected(
            Draft("account", "a", {"principal": "a", "enabled": "perhaps"}, "raw.csv", line=3),
            Draft("interface", "i", {"name": "i"}, "raw.csv", asset="ghost", line=4),
            Draft("account", "b", {"principal": "\ud800"}, "raw.csv", line=5),
            Draft("metric", "m", {"name": "m", "value": float("nan")}, "raw.csv", line=6),
        ),
        {"x": "a-1"},
        "declared",
    )
    assert [one.line for one in found.unread] == [3, 4, 5, 6]
    assert "enabled" in found.unread[0].what
    assert "no asset is known as `ghost`" in found.unread[1].what
    assert set(found.records) == {"asset"}


def test_one_row_twice_is_one_record_and_two_that_differ_are_refused() -> None:
    same = Draft("account", "a", {"principal": "a"}, "raw.csv", line=2)
    assert len(assemble("src", collected(same, same), {"x": "a-1"}, "declared").records["account"]) == 1
    other = Draft("account", "a", {"principal": "a", "enabled": True}, "raw.csv", line=7)
    with pytest.raises(InputError) as refused:
        assemble("src", collected(same, other), {"x": "a-1"}, "declared")
    assert [str(problem).split(" (")[0] for problem in refused.value.problems] == [
        "raw.csv:7: account `a` is also at raw.csv:2, and says something else there"
    ]


def test_ids_hold_no_control_character_and_end() -> None:
    assert record_id("a-1", "Gi\n1/\x1b[2J") == "a-1/Gi%0A1/%1B[2J"
    long, other = record_id("a-1", "x" * 5000), record_id("a-1", "x" * 4999 + "y")
    assert len(long) < 256
    assert long != other
