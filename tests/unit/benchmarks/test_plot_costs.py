"""The picture of costs is drawn from the benchmark's own figures, the same each time, and says them in words too."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from tools.plot_costs import draw, panels

MACHINE = {"processor": "A & B", "cores": 2, "python": "3.11.7", "load_at_start": 0.5}


def point(assets: int, records: int, **seconds: float) -> dict[str, Any]:
    names = {"warm": "check --cache", "cold": "check --no-cache", "opa": "opa eval"}
    return {
        "assets": assets,
        "records": records,
        "tools": {names[key]: {"seconds": each} for key, each in seconds.items()},
    }


COSTS = [
    point(1_000, 10, warm=0.4, cold=1.0, opa=0.3),
    point(100_000, 1, warm=0.5, cold=9.0),
    point(100_000, 10, warm=0.5, cold=9.0, opa=40.0),
    point(100_000, 100, warm=0.6, cold=9.0),
]


def test_one_panel_is_by_the_change_and_one_by_the_plant() -> None:
    change, plant = panels(COSTS)
    assert (change.title, plant.title) == ("100,000 assets", "10 records changed")
    assert {curve.tool: curve.points for curve in change.curves} == {
        # It was asked once, and judges all of it whatever changed.
        "opa eval": [(1, 40.0), (10, 40.0), (100, 40.0)],
        "check --no-cache": [(1, 9.0), (10, 9.0), (100, 9.0)],
        "check --cache": [(1, 0.5), (10, 0.5), (100, 0.6)],
    }
    assert {curve.tool: curve.points for curve in plant.curves}["opa eval"] == [(1_000, 0.3), (100_000, 40.0)]


def test_the_picture_is_whole_and_has_every_point_in_words() -> None:
    drawn = draw({"machine": MACHINE, "load_at_end": 0.7, "costs": COSTS})
    assert drawn == draw({"machine": MACHINE, "load_at_end": 0.7, "costs": list(reversed(COSTS))})
    root = ElementTree.fromstring(drawn)  # noqa: S314  our own drawing
    names = {"svg": "http://www.w3.org/2000/svg"}
    told = root.findtext("svg:desc", "", names)
    assert "check --cache 1: 0.50 s, 10: 0.50 s, 100: 0.60 s" in told
    assert len(root.findall("svg:polyline", names)) == 6
    assert "A & B, 2 cores" in "".join(root.itertext())
    for mark in [*root.findall("svg:circle", names), *root.findall("svg:rect", names)[1:]]:
        across = float(mark.get("cx") or mark.get("x") or -1)
        down = float(mark.get("cy") or mark.get("y") or -1)
        assert 0 <= across <= 960
        assert 0 <= down <= 440


def test_without_figures_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="there are no costs to draw"):
        draw({"machine": MACHINE, "load_at_end": 0.7})
