"""controls/approved/: files of records, their mistakes, and which record of a device is the one that holds."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.approved_world import SETTINGS, approved, switch

from plantproof.controls.approved import approved_path, encode_approved, load_approved, with_current
from plantproof.errors import InputError
from plantproof.model.approved import ApprovedRecord

RECORD = approved(switch())[0]
PATH = "controls/approved/works/base.jsonl"
OTHER = switch(settings={**SETTINGS, "ssh.version": 1})


def file_of(*records: ApprovedRecord) -> bytes:
    return encode_approved(records[0].head, [record.device for record in records])


def refused(data: bytes, path: str = PATH) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_approved(data, path)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_what_is_written_is_read_again() -> None:
    assert load_approved(file_of(RECORD), PATH) == [RECORD]
    assert approved_path("works", "base") == PATH


def test_devices_are_in_the_order_of_their_names_whatever_order_they_came_in() -> None:
    twin = msgspec.structs.replace(
        RECORD, device=msgspec.structs.replace(RECORD.device, asset="a", name="AP-9"), line=3
    )
    assert file_of(RECORD, twin) == file_of(twin, RECORD)
    assert [each.device.name for each in load_approved(file_of(RECORD, twin), PATH)] == ["AP-9", "SW-1"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'"how":"proposed"', b'"how":"whispered"', "1: Invalid enum value 'whispered' - at `$.how`"),
        (b'"on":"2026-05-01"', b'"on":"2026-02-31"', "1: `on: 2026-02-31` is no date of any calendar"),
        (b'"change":"base"', b'"change":"other"', "1: it is the record of `other` at `works`"),
        (b"setting ssh.version", b"setting ssh.versiom", "2: the digest of SW-1 is not that of its facts"),
        (b'"name":"SW-1"', b'"name":1', "2: Expected `str`, got `int` - at `$.name`"),
        (b'{"asset"', b'{"set"', "2: Object contains unknown field `set`"),
    ],
)
def test_every_mistake_has_its_line(old: bytes, new: bytes, expected: str) -> None:
    assert refused(file_of(RECORD).replace(old, new)) == [expected]


def test_a_record_without_a_device_is_refused() -> None:
    for data in (b"", b"\n\n", file_of(RECORD).splitlines()[0]):
        assert refused(data) == ["1: a record without a device approves nothing"]


def test_a_device_twice_and_lines_that_are_none_are_refused() -> None:
    data = file_of(RECORD)
    assert refused(data + data.splitlines()[1]) == ["3: the asset sw is on line 2 already"]
    for nonsense in (b"nonsense\n", b"\xff\xfe\n", b"[]\n"):
        assert [each[:3] for each in refused(data + nonsense)] == ["3: "]


def test_all_mistakes_are_told_at_once() -> None:
    data = file_of(RECORD).replace(b'"change":"base"', b'"change":"other"') + b"nonsense\n"
    assert len(refused(data)) == 2


def test_the_record_that_stands_in_for_another_holds_and_the_other_keeps_only_its_digest() -> None:
    second, first = approved(OTHER, RECORD, change="CHG-7")
    assert (first.current, second.current) == (False, True)
    assert (first.device.digest, first.device.facts) == (RECORD.device.digest, {})
    assert second.device.replaces == ["base"]


def test_the_date_does_not_decide_which_record_holds() -> None:
    earlier, _ = approved(OTHER, RECORD, change="CHG-7", on="2020-01-01")
    assert (earlier.head.change, earlier.current) == ("CHG-7", True)


def test_records_of_an_asset_that_has_another_id_since_are_found_by_its_name() -> None:
    old = msgspec.structs.replace(RECORD, device=msgspec.structs.replace(RECORD.device, asset="old"))
    new = msgspec.structs.replace(
        RECORD,
        head=msgspec.structs.replace(RECORD.head, change="CHG-7"),
        device=msgspec.structs.replace(RECORD.device, replaces=["base"]),
    )
    told, problems = with_current([old, new])
    assert problems == []
    assert {each.head.change: each.current for each in told} == {"base": False, "CHG-7": True}


def test_records_that_replace_one_another_are_refused() -> None:
    second, _ = approved(OTHER, RECORD, change="CHG-7")
    circle = msgspec.structs.replace(RECORD, device=msgspec.structs.replace(RECORD.device, replaces=["CHG-7"]))
    _, problems = with_current([circle, second])
    assert [problem.message for problem in problems] == [
        "the records of SW-1 replace one another, so that none holds: CHG-7, base"
    ]
