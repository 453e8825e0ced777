"""The drawing of a history: well-formed whatever the texts, honest about holes, and readable without colour."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from plantproof.model.history import FrameworkCount, History, Point, UnitLevels
from plantproof.model.vocabulary import Severity
from plantproof.reports.history_report import as_json, as_text
from plantproof.reports.history_svg import MOST_ROWS, draw_history

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m&\"'"


def parsed(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own output


def unit(name: str, *levels: int) -> UnitLevels:
    return UnitLevels(
        site="works",
        kind="zone",
        id=name,
        title=name,
        sl_target=[2] * 7,
        attested=list(levels) or [0, 1, 2, 2, 3, 0, 0],
    )


def point(number: int, on: str, problem: str = "", **given: object) -> Point:
    known = {
        "gaps": {severity.value: number for severity in Severity},
        "frameworks": [FrameworkCount(framework="iec", profile="sl2", satisfied=number, not_satisfied=3)],
        "units": [unit("cell")],
    }
    return msgspec.convert(
        {
            "commit": f"{number:040x}",
            "committed": f"{on}T00:00:00Z",
            "on": on,
            "author": "A",
            "subject": HOSTILE,
            "problem": problem,
            **msgspec.to_builtins({} if problem else known | given),
        },
        Point,
    )


def history(*points: Point, title: str = "Works") -> History:
    return History(
        schema="plantproof/history/1",
        title=title,
        sites=[],
        tool_version="1",
        engine="regorus",
        engine_version="1",
        content_version="1",
        content_hash="x",
        points=list(points),
    )


def paths(svg: bytes) -> list[str]:
    return [each.get("d", "") for each in parsed(svg).iter("{http://www.w3.org/2000/svg}path")]


def words(svg: bytes) -> list[str]:
    return ["".join(each.itertext()) for each in parsed(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_lines_break_where_nothing_is_known() -> None:
    whole = draw_history(history(point(1, "2026-01-01"), point(2, "2026-01-02"), point(3, "2026-01-03")))
    holed = draw_history(history(point(1, "2026-01-01"), point(2, "2026-01-02", "broken"), point(3, "2026-01-03")))
    assert {path.count("M") for path in paths(whole)} == {1}
    assert {path.count("M") for path in paths(holed)} == {2}
    assert b"1 commit could not be judged; there the lines break" in holed


def test_each_line_has_its_name_figure_and_dashes() -> None:
    svg = draw_history(history(point(1, "2026-01-01"), point(7, "2026-02-01")))
    assert {"7 critical", "7 high", "7 medium", "7 low", "7 satisfied", "3 not satisfied"} <= set(words(svg))
    dashes = [each.get("stroke-dasharray") for each in parsed(svg).iter("{http://www.w3.org/2000/svg}path")]
    assert len(set(dashes[:4])) == 4
    assert len(set(dashes[4:])) == 3


def test_a_cell_counts_the_levels_that_are_reached_and_names_all_of_them() -> None:
    svg = draw_history(history(point(1, "2026-01-01"))).decode()
    assert "<title>2026-01-01: 0 1 2 2 3 0 0 of 2 2 2 2 2 2 2</title>" in svg
    assert "3" in words(svg.encode())


def test_a_zone_that_was_not_there_is_not_known() -> None:
    svg = draw_history(history(point(1, "2026-01-01", units=[]), point(2, "2026-01-02"))).decode()
    assert "2026-01-01: not known" in svg


def test_rows_are_bounded_and_what_is_left_out_is_counted() -> None:
    units = [unit(f"zone-{number}") for number in range(MOST_ROWS + 3)]
    assert "and 3 more, in the JSON" in words(draw_history(history(point(1, "2026-01-01", units=units))))


def test_hostile_texts_are_texts() -> None:
    svg = draw_history(history(point(1, "2026-01-01", units=[unit(HOSTILE)]), title=HOSTILE))
    assert b"<script" not in svg
    assert "\u202e" not in svg.decode()
    assert parsed(svg) is not None
    assert "\x1b" not in as_text(history(point(1, "2026-01-01"))).decode()


def test_title_and_description_are_for_those_who_hear_it() -> None:
    root = parsed(draw_history(history(point(1, "2026-01-01"))))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "history-title history-told"
    told = {each.get("id"): each.text for each in root}
    assert told["history-title"] == "Works over time"
    assert "gaps: 1 critical, 1 high, 1 medium, 1 low" in (told["history-told"] or "")


@given(
    some.lists(
        some.tuples(some.integers(0, 10**6), some.dates().map(str), some.sampled_from(["", "", "broken"])), min_size=1
    )
)
def test_any_history_is_well_formed_and_the_same_again(rows: list[tuple[int, str, str]]) -> None:
    found = history(*(point(number, on, problem) for number, on, problem in sorted(rows, key=lambda row: row[1])))
    svg = draw_history(found)
    assert svg == draw_history(msgspec.json.decode(as_json(found), type=History))
    parsed(svg)
    assert len(as_text(found).splitlines()) == len(rows) + 2  # the head, and what the columns mean


@pytest.mark.parametrize("days", [["2026-01-01"], ["2026-01-01"] * 3, ["2026-01-01", "2026-01-01", "2026-01-02"]])
def test_commits_of_one_day_stand_side_by_side(days: list[str]) -> None:
    for path in paths(draw_history(history(*(point(number, day) for number, day in enumerate(days))))):
        steps = [float(step.split("V")[0]) for step in path.split("H")[1:]]
        assert steps == sorted(set(steps))
