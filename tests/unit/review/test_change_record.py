"""What a change record says of window, rollback and review, and what it does not say."""

from __future__ import annotations

import pytest

from plantproof.model.change import ChangeRecord
from plantproof.model.records import Change
from plantproof.review.change_record import ChangeWords, change_words, emergency_made, from_evidence

FULL = ChangeRecord(
    id="C-1",
    site="mill",
    title="A rule for the gateway",
    requested_by="Mo Hand",
    responsible="Kim Plant",
    window=("2026-11-20T04:00:00Z", "2026-11-20T06:00:00Z"),
    rollback_plan="Revision 118",
    safety_review="Oda Berg, 2026-11-12",
)


def words(record: ChangeRecord, on: str = "2026-11-20", safety: bool = False) -> ChangeWords:
    (found,) = change_words([record], on, safety)
    return found


def test_a_full_record_lacks_nothing() -> None:
    found = words(FULL, safety=True)
    assert found.missing == ()
    assert found.lines == (
        "asked for by Mo Hand, made by Kim Plant",
        "maintenance window 2026-11-20 04:00 to 2026-11-20 06:00 UTC; it is today",
        "way back: Revision 118",
        "safety review: Oda Berg, 2026-11-12",
    )


@pytest.mark.parametrize(("on", "when"), [("2026-11-19", "is to come"), ("2026-11-21", "is over")])
def test_a_window_is_to_come_or_over(on: str, when: str) -> None:
    assert f"it {when}" in words(FULL, on).lines[1]


def test_what_is_missing_is_named() -> None:
    found = words(ChangeRecord(id="C-2", site="mill"), safety=True)
    assert found.lines == ()
    assert found.missing == (
        "who asked for it and who makes it", "the maintenance window", "the rollback plan", "the safety review"
    )  # fmt: skip


def test_a_safety_review_is_missing_only_where_safety_is_concerned() -> None:
    assert "the safety review" not in words(ChangeRecord(id="C-2", site="mill")).missing


def test_an_emergency_needs_no_window() -> None:
    record = ChangeRecord(id="C-3", site="mill", emergency_made="2026-11-19T23:10:00Z", emergency_reason="Line stood")
    assert "made as an emergency on 2026-11-19 23:10 UTC: Line stood" in words(record).lines
    assert "the maintenance window" not in words(record).missing
    assert emergency_made([FULL, record]) == "2026-11-19T23:10:00Z"
    assert emergency_made([FULL]) == ""


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    record = ChangeRecord(id="C-4", site="mill", responsible="a\x1b[31m", rollback_plan="x\n" * 400)
    found = words(record)
    assert "\x1b" not in "".join(found.lines)
    assert all(len(line) < 300 and "\n" not in line for line in found.lines)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2026-11-20T04:00Z/2026-11-20T06:00Z", ("2026-11-20T04:00:00Z", "2026-11-20T06:00:00Z")),
        ("2026-11-20T04:00:00Z .. 2026-11-20T06:00:00Z", ("2026-11-20T04:00:00Z", "2026-11-20T06:00:00Z")),
        ("2026-11-20T06:00Z/2026-11-20T04:00Z", ("", "")),
        ("2026-11-20 04:00 to 06:00 local time", ("", "")),
        ("next Sunday", ("", "")),
    ],
)
def test_a_window_of_a_ticket_counts_where_it_is_two_moments(window: str, expected: tuple[str, str]) -> None:
    record = from_evidence(Change(id="tickets/OT-1", method="declared", window=window), "mill")
    assert (record.window, record.window_words) == (expected, window)
    assert "the maintenance window" not in words(record).missing


def test_a_window_of_a_year_is_none() -> None:
    record = ChangeRecord(id="C-2", site="mill", window=("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"))
    assert "a maintenance window that ends: this one lasts 364 days, 92 is the most" in words(record).missing


def test_a_record_of_evidence_names_the_asset_that_lives_on() -> None:
    change = Change(id="OT-1", method="declared", assets=["a-9"])
    assert from_evidence(change, "mill", {"a-1": "fw-1"}, {"a-9": "a-1"}).assets == ("fw-1",)


def test_a_record_of_evidence_names_its_assets_and_who_makes_it() -> None:
    change = Change(
        id="OT-1",
        method="declared",
        assets=["a-1", "a-2"],
        requested_by="Mo Hand",
        rollback_plan=" ",
        safety_review=False,
    )
    record = from_evidence(change, "mill", {"a-1": "fw-1"})
    assert (record.id, record.assets, record.responsible) == ("OT-1", ("fw-1", "a-2"), "Mo Hand")
    assert words(record).missing == ("the maintenance window", "the rollback plan")
    assert "safety review: refused or open" in words(record).lines
