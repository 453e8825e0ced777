"""The benchmark measures whole process trees, and believes no time where the tools disagree."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from benchmarks import __main__ as bench
from benchmarks.contestants import pairs_of_conftest, pairs_of_opa, pairs_of_plantproof
from benchmarks.devices import Plan
from benchmarks.measure import Measured, measure
from benchmarks.turns import Contestant, summed, take_turns

CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', %r])"
HOLD = "import time; data = b'x' * 100_000_000; time.sleep(0.4)"


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not say what a process holds")
def test_memory_is_that_of_all_processes_together(tmp_path: Path) -> None:
    run = measure([sys.executable, "-c", CHILD % HOLD], tmp_path, tmp_path / "printed")
    assert run.megabytes is not None
    assert 100 < run.megabytes < 200


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not say what a process used")
def test_processor_time_is_also_that_of_processes_whose_parent_is_gone(tmp_path: Path) -> None:
    used, done = 0.4, tmp_path / "done"
    orphan = f"import pathlib, time\nwhile time.process_time() < {used}: pass\npathlib.Path({str(done)!r}).touch()"
    orphan += "\ntime.sleep(1)"  # still there when the last look is taken
    parent = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}]); import time; time.sleep(0.2)"
    )
    root = f"import pathlib, subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {parent!r}], "
    root += f"stdin=subprocess.DEVNULL).wait()\nwhile not pathlib.Path({str(done)!r}).exists(): time.sleep(0.02)"
    run = measure([sys.executable, "-c", root], tmp_path, tmp_path / "printed")
    assert run.processor >= used


def test_what_a_command_prints_and_its_code_are_kept(tmp_path: Path) -> None:
    run = measure([sys.executable, "-c", "print('found'); raise SystemExit(1)"], tmp_path, tmp_path / "printed")
    assert (run.code, run.printed.split()) == (1, [b"found"])


def test_the_same_pairs_are_read_from_what_each_tool_prints() -> None:
    ours = b'{"gaps":[{"policy":"bench/x","site":"s","subject":"a-1"}]}'
    opa = b'{"result":[{"expressions":[{"value":{"x":{"deny":[{"id":"s/a-1"}]},"y":{"deny":[]}}}]}]}'
    conftest = b'[{"namespace":"whole.x","failures":[{"metadata":{"id":"s/a-1"}}]},{"namespace":"whole.y"}]'
    assert pairs_of_plantproof(ours) == pairs_of_opa(opa) == pairs_of_conftest(conftest) == {("x", "s/a-1")}


def test_a_tool_that_finds_something_else_ends_the_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "find", lambda name: Path(sys.executable))
    monkeypatch.setattr(bench, "pairs_of_plantproof", lambda findings: frozenset({("x", "s/a-1")}))
    monkeypatch.setattr(bench, "pairs_of_opa", lambda printed: frozenset())
    (tmp_path / "findings.json").touch()
    ours, *theirs = bench.contestants(Plan(1, 1, "A", 1), tmp_path, {})
    run = Measured(1.0, None, 0, b"")
    ours.after(run)
    assert [each.name for each in theirs] == ["opa eval", "merge + opa"]
    for each in theirs:
        with pytest.raises(SystemExit, match=rf"{re.escape(each.name)} and plantproof disagree on 1 pairs"):
            each.after(run)


def test_ratios_are_of_medians_and_of_highest_memory() -> None:
    ours = [Measured(seconds, memory, 0, b"") for seconds, memory in ((1.0, 50.0), (2.0, 100.0), (9.0, 60.0))]
    theirs = [Measured(seconds, memory, 0, b"") for seconds, memory in ((6.0, 300.0), (5.0, 100.0), (7.0, 200.0))]
    found = summed(theirs, ours)
    assert (found["times_our_seconds"], found["times_our_memory"]) == (3.0, 3.0)
    unknown = summed([Measured(1.0, None, 0, b"")], ours)
    assert (unknown["megabytes"], unknown["times_our_memory"]) == (None, None)


def test_all_take_turns_after_a_warm_up_and_a_failure_ends_them(tmp_path: Path) -> None:
    order: list[str] = []
    command = [sys.executable, "-c", "pass"]
    one = Contestant("one", command, (0,), lambda run: order.append("one"))
    other = Contestant("other", command, (0,), lambda run: order.append("other"))
    measured = take_turns([one, other], tmp_path, 2)
    assert order == ["one", "other"] * 3
    assert [len(runs) for runs in measured.values()] == [2, 2]
    with pytest.raises(SystemExit, match="one ended with 0"):
        take_turns([one._replace(codes=(1,))], tmp_path, 1)
