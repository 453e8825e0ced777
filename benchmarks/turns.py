"""Several commands of which each has its turn, and what they took: seconds are medians, memory is the highest."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import Measured, measure, summary


class Contestant(NamedTuple):
    """A command: its name, the exit codes of a run that worked, what has to be done before each run (not measured),
    and what to look at after it."""

    name: str
    command: list[str]
    codes: tuple[int, ...]
    after: Callable[[Measured], object] = lambda run: None
    before: Callable[[], object] = lambda: None
    environment: Mapping[str, str] = {}


def take_turns(
    contestants: Sequence[Contestant], folder: Path, runs: int, *, warm_up: bool = True, title: str = ""
) -> dict[str, list[Measured]]:
    """All of them, one after the other, `runs` times, so that what else the machine does falls on all alike.

    Ends the benchmark where a command fails.
    """
    measured: dict[str, list[Measured]] = {each.name: [] for each in contestants}
    for turn in range(0 if warm_up else 1, runs + 1):
        for each in contestants:
            say(f"{title}: {each.name}, {f'run {turn} of {runs}' if turn else 'warm-up'}")
            each.before()
            run = measure(each.command, folder, folder / "printed", each.environment)
            if run.code not in each.codes:
                raise SystemExit(f"{each.name} ended with {run.code}")
            each.after(run)
            if turn:
                measured[each.name].append(run)
    return measured


def summed(runs: Sequence[Measured], ours: Sequence[Measured]) -> dict[str, Any]:
    """Median seconds with the extremes, highest memory, and how many times ours it is."""
    own, our = summary(runs), summary(ours)
    memory, our_memory = own["megabytes"], our["megabytes"]
    return {
        **own,
        "times_our_seconds": round(
            statistics.median(run.seconds for run in runs) / statistics.median(run.seconds for run in ours), 2
        ),
        "times_our_memory": round(memory / our_memory, 2) if memory and our_memory else None,
    }


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  a command's own words
