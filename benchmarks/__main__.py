"""`make bench`: how fast, with how much memory, against `opa eval` and conftest in the same run.

For each synthetic plant the tools take turns, so that what else the machine does falls on all of them alike. Before a
time is believed, the pairs of (policy, asset) that fail have to be the same. Prints a table, writes build/bench.json.

python -m benchmarks [--quick] [--runs 3] [--seed 1] [--only changes] [--assets 10000] [--mix B]
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.cases import run_changes, run_history, run_next_days, run_single_site
from benchmarks.contestants import (
    ROOT,
    Pairs,
    check_command,
    conftest_command,
    find,
    merging_command,
    opa_command,
    pairs_of_conftest,
    pairs_of_opa,
    pairs_of_plantproof,
    plantproof,
)
from benchmarks.costs import run_costs
from benchmarks.devices import Plan
from benchmarks.measure import Measured, seconds_of
from benchmarks.synthetic import write_project
from benchmarks.tables import table
from benchmarks.turns import Contestant, say, summed, take_turns
from plantproof import __file__ as package

GROUPS = ("cold", "changes", "single-site", "next-days", "history", "costs", "reference")
SIZES = (1_000, 10_000, 100_000)
CONFTEST_AT = 10_000
"""At 100,000 assets conftest takes minutes and 9 GB."""

REFERENCE_DAY = "2026-11-20"


def contestants(plan: Plan, folder: Path, found: dict[str, Pairs]) -> Iterator[Contestant]:
    """Who runs on a plant: we, `opa eval`, given the merged plant and from the same commit, and conftest on the middle
    one. Tools that are not there are left out.

    What each finds goes to `found`; the benchmark ends where it is not what we find.
    """

    def compared(name: str, pairs: Callable[[Measured], Pairs]) -> Callable[[Measured], None]:
        def compare(run: Measured) -> None:
            found[name] = pairs(run)
            differing = sorted(found[name] ^ found["plantproof"])
            if differing:
                raise SystemExit(f"{name} and plantproof disagree on {len(differing)} pairs: {differing[:5]}")

        return compare

    whole, findings = folder / "whole", folder / "findings.json"
    command = check_command(folder / "plant", findings, "--no-cache")
    ours = compared("plantproof", lambda run: pairs_of_plantproof(findings.read_bytes()))
    yield Contestant("plantproof", command, (0, 1), ours)
    opa, conftest = find("opa"), find("conftest")
    if opa:
        command = opa_command(opa, whole)
        yield Contestant("opa eval", command, (0,), compared("opa eval", lambda run: pairs_of_opa(run.printed)))
        command = merging_command(opa, folder / "plant", whole)
        told = compared("merge + opa", lambda run: pairs_of_opa(run.printed))
        yield Contestant("merge + opa", command, (0,), told, environment={"PYTHONPATH": str(ROOT)})
    if conftest and plan.assets == CONFTEST_AT:
        command = conftest_command(conftest, whole)
        told = compared("conftest", lambda run: pairs_of_conftest(run.printed))
        yield Contestant("conftest", command, (0, 1), told)


def sites_of(assets: int) -> int:
    """Sites of 2,000 assets, and two at least."""
    return max(2, assets // 2_000)


def run_plant(plan: Plan, runs: int) -> dict[str, Any]:
    """All tools on one plant, in turns. Ends the benchmark where a tool fails or finds something else than we do."""
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        folder = Path(name)
        write_project(folder / "plant", plan, folder / "whole")
        found: dict[str, Pairs] = {}
        taking_part = list(contestants(plan, folder, found))
        measured = take_turns(taking_part, folder, runs, title=f"{plan.mix} {plan.assets:,}")
    ours = measured["plantproof"]
    return {
        "mix": plan.mix,
        "assets": plan.assets,
        "sites": plan.sites,
        "failing": len(found["plantproof"]),
        "agree": sorted(found),
        "tools": {name: summed(values, ours) for name, values in measured.items()},
    }


def run_reference(runs: int) -> dict[str, Any]:
    """`check` of the reference plant, and `--version` beside an interpreter that does nothing, from process start."""
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        output = str(Path(name) / "findings.json")
        options = ["--date", REFERENCE_DAY, "--content", "installed", "--quiet", "--format", "json", "--output", output]
        check = plantproof("check", "-C", str(ROOT), *options)
        seconds_of(check, ROOT)
        say("reference plant")
        checks = [seconds_of(check, ROOT) for _ in range(runs)]
    say("--version")
    nothing, version = [sys.executable, "-c", "pass"], plantproof("--version")
    pairs = [(seconds_of(nothing, ROOT), seconds_of(version, ROOT)) for _ in range(10 * runs + 3)][3:]
    return {
        "check_seconds": round(statistics.median(checks), 3),
        "check_fastest": round(min(checks), 3),
        "check_runs": len(checks),
        "version_pairs": len(pairs),
        "version_milliseconds": round(1000 * statistics.median(after for _, after in pairs), 1),
        "nothing_milliseconds": round(1000 * statistics.median(before for before, _ in pairs), 1),
        "difference_milliseconds": round(1000 * statistics.median(after - before for before, after in pairs), 1),
    }


def load() -> float | None:
    """How many processes wanted to run in the last minute."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = (line.partition(":") for line in cpuinfo.read_text().splitlines())
        model = next((value.strip() for key, _, value in lines if key.strip() == "model name"), "")
    return {
        "system": platform.platform(),
        "processor": model or platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_at_start": load(),
    }


