"""How tools write the same thing: nothing, truth, addresses, dates."""

from __future__ import annotations

import pytest

from plantproof.errors import InputError
from plantproof.evidence.collectors import dates, values


@pytest.mark.parametrize(
    "word",
    [
        "None",
        "?",
        "N/A",
        "-",
        "",
        "  ",
        "0001-01-01T00:00:00",
        "1970-01-01",
        "sample_value",
        "upgrade-to-see-details",
        None,
        [],
        {},
    ],
)
def test_words_for_nothing_are_nothing(word: object) -> None:
    assert values.text(word) == ""


def test_lists_arrive_as_lists_or_as_text() -> None:
    assert values.texts(["a", "-", "a", 1]) == ["a", "1"]
    assert values.texts("[a; b;;a]", ";") == ["a", "b"]
    assert values.texts("N/A", ";") == []


@pytest.mark.parametrize(
    ("written", "mac"),
    [
        ("00:09:0F:6D:F1:C1", "00:09:0f:6d:f1:c1"), ("00-09-0f-6d-f1-c1", "00:09:0f:6d:f1:c1"),
        ("0009.0f6d.f1c1", "00:09:0f:6d:f1:c1"), ("00090f6df1c1", "00:09:0f:6d:f1:c1"),
        ("00:00:00:00:00:00", ""), ("ff:ff:ff:ff:ff:ff", ""), ("00:09-0f:6d:f1:c1", ""), ("x", ""), (None, ""),
    ],
)  # fmt: skip
def test_macs(written: object, mac: str) -> None:
    assert values.mac(written) == mac


@pytest.mark.parametrize(
    ("written", "ip"),
    [
        ("192.0.2.1/24", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("0.0.0.0", ""),  # noqa: S104 - a value that means none
        ("999.1.1.1", ""),
        (7.5, ""),
    ],
)
def test_ips(written: object, ip: str) -> None:
    assert values.ip(written) == ip


@pytest.mark.parametrize(
    ("written", "order", "iso"),
    [
        ("28/08/2018 10:34:37 PM", "D/M/Y", "2018-08-28T22:34:37Z"),
        ("8/08/2018 12:00:59 AM", "D/M/Y", "2018-08-08T00:00:59Z"),
        ("7/27/2020 1:05:49 PM", "M/D/Y", "2020-07-27T13:05:49Z"),
        ("7/8/2020 12:00:00 PM", "M/D/Y", "2020-07-08T12:00:00Z"),
        ("4/22/2020 15:55:18", None, "2020-04-22T15:55:18Z"),
        ("7/8/2020", None, ""),
        ("7/7/2020", None, "2020-07-07"),
        ("31/02/2020", "D/M/Y", ""),
        ("13/13/2020", None, ""),
        ("1/1/2020 13:00:00 PM", "M/D/Y", ""),
        ("2026-01-31", None, "2026-01-31"),
        ("2026-01-31T10:00:00+02:00", None, "2026-01-31T08:00:00Z"),
        ("2026-01-31 10:00:00.123Z", None, "2026-01-31T10:00:00Z"),
        ("0001-01-01", None, ""),
        ("soon", None, ""),
    ],
)
def test_dates_worked_by_hand(written: str, order: str | None, iso: str) -> None:
    assert dates.iso(written, order) == iso


def test_a_local_clock_is_brought_to_utc() -> None:
    assert dates.iso("2026-07-01 12:00:00", None, dates.zone("Europe/Berlin")) == "2026-07-01T10:00:00Z"
    assert dates.iso("2026-01-01 12:00:00", None, dates.zone("-03:30")) == "2026-01-01T15:30:00Z"
    with pytest.raises(InputError, match="Mars"):
        dates.zone("Mars/Olympus")


def test_one_clear_date_decides_for_all_and_two_that_differ_are_refused() -> None:
    assert dates.order(["1/2/2026", "13/2/2026"], None) == "D/M/Y"
    assert dates.order(["1/2/2026", "2/13/2026"], None) == "M/D/Y"
    assert dates.order(["1/2/2026"], None) is None
    assert dates.order(["1/2/2026"], "D/M/Y") == "D/M/Y"
    with pytest.raises(InputError, match="both"):
        dates.order(["13/2/2026", "2/13/2026"], None)


def test_counts_of_seconds_and_stated_formats() -> None:
    assert dates.epoch(1763000001000) == "2025-11-13T02:13:21Z"
    assert dates.epoch("1763000001", 1) == "2025-11-13T02:13:21Z"
    assert dates.epoch(0) == dates.epoch("x") == dates.epoch(10**15) == ""
    assert dates.by_format("31.12.2026", "%d.%m.%Y") == "2026-12-31"
    assert dates.by_format("31.12.2026 23:30", "%d.%m.%Y %H:%M", dates.zone("+01:00")) == "2026-12-31T22:30:00Z"
    assert dates.by_format("12/31/2026", "%d.%m.%Y") == ""


@pytest.mark.parametrize(
    ("text", "pattern"), [("03.12", "%d.%m"), ("03.12 10:00", "%d.%m %H:%M"), ("01.01.1900", "%d.%m.%Y")]
)
def test_a_date_without_a_year_is_none(text: str, pattern: str) -> None:
    assert dates.by_format(text, pattern) == ""
