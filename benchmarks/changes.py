"""What a change costs: `check` with a cache and `diff`, from process start, beside `opa eval` on the plant after it.

A `Changing` plant has a cache that knows its last commit but one. For each change all commands take turns: `check` with
a copy of that cache each time, `diff` without any, `check --no-cache`, and `opa eval` on the merged plant, which has no
other way than to judge all of it. A time is believed where the warm report has the bytes of the one without a cache,
finds what `opa eval` finds, and `diff` says what became of the difference.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.contestants import (
    Pairs,
    check_command,
    diff_command,
    find,
    moved_by_plantproof,
    opa_command,
    pairs_of_opa,
    pairs_of_plantproof,
    plantproof,
)
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.turns import Contestant, say, summed, take_turns

WARM, DIFF, WARM_DIFF, COLD, OPA = "check --cache", "diff", "diff --cache", "check --no-cache", "opa eval"
SUMMARY = "check --cache, text"
"""What `check` prints unless it is told otherwise. `WARM` writes every gap and asset as JSON, 100 MB of a plant of
100,000 assets."""

REPORTS = (WARM, SUMMARY, COLD, DIFF, WARM_DIFF)


class Changing:
    """A synthetic plant in a folder, with its cache, and what `opa eval` found before the change that is measured."""

    def __init__(self, folder: Path, grown: Grown) -> None:
        assert grown.whole is not None  # noqa: S101  without a merged plant there is no comparison
        self.folder, self.grown, self.whole = folder, grown, grown.whole
        self._plant = grown.folder
        self._filled, self._copy = folder / "cache", folder / "cache-copy"
        self._reports = {name: folder / f"{name.replace(' ', '')}.json" for name in REPORTS}
        self._opa = find("opa")
        self._before: Pairs | None = None
        self._found: dict[str, Any] = {}

    @property
    def plan(self) -> Plan:
        return self.grown.plan

    def fill(self) -> None:
        """Let the cache know the last commit."""
        for command in (self._warm_command(WARM), self._warm_command(SUMMARY)):
            self._run(command, _cache(self._filled))

    def measured(
        self, case: str, change: Callable[[Grown], object] | None, runs: int, opa: bool = True
    ) -> dict[str, Any]:
        """Make the change (None: nothing changed), measure, compare, let the cache follow."""
        if change is not None:
            if self._before is None and opa:
                self._look_before()
            change(self.grown)
        title = f"{self.plan.assets:,} in {self.plan.sites}, {case}"
        contestants = list(self._contestants(diff=change is not None, opa=opa))
        self._found = {}
        measured = take_turns(contestants, self.folder, runs, warm_up=False, title=title)
        compared = self._compare(case, change is not None)
        self._compare_summary(case)
        self._before = self._found.get(OPA)
        self.fill()
        ours = measured[WARM]
        return {
            "case": case,
            "mix": self.plan.mix,
            "assets": self.plan.assets,
            "sites": self.plan.sites,
            **compared,
            "tools": {name: summed(values, ours) for name, values in measured.items()},
        }

    def _contestants(self, *, diff: bool, opa: bool) -> Iterator[Contestant]:
        def noted(name: str) -> Callable[[object], None]:
            return lambda run: self._found.update({name: self._reports[name].read_bytes()})

        def warm(name: str, command: list[str]) -> Contestant:
            return Contestant(name, command, (0, 1), noted(name), self._renew_cache, _cache(self._copy))

        yield warm(WARM, self._warm_command(WARM))
        yield warm(SUMMARY, self._warm_command(SUMMARY))
        if diff:
            yield Contestant(
                DIFF, diff_command(self._plant, self._reports[DIFF], *_without_cache()), (0, 1), noted(DIFF)
            )
            if diff_remembers():
                yield warm(WARM_DIFF, diff_command(self._plant, self._reports[WARM_DIFF], "--cache"))
        yield Contestant(COLD, check_command(self._plant, self._reports[COLD], "--no-cache"), (0, 1), noted(COLD))
        if self._opa and opa:
            command = opa_command(self._opa, self.whole)
            yield Contestant(OPA, command, (0,), lambda run: self._found.update({OPA: pairs_of_opa(run.printed)}))

    def _warm_command(self, name: str) -> list[str]:
        form = "text" if name == SUMMARY else "json"
        return check_command(self._plant, self._reports[name], "--cache", form=form)

    def _run(self, command: list[str], variables: dict[str, str]) -> None:
        done = subprocess.run(command, env={**os.environ, **variables}, cwd=self.folder, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")

    def _renew_cache(self) -> None:
        """The cache as it was filled. Files in it are replaced, never written into: links will do."""
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self._filled, self._copy, copy_function=os.link)
        self._copy.chmod(0o700)

    def _look_before(self) -> None:
        if self._opa:
            say("what opa eval finds before the change")
            command = opa_command(self._opa, self.whole)
            self._before = pairs_of_opa(subprocess.run(command, check=True, capture_output=True).stdout)

    def _compare_summary(self, case: str) -> None:
        """Ends the benchmark where the summary is not that without a cache, which is made here and not timed."""
        cold = self.folder / "summary.txt"
        self._run(check_command(self._plant, cold, "--no-cache", form="text"), {})
        if self._found[SUMMARY] != cold.read_bytes():
            raise SystemExit(f"{case}: the summary with a cache is not that without one")

    def _compare(self, case: str, changed: bool) -> dict[str, Any]:
        """What the reports agree on. Ends the benchmark where they do not."""
        found = self._found
        if found[WARM] != found[COLD]:
            raise SystemExit(f"{case}: the report with a cache is not that without one")
        pairs = pairs_of_plantproof(found[COLD])
        told: dict[str, Any] = {"failing": len(pairs), "same_bytes": True}
        if WARM_DIFF in found and found[WARM_DIFF] != found[DIFF]:
            raise SystemExit(f"{case}: diff with a cache says something else than without one")
        if OPA in found:
            if pairs != found[OPA]:
                raise SystemExit(f"{case}: opa eval and plantproof disagree on {len(pairs ^ found[OPA])} pairs")
            told["agree"] = [OPA, "plantproof"]
            if changed and self._before is not None:
                opened, closed = moved_by_plantproof(found[DIFF])
                if (opened, closed) != (pairs - self._before, self._before - pairs):
                    raise SystemExit(f"{case}: diff does not say what opa eval finds more and less")
                told |= {"opened": len(opened), "closed": len(closed)}
        return told


def diff_remembers() -> bool:
    """Whether `diff` has a cache."""
    return "--cache" in subprocess.run(plantproof("diff", "--help"), check=True, capture_output=True, text=True).stdout


def _without_cache() -> list[str]:
    return ["--no-cache"] if diff_remembers() else []


def _cache(folder: Path) -> dict[str, str]:
    return {"PLANTPROOF_CACHE_DIR": str(folder)}
