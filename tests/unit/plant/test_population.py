"""Who is expected: declared, or ever seen and not retired (verdicts.md 7)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.plant_world import CELL, OFFICE, identities, plant, site, source, value, zone, zones_of

from plantproof.model.evidence import Identities, Source
from plantproof.model.site import ExpectedAsset
from plantproof.model.vocabulary import Method

RETIRED = ("2026-05-01", "plant manager", "scrapped")


def test_an_asset_that_no_source_reports_any_more_is_still_expected() -> None:
    table = plant(source("s", {"asset": [{"id": "a"}]}), known=identities(["a", "b"])).tables["asset"]
    assert (table.ids, table.fresh) == (["a", "b"], bytearray([1, 0]))


def test_an_asset_in_records_that_nobody_minted_is_expected() -> None:
    assert plant(source("s", {"asset": [{"id": "a"}]})).tables["asset"].ids == ["a"]


def test_a_declared_asset_that_nobody_saw_is_expected_in_its_zone_and_role() -> None:
    built = plant(at=site(expected=[ExpectedAsset(name="PLC-9", zone="cell", role="plc")]))
    table = built.tables["asset"]
    assert (table.ids, table.fresh) == (["declared:PLC-9"], bytearray([0]))
    assert zones_of(built, "declared:PLC-9") == ("cell",)
    assert value(built, "asset", "declared:PLC-9", "role") == "plc"
    assert table.columns["role"].methods[0] == Method.DECLARED
    assert built.names["declared:PLC-9"] == "PLC-9"


def test_a_declared_asset_that_a_source_knows_by_that_name_is_that_asset() -> None:
    at = site(expected=[ExpectedAsset(name="plc-9", zone="office")])
    built = plant(source("s", {"asset": [{"id": "a", "names": ["PLC-9"], "ips": ["10.1.0.1"]}]}), at=at)
    assert built.tables["asset"].ids == ["a"]
    assert zones_of(built, "a") == ("office",)


def test_a_declared_role_does_not_overrule_what_a_source_says() -> None:
    at = site(expected=[ExpectedAsset(name="a", role="plc")])
    built = plant(source("s", {"asset": [{"id": "a", "role": "hmi"}]}), at=at)
    assert value(built, "asset", "a", "role") == "hmi"


def test_a_member_of_a_zone_is_expected_even_by_a_name_that_is_only_an_identity() -> None:
    at = site(CELL, zone("lab", members=["mixer", "burner"]))
    built = plant(at=at, known=identities(["a"], names={"a": ["Mixer"]}))
    assert built.tables["asset"].ids == ["a", "declared:burner"]
    assert zones_of(built, "a") == ("lab",)


def test_an_approved_retirement_removes_the_asset_and_nothing_else_does() -> None:
    report = source("s", {"asset": [{"id": "a"}, {"id": "b"}]}, collected="2026-04-30")
    retired = {"a": RETIRED, "b": ("2026-07-01", "plant manager", "planned"), "c": ("2026-05-01", " ", "gone")}
    built = plant(report, known=identities(["a", "b", "c"], retired=retired))
    assert built.tables["asset"].ids == ["b", "c"]
    assert [remark.message for remark in built.remarks] == [
        "asset `c` is retired without date or approver: it stays expected"
    ]


def remarks(report: Source, known: Identities) -> list[str]:
    return [f"{remark.path}: {remark.message}" for remark in plant(report, known=known).remarks]


def test_what_was_retired_under_some_of_its_ids_stays_expected() -> None:
    known = replace(identities(["a"], merged={"b": "a", "c": "a"}), retired_in_part={"a": ("a", "c")})
    assert plant(source("s", {}), known=known).tables["asset"].ids == ["a"]
    (words,) = remarks(source("s", {}), known)
    path, _, message = words.partition(": ")
    assert path == "evidence/works/identities.jsonl"
    assert message == "asset `a` is retired under some of its ids only, not as `a` and `c`: it stays expected"


def test_a_merge_of_what_one_source_reports_apart_is_remarked() -> None:
    """While the source is fresh: what it told long ago may have been the same device twice."""
    known = identities(["a", "d"], merged={"b": "a", "c": "a"})
    both = source("s", {"asset": [{"id": "a"}, {"id": "b", "method": "config"}, {"id": "d"}]})
    stale = replace(both, custody=replace(both.custody, collected_at="2026-01-01"))
    words = "evidence/works/identities.jsonl: asset `a` was merged of `a` and `b`, which s reports apart"
    assert remarks(both, known) == [words]
    assert remarks(stale, known) == []
    assert remarks(source("s", {"asset": [{"id": "b"}, {"id": "d"}]}), known) == []


def test_a_merge_of_ids_with_different_serials_is_remarked() -> None:
    known = replace(identities(["a"], merged={"b": "a"}), doubtful_merges={"a": ("`serial` x/1 and x/2",)})
    words = "evidence/works/identities.jsonl: asset `a` was merged of ids that differ in `serial` x/1 and x/2"
    assert remarks(source("s", {}), known) == [words]


@pytest.mark.parametrize(
    ("method", "collected", "last_seen", "back"),
    [
        ("passive", "2026-05-02", "", True),
        ("passive", "2026-05-01", "", False),  # the sensor looked on the last day of its life
        ("passive", "2026-06-01", "2026-04-20T08:00:00Z", False),  # the sensor remembers what is gone
        ("passive", "2026-06-01", "2026-05-20T08:00:00Z", True),
        ("declared", "2026-06-01", "", False),  # a register that is late is no sighting
        ("passive", "2026-03-01", "", False),  # stale by now
    ],
)
def test_a_retired_asset_that_was_seen_again_is_expected_and_not_approved(
    method: str, collected: str, last_seen: str, back: bool
) -> None:
    """Retired on 2026-05-01 as `a`; a register of long ago approves it still. Seen later, it is there, unapproved."""
    register = source("r", {"asset": [{"id": "a", "authorised": True}]}, method="declared", collected="2026-04-30")
    report = source(
        "s",
        {"asset": [{"id": "a"}]},
        method=method,
        collected=collected,
        sightings={"asset": [{"id": "a", "last_seen": last_seen}]},
    )
    built = plant(register, report, known=identities(["a"], retired={"a": RETIRED}), needs={"asset": {"authorised"}})
    assert built.tables["asset"].ids == (["a"] if back else [])
    if back:
        assert value(built, "asset", "a", "authorised") is False
        assert built.tables["asset"].columns["authorised"].methods[0] == Method.PASSIVE
        (remark,) = built.remarks
        seen = last_seen[:10] or collected
        assert remark.message == f"asset `a` was retired on 2026-05-01, and s saw it on {seen}: it is expected again"
    else:
        assert built.remarks == ()


def test_a_retired_asset_that_is_still_declared_stays_retired_and_is_remarked() -> None:
    at = site(expected=[ExpectedAsset(name="PLC-9")])
    built = plant(at=at, known=identities(["a"], names={"a": ["plc-9"]}, retired={"a": RETIRED}))
    assert built.tables["asset"].ids == []
    assert [remark.message for remark in built.remarks] == ["`PLC-9` is declared, but retired"]


def test_people_find_an_asset_by_the_first_name_of_its_strongest_source() -> None:
    weak = source(
        "a", {"asset": [{"id": "x", "names": ["b0:11"]}, {"id": "y", "names": ["old"]}]}, collected="2026-01-01"
    )
    strong = source("b", {"asset": [{"id": "x", "names": ["SW-1", "A-1"]}]}, method="config")
    built = plant(weak, strong, at=site(CELL, OFFICE), known=identities(["x", "y", "z"], names={"z": ["zed"]}))
    assert [built.names[identifier] for identifier in "xyz"] == ["SW-1", "old", "zed"]
