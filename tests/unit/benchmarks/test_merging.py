"""Who merges the sources of a commit gets the plant that the others are given."""

from __future__ import annotations

from pathlib import Path

import msgspec
from benchmarks.devices import Plan
from benchmarks.merging import merged_plant
from benchmarks.synthetic import write_project


def test_merged_from_git_it_is_the_plant_that_others_are_given(tmp_path: Path) -> None:
    plan = Plan(40, 2, "A", 3)
    write_project(tmp_path / "plant", plan, tmp_path / "whole")
    given = msgspec.json.decode((tmp_path / "whole" / "plant.json").read_bytes())["assets"]
    merged = msgspec.json.decode(merged_plant(tmp_path / "plant"))["assets"]
    assert len(given) == plan.assets
    assert sorted(merged, key=lambda asset: asset["id"]) == sorted(given, key=lambda asset: asset["id"])
