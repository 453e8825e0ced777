"""The benchmark measures whole process trees, and believes no time where the tools disagree."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks import __main__ as bench
from benchmarks.contestants import pairs_of_conftest, pairs_of_opa, pairs_of_plantproof
from benchmarks.devices import Plan
from benchmarks.measure import Measured, measure

CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', %r])"
HOLD = "import time; data = b'x' * 100_000_000; time.sleep(0.4)"


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not say what a process holds")
def test_memory_is_that_of_all_processes_together(tmp_path: Path) -> None:
    run = measure([sys.executable, "-c", CHILD % HOLD], tmp_path, tmp_path / "printed")
    assert run.megabytes is not None
    assert 100 < run.megabytes < 200


def test_what_a_command_prints_and_its_code_are_kept(tmp_path: Path) -> None:
    run = measure([sys.executable, "-c", "print('found'); raise SystemExit(1)"], tmp_path, tmp_path / "printed")
    assert (run.code, run.printed.split()) == (1, [b"found"])


def test_the_same_pairs_are_read_from_what_each_tool_prints() -> None:
    ours = b'{"gaps":[{"policy":"bench/x","site":"s","subject":"a-1"}]}'
    opa = b'{"result":[{"expressions":[{"value":{"x":{"deny":[{"id":"s/a-1"}]},"y":{"deny":[]}}}]}]}'
    conftest = b'[{"namespace":"whole.x","failures":[{"metadata":{"id":"s/a-1"}}]},{"namespace":"whole.y"}]'
    assert pairs_of_plantproof(ours) == pairs_of_opa(opa) == pairs_of_conftest(conftest) == {("x", "s/a-1")}


def test_a_tool_that_finds_something_else_ends_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", "pass"]
    disagreeing = [
        bench.Contestant("plantproof", command, (0,), lambda run: frozenset({("x", "s/a-1")})),
        bench.Contestant("opa eval", command, (0,), lambda run: frozenset()),
    ]
    monkeypatch.setattr(bench, "contestants", lambda plan, folder: iter(disagreeing))
    monkeypatch.setattr(bench, "write_project", lambda *arguments: None)
    with pytest.raises(SystemExit, match="opa eval and plantproof disagree on 1 pairs"):
        bench.run_plant(Plan(1, 1, "A", 1), 1)


def test_ratios_are_of_medians_and_of_highest_memory() -> None:
    ours = [Measured(seconds, memory, 0, b"") for seconds, memory in ((1.0, 50.0), (2.0, 100.0), (9.0, 60.0))]
    theirs = [Measured(seconds, memory, 0, b"") for seconds, memory in ((6.0, 300.0), (5.0, 100.0), (7.0, 200.0))]
    found = bench.summed(theirs, ours)
    assert (found["times_our_seconds"], found["times_our_memory"]) == (3.0, 3.0)
    unknown = bench.summed([Measured(1.0, None, 0, b"")], ours)
    assert (unknown["megabytes"], unknown["times_our_memory"]) == (None, None)
