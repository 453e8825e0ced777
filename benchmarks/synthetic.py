"""Synthetic plants, seeded: a git repository with three sources a site, and the same plant merged for other tools.

Mix A draws every field at random; mix B draws from 300 device models, with 5 % of the fields of a device deviating.
Writes records as collectors would (canonical lines, sorted, split by a hash of the id), with custody, through `git
fast-import`.

python -m benchmarks.synthetic --assets 10000 --sites 10 --mix B --seed 1 FOLDER
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.devices import ZONES, Plan
from benchmarks.evidence import Stored
from benchmarks.importing import importing
from benchmarks.policy_table import POLICIES, for_one_subject, for_whole_plant
from plantproof.files import dump_yaml
from plantproof.project import bundled_content


def site_file(identifier: str) -> bytes:
    """controls/sites/<site>.yaml: ten zones in a row, joined by conduits."""
    zones = [
        {
            "id": f"zone-{number}",
            "title": f"Zone {number}",
            "kind": "control" if number < ZONES - 1 else "business",
            "purdue_level": 2 if number < ZONES - 1 else 4,
            "subnets": [f"10.{number * 16}.0.0/12"],
        }
        for number in range(ZONES)
    ]
    conduits = [
        {"id": f"c-{number}", "title": f"Conduit {number}", "zones": [f"zone-{number}", f"zone-{number + 1}"]}
        for number in range(ZONES - 1)
    ]
    head = {"schema": "plantproof/site/1", "id": identifier, "title": f"Synthetic {identifier}", "fictional": True}
    return dump_yaml({**head, "owner": "nobody", "zones": zones, "conduits": conduits})


def project_files(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """The project around the sites: one framework of twenty controls, each answered by one policy."""
    content = bundled_content()
    ids = [f"BM.AS-{number:02}" for number in range(1, len(POLICIES) + 1)]
    yield ".gitattributes", b"evidence/** -text\n"
    yield (
        "plantproof.yaml",
        dump_yaml(
            {
                "schema": "plantproof/project/1",
                "title": f"Synthetic plant {plan.mix}, {plan.assets} assets",
                "content": {"version": content.version, "hash": content.hash},
                "profiles": ["bench"],
                "sites": {f"site-{number:03}": {} for number in range(plan.sites)},
            }
        ),
    )
    yield (
        "controls/catalogs/bench.yaml",
        dump_yaml(
            {
                "schema": "plantproof/catalog/1",
                "id": "bench",
                "title": "Benchmark",
                "edition": "1",
                "publisher": "nobody",
                "sources": ["made up"],
                "ids": "csf",
                "groups": [{"id": "BM", "title": "Benchmark"}, {"id": "BM.AS", "title": "Assets"}],
                "controls": {control: policy.title for control, policy in zip(ids, POLICIES, strict=True)},
            }
        ),
    )
    yield (
        "controls/profiles/bench.yaml",
        dump_yaml(
            {"schema": "plantproof/profile/1", "id": "bench", "title": "All", "framework": "bench", "controls": ["BM"]}
        ),
    )
    controls = {
        control: {
            "complete": True,
            "reviewed": {"by": "nobody", "on": "2026-06-01"},
            "parts": [
                {
                    "id": "part",
                    "asks": policy.title,
                    "scope": "component",
                    "aspect": "configuration",
                    "all_of": [{"policy": f"bench/{policy.name}", "coverage": "full"}],
                }
            ],
        }
        for control, policy in zip(ids, POLICIES, strict=True)
    }
    yield (
        "mappers/bench.yaml",
        dump_yaml({"schema": "plantproof/mapping/1", "framework": "bench", "controls": controls}),
    )
    for policy in POLICIES:
        yield f"policies/bench/{policy.name}/{policy.name}.rego", for_one_subject(policy)


def site_files(stored: Stored, merged: list[bytes] | None) -> Iterator[tuple[str, bytes]]:
    """All files of one site. `merged`, if given, collects the assets as other tools get them, each as JSON."""
    if merged is not None:
        merged += (as_merged(stored.site, asset) for asset in stored.assets.values())
    yield f"controls/sites/{stored.site}.yaml", site_file(stored.site)
    yield from stored.everything()


def as_merged(site: str, asset: Mapping[str, Any]) -> bytes:
    """An asset as tools without our notion of evidence get it: what the sources say together, under a unique id."""
    return msgspec.json.encode({**asset, "id": f"{site}/{asset['id']}"})


def write_whole(whole: Path, merged: Iterable[bytes]) -> None:
    """What other tools need: plant.json with all assets merged, and the policies on the whole plant."""
    (whole / "policies").mkdir(parents=True, exist_ok=True)
    (whole / "plant.json").write_bytes(b'{"assets":[' + b",\n".join(merged) + b"]}\n")
    for policy in POLICIES:
        (whole / "policies" / f"{policy.name}.rego").write_bytes(for_whole_plant(policy))


def write_project(folder: Path, plan: Plan, whole: Path | None = None, kept: dict[int, Stored] | None = None) -> None:
    """Make `folder` (which must not exist) a repository with the plant in one commit and in its working tree.

    `whole`, if given, gets what other tools need (`write_whole`); `kept` the sites, which a plant that grows would
    otherwise make again.
    """
    merged: list[bytes] | None = None if whole is None else []

    def files() -> Iterator[tuple[str, bytes]]:
        yield from project_files(plan)
        for number in range(plan.sites):
            stored = Stored(plan, number)
            if kept is not None:
                kept[number] = stored
            yield from site_files(stored, merged)

    with importing(folder) as importer:
        importer.commit("Synthetic plant", 0, files())
    if whole is not None:
        write_whole(whole, merged or [])


def main() -> None:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description="Write a synthetic plant.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assets", type=int, default=10_000)
    parser.add_argument("--sites", type=int, default=10)
    parser.add_argument("--mix", choices=("A", "B"), default="B")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", type=Path, help="also write the merged plant and whole-plant policies there")
    given = parser.parse_args()
    plan = Plan(given.assets, given.sites, given.mix, given.seed)
    write_project(given.folder, plan, given.whole)
    print(json.dumps({**plan._asdict(), "folder": str(given.folder)}))  # noqa: T201  its answer


if __name__ == "__main__":
    main()
