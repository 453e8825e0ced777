"""GitHub annotations, read as the runner reads them: one command a line, ten of a kind, the rest counted."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from tests.support.assessment_example import example
from tests.support.assessment_hostile import hostile
from tests.support.assessment_large import large
from tests.support.delta_example import (
    OPERATOR,
    example_delta,
    gap,
    hostile_delta,
    large_delta,
    move,
    quiet_delta,
    results,
    violations,
)
from tests.support.forge_readers import Command, command

from plantproof.reports.annotations import MOST, report, report_delta
from plantproof.reports.gate_marks import marks_of_gate
from plantproof.reports.reporters import Options, Results

OPTIONS = Options(prefix="ot/north")


def read(data: bytes) -> list[Command]:
    text = data.decode()
    assert text == "" or text.endswith("\n")
    return [command(line) for line in text.splitlines()]


def test_each_gap_without_a_waiver_stands_at_its_line() -> None:
    found = read(report(Results(example()), OPTIONS))
    assert [each.name for each in found] == ["error", "error", "warning", "notice"]
    assert found[0].properties == {
        "file": "ot/north/evidence/bottling-north/fw-exports/raw/fw-cell-1.conf",
        "line": "1242",
        "title": "critical: No firewall rule permits any service between any networks",
    }
    assert found[0].message.endswith("Rule permits any source (seen 0.0.0.0/0, expected the conduit's networks)")
    assert found[-1].message == "1 gap under a waiver in force"


def test_a_change_shows_what_got_worse_and_nothing_else() -> None:
    found = read(report_delta(results(example_delta()), OPTIONS))
    words = Counter(each.properties["title"].partition(":")[0] for each in found if "file" in each.properties)
    assert words == {
        "critical, opened": 1,
        "critical, worse": 1,
        "critical, not known any more": 2,
        "high, opened": 1,
        "medium, not known any more": 1,
        "high": len(marks_of_gate(results(example_delta()).gate)),
    }
    assert report_delta(results(quiet_delta(move(gap(1), "closed"))), OPTIONS) == b""


@pytest.mark.parametrize(
    "data", [report(Results(large(50, 800)), OPTIONS), report_delta(results(large_delta(800)), OPTIONS)]
)
def test_ten_of_a_kind_and_the_rest_in_one_notice(data: bytes) -> None:
    found = read(data)
    assert Counter(each.name for each in found) == {"error": MOST, "warning": MOST, "notice": MOST}
    assert found[-1].message == "771 more (190 critical, 200 high, 190 medium, 191 low)"


def test_percent_colon_comma_and_line_ends_come_out_as_they_went_in() -> None:
    odd = gap(1, criterion="50%: a,b::error::c", name="x,y", violations=violations("100%0A\r\n::stop-commands::x"))
    (found,) = read(report_delta(results(quiet_delta(move(odd, "opened"))), OPTIONS))
    assert found.properties["title"] == "critical, opened: 50%: a,b::error::c"
    assert found.message == "50%: a,b::error::c: x,y: 100%0A⟨U+000D⟩⏎::stop-commands::x"


def test_what_was_adopted_is_counted_where_the_gate_lets_it_be() -> None:
    gaps = [msgspec.structs.replace(each, adopted="adopted") for each in example().gaps]
    adopted_results = Results(msgspec.structs.replace(example(), gaps=gaps))
    (found,) = read(report(adopted_results, Options(adopted=True)))
    assert found.message == "3 gaps adopted; 1 gap under a waiver in force"
    assert len(read(report(adopted_results, Options()))) == 4


def test_hostile_text_makes_no_command() -> None:
    for data in (report(Results(hostile()), OPTIONS), report_delta(results(hostile_delta()), OPTIONS)):
        assert {each.name for each in read(data)} <= {"error", "warning", "notice"}


def test_only_what_is_waived_is_said_in_one_notice() -> None:
    (found,) = read(report_delta(results(quiet_delta(move(OPERATOR, "opened"))), OPTIONS))
    assert (found.name, found.message) == ("notice", "1 gap under a waiver in force")


@pytest.mark.parametrize(
    "line", ["error file=a::b", ":: error::x", "::error file=a:b,line=1::x", "::error file::x", ""]
)
def test_the_reader_sees_what_is_no_command(line: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        command(line)
