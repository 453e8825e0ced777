"""Files as they were: edits fit today's file or are refused by name, and dates move as an export's do."""

from __future__ import annotations

import datetime
import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.errors import InputError
from plantproof.sample.past import as_it_was, moved
from plantproof.sample.story import Difference, Edit, Entry, Moving

PATH = "works/switches/sw.cfg"
TODAY = b"hostname sw\nip routing\nntp server 10.0.0.1\nntp server 10.0.0.2\n"


def edited(*edits: Edit, data: bytes = TODAY, at: str = "2026-10-01T00:00:00Z") -> bytes:
    difference = Difference(
        title="Before", path=PATH, since="2026-09-01T00:00:00Z", until="2026-11-01T00:00:00Z", edits=list(edits)
    )
    return as_it_was(PATH, data, [difference], at)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(today="ip routing\n", then=""), b"hostname sw\nntp server 10.0.0.1\nntp server 10.0.0.2\n"),
        (Edit(today="ntp", then="sntp", times=2), TODAY.replace(b"ntp", b"sntp")),
        (Edit(without_lines=["10.0.0.1", "routing"]), b"hostname sw\nntp server 10.0.0.2\n"),
    ],
)
def test_an_edit_leads_from_today_to_then(edit: Edit, expected: bytes) -> None:
    assert edited(edit) == expected


@pytest.mark.parametrize(
    ("at", "differs"),
    [
        ("2026-08-31T23:59:59Z", False),
        ("2026-09-01T00:00:00Z", True),
        ("2026-10-31T23:59:59Z", True),
        ("2026-11-01T00:00:00Z", False),
    ],
)
def test_a_difference_holds_from_its_first_moment_to_before_its_last(at: str, differs: bool) -> None:
    assert (edited(Edit(today="hostname sw", then="hostname old"), at=at) != TODAY) is differs


def test_another_file_is_left_alone() -> None:
    difference = Difference(title="Before", path="works/switches/other.cfg", edits=[Edit(today="x", then="y")])
    assert as_it_was(PATH, TODAY, [difference], "2026-10-01T00:00:00Z") == TODAY


def test_the_line_ends_of_a_file_stay() -> None:
    assert edited(Edit(today="a\nb", then="a\nc"), data=b"a\r\nb\r\n") == b"a\r\nc\r\n"


def test_a_block_ends_where_the_next_begins() -> None:
    data = b"sites:\n  one:\n    sources: {}\n\n    more: 1\n  two:\n    sources: {}\nend: 1\n"
    assert edited(Edit(without_block="  one:"), data=data) == b"sites:\n  two:\n    sources: {}\nend: 1\n"
    assert edited(Edit(without_block="  two:"), data=data).endswith(b"    more: 1\nend: 1\n")


LIST = {"result": [{"name": "a", "at": {"firmware": "2"}}, {"name": "b"}], "total": 2}


def test_an_element_of_a_list_was_another_or_was_not_there() -> None:
    data = json.dumps(LIST).encode()
    gone = json.loads(edited(Edit(entry=Entry(of="result", name="b")), data=data))
    assert gone == {"result": [{"name": "a", "at": {"firmware": "2"}}], "total": 1}
    older = json.loads(edited(Edit(entry=Entry(of="result", name="a", was={"at.firmware": "1"})), data=data))
    assert older["result"][0] == {"name": "a", "at": {"firmware": "1"}}
    assert older["total"] == 2


@pytest.mark.parametrize(
    ("edit", "data", "message"),
    [
        (Edit(today="nowhere", then=""), TODAY, "'nowhere' stands there 0 times, not 1"),
        (Edit(today="ntp", then=""), TODAY, "'ntp' stands there 2 times, not 1"),
        (Edit(), TODAY, "stands there 0 times"),
        (Edit(without_lines=["nowhere"]), TODAY, "no line holds `nowhere`"),
        (Edit(without_block="nowhere:"), TODAY, "`nowhere:` is on 0 lines"),
        (Edit(entry=Entry(of="result", name="c")), json.dumps(LIST).encode(), "0 elements are called `c`"),
        (
            Edit(entry=Entry(of="result", name="a", was={"at.firmware": "2"})),
            json.dumps(LIST).encode(),
            "`at.firmware` of `a` is not there, or was no other",
        ),
        (
            Edit(entry=Entry(of="result", name="a", was={"model": "x"})),
            json.dumps(LIST).encode(),
            "`model` of `a` is not there, or was no other",
        ),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_by_the_title_of_its_difference(
    edit: Edit, data: bytes, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        edited(edit, data=data)
    assert "story.yaml: difference `Before` does not fit today's file: " in str(refused.value)
    assert message in str(refused.value)


AS_OF = "2026-11-17T07:00:02Z"


@pytest.mark.parametrize(
    ("dates", "today", "then"),
    [
        ("yyyy-mm-dd", "seen 2026-11-03T06:00:00Z", "seen 2026-10-20T06:00:00Z"),
        ("m/d/yyyy", '"11/3/2026 1:05:00 AM"', '"10/20/2026 1:05:00 AM"'),
        ("d/mm/yyyy", '"3/11/2026 1:05:00 AM"', '"20/10/2026 1:05:00 AM"'),
        ("d/mm/yyyy", '"23/11/2026 1:05:00 AM"', '"9/11/2026 1:05:00 AM"'),
        ("yyyy-mm-dd", "tested 2026-09-22", "tested 2026-09-22"),
        ("yyyy-mm-dd", "serial 12026-11-031", "serial 12026-11-031"),
    ],
)
def test_the_newest_dates_move_by_whole_days_and_old_ones_stay(dates: str, today: str, then: str) -> None:
    written = cast("Any", dates)  # one of the ways in which dates are written
    moving = Moving(source="works/backup", as_of=AS_OF, dates=written, younger_than_days=30)
    assert moved(today.encode(), moving, "2026-11-03T04:00:00Z") == then.encode()


@given(
    day=st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 11, 17)),
    dates=st.sampled_from(["yyyy-mm-dd", "m/d/yyyy", "d/mm/yyyy"]),
)
def test_taken_today_nothing_moves(day: datetime.date, dates: str) -> None:
    written = {
        "yyyy-mm-dd": f"{day:%Y-%m-%d}",
        "m/d/yyyy": f"{day.month}/{day.day}/{day.year}",
        "d/mm/yyyy": f"{day.day}/{day.month:02}/{day.year}",
    }[dates]
    written = cast("Any", dates)  # one of the ways in which dates are written
    moving = Moving(source="works/backup", as_of=AS_OF, dates=written, younger_than_days=90)
    assert moved(f"x,{written} 1:05:00 AM,y".encode(), moving, AS_OF) == f"x,{written} 1:05:00 AM,y".encode()