def run(
    sizes: list[int], mixes: list[str], seed: int, runs: int, commits: int, groups: list[str]
) -> Iterator[tuple[str, Any]]:
    """Each group of cases as it is done. What changes is measured on the largest plant of several sites, of mix B."""
    plans = [Plan(size, sites_of(size), mix, seed) for size in sizes for mix in mixes]
    largest = Plan(max(sizes), sites_of(max(sizes)), "B", seed)
    if "cold" in groups:
        yield "plants", [run_plant(plan, runs) for plan in plans]
    changes = []
    if "changes" in groups:
        changes += run_changes(largest, runs)
    if "single-site" in groups:
        changes += run_single_site(largest, runs)
    yield "changes", changes
    if "next-days" in groups:
        yield "next_days", run_next_days(largest)
    if "history" in groups:
        yield "history", run_history(largest, runs, commits)
    if "costs" in groups:
        yield "costs", run_costs([Plan(size, sites_of(size), "B", seed) for size in sizes], runs)
    if "reference" in groups:
        yield "reference", run_reference(max(runs, 5))


def main() -> None:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure plantproof beside opa eval and conftest.")
    parser.add_argument("--quick", action="store_true", help="plants of 1,000 and 10,000 assets only")
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool in each case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--assets", type=int, action="append", help="plants of this size only; may be repeated")
    parser.add_argument("--mix", choices=("A", "B"), action="append", help="of the cold checks, these plants only")
    parser.add_argument("--commits", type=int, default=1000, help="how long the history is")
    parser.add_argument("--only", choices=GROUPS, action="append", help="these cases only; may be repeated")
    given = parser.parse_args()
    if not shutil.which("git"):
        raise SystemExit("git is not on PATH")
    sizes = given.assets or [size for size in SIZES if not (given.quick and size > CONFTEST_AT)]
    result: dict[str, Any] = {"machine": machine(), "seed": given.seed}
    output = ROOT / "build" / "bench.json"
    output.parent.mkdir(exist_ok=True)
    # As an installer does; without it each command would compile what it loads, where the environment forbids writing.
    compileall.compile_dir(Path(package).parent, quiet=1)
    mixes, groups = given.mix or ["A", "B"], given.only or list(GROUPS)
    for name, found in run(sizes, mixes, given.seed, given.runs, given.commits, groups):
        # After each group: what an interrupted run has measured is there.
        result |= {name: found, "load_at_end": load()}
        output.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(table(result))  # noqa: T201  its answer


if __name__ == "__main__":
    main()
