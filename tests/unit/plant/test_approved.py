"""Devices beside their approved configurations: as approved, changed without a record, waiting for a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from tests.support import plant_world
from tests.support.approved_world import ASSET, SETTINGS, approved, claims, switch
from tests.support.plant_world import identities, zones_of

from plantproof.controls.approved import with_current
from plantproof.model.approved import ApprovedRecord
from plantproof.model.evidence import Source
from plantproof.model.plant import Plant
from plantproof.model.vocabulary import Method
from plantproof.plant.approved import KIND
from plantproof.review.recording import configured_devices, recorded

SUBJECT = "sw/approved-configuration"
OTHER = switch(settings={**SETTINGS, "ssh.version": 1})
THIRD = switch(settings={**SETTINGS, "ssh.version": 3})
FOURTH = switch(settings={**SETTINGS, "ssh.version": 4})
NEEDS: dict[str, set[str]] = {KIND: set()}


def plant(*sources: Source, records: Sequence[ApprovedRecord], **fields: Any) -> Plant:
    given = {"known": identities(["sw"]), "needs": NEEDS, **fields}
    return plant_world.plant(*sources, approved=records, **given)


def fields_of(built: Plant) -> dict[str, Any]:
    names = built.tables[KIND].columns
    told = {name: plant_world.value(built, KIND, SUBJECT, name) for name in names}
    return {name: value for name, value in told.items() if value is not None}


def state(built: Plant) -> str:
    return str(fields_of(built)["state"])


def test_a_device_as_approved() -> None:
    built = plant(switch(), records=approved(switch()))
    found = fields_of(built)
    assert found["seen"] == found["approved"]
    assert {name: found[name] for name in found if name not in ("seen", "approved")} == {
        "id": SUBJECT,
        "asset": "sw",
        "device": "SW-1",
        "state": "as-approved",
        "change": "base",
        "approved_on": "2026-05-01",
        "due": "2026-05-01",
    }
    assert built.names[SUBJECT] == "configuration of SW-1"
    assert built.tables[KIND].methods == bytearray([Method.CONFIG])
    assert zones_of(built, SUBJECT, KIND) == ("cell",)


def test_a_device_that_differs_names_what_does_and_its_line() -> None:
    built = plant(OTHER, records=approved(switch()))
    assert state(built) == "differs"
    assert fields_of(built)["differences"] == ["setting `ssh.version` changed"]
    ((origin,),) = built.tables[KIND].origins
    assert (origin.records_path.rpartition("/")[2], origin.records_line) == ("setting.jsonl", 1)


def test_without_a_record_there_is_no_subject() -> None:
    assert KIND not in plant(switch(), records=()).tables


def test_nothing_is_read_where_no_policy_asks() -> None:
    assert KIND not in plant(switch(), records=approved(switch()), needs={}).tables


def test_the_earlier_configuration_is_in_order_until_the_change_is_due() -> None:
    records = approved(OTHER, *approved(switch()), change="CHG-7", on="2026-06-10", due="2026-06-20")
    found = fields_of(plant(switch(), records=records))
    assert (found["state"], found["change"], found["due"], found["earlier"]) == (
        "not-yet-changed",
        "CHG-7",
        "2026-06-20",
        "of base",
    )
    assert state(plant(OTHER, records=records)) == "as-approved"
    assert state(plant(THIRD, records=records)) == "differs"


def test_a_change_waits_no_longer_than_a_waiver_holds() -> None:
    """Whoever writes a window without end has not approved the old configuration for ever."""
    records = approved(OTHER, *approved(switch()), change="CHG-7", on="2025-05-01", due="2099-12-31")
    assert fields_of(plant(switch(), records=records))["due"] == "2026-06-05"


def test_before_its_first_record_a_device_may_be_as_it_was_then() -> None:
    records = approved(OTHER, change="CHG-7", waiting=switch())
    found = fields_of(plant(switch(), records=records))
    assert (found["state"], found["earlier"]) == ("not-yet-changed", "before CHG-7")
    assert state(plant(THIRD, records=records)) == "differs"


def test_a_proposal_makes_no_unapproved_configuration_one_that_may_wait() -> None:
    records = approved(OTHER, *approved(switch()), change="CHG-7", waiting=THIRD)
    assert state(plant(THIRD, records=records)) == "differs"


def in_a_row() -> list[ApprovedRecord]:
    """From FOURTH to the baseline, CHG-7 was due on 10 May; CHG-8 may still be made until September."""
    base = approved(switch(), waiting=FOURTH)
    first = approved(OTHER, *base, change="CHG-7", on="2026-05-05", due="2026-05-10")
    return approved(THIRD, *first, change="CHG-8", on="2026-06-01", due="2026-09-01")


@pytest.mark.parametrize(
    ("seen", "change", "due", "earlier"),
    [
        (OTHER, "CHG-8", "2026-09-01", "of CHG-7"),
        (switch(), "CHG-7", "2026-05-10", "of base"),
        (FOURTH, "base", "2026-05-01", "before base"),
    ],
)
def test_a_further_change_that_waits_gives_an_earlier_one_no_more_time(
    seen: Source, change: str, due: str, earlier: str
) -> None:
    """A change that was never made, or a device set back by years, would be in order as long as any change waits."""
    found = fields_of(plant(seen, records=in_a_row()))
    assert (found["state"], found["change"], found["due"], found["earlier"]) == (
        "not-yet-changed",
        change,
        due,
        earlier,
    )
    assert found["differences"] == ["setting `ssh.version` changed"]


def test_a_configuration_that_was_approved_again_counts_from_the_last_time() -> None:
    back = approved(switch(), *approved(OTHER, *approved(switch()), change="CHG-7"), change="CHG-8")
    records = approved(THIRD, *back, change="CHG-9", due="2026-09-01")
    found = fields_of(plant(switch(), records=records))
    assert (found["change"], found["due"], found["earlier"]) == ("CHG-9", "2026-09-01", "of CHG-8")


def test_of_two_sources_the_one_that_is_behind_decides() -> None:
    for sources in (
        (switch(name="a"), msgspec.structs.replace(OTHER, name="b")),
        (msgspec.structs.replace(OTHER, name="a"), switch(name="b")),
    ):
        found = fields_of(plant(*sources, records=in_a_row()))
        assert (found["change"], found["due"]) == ("CHG-7", "2026-05-10")


def test_a_device_whose_record_another_one_of_its_name_took_over_does_not_pass() -> None:
    """Two devices bear one name in the baseline, and one of them has a new record: of the other none is left."""
    twin = switch(asset={**ASSET, "id": "twin"}, rules=[], name="others")
    both = [*approved(switch()), *approved(twin)]
    records = approved(OTHER, *both, change="CHG-7")
    built = plant(OTHER, twin, records=records, known=identities(["sw", "twin"]))
    table = built.tables[KIND]
    assert (table.ids, list(table.fresh)) == ([SUBJECT, "twin/approved-configuration"], [1, 0])
    (remark,) = built.remarks
    assert "the record of `SW-1` was replaced by one of another device of that name" in remark.message
    assert "plantproof baseline twin" in remark.hint


def test_of_two_records_that_know_nothing_of_each_other_either_holds() -> None:
    first = approved(switch())
    both = [*first, *approved(OTHER, change="CHG-7")]
    assert state(plant(switch(), records=both)) == state(plant(OTHER, records=both)) == "as-approved"
    assert state(plant(THIRD, records=both)) == "differs"


def test_what_is_proposed_is_no_change_of_the_device() -> None:
    built = plant(switch(settings={}, method="proposed"), records=approved(switch()), proposed=True)
    assert state(built) == "proposed"
    assert built.tables[KIND].methods == bytearray([Method.PROPOSED])


def test_stored_evidence_that_calls_itself_proposed_is_what_the_device_has() -> None:
    """Where no policy reads settings nobody refuses it, and it would pass for a proposal."""
    passive = switch(rules=[], asset={**ASSET, "method": "passive"}, settings={"ssh.version": 1}, method="proposed")
    assert state(plant(passive, records=approved(switch()))) == "differs"
    assert state(plant(passive, records=approved(switch()), proposed=True)) == "proposed"


def test_a_device_of_which_some_facts_are_marked_as_proposed_is_judged_as_it_is() -> None:
    changed = switch(settings={**SETTINGS, "ssh.version": 1}, asset={**ASSET, "method": "proposed"})
    built = plant(changed, records=approved(switch()), proposed=True)
    assert state(built) == "differs"
    assert built.tables[KIND].methods == bytearray([Method.PROPOSED])


def test_stale_evidence_says_nothing() -> None:
    built = plant(switch(collected="2026-01-01"), records=approved(switch()))
    table = built.tables[KIND]
    assert (table.fresh, fields_of(built)) == (bytearray([0]), {})
    assert all(column.stale == {0} for column in table.columns.values())
    assert table.outdated() == {0}


def test_a_device_that_no_source_reads_any_more_stays_a_question() -> None:
    built = plant(switch(method="passive"), records=approved(switch()))
    table = built.tables[KIND]
    assert (table.ids, table.fresh) == ([SUBJECT], bytearray([0]))
    assert all(column.stale == set() for column in table.columns.values())
    assert table.outdated() == set()


def test_a_record_of_another_device_says_nothing_of_this_one() -> None:
    twin = switch(asset={**ASSET, "id": "twin"}, rules=[], name="others")
    built = plant(switch(), twin, records=approved(twin), known=identities(["sw", "twin"]))
    assert built.tables[KIND].ids == ["twin/approved-configuration"]


def test_every_source_that_reads_the_device_has_to_be_as_approved() -> None:
    second = switch(name="console", settings={**SETTINGS, "ssh.version": 1})
    assert state(plant(switch(), second, records=approved(switch()))) == "differs"
    assert state(plant(second, records=approved(switch()))) == "differs"


def test_a_merged_asset_keeps_its_record() -> None:
    known = identities(["sw"], merged={"old": "sw"})
    old = switch(asset={**ASSET, "id": "old"}, rules=[])
    now = switch(rules=[])
    assert state(plant(now, records=approved(old), known=known)) == "as-approved"


def test_a_record_of_before_a_merge_is_replaced_by_what_was_recorded_since() -> None:
    """The device has no name, and had another id: the configuration that it had then is not approved any more."""
    known = identities(["sw"], merged={"old": "sw"})
    nameless = {name: value for name, value in ASSET.items() if name != "names"}
    before = approved(switch(asset={**nameless, "id": "old"}, rules=[]))
    now = switch(asset=nameless, settings={**SETTINGS, "ssh.version": 1}, rules=[])
    (device,) = configured_devices(claims(now, known=known), "2026-05-02")
    line = recorded(device, "CHG-7", before, {"old": "sw"})
    assert line.replaces == ["base"]
    head = msgspec.structs.replace(before[0].head, change="CHG-7", on="2026-05-02")
    records, _ = with_current([*before, msgspec.structs.replace(before[0], head=head, device=line)])
    assert state(plant(now, records=records, known=known)) == "as-approved"
    assert state(plant(switch(asset=nameless, rules=[]), records=records, known=known)) == "not-yet-changed"


def test_a_record_of_nobody_is_remarked_and_one_of_a_retired_asset_is_not() -> None:
    (remark,) = plant(switch(), records=approved(switch(asset={**ASSET, "id": "ghost"}, rules=[]))).remarks
    assert "no asset has its id ghost" in remark.message
    gone = identities(["sw"], retired={"sw": ("2026-05-02", "Kim", "scrapped")})
    built = plant(records=approved(switch()), known=gone)
    assert (built.tables[KIND].ids, built.remarks) == ([], ())


@pytest.mark.parametrize("day", ["2026-06-01", "2026-06-30", "2026-08-01"])
def test_the_calendar_changes_no_state(day: str) -> None:
    records = approved(OTHER, *approved(switch()), change="CHG-7", due="2026-06-20")
    assert state(plant(switch(), records=records, on=day)) == "not-yet-changed"
