"""A synthetic plant grows the same way each time, by what each step says and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
import pytest
from benchmarks.devices import Plan
from benchmarks.evidence import Stored
from benchmarks.growth import EDITED, Grown
from benchmarks.synthetic import write_project

from plantproof.evidence.ledger import read_claims, validate_records
from plantproof.git_opening import open_repository

PLAN = Plan(40, 2, "B", 1)


@pytest.fixture
def grown(tmp_path: Path) -> Grown:
    write_project(tmp_path / "plant", PLAN, tmp_path / "whole")
    return Grown(tmp_path / "plant", PLAN, tmp_path / "whole")


def changed_files(grown: Grown) -> list[str]:
    command = ["git", "-C", str(grown.folder), "diff", "--name-only", "HEAD~1", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def assert_evidence_holds(grown: Grown) -> None:
    tree = open_repository(grown.folder).tree("HEAD")
    for number in range(PLAN.sites):
        assert validate_records(read_claims(tree, f"site-{number:03}")) == []


def test_changed_records_are_told_by_both_sources_and_by_the_whole_plant(grown: Grown) -> None:
    before = msgspec.json.decode((grown.whole / "plant.json").read_bytes())["assets"] if grown.whole else []
    grown.change_records(3, site=1)
    after = msgspec.json.decode((grown.whole / "plant.json").read_bytes())["assets"] if grown.whole else []
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(moved) == 3
    for old, new in moved:
        assert {field for field in new if old[field] != new[field]} == {"firmware"}
        assert new["id"].startswith("site-001/")
    assert changed_files(grown) == [
        f"evidence/site-001/{source}/{file}"
        for source in ("config", "sensor")
        for file in ("custody.yaml", "records/asset.jsonl")
    ]
    assert_evidence_holds(grown)


def test_a_second_look_moves_sightings_and_no_records(grown: Grown) -> None:
    grown.move_sightings()
    assert changed_files(grown) == [
        f"evidence/site-{number:03}/sensor/{file}"
        for number in range(PLAN.sites)
        for file in ("custody.yaml", "sightings/asset.jsonl")
    ]
    assert_evidence_holds(grown)


def test_one_policy_is_edited_in_both_forms(grown: Grown) -> None:
    grown.edit_policy()
    assert changed_files(grown) == [f"policies/bench/{EDITED}/{EDITED}.rego"]
    assert grown.whole is not None
    assert '"2029-06-01"' in (grown.whole / "policies" / f"{EDITED}.rego").read_text()


def test_a_history_has_its_commits_and_is_the_same_each_time(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "other"):
        write_project(tmp_path / name, PLAN)
        grown = Grown(tmp_path / name, PLAN)
        heads.append(grown.history(6, records=2))
        assert grown.steps == 6
        assert_evidence_holds(grown)
    assert heads[0] == heads[1]


def test_what_has_grown_already_is_not_grown_from_its_plan(grown: Grown) -> None:
    grown.change_records(1)
    with pytest.raises(ValueError, match="has grown already"):
        Grown(grown.folder, PLAN)


def test_records_stand_in_the_form_that_a_collection_writes() -> None:
    stored = Stored(PLAN, 0)
    asset = next(iter(stored.assets.values()))
    changed = list(stored.changed([{**asset, "firmware": "V9.9.9"}], "2026-06-02T06:00:00Z"))
    assert all(new.endswith(b"\n") and old != new for _, old, new in changed)
    assert sum(b'"V9.9.9"' in new for _, _, new in changed) == 2
