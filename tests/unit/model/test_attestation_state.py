"""Statements: who states what over which period, and what a statement is worth that leaves that out."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.mapper_world import ON, attest

from plantproof.model.attestation_state import flaws_of, over_no_period, over_period, state_of
from plantproof.model.evidence import AttestedScope, Person, SeenEvidence

CELL = AttestedScope(zones=["cell"])
SHA256 = "5D" * 32


@pytest.mark.parametrize(
    ("fields", "pointer", "message"),
    [
        ({"who": Person(name=" \u200b", role="audit")}, ("who", "name"), "it does not say the name of who states it"),
        ({"who": Person(name="A. Ssessor")}, ("who", "role"), "it does not say the role of who states it"),
        ({"statement": " - "}, ("statement",), "it states nothing"),
        (
            {"seen": [SeenEvidence(document="List"), SeenEvidence(document="Log", sha256="deadbeef")]},
            ("seen", 1, "sha256"),
            "`deadbeef` is no sha256",
        ),
        (
            {"seen": [SeenEvidence(document="Log", path="evidence/works/log")]},
            ("seen", 0, "path"),
            "it does not say the sha256 of evidence/works/log",
        ),
        ({"date": "2026-02-30"}, ("date",), "2026-02-30 is not in the calendar"),
        ({"expires": "2026-13-01"}, ("expires",), "2026-13-01 is not in the calendar"),
        ({"expires": "2027-07-07"}, ("expires",), "it lasts 401 days; 400 is the most"),
        ({"date": "1990-01-01", "expires": "9999-12-31"}, ("expires",), "it lasts 2925591 days; 400 is the most"),
    ],
)
def test_a_statement_in_favour_that_leaves_something_out_is_not_valid(
    fields: dict[str, Any], pointer: tuple[str | int, ...], message: str
) -> None:
    stated = attest("doors", CELL, **fields)
    (flaw,) = flaws_of(stated)
    assert (flaw.pointer, flaw.message) == (pointer, message)
    assert state_of(stated, ON) == ("not-valid", message)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"expires": "2027-07-06"},
        {
            "seen": [
                SeenEvidence(document="List"),
                SeenEvidence(document="Log", sha256=SHA256, path="evidence/works/log"),
            ]
        },
    ],
)
def test_a_whole_statement_is_in_force(fields: dict[str, Any]) -> None:
    stated = attest("doors", CELL, **fields)
    assert not list(flaws_of(stated))
    assert state_of(stated, ON) == ("in-force", "")


@pytest.mark.parametrize(
    "fields", [{"who": Person(name="")}, {"statement": ""}, {"expires": "9999-12-31"}, {"date": "1990-01-01"}]
)
def test_a_statement_against_never_loses_force(fields: dict[str, Any]) -> None:
    assert state_of(attest("doors", CELL, outcome="not-satisfied", **fields), ON, "log is not there")[0] == "in-force"


def test_a_file_that_is_another_now_takes_force_from_a_statement_in_favour() -> None:
    assert state_of(attest("doors", CELL), ON, "log is not there") == ("not-valid", "log is not there")


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-05-01", "2026-05-31", ""),
        ("2026-05-05", "2026-06-01", ""),
        ("2024-04-01", "2025-04-27", ""),
        ("2024-04-01", "2025-04-26", "over a period that had ended 401 days before; 400 is the most"),
        ("2001-01-01", "2001-01-01", "over 1 day of operation; 28 are the least"),
        ("2026-06-01", "2026-06-01", "over 1 day of operation; 28 are the least"),
        ("2026-05-06", "2026-06-01", "over 27 days of operation; 28 are the least"),
        ("2026-01-01", "2026-06-02", "over no period that had passed when it was stated"),
        ("2026-05-02", "2026-05-01", "over no period that had passed when it was stated"),
        ("2026-01-01", "2026-04-31", "over no period that had passed when it was stated"),
        ("2026-01-01", None, "over no period of operation"),
        (None, None, "over no period of operation"),
    ],
)
def test_a_period_of_operation_is_long_enough_and_not_long_gone(first: str | None, last: str | None, why: str) -> None:
    """Stated on 2026-06-01; both days of the period count."""
    stated = attest("doors", CELL, period_from=first, period_to=last)
    assert (over_no_period(stated), over_period(stated)) == (why, not why)
