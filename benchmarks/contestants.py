"""The three tools as commands, and which (policy, asset) pairs each of them finds failing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
Pairs = frozenset[tuple[str, str]]
"""(policy, site/asset)."""


def plantproof(*arguments: str) -> list[str]:
    """The command as a user starts it: the script beside this interpreter, else its entry point."""
    script = Path(sys.executable).with_name("plantproof")
    if script.is_file():
        return [str(script), *arguments]
    return [sys.executable, "-c", "from plantproof.cli.start import main; main()", *arguments]


JOBS = ("--jobs", "2")
"""Two processes, wherever this runs."""


def check_command(plant: Path, findings: Path, *options: str, form: str = "json") -> list[str]:
    """From a commit to findings as JSON, or to another report."""
    arguments = ["check", "-C", str(plant), "--at", "HEAD", "--content", "installed", "--quiet", *JOBS, *options]
    return plantproof(*arguments, "--format", form, "--output", str(findings))


def diff_command(plant: Path, delta: Path, *options: str) -> list[str]:
    """From the last two commits to what moved, as JSON."""
    arguments = ["diff", "-C", str(plant), "HEAD~1", "HEAD", "--content", "installed", "--quiet", *JOBS, *options]
    return plantproof(*arguments, "--format", "json", "--output", str(delta))


def history_command(plant: Path, points: Path, *options: str) -> list[str]:
    """From all commits to their figures, as JSON."""
    arguments = ["report", "history", "-C", str(plant), "--quiet", *JOBS, *options]
    return plantproof(*arguments, "--format", "json", "--output", str(points))


def opa_command(opa: Path, whole: Path) -> list[str]:
    arguments = ["eval", "--format", "json", "-d", str(whole / "policies"), "-i", str(whole / "plant.json")]
    return [str(opa), *arguments, "data.whole"]


def merging_command(opa: Path, plant: Path, whole: Path) -> list[str]:
    """From the same commit as `check_command`: merge the sources, then `opa_command`."""
    return [sys.executable, "-m", "benchmarks.merging", str(plant), str(opa), str(whole / "policies")]


def conftest_command(conftest: Path, whole: Path) -> list[str]:
    arguments = ["test", "--all-namespaces", "--output", "json", "--policy", str(whole / "policies")]
    return [str(conftest), *arguments, str(whole / "plant.json")]


def find(name: str) -> Path | None:
    """A tool: named by PLANTPROOF_<NAME>, in .tools/bin, or on the PATH."""
    named = os.environ.get(f"PLANTPROOF_{name.upper()}")
    on_path = shutil.which(name)
    for candidate in (named, ROOT / ".tools" / "bin" / name, on_path):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    return None


class _Gap(msgspec.Struct):
    policy: str
    site: str
    subject: str


class _Findings(msgspec.Struct):
    gaps: list[_Gap]


def pairs_of_plantproof(findings: bytes) -> Pairs:
    decoded = msgspec.json.decode(findings, type=_Findings)
    return frozenset((gap.policy.removeprefix("bench/"), f"{gap.site}/{gap.subject}") for gap in decoded.gaps)


class _Move(msgspec.Struct):
    status: str
    gap: _Gap


class _Moves(msgspec.Struct):
    gaps: list[_Move] = []
    moves: list[_Move] = []


class _Delta(msgspec.Struct):
    sites: list[_Moves]
    judge: _Moves


def moved_by_plantproof(delta: bytes) -> tuple[Pairs, Pairs]:
    """What a change opens and what it closes; also what it would, where it edits a policy."""
    decoded = msgspec.json.decode(delta, type=_Delta)
    found: dict[str, set[tuple[str, str]]] = {"opened": set(), "closed": set()}
    for move in [*(move for site in decoded.sites for move in site.gaps), *decoded.judge.moves]:
        pair = (move.gap.policy.removeprefix("bench/"), f"{move.gap.site}/{move.gap.subject}")
        found.get(move.status, set()).add(pair)
    return frozenset(found["opened"]), frozenset(found["closed"])


def pairs_of_opa(printed: bytes) -> Pairs:
    packages: dict[str, Any] = msgspec.json.decode(printed)["result"][0]["expressions"][0]["value"]
    return frozenset((name, found["id"]) for name, rules in packages.items() for found in rules["deny"])


def pairs_of_conftest(printed: bytes) -> Pairs:
    files: list[dict[str, Any]] = msgspec.json.decode(printed)
    return frozenset(
        (each["namespace"].removeprefix("whole."), failure["metadata"]["id"])
        for each in files
        for failure in each.get("failures") or ()
    )
