"""Seconds and memory of a command, with every process that it starts.

Seconds are of the wall clock, from start to exit. Memory is the peak, over samples twenty times a second, of the sum of
the proportional set sizes (PSS) of the process and all its descendants: pages that several of them share count once.
Where the system has no /proc/<pid>/smaps_rollup, memory is not measured (None); nothing is estimated.

python -m benchmarks.measure [--runs 3] [--folder .] -- COMMAND...
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

INTERVAL = 0.05


class Measured(NamedTuple):
    """One run: seconds, peak memory in MB of the whole process tree, exit code, what it printed."""

    seconds: float
    megabytes: float | None
    code: int
    printed: bytes


def measure(command: Sequence[str], folder: Path, printed: Path) -> Measured:
    """Run a command in a folder, its standard output to the file `printed`. Standard error goes to ours."""
    peaks: list[float] = []
    ended = threading.Event()

    def watch(pid: int) -> None:
        while not ended.wait(INTERVAL):
            sizes = [_proportional(each) for each in _tree(pid)]
            known = [size for size in sizes if size is not None]
            if known:
                peaks.append(sum(known))

    with printed.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output)
        watcher = threading.Thread(target=watch, args=(process.pid,))
        watcher.start()
        process.wait()
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
    return Measured(seconds, max(peaks, default=None), process.returncode, printed.read_bytes())


def seconds_of(command: Sequence[str], folder: Path) -> float:
    """The seconds of a short command, without looking at its memory."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return seconds


def summary(runs: Sequence[Measured]) -> dict[str, Any]:
    """Median, fastest and slowest seconds, and the highest memory, of runs of one command."""
    seconds = [run.seconds for run in runs]
    memory = [run.megabytes for run in runs if run.megabytes is not None]
    return {
        "runs": len(runs),
        "seconds": round(statistics.median(seconds), 3),
        "fastest": round(min(seconds), 3),
        "slowest": round(max(seconds), 3),
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


def _tree(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    except OSError:
        pass  # it ended while we looked
    return found


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
