"""A change is measured on a plant whose cache knows the commit before, and believed only where all say the same."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from benchmarks.changes import COLD, DIFF, OPA, WARM, Changing
from benchmarks.contestants import moved_by_plantproof
from benchmarks.counting import count
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project

PLAN = Plan(40, 2, "B", 1)


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Changing:
    folder = tmp_path_factory.mktemp("bench")
    write_project(folder / "plant", PLAN, folder / "whole")
    changing = Changing(folder, Grown(folder / "plant", PLAN, folder / "whole"))
    changing.fill()
    return changing


def reports(*, warm: bytes, cold: bytes, delta: bytes = b'{"sites":[],"judge":{}}') -> dict[str, object]:
    return {WARM: warm, COLD: cold, DIFF: delta}


def test_a_change_is_measured_by_each_command(changing: Changing) -> None:
    found = changing.measured("3 records", lambda grown: grown.change_records(3), 1, opa=False)
    assert next(iter(found["tools"])) == WARM
    assert {DIFF, COLD} < set(found["tools"])
    assert found["same_bytes"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (reports(warm=b'{"gaps":[]}', cold=b'{"gaps": []}'), "the report with a cache is not that without one"),
        (
            reports(warm=b'{"gaps":[]}', cold=b'{"gaps":[]}') | {OPA: frozenset({("x", "s/a")})},
            "opa eval and plantproof disagree on 1 pairs",
        ),
        (
            reports(
                warm=b'{"gaps":[]}',
                cold=b'{"gaps":[]}',
                delta=b'{"sites":[{"gaps":[{"status":"opened","gap":{"policy":"x","site":"s","subject":"a"}}]}],'
                b'"judge":{}}',
            )
            | {OPA: frozenset()},
            "diff does not say what opa eval finds more and less",
        ),
    ],
)
def test_a_report_that_says_otherwise_ends_the_benchmark(
    changing: Changing, found: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "_found", found)
    monkeypatch.setattr(changing, "_before", frozenset())
    with pytest.raises(SystemExit, match=said):
        changing._compare("a case", True)


def test_what_moved_is_read_from_sites_and_from_an_edited_judge() -> None:
    def move(status: str, subject: str) -> dict[str, object]:
        return {"status": status, "gap": {"policy": "bench/x", "site": "s", "subject": subject}}

    delta = {
        "sites": [{"site": "s", "gaps": [move("opened", "a"), move("changed", "b")]}],
        "judge": {"moves": [move("closed", "c")]},
    }
    assert moved_by_plantproof(msgspec.json.encode(delta)) == (
        frozenset({("x", "s/a")}),
        frozenset({("x", "s/c")}),
    )


def records(plant: Path) -> set[bytes]:
    return {line for path in plant.glob("evidence/*/config/records/*") for line in path.read_bytes().splitlines()}


def test_many_records_change_in_as_few_sites_as_hold_them(tmp_path: Path) -> None:
    write_project(tmp_path / "plant", Plan(60, 3, "B", 1))
    grown = Grown(tmp_path / "plant", Plan(60, 3, "B", 1))
    grown.change_records(15)
    folders = sorted(path.name for path in (tmp_path / "plant/evidence").iterdir())
    custody = [(tmp_path / "plant/evidence" / name / "sensor/custody.yaml").read_text() for name in folders]
    changed = ["2026-06-02T06:00:00Z" in text for text in custody]
    assert changed == [True, True, False]
    before = records(tmp_path / "plant")
    grown.change_records(60)
    assert len(records(tmp_path / "plant") - before) == 60


def test_evaluations_are_counted_where_they_happen_and_not_where_they_are_remembered(tmp_path: Path) -> None:
    write_project(tmp_path / "plant", Plan(10, 1, "B", 1))
    environment = {**os.environ, "PLANTPROOF_CACHE_DIR": str(tmp_path / "cache")}
    command = ["check", "-C", str(tmp_path / "plant"), "--at", "HEAD", "--quiet", "--format", "json"]
    command += ["--output", str(tmp_path / "findings.json")]
    first, again = (count([*command, "--cache"], tmp_path / "asked", environment) for _ in range(2))
    assert len(first) >= 20
    assert again == frozenset()
