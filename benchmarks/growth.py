"""What happens to a synthetic plant after its first commit: records change, sensors look again, policies are edited.

Every step is one commit (a history is many), a function of the plan and of how often it grew before, so that the same
calls give the same commits. `whole`, where a plant was written with one, follows.

    grown = Grown(folder, plan, whole)
    grown.change_records(10, site=3)
    grown.move_sightings()
    grown.edit_policy()
    grown.history(1000, records=5)

python -m benchmarks.growth FOLDER --assets 10000 --sites 10 --records 10 | --sightings | --policy | --commits 1000
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.devices import Plan
from benchmarks.evidence import Stored
from benchmarks.importing import FIRST, Importer, git, importing
from benchmarks.packing import packing
from benchmarks.policy_table import POLICIES, BenchmarkPolicy, for_one_subject, for_whole_plant
from benchmarks.synthetic import as_merged

EDITED = "critical_support_lasts"
"""The policy that is edited: a deadline moves."""

MINUTE = 60
DAY = 24 * 60 * MINUTE


class _Whole(msgspec.Struct):
    assets: list[msgspec.Raw]


class _Identified(msgspec.Struct):
    id: str


class _Part(NamedTuple):
    """What a commit changes at one site: of each file its path, what it was and what it is."""

    site: str
    records: int
    files: list[tuple[str, bytes, bytes]]


class Grown:
    """A repository that `write_project` made, and what has happened to it since."""

    def __init__(
        self, folder: Path, plan: Plan, whole: Path | None = None, stored: Mapping[int, Stored] | None = None
    ) -> None:
        """`stored` are the sites that `write_project` kept; those that are not there are made again when needed."""
        self.folder, self.plan, self.whole = folder, plan, whole
        self.steps = int(git(folder, "rev-list", "--count", "HEAD")) - 1
        """Commits after the first."""
        if self.steps:
            raise ValueError(f"{folder} has grown already: its records are not those of its plan any more")
        self._sites = dict(stored or {})
        self._days = 0

    def change_records(self, count: int, site: int = 0) -> str:
        """Devices of one site get new firmware, as the sensor and the configuration say; what is more than half of the
        site's, at the next ones, where these are enough. Returns the commit."""
        parts = []
        sites = self.plan.sites
        least = -(-count // sites)
        while count > 0:
            most = max(len(self._site(site % sites).assets) // 2, least)
            parts.append(self._change(min(count, most), site % sites))
            count, site = count - most, site + 1
        seconds = self._seconds()
        message = ", ".join(f"{part.records} devices of {part.site}" for part in parts)
        files = [(path, new) for part in parts for path, _, new in part.files]
        return self._grow(lambda importer: importer.commit(f"Update {message}", seconds, files))

    def history(self, commits: int, records: int) -> str:
        """Many commits a minute apart, each of which changes records of one site, all sites in turn. `whole` does not
        follow: nobody else has a history."""
        with packing(self.folder) as packer:
            for number in range(commits):
                part = self._change(records, number % self.plan.sites, follow=False)
                packer.commit(f"Update {part.records} devices of {part.site}", self._seconds(), part.files)
        return packer.head

    def move_sightings(self, days: int = 1) -> str:
        """The sensors of all sites look again, `days` later, and see what they saw. The commit is of that day."""

        def grow(importer: Importer) -> None:
            self._days += days
            seconds = self._seconds()
            day = _day(seconds)
            sites = range(self.plan.sites)
            files = (file for site in sites for file in self._site(site).seen_again(day))
            importer.commit(f"Look again on {day}", seconds, files)

        return self._grow(grow)

    def edit_policy(self, name: str = EDITED) -> str:
        """The limit in one policy of twenty moves by a year; in the policies on the whole plant too."""
        policy = next(policy for policy in POLICIES if policy.name == name)
        edited = policy._replace(body=tuple(_a_year_later(line) for line in policy.body))
        if edited == policy:
            raise ValueError(f"{name} has no date in its rule")
        if self.whole is not None:
            (self.whole / "policies" / f"{name}.rego").write_bytes(for_whole_plant(edited))
        return self._grow(lambda importer: importer.commit(f"Edit {name}", self._seconds(), [_policy_file(edited)]))

    def _grow(self, step: Callable[[Importer], None]) -> str:
        with importing(self.folder) as importer:
            step(importer)
        return git(self.folder, "rev-parse", "HEAD")

    def _change(self, count: int, site: int, *, follow: bool = True) -> _Part:
        chance = random.Random(f"{self.plan.seed}/grown/{self.steps}/{site}")  # noqa: S311  a seeded plant, not a secret
        stored = self._site(site)
        chosen = chance.sample(list(stored.assets), min(count, len(stored.assets)))
        changed = [_with_new_firmware(stored.assets[identifier], chance) for identifier in chosen]
        files = list(stored.changed(changed, datetime.fromtimestamp(FIRST, UTC).strftime("%Y-%m-%dT06:00:00Z")))
        if follow and self.whole is not None:
            self._rewrite_whole(stored.site, changed)
        return _Part(stored.site, len(changed), files)

    def _rewrite_whole(self, site: str, changed: list[dict[str, Any]]) -> None:
        assert self.whole is not None  # noqa: S101  the caller has asked
        path = self.whole / "plant.json"
        assets: list[bytes] = list(map(bytes, msgspec.json.decode(path.read_bytes(), type=_Whole).assets))
        new = {f"{site}/{asset['id']}": as_merged(site, asset) for asset in changed}
        decoder = msgspec.json.Decoder(_Identified)
        assets = [new.get(decoder.decode(asset).id, asset) for asset in assets]
        path.write_bytes(b'{"assets":[' + b",\n".join(assets) + b"]}\n")

    def _site(self, number: int) -> Stored:
        if number not in self._sites:
            self._sites[number] = Stored(self.plan, number)
        return self._sites[number]

    def _seconds(self) -> int:
        """When the next commit is made, in seconds after the first: a minute after the last one, or days later."""
        self.steps += 1
        return self.steps * MINUTE + self._days * DAY


def _with_new_firmware(asset: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    major, minor, _ = asset["firmware"].removeprefix("V").split(".")
    # A version that it did not have: an update always changes the line.
    patches = [f"V{major}.{minor}.{patch}" for patch in range(20)]
    return {**asset, "firmware": chance.choice([version for version in patches if version != asset["firmware"]])}


def _a_year_later(line: str) -> str:
    for year in range(2020, 2040):
        if f'"{year}-' in line:
            return line.replace(f'"{year}-', f'"{year + 1}-')
    return line


def _policy_file(policy: BenchmarkPolicy) -> tuple[str, bytes]:
    return f"policies/bench/{policy.name}/{policy.name}.rego", for_one_subject(policy)


def _day(seconds: int) -> str:
    return (datetime.fromtimestamp(FIRST, UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%d")


def main() -> None:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description="Let a synthetic plant grow by a commit, or by many.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assets", type=int, default=10_000, help="as the plant was written")
    parser.add_argument("--sites", type=int, default=10, help="as the plant was written")
    parser.add_argument("--mix", choices=("A", "B"), default="B", help="as the plant was written")
    parser.add_argument("--seed", type=int, default=1, help="as the plant was written")
    parser.add_argument("--whole", type=Path, help="the merged plant and whole-plant policies to change too")
    parser.add_argument("--site", type=int, default=0, help="the site in which records change")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--records", type=int, help="so many records change in one site")
    what.add_argument("--sightings", action="store_true", help="the sensors look again and see nothing new")
    what.add_argument("--policy", action="store_true", help="one policy of twenty is edited")
    what.add_argument("--commits", type=int, help="a history of so many commits with five records changed in each")
    given = parser.parse_args()
    grown = Grown(given.folder, Plan(given.assets, given.sites, given.mix, given.seed), given.whole)
    if given.records:
        commit = grown.change_records(given.records, given.site)
    elif given.sightings:
        commit = grown.move_sightings()
    elif given.policy:
        commit = grown.edit_policy()
    else:
        commit = grown.history(given.commits, 5)
    print(commit)  # noqa: T201  its answer


if __name__ == "__main__":
    main()
