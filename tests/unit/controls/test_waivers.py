"""Waivers: what is read, and what is in force on which date."""

from __future__ import annotations

import pytest

from plantproof.controls.waivers import in_force, load_waiver
from plantproof.errors import InputError
from plantproof.model.catalog import Catalog
from plantproof.model.waiver_state import state_of

PATH = "controls/waivers/w-1.yaml"
GOOD = """\
schema: plantproof/waiver/1
id: w-1
kind: risk-acceptance
site: mill
policy: identity/no_shared_accounts
subjects: [plc-01]
controls: ["sr1.1(1)", ac-2.1]
reason: The vendor has no other account
owner: {name: O. Wner}
approver: {name: A. Pprover}
approved: 2026-01-01
expires: 2026-12-31
"""
COMPENSATION = "compensation: {policy: zones/no_any_rule, subjects: [fw-01], description: d}\n"


def load(text: str, catalogs: dict[str, Catalog]):
    return load_waiver(text.encode(), PATH, [catalogs["iec62443-3-3"], catalogs["sp800-53r5"]], ["mill"])


def test_controls_are_written_with_their_framework(catalogs: dict[str, Catalog]) -> None:
    assert load(GOOD, catalogs).controls == ["iec62443-3-3/SR 1.1 RE 1", "sp800-53r5/AC-2(1)"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("id: w-1", "id: w-2", 2, "the id `w-2` is not the name of the file"),
        ("site: mill", "site: mil", 4, "no site `mil` (did you mean `mill`?)"),
        ("[plc-01]", "[plc-01, plc-01]", 6, "`plc-01` is named twice"),
        ("ac-2.1", "AC-2(99)", 7, "no requirement `AC-2(99)`"),
        ("ac-2.1", "SR 1.1 RE 1", 7, "`SR 1.1 RE 1` is named twice"),
        ('["sr1.1(1)", ac-2.1]', "[]", 7, "waives no requirement"),
        ("reason: The vendor has no other account", "reason: ' '", 8, "gives no reason"),
        ("reason: The vendor has no other account", 'reason: "\\u200b"', 8, "gives no reason"),
        ("2026-12-31", "2026-11-31", 12, "2026-11-31 is not in the calendar"),
        ("expires: 2026-12-31\n", "expires: 2026-12-31\nrenewals: -1\n", 13, "cannot be less than 0"),
        ("expires: 2026-12-31\n", "expires: 2026-12-31\n" + COMPENSATION, 13, "a risk acceptance has no compensation"),
        (
            "expires: 2026-12-31\n",
            "expires: 2026-12-31\n" + COMPENSATION.replace("zones/no_any_rule", "identity/no_shared_accounts"),
            13,
            "it is the requirement it deviates from, not a countermeasure",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(
    old: str, new: str, line: int, message: str, catalogs: dict[str, Catalog]
) -> None:
    with pytest.raises(InputError) as error:
        load(GOOD.replace(old, new), catalogs)
    assert any(problem.line == line and message in str(problem) for problem in error.value.problems), str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "on", "state", "why"),
    [
        ("", "", "2026-06-01", "in-force", ""),
        ("", "", "2026-01-01", "in-force", ""),
        ("", "", "2026-12-31", "in-force", ""),
        ("", "", "2027-01-01", "expired", "expired on 2026-12-31"),
        ("", "", "2025-12-31", "not-valid", "not approved before 2026-01-01"),
        ("A. Pprover", "o.  wner", "2026-06-01", "not-valid", "approved his own waiver"),
        ("A. Pprover", '"O. Wner\\u200b"', "2026-06-01", "not-valid", "approved his own waiver"),
        ("A. Pprover", "''", "2026-06-01", "not-valid", "it names no approver"),
        ("O. Wner", '" \\u200b"', "2026-06-01", "not-valid", "it names no owner"),
        ("expires: 2026-12-31", "expires: 2026-12-31\nrenewals: 2", "2026-06-01", "in-force", ""),
        ("expires: 2026-12-31", "expires: 2026-12-31\nrenewals: 3", "2026-06-01", "not-valid", "renewed 3 times"),
        ("2026-12-31", "2027-02-05", "2026-06-01", "in-force", ""),
        ("2026-12-31", "2027-02-06", "2026-06-01", "not-valid", "it lasts 401 days"),
        ("risk-acceptance", "compensating", "2026-06-01", "not-valid", "no countermeasure"),
    ],
)
def test_dates_and_signatures_decide_whether_a_waiver_is_in_force(
    old: str, new: str, on: str, state: str, why: str, catalogs: dict[str, Catalog]
) -> None:
    waiver = load(GOOD.replace(old, new) if old else GOOD, catalogs)
    found, words = state_of(waiver, on)
    assert found == state
    assert why in words
    assert in_force([waiver], on) == ((waiver,) if state == "in-force" else ())


def test_a_compensating_waiver_with_its_countermeasure_is_in_force(catalogs: dict[str, Catalog]) -> None:
    waiver = load(GOOD.replace("risk-acceptance", "compensating") + COMPENSATION, catalogs)
    assert state_of(waiver, "2026-06-01") == ("in-force", "")
