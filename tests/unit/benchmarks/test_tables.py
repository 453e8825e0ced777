"""The table says beside each figure what was hoped for, and whether it is so where it was hoped for."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.tables import table, verdict

MACHINE = {"processor": "A", "cores": 2, "python": "3.11.7", "load_at_start": 0.5}


def tool(seconds: float) -> dict[str, Any]:
    return {"seconds": seconds, "fastest": seconds, "slowest": seconds, "processor": seconds, "megabytes": 70}


def case(name: str, assets: int = 100_000, **tools: float) -> dict[str, Any]:
    names = {"warm": "check --cache", "cold": "check --no-cache", "opa": "opa eval", "diff": "diff"}
    measured = {names[each]: tool(seconds) for each, seconds in tools.items()}
    return {"case": name, "mix": "B", "assets": assets, "sites": 50, "tools": measured}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (case("nothing changed", warm=0.14, opa=20), "0.15 s met, opa / 200: 0.10 s MISSED"),
        (case("nothing changed", warm=0.14, opa=40), "0.15 s met, opa / 200: 0.20 s met"),
        (case("nothing changed", warm=0.14), "0.15 s met"),
        (case("nothing changed", 10_000, warm=0.14, opa=2), "0.15 s, opa / 200: 0.01 s"),
        (case("one policy of 20 edited", warm=1.5, cold=10), "a fifth of cold: 2.00 s met"),
        (case("another", warm=1.5, opa=10), ""),
    ],
)
def test_a_figure_is_held_to_its_target_in_a_large_plant_only(found: dict[str, Any], expected: str) -> None:
    assert verdict(found, "check --cache") == expected


def test_the_table_has_every_case_and_what_could_not_be_measured() -> None:
    missing = {"case": "history, first", "mix": "B", "assets": 1_000, "sites": 2, "error": "`report history` ended"}
    day = {"case": "1 days later", "plant": "reference", "on": "2026-11-21", "cold": 694, "flipped": 6, "evaluated": 6}
    shown = table(
        {
            "machine": MACHINE,
            "load_at_end": 0.7,
            "changes": [case("nothing changed", warm=0.14, cold=10, opa=40)],
            "history": [missing],
            "next_days": [day],
        }
    ).splitlines()
    assert shown[0].endswith("load 0.5 at start and 0.7 at the end")
    (cold,) = (line for line in shown if "check --no-cache" in line)
    assert cold.endswith("4.0  opa / 4: 10.00 s met")
    assert [line.split()[-1] for line in shown if "history, first" in line] == ["ended"]
    assert [line.split()[-3:] for line in shown if "2026-11-21" in line] == [["694", "6", "6"]]
