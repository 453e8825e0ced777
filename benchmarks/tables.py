"""What `make bench` found, for people. `meets` tells for each figure what was hoped for at 100,000 assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.cases import COLD, TARGETS, Target
from benchmarks.changes import OPA

LARGE = 100_000
HEAD = (
    f"{'plant':<16}{'case':<29}{'tool':<18}{'seconds':>9}{'(from':>9}{'to)':>8}{'CPU s':>8}{'peak MB':>9}"
    f"{'opa/it':>8}  target"
)


def table(result: dict[str, Any]) -> str:
    """All that was measured, each case with its target beside it."""
    facts = result["machine"]
    lines = [
        "{processor}, {cores} cores, Python {python}, load {load_at_start} at start".format_map(facts)
        + f" and {result['load_at_end']} at the end"
    ]
    if result.get("plants"):
        lines += [
            "",
            "From a commit to findings, beside those who are given the merged plant or merge it",
            *_plants(result["plants"]),
        ]
    cases = [*result.get("changes", ()), *result.get("history", ()), *result.get("costs", ())]
    if cases:
        lines += ["", HEAD]
        for case in cases:
            lines += _case(case)
    if result.get("next_days"):
        lines += ["", "Evaluations on later days, with a cache that knows the days before", *_days(result["next_days"])]
    if result.get("reference"):
        lines += ["", *_reference(result["reference"])]
    return "\n".join(lines)


def targets_of(case: str, tool: str) -> Target | None:
    """What is hoped for, if anything."""
    return TARGETS.get(case, {}).get(tool) or COLD.get(tool)


def verdict(case: dict[str, Any], tool: str) -> str:
    """The target of a tool in a case, and at 100,000 assets whether it is met."""
    target = targets_of(case["case"], tool)
    if target is None:
        return ""
    seconds = case["tools"][tool]["seconds"]
    told = []
    for limit, words, found in (
        (target.seconds, "{:g} s", seconds),
        (target.of_cold and target.of_cold * _seconds(case, "check --no-cache"), "a fifth of cold: {:.2f} s", seconds),
        (target.times_opa and _seconds(case, OPA) / target.times_opa, "", seconds),
    ):
        if not limit:
            continue
        text = words.format(limit) if words else f"opa / {target.times_opa:g}: {limit:.2f} s"
        told.append(f"{text} {'met' if found <= limit else 'MISSED'}" if case["assets"] >= LARGE else text)
    return ", ".join(told)


def _seconds(case: dict[str, Any], tool: str) -> float:
    found = case["tools"].get(tool)
    return float(found["seconds"]) if found else 0.0


def _case(case: dict[str, Any]) -> Iterator[str]:
    plant = f"{case['mix']} {case['assets']:,}/{case['sites']}"
    if "error" in case:
        yield f"{plant:<16}{case['case']:<29}{case['error']}"
    for name, tool in case.get("tools", {}).items():
        memory = "?" if tool["megabytes"] is None else str(tool["megabytes"])
        opa = _seconds(case, OPA)
        ratio = f"{opa / tool['seconds']:.1f}" if opa else ""
        yield (
            f"{plant:<16}{case['case']:<29}{name:<18}{tool['seconds']:>9.2f}{tool['fastest']:>9.2f}"
            f"{tool['slowest']:>8.2f}{tool['processor']:>8.2f}{memory:>9}{ratio:>8}  {verdict(case, name)}"
        ).rstrip()


def _plants(plants: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield (
        f"{'plant':<12}{'tool':<12}{'seconds':>9}{'(from':>9}{'to)':>8}{'CPU s':>8}{'peak MB':>9}{'x time':>8}"
        f"{'x memory':>10}  all agree on"
    )
    for plant in plants:
        for name, tool in plant["tools"].items():
            memory = "?" if tool["megabytes"] is None else str(tool["megabytes"])
            ratio = "?" if tool["times_our_memory"] is None else f"{tool['times_our_memory']:.2f}"
            yield (
                f"{plant['mix'] + ' ' + format(plant['assets'], ','):<12}{name:<12}{tool['seconds']:>9.2f}"
                f"{tool['fastest']:>9.2f}{tool['slowest']:>8.2f}{tool['processor']:>8.2f}{memory:>9}"
                f"{tool['times_our_seconds']:>8.2f}{ratio:>10}  {plant['failing']:,} failing pairs"
            )


def _days(days: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f"{'plant':<16}{'day':<18}{'date':<12}{'without cache':>15}{'flipped':>10}{'evaluated':>11}"
    for day in days:
        plant = day.get("plant") or f"{day['mix']} {day['assets']:,}/{day['sites']}"
        yield (
            f"{plant:<16}{day['case']:<18}{day['on']:<12}{day['cold']:>15,}{day['flipped']:>10,}{day['evaluated']:>11,}"
        )


def _reference(own: dict[str, Any]) -> Iterator[str]:
    yield "check of the reference plant: {check_seconds} s (fastest {check_fastest}, {check_runs} runs)".format_map(own)
    yield (
        "--version: {version_milliseconds} ms, `python -c pass`: {nothing_milliseconds} ms, "
        "difference {difference_milliseconds} ms ({version_pairs} pairs)"
    ).format_map(own)
