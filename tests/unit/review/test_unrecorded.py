"""Devices that a change shows configured otherwise: with a record, without one, and no change at all."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from tests.support.approved_world import ASSET, SETTINGS, approved, claims, switch
from tests.support.plant_world import conduit, identities, plant, site

from plantproof.model.approved import ApprovedRecord
from plantproof.model.change import ChangeRecord
from plantproof.model.delta import UnrecordedChange
from plantproof.model.evidence import Source
from plantproof.review.unrecorded import enforcing, unrecorded

OTHER = switch(settings={**SETTINGS, "ssh.version": 1}, collected="2026-06-02")
WINDOW = ("2026-06-01T20:00:00Z", "2026-06-01T22:00:00Z")


def change(**fields: object) -> ChangeRecord:
    given = {"id": "CHG-7", "site": "works", "assets": ("sw-1",), "window": WINDOW, **fields}
    return ChangeRecord(**given)  # type: ignore[arg-type]  # a test gives what the fields take


def found(
    base: Source,
    head: Source,
    *changes: ChangeRecord,
    records: Sequence[ApprovedRecord] = (),
    proposed: bool = False,
) -> list[UnrecordedChange]:
    plants = [plant(each, known=identities(["sw"]), proposed=True) for each in (base, head)]
    after = msgspec.structs.replace(claims(head), proposed=proposed)
    return unrecorded(claims(base), after, plants, changes, records)


def test_a_device_changed_without_a_record() -> None:
    assert found(switch(), OTHER) == [
        UnrecordedChange(
            site="works",
            asset="sw",
            device="SW-1",
            source="switches",
            collected="2026-06-02",
            differences=["setting `ssh.version` changed"],
            lines=["evidence/works/switches/records/setting.jsonl:1"],
            why="no change record names it, and no approved configuration is this one",
        )
    ]


def test_nothing_changed_nothing_is_found() -> None:
    assert found(switch(), switch(collected="2026-06-02")) == []
    assert found(OTHER, OTHER) == []


@pytest.mark.parametrize("name", ["sw-1", "SW-1", "sw"])
def test_a_change_record_in_whose_window_it_was_collected_covers_it(name: str) -> None:
    assert found(switch(), OTHER, change(assets=(name,))) == []


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (change(site="elsewhere"), "no change record names it, and no approved configuration is this one"),
        (change(assets=("sw-2",)), "no change record names it, and no approved configuration is this one"),
        (change(window=("", "")), "CHG-7 names it, but it says no window; it was collected on 2026-06-02"),
        (
            change(window=("2026-05-01T20:00:00Z", "2026-05-02T22:00:00Z")),
            "CHG-7 names it, but its window is 2026-05-01 to 2026-05-02; it was collected on 2026-06-02",
        ),
        (
            change(window=("2026-06-03T20:00:00Z", "2026-06-03T22:00:00Z")),
            "CHG-7 names it, but its window is 2026-06-03 to 2026-06-03; it was collected on 2026-06-02",
        ),
    ],
)
def test_a_record_of_another_device_site_or_time_covers_nothing(record: ChangeRecord, why: str) -> None:
    assert [each.why for each in found(switch(), OTHER, record)] == [why]


def test_of_many_records_the_latest_two_are_told() -> None:
    many = [change(id=f"CHG-{month}", window=(f"2026-0{month}-01", f"2026-0{month}-02")) for month in range(1, 5)]
    (each,) = found(switch(), OTHER, *many)
    assert each.why.startswith("CHG-4 names it, but its window is 2026-04-01 to 2026-04-02; CHG-3 names it")
    assert "CHG-2" not in each.why


def test_an_approved_configuration_covers_it() -> None:
    assert found(switch(), OTHER, records=approved(OTHER, *approved(switch()), change="CHG-7")) == []


def test_an_approved_configuration_that_no_longer_holds_does_not() -> None:
    records = approved(switch(), *approved(OTHER, change="CHG-6"), change="CHG-7")
    assert [each.device for each in found(switch(), OTHER, records=records)] == ["SW-1"]


def test_what_is_proposed_has_changed_nothing() -> None:
    assert found(switch(), switch(settings={}, method="proposed"), proposed=True) == []


def test_stored_evidence_that_calls_itself_proposed_is_a_change() -> None:
    (each,) = found(switch(), switch(settings={}, method="proposed"))
    assert each.differences == ["setting `ntp.servers` removed", "setting `ssh.version` removed"]


def test_a_device_that_was_not_read_before_has_changed_nothing() -> None:
    assert found(switch(method="passive"), OTHER) == []


def test_a_source_that_was_renamed_still_reads_the_same_device() -> None:
    renamed = switch(name="console", settings={**SETTINGS, "ssh.version": 1}, collected="2026-06-02")
    assert [each.source for each in found(switch(), renamed)] == ["console"]
    assert found(switch(), switch(name="console")) == []


def test_a_device_that_is_read_in_another_format_is_told() -> None:
    """What it was before cannot be compared with what is read now: nobody can tell that nothing changed."""
    again = switch(name="console", settings={"ip ssh version": "2"}, collected="2026-06-02")
    other = msgspec.structs.replace(again, custody=msgspec.structs.replace(again.custody, format="other"))
    (each,) = found(switch(), other)
    assert each.differences == ["it is read as `other` and was as `test`: nobody can tell what differs"]
    assert found(switch(), other, change()) == []


def test_a_device_that_another_format_shows_too_has_not_changed() -> None:
    again = switch(name="console", settings={"ip ssh version": "2"}, collected="2026-06-02")
    other = msgspec.structs.replace(again, custody=msgspec.structs.replace(again.custody, format="other"))
    plants = [plant(switch(), known=identities(["sw"]))]
    assert unrecorded(claims(switch()), claims(switch(), other), plants, (), ()) == []


def test_a_change_record_may_name_a_device_by_an_id_of_before_a_merge() -> None:
    known = identities(["sw"], merged={"old": "sw"})
    plants = [plant(each, known=known) for each in (switch(), OTHER)]
    record = change(assets=("old",))
    assert unrecorded(claims(switch(), known=known), claims(OTHER, known=known), plants, [record], ()) == []


def test_what_was_collected_before_the_window_began_is_not_of_it() -> None:
    early = switch(settings={}, collected="2026-06-01T05:00:00Z")
    (each,) = found(switch(), early, change())
    assert each.why == (
        "CHG-7 names it, but its window is 2026-06-01 20:00 to 2026-06-01 22:00; it was collected on 2026-06-01 05:00"
    )
    late = switch(settings={}, collected="2026-06-01T20:30:00Z")
    assert found(switch(), late, change()) == []


def test_a_window_without_end_covers_nothing() -> None:
    record = change(window=("2026-01-01T00:00:00Z", "2099-12-31T00:00:00Z"))
    (each,) = found(switch(), OTHER, record)
    assert each.why == "CHG-7 names it, but its window lasts 27027 days, 92 is the most; it was collected on 2026-06-02"


def test_only_what_joins_or_parts_zones_is_asked() -> None:
    server = {**ASSET, "role": "server"}
    assert found(switch(asset=server), switch(asset=server, settings={})) == []


def test_an_enforcement_point_is_asked_whatever_its_role() -> None:
    at = site(conduits=[conduit("c", "cell", "office", points=["SW-1"])])
    server = switch(asset={**ASSET, "role": "server"})
    assert list(enforcing(plant(server, at=at, known=identities(["sw"])))) == ["sw"]
    assert list(enforcing(plant(server, known=identities(["sw"])))) == []
