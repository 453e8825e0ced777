"""Change records as files: what is read, and every mistake."""

from __future__ import annotations

import pytest
from tests.support.programme_example import MILL, intent, site

from plantproof.controls.changes import load_change, unknown_people
from plantproof.errors import InputError
from plantproof.model.change import ChangeRecord
from plantproof.model.programme import Programme

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


@pytest.mark.parametrize(
    "name",
    ["kim", "Kim  plant", "kim@mill.example", "Kim Plant <kim@mill.example>", "@kim.p", "kim-p", "ot", "OT network"],
)
def test_who_is_named_as_the_programme_names_him_is_known(name: str) -> None:
    """By id, name, address or account, or by a role that somebody holds: as the author is found when it is reviewed."""
    record = load(GOOD.replace("responsible: kim", f'responsible: "{name}"'))
    assert list(unknown_people([record], intent().programme)) == []


@pytest.mark.parametrize("name", ["Kim Plent", "config-bot", "Mallory <mallory@mill.example>"])
def test_who_is_nobody_of_the_programme_is_told(name: str) -> None:
    record = load(GOOD.replace("responsible: kim", f'responsible: "{name}"'))
    (found,) = unknown_people([record], intent().programme)
    assert str(found).startswith(f"{PATH}: `responsible` names `{name}`, who is no person of the programme (")
    assert ("did you mean `Kim Plant`?" in str(found)) == (name == "Kim Plent")


def test_a_role_that_nobody_holds_there_names_nobody() -> None:
    nobody = MILL.replace("  mill-manager: [mo]\n", "")
    programme = intent({"controls/programme/mill.yaml": nobody}).programme
    record = load(GOOD.replace("Mo Hand", "mill-manager").replace("responsible: kim", "responsible: finn"))
    (found,) = unknown_people([record], programme)
    assert found.message.startswith("`requested_by` names `mill-manager`")


def test_without_persons_there_is_nobody_to_know() -> None:
    assert list(unknown_people([load(GOOD)], Programme())) == []
