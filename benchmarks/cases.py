"""The cases of `make bench` that begin with a change: which plant, what happens to it, and what is hoped for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.changes import Changing
from benchmarks.contestants import ROOT, history_command
from benchmarks.counting import count
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.measure import measure, summary
from benchmarks.synthetic import write_project
from benchmarks.turns import say

RECORDS = 5


class Target(NamedTuple):
    """What is hoped for at 100,000 assets: seconds, or a share of a cold check; and times faster than `opa eval`."""

    seconds: float | None = None
    times_opa: float | None = None
    of_cold: float | None = None


def _checked(target: Target) -> dict[str, Target]:
    """The same is hoped for whatever `check` writes."""
    return {"check --cache": target, "check --cache, text": target}


TARGETS = {
    "nothing changed": _checked(Target(0.15, 200)),
    "10 records of one site": {**_checked(Target(0.5, 60)), "diff": Target(0.5), "diff --cache": Target(0.5)},
    "10 records of the only site": _checked(Target(0.7, 40)),
    "sightings moved": _checked(Target(0.15, 200)),
    "one policy of 20 edited": _checked(Target(of_cold=0.2)),
    "history, first": {"report history": Target(20)},
    "history, again": {"report history": Target(0.5)},
}
COLD = {"check --no-cache": Target(times_opa=4)}


@contextmanager
def growing(plan: Plan) -> Iterator[Changing]:
    """A plant with a cache that knows it."""
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        folder = Path(name)
        sites: dict[int, Any] = {}
        say(f"{plan.mix} {plan.assets:,} assets in {plan.sites}: write the plant, fill the cache")
        write_project(folder / "plant", plan, folder / "whole", sites)
        changing = Changing(folder, Grown(folder / "plant", plan, folder / "whole", sites))
        changing.fill()
        yield changing


def run_changes(plan: Plan, runs: int) -> list[dict[str, Any]]:
    """One plant of several sites, and what happens to it."""
    last = plan.sites - 1
    with growing(plan) as changing:
        return [
            changing.measured("nothing changed", None, runs),
            changing.measured("10 records of one site", lambda grown: grown.change_records(10, min(3, last)), runs),
            changing.measured("sightings moved", lambda grown: grown.move_sightings(), runs),
            changing.measured("one policy of 20 edited", lambda grown: grown.edit_policy(), runs),
        ]


def run_single_site(plan: Plan, runs: int) -> list[dict[str, Any]]:
    """The same number of assets in a single site."""
    with growing(plan._replace(sites=1)) as changing:
        return [changing.measured("10 records of the only site", lambda grown: grown.change_records(10), runs)]


def run_history(plan: Plan, runs: int, commits: int) -> list[dict[str, Any]]:
    """Many commits; followed with an empty cache once, then again."""
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        folder = Path(name)
        plant, points, cache = (
            folder / "plant",
            folder / "history.json",
            {"PLANTPROOF_CACHE_DIR": str(folder / "cache")},
        )
        sites: dict[int, Any] = {}
        say(f"{plan.mix} {plan.assets:,}: write a history of {commits:,} commits")
        write_project(plant, plan, kept=sites)
        Grown(plant, plan, stored=sites).history(commits, RECORDS)
        told: list[dict[str, Any]] = []
        written = set()
        for case, times in (("history, first", 1), ("history, again", runs)):
            measured = []
            for _ in range(times):
                say(f"{plan.mix} {plan.assets:,}: {case}")
                run = measure(history_command(plant, points, "--cache"), folder, folder / "printed", cache)
                if run.code != 0:
                    return [*told, {"case": case, **_of(plan), "error": f"`report history` ended with {run.code}"}]
                measured.append(run)
                written.add(points.read_bytes())
            facts = {"case": case, **_of(plan), "commits": commits + 1}
            told.append({**facts, "tools": {"report history": summary(measured)}})
        if len(written) > 1:
            raise SystemExit("the history is another one the second time")
        return told


def run_next_days(plan: Plan) -> list[dict[str, Any]]:
    """How much is evaluated on later days, with a cache that knows the day before: nothing that did not flip."""
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        folder = Path(name)
        say(f"{plan.mix} {plan.assets:,}: count evaluations on later days")
        write_project(folder / "plant", plan)
        told = _later_days(folder, folder / "plant", "2026-06-02", (1, 2, 30, 91), _of(plan), "--at", "HEAD")
        (folder / "reference").mkdir()
        days = (*range(1, 15), 30, 60, 120, 240, 365)
        return told + _later_days(folder / "reference", ROOT, "2026-11-20", days, {"plant": "reference"})


def _later_days(
    folder: Path, plant: Path, first: str, days: tuple[int, ...], facts: dict[str, Any], *given: str
) -> list[dict[str, Any]]:
    environment = {**os.environ, "PLANTPROOF_CACHE_DIR": str(folder / "cache")}
    command = ["check", "-C", str(plant), "--content", "installed", "--quiet", *given]
    command += ["--format", "json", "--output", str(folder / "findings.json")]

    def asked(on: str, *options: str) -> frozenset[str]:
        return count([*command, "--date", on, *options], folder / "asked", environment)

    before = asked(first, "--no-cache")
    asked(first, "--cache")
    told = []
    for number in days:
        on = (date.fromisoformat(first) + timedelta(days=number)).isoformat()
        cold, warm = asked(on, "--no-cache"), asked(on, "--cache")
        flipped = cold - before
        told.append(
            {
                "case": f"{number} days later",
                **facts,
                "on": on,
                "cold": len(cold),
                "flipped": len(flipped),
                "evaluated": len(warm),
            }
        )
        if not warm <= flipped:
            raise SystemExit(f"{on}: {len(warm - flipped)} evaluations of what did not flip")
        before |= cold
    return told


def _of(plan: Plan) -> dict[str, Any]:
    return {"mix": plan.mix, "assets": plan.assets, "sites": plan.sites}
