"""Seconds and memory of a command, with every process that it starts.

Seconds are of the wall clock, from start to exit. Memory is the peak, over samples, of the sum of the proportional set
sizes (PSS) of the process and all its descendants: pages that several of them share count once. Up to twenty samples a
second are taken; fewer where they take long, so that looking costs no more than a twentieth of one core's time.
Processor time is what all of them used, also those whose parent ended before them. Where the system has no /proc, or
no smaps_rollup in it, memory is not measured (None); nothing is estimated.

python -m benchmarks.measure [--runs 3] [--folder .] -- COMMAND...
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

INTERVAL = 0.05
LOOKING = 20
"""How many times as long as it looked it waits before it looks again: the system walks through all pages of a process,
and those of a large one wait for it."""


class Measured(NamedTuple):
    """One run: seconds, peak memory in MB of the whole process tree, exit code, what it printed, and the seconds of
    processor time of the whole tree."""

    seconds: float
    megabytes: float | None
    code: int
    printed: bytes
    processor: float = 0.0


def measure(
    command: Sequence[str], folder: Path, printed: Path, environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a command in a folder, its standard output to the file `printed`. Standard error goes to ours.

    `environment` is added to what we have.
    """
    peaks: list[float] = []
    ended = threading.Event()

    with printed.open("wb") as output:
        before = _waited_for()
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, env={**os.environ, **(environment or {})}
        )
        tree = Tree(process.pid)

        def watch() -> None:
            pause = INTERVAL
            while not ended.wait(pause):
                began = time.perf_counter()
                size = tree.look()
                if size is not None:
                    peaks.append(size)
                pause = max(INTERVAL, LOOKING * (time.perf_counter() - began))

        watcher = threading.Thread(target=watch)
        watcher.start()
        process.wait()
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
    tree.look()
    # The system counts those that somebody waited for, however short they were; we count those that nobody waited for.
    processor = max(_waited_for() - before, tree.processor)
    return Measured(seconds, max(peaks, default=None), process.returncode, printed.read_bytes(), processor)


def seconds_of(command: Sequence[str], folder: Path) -> float:
    """The seconds of a short command, without looking at its memory."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return seconds


def summary(runs: Sequence[Measured]) -> dict[str, Any]:
    """Median, fastest and slowest seconds, median processor time, and the highest memory, of runs of one command."""
    seconds = [run.seconds for run in runs]
    memory = [run.megabytes for run in runs if run.megabytes is not None]
    return {
        "runs": len(runs),
        "seconds": round(statistics.median(seconds), 3),
        "fastest": round(min(seconds), 3),
        "slowest": round(max(seconds), 3),
        "processor": round(statistics.median(run.processor for run in runs), 3),
        "megabytes": round(max(memory)) if memory else None,
    }


def main() -> None:
    """Measure any command from process start, and print what it took as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.measure", description="Seconds and peak memory of a command.")
    parser.add_argument("--runs", type=int, default=3, help="runs, after one warm-up")
    parser.add_argument("--folder", type=Path, default=Path(), help="where it runs")
    parser.add_argument("command", nargs="+", help="the command and its arguments, after --")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        runs = [measure(given.command, given.folder, Path(name) / "printed") for _ in range(given.runs + 1)][1:]
    codes = sorted({run.code for run in runs})
    print(json.dumps({"command": given.command, "codes": codes, **summary(runs)}))  # noqa: T201  its answer


class Tree:
    """A process and all that it started, each followed until it ends, whoever its parent is by then."""

    def __init__(self, pid: int) -> None:
        self._root = pid
        self._born: dict[int, str] = {}
        self._used: dict[tuple[int, str], float] = {}

    @property
    def processor(self) -> float:
        """The processor time of all of them, as far as it was seen."""
        return sum(self._used.values())

    def look(self) -> float | None:
        """What they hold now, in MB; None where nobody says so."""
        waiting, sizes = [self._root, *self._born], []
        seen: set[int] = set()
        while waiting:
            pid = waiting.pop()
            facts = _facts(pid)
            if pid in seen or facts is None:
                continue
            born, used = facts
            if self._born.setdefault(pid, born) != born:
                continue  # another process that was given the number of one of ours
            seen.add(pid)
            self._used[pid, born] = used
            sizes.append(_proportional(pid))
            waiting += _children(pid)
        known = [size for size in sizes if size is not None]
        return sum(known) if known else None


def _facts(pid: int) -> tuple[str, float] | None:
    """When a process was born, in ticks since the system was, and its own processor time in seconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[19], (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    except OSError:
        pass  # it ended while we looked
    return found


def _waited_for() -> float:
    """The processor time of all that we, or those that we waited for, have waited for."""
    times = os.times()
    return times.children_user + times.children_system


def _proportional(pid: int) -> float | None:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


if __name__ == "__main__":
    main()
