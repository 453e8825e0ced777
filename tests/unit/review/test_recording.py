"""Which devices are recorded, and what a record says of them."""

from __future__ import annotations

import pytest
from tests.support.approved_world import ASSET, SETTINGS, approved, claims, switch
from tests.support.plant_world import ON, identities

from plantproof.errors import InputError
from plantproof.model.moves import Counts
from plantproof.review.recording import (
    configured_devices,
    devices_to_record,
    judged_words,
    proposed_devices,
    recorded,
)

SERVER = switch(name="servers", asset={"id": "srv", "names": ["SRV-1"], "role": "server"}, rules=[])
CLAIMS = claims(switch(), SERVER)
RECORDS = approved(switch())


def names(*asked: str, known: bool = False) -> list[str]:
    return [device.name for device in devices_to_record(CLAIMS, asked, RECORDS if known else [], ON)]


def test_without_a_name_the_network_devices_without_a_record_are_meant() -> None:
    assert names() == ["SW-1"]
    assert names(known=True) == []


def test_a_device_that_is_named_is_meant_whatever_it_is_and_once() -> None:
    assert names("srv-1", "sw", "SW-1", known=True) == ["SRV-1", "SW-1"]


def test_names_that_no_configured_device_bears_are_all_told() -> None:
    with pytest.raises(InputError) as caught:
        names("SW-2", "plc-9")
    assert [problem.message for problem in caught.value.problems] == [
        "no source of `works` has read the configuration of `SW-2`",
        "no source of `works` has read the configuration of `plc-9`",
    ]
    assert "SW-1" in caught.value.problems[0].hint


def test_a_name_that_two_devices_bear_is_refused() -> None:
    twin = switch(name="others", asset={**ASSET, "id": "twin"}, rules=[])
    with pytest.raises(InputError, match="several devices are called `SW-1`: sw, twin"):
        devices_to_record(claims(switch(), twin), ["SW-1"], [], ON)


def test_of_two_sources_the_newer_one_is_recorded() -> None:
    newer = switch(name="a-console", settings={**SETTINGS, "ssh.version": 1}, collected="2026-06-02")
    (device,) = configured_devices(claims(newer, switch()), ON)
    assert (device.configuration.source, device.collected) == ("a-console", "2026-06-02")


def test_what_has_left_the_plant_is_not_recorded() -> None:
    gone = claims(switch(), known=identities(["sw"], retired={"sw": ("2026-05-02", "Kim", "scrapped")}))
    assert configured_devices(gone, ON) == []


def test_what_is_to_leave_later_is_recorded_until_then() -> None:
    leaving = claims(switch(), known=identities(["sw"], retired={"sw": ("2026-12-31", "Kim", "replaced")}))
    assert [device.name for device in configured_devices(leaving, "2026-12-30")] == ["SW-1"]
    assert configured_devices(leaving, "2026-12-31") == []


def test_only_what_is_proposed_is_recorded_with_a_proposal() -> None:
    assert proposed_devices(CLAIMS, ON) == []
    assert [device.name for device in proposed_devices(claims(switch(method="proposed"), SERVER), ON)] == ["SW-1"]


def test_a_proposal_has_the_digest_that_the_same_configuration_has_when_it_is_collected() -> None:
    (proposed,) = proposed_devices(claims(switch(method="proposed")), ON)
    (collected,) = configured_devices(claims(switch(collected="2026-06-29")), ON)
    assert recorded(proposed, "CHG-7", [], {}).digest == recorded(collected, "CHG-7", [], {}).digest


def test_a_record_stands_in_for_those_that_are_current_but_for_itself() -> None:
    (device,) = configured_devices(claims(switch()), ON)
    assert recorded(device, "CHG-7", RECORDS, {}).replaces == ["base"]
    assert recorded(device, "base", RECORDS, {}).replaces == []
    superseded = approved(SERVER, *approved(switch(settings={}), *RECORDS, change="CHG-7"), change="CHG-8")
    assert recorded(device, "CHG-9", superseded, {}).replaces == ["CHG-7"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(), "moves no gap"),
        (Counts(opened=2, closed=1), "gaps: opens 2, closes 1"),
        (Counts(worse=1, better=3, unknown_failed=1, unknown_passed=1), "gaps: worsens 1, betters 3, leaves unknown 2"),
    ],
)
def test_what_the_review_said_is_in_the_record(counts: Counts, expected: str) -> None:
    assert judged_words(counts) == expected
