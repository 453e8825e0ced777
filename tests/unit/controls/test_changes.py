"""Change records as files: what is read, and every mistake."""

from __future__ import annotations

import pytest
from tests.support.programme_example import site

from plantproof.controls.changes import load_change
from plantproof.errors import InputError
from plantproof.model.change import ChangeRecord

PATH = "controls/changes/C-1.yaml"
GOOD = """\
schema: plantproof/change/1
id: C-1
title: A rule for the gateway
ticket: OT-4711
site: mill
requested_by: Mo Hand
responsible: kim
assets: [fw-1]
zones: [line]
conduits: [office-line]
window: {from: 2026-11-20T04:00Z, until: 2026-11-20T06:30:00Z}
rollback_plan: Revision 118 is on the firewall.
emergency: {made: 2026-11-19T23:10Z, reason: The line stood still}
"""


def load(text: str) -> ChangeRecord:
    return load_change(text.encode(), PATH, {"mill": site()}, ["mill"])


def test_a_record_is_read_with_its_moments_to_the_second() -> None:
    record = load(GOOD)
    assert (record.id, record.responsible, record.assets) == ("C-1", "kim", ("fw-1",))
    assert record.window == ("2026-11-20T04:00:00Z", "2026-11-20T06:30:00Z")
    assert record.emergency_made == "2026-11-19T23:10:00Z"
    assert record.origin == PATH


def test_window_and_rollback_plan_may_still_come() -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(("window", "rollback", "emergency"))]
    record = load("\n".join(lines) + "\n")
    assert (record.window, record.rollback_plan) == (("", ""), "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: C-1", "id: C-2", ":2:5: the id `C-2` is not the name of the file (write `C-1`)"),
        ("site: mill", "site: mil", "no site `mil` (did you mean `mill`?)"),
        ("responsible: kim", 'responsible: " "', ":7:14: is empty"),
        ("zones: [line]", "zones: [lime]", "the zone `lime` is not declared (did you mean `line`?)"),
        ("[office-line]", "[office-lime]", "the conduit `office-lime` is not declared"),
        ("06:30:00Z", "03:30:00Z", "ends before it begins"),
        ("2026-11-20T04:00Z", "2026-11-31T04:00Z", "one of its ends is not in the calendar"),
        ("2026-11-19T23:10Z", "2026-11-19T25:10Z", "2026-11-19T25:10Z is not in the calendar"),
        ("2026-11-19T23:10Z", "2026-11-19", "`2026-11-19` has not the form that is wanted here"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(GOOD.replace(old, new))
    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems
