"""`make bench`: how fast, with how much memory, against `opa eval` and conftest in the same run.

For each synthetic plant the tools take turns, so that what else the machine does falls on all of them alike. Before a
time is believed, the pairs of (policy, asset) that fail have to be the same. Prints a table, writes build/bench.json.

python -m benchmarks [--quick] [--runs 3] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.contestants import (
    ROOT,
    Pairs,
    check_command,
    conftest_command,
    find,
    opa_command,
    pairs_of_conftest,
    pairs_of_opa,
    pairs_of_plantproof,
    plantproof,
)
from benchmarks.devices import Plan
from benchmarks.measure import Measured, measure, seconds_of, summary
from benchmarks.synthetic import write_project

SITES = {1_000: 2, 10_000: 5, 100_000: 50}
CONFTEST_AT = 10_000
"""At 100,000 assets conftest takes minutes and 9 GB."""

REFERENCE_DAY = "2026-11-20"


class Contestant(NamedTuple):
    """A tool on one plant: its command, the exit codes of a run that worked, and how to read what it found."""

    name: str
    command: list[str]
    codes: tuple[int, ...]
    pairs: Callable[[Measured], Pairs]


def contestants(plan: Plan, folder: Path) -> Iterator[Contestant]:
    """Who runs on a plant: we, `opa eval`, and conftest on the middle one. Tools that are not there are left out."""
    whole, findings = folder / "whole", folder / "findings.json"
    command = check_command(folder / "plant", findings)
    yield Contestant("plantproof", command, (0, 1), lambda run: pairs_of_plantproof(findings.read_bytes()))
    opa, conftest = find("opa"), find("conftest")
    if opa:
        yield Contestant("opa eval", opa_command(opa, whole), (0,), lambda run: pairs_of_opa(run.printed))
    if conftest and plan.assets == CONFTEST_AT:
        command = conftest_command(conftest, whole)
        yield Contestant("conftest", command, (0, 1), lambda run: pairs_of_conftest(run.printed))


def run_plant(plan: Plan, runs: int) -> dict[str, Any]:
    """All tools on one plant, in turns. Ends the benchmark where a tool fails or finds something else than we do."""
    with tempfile.TemporaryDirectory(prefix="plantproof-bench-") as name:
        folder = Path(name)
        write_project(folder / "plant", plan, folder / "whole")
        taking_part = list(contestants(plan, folder))
        measured: dict[str, list[Measured]] = {each.name: [] for each in taking_part}
        found: dict[str, Pairs] = {}
        for turn in range(runs + 1):
            for each in taking_part:
                say(f"{plan.mix} {plan.assets:,}: {each.name}, {f'run {turn} of {runs}' if turn else 'warm-up'}")
                run = measure(each.command, folder, folder / "printed")
                if run.code not in each.codes:
                    raise SystemExit(f"{each.name} ended with {run.code}")
                found[each.name] = each.pairs(run)
                if found[each.name] != found["plantproof"]:
                    differing = sorted(found[each.name] ^ found["plantproof"])
                    raise SystemExit(f"{each.name} and plantproof disagree on {len(differing)} pairs: {differing[:5]}")
                if turn:
                    measured[each.name].append(run)
    ours = measured["plantproof"]
    return {
        "mix": plan.mix,
        "assets": plan.assets,
        "sites": plan.sites,
        "failing": len(found["plantproof"]),
        "agree": sorted(found),
        "tools": {name: summed(values, ours) for name, values in measured.items()},
    }


def summed(runs: list[Measured], ours: list[Measured]) -> dict[str, Any]:
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


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = (line.partition(":") for line in cpuinfo.read_text().splitlines())
        model = next((value.strip() for key, _, value in lines if key.strip() == "model name"), "")
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {
        "system": platform.platform(),
        "processor": model or platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_at_start": load,
    }


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    facts = result["machine"]
    lines = [
        "{processor}, {cores} cores, Python {python}, load at start {load_at_start}".format_map(facts),
        "",
        (
            f"{'plant':<12}{'tool':<12}{'seconds':>9}{'(from':>9}{'to)':>8}{'peak MB':>9}{'x time':>8}{'x memory':>10}"
            "  all agree on"
        ),
    ]
    for plant in result["plants"]:
        for name, tool in plant["tools"].items():
            memory = "?" if tool["megabytes"] is None else str(tool["megabytes"])
            ratio = "?" if tool["times_our_memory"] is None else f"{tool['times_our_memory']:.2f}"
            lines.append(
                f"{plant['mix'] + ' ' + format(plant['assets'], ','):<12}{name:<12}{tool['seconds']:>9.2f}"
                f"{tool['fastest']:>9.2f}{tool['slowest']:>8.2f}{memory:>9}{tool['times_our_seconds']:>8.2f}{ratio:>10}"
                f"  {plant['failing']:,} failing pairs"
            )
    own = result["reference"]
    lines += [
        "",
        "check of the reference plant: {check_seconds} s (fastest {check_fastest}, {check_runs} runs)".format_map(own),
        (
            "--version: {version_milliseconds} ms, `python -c pass`: {nothing_milliseconds} ms, "
            "difference {difference_milliseconds} ms ({version_pairs} pairs)"
        ).format_map(own),
    ]
    return "\n".join(lines)


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  a command's own words


def main() -> None:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure plantproof beside opa eval and conftest.")
    parser.add_argument("--quick", action="store_true", help="plants of 1,000 and 10,000 assets only")
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool on each plant, after one warm-up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--assets", type=int, action="append", help="plants of this size only; may be repeated")
    parser.add_argument("--mix", choices=("A", "B"), action="append", help="these plants only")
    given = parser.parse_args()
    if not shutil.which("git"):
        raise SystemExit("git is not on PATH")
    sizes = given.assets or [size for size in SITES if not (given.quick and size > CONFTEST_AT)]
    result: dict[str, Any] = {"machine": machine(), "seed": given.seed}
    plans = [Plan(size, SITES.get(size, 2), mix, given.seed) for size in sizes for mix in given.mix or ("A", "B")]
    result["plants"] = [run_plant(plan, given.runs) for plan in plans]
    result["reference"] = run_reference(max(given.runs, 5))
    output = ROOT / "build" / "bench.json"
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(table(result))  # noqa: T201  its answer


if __name__ == "__main__":
    main()
