"""Synthetic plants, seeded: a git repository with three sources a site, and the same plant merged for other tools.

Mix A draws every field at random; mix B draws from 300 device models, with 5 % of the fields of a device deviating.
Writes records as collectors would (canonical lines, sorted, split by a hash of the id), with custody, through `git
fast-import`.

python -m benchmarks.synthetic --assets 10000 --sites 10 --mix B --seed 1 FOLDER
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.policy_table import POLICIES, for_one_subject, for_whole_plant
from plantproof.evidence.layout import store
from plantproof.files import dump_yaml
from plantproof.project import bundled_content

COLLECTED = "2026-06-01T06:00:00Z"
COMMITTED = "1780401600 +0000"
"""2026-06-02 12:00 UTC: the date of the assessment."""
MODELS = 300
ZONES = 10
DEVIATION = 0.05
ROLES = ("plc", "safety-plc", "rtu", "hmi", "operator-station", "ews", "historian", "server", "switch", "firewall")
RARE = 0.02
"""How often a drawn field is one that a policy objects to: a plant in fair order, 1 to 3 % of the observations fail."""
CONTROLLERS = ("plc", "safety-plc", "rtu")
SMALL_SYSTEMS = (
    "VxWorks 7 SR0660, signed image as built by the vendor, no shell, no package manager, watchdog on",
    "none, bare metal; boot loader of the vendor, program and parameters on a memory card",
)
LARGE_SYSTEMS = (
    "Windows 10 IoT Enterprise LTSC 2021, hardened image of the machine builder, domain member",
    "Linux 5.10 (Yocto Kirkstone), read-only root file system, updates as signed bundles only",
)
OLD_SYSTEM = "Windows 7 Embedded Standard SP1 (64 bit), locked down"
SENSOR = ("names", "ips", "macs", "vendor", "model", "firmware", "role")
INVENTORY = (
    "names",
    "serial",
    "owner",
    "criticality",
    "lifecycle",
    "support_ends",
    "authorised",
    "purdue_level",
    "vendor",
)
CONFIG = ("names", "serial", "order_code", "firmware", "os", "ips", "macs", "model")
SOURCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sensor": ("passive", SENSOR),
    "inventory": ("declared", INVENTORY),
    "config": ("config", CONFIG),
}
COMMON = ("role", "purdue_level", "vendor", "model", "order_code", "firmware", "os", "criticality", "lifecycle",
          "support_ends", "owner", "authorised")  # fmt: skip


class Plan(NamedTuple):
    """What is to be generated."""

    assets: int
    sites: int
    mix: str
    seed: int


def a_device(chance: random.Random, number: int) -> dict[str, Any]:
    """The fields that devices of one model share, drawn anew."""

    def rarely(odd: Any, usual: Any) -> Any:
        return odd if chance.random() < RARE else usual

    role = chance.choice(ROLES)
    low = role in CONTROLLERS
    level = chance.choice((0.0, 1.0, 2.0) if low else (2.0, 3.0, 3.5))
    return {
        "role": role,
        "purdue_level": rarely(3.0 if low else 1.0, level),
        "vendor": f"Vendor {number % 40}",
        "model": f"Model {number}",
        "order_code": f"{chance.randrange(16**4):04X}-{chance.randrange(10**4):04}-{rarely('x', '0AB0')}",
        "firmware": f"V{rarely(1, chance.randrange(2, 7))}.{chance.randrange(10)}.{chance.randrange(20)}",
        "os": rarely(OLD_SYSTEM, chance.choice(SMALL_SYSTEMS if level < 2 else LARGE_SYSTEMS)),
        "criticality": rarely("?", chance.choice(("low", "medium", "high", "critical"))),
        "lifecycle": rarely(chance.choice(("phase-out", "obsolete")), "active"),
        "support_ends": f"{rarely(2025, chance.randrange(2029, 2039))}-{chance.randrange(1, 13):02}-01",
        "owner": "dept-00" if role == "safety-plc" else rarely("nobody", f"dept-{chance.randrange(30):02}"),
        "authorised": rarely(False, True),
    }


def assets_of(plan: Plan, site: int) -> Iterator[dict[str, Any]]:
    """Every asset of one site with all its fields, as the merged plant should show it; a function of plan and site."""
    chance = random.Random(f"{plan.seed}/{plan.mix}/{site}")  # noqa: S311  a seeded plant, not a secret
    models = [a_device(random.Random(f"{plan.seed}/{number}"), number) for number in range(MODELS)]  # noqa: S311  seeded, and no secret
    count = plan.assets // plan.sites + (site < plan.assets % plan.sites)
    for number in range(count):
        model = models[chance.randrange(MODELS)]
        other = a_device(chance, chance.randrange(10**6))
        deviating = 1.0 if plan.mix == "A" else DEVIATION
        device = {field: other[field] if chance.random() < deviating else model[field] for field in COMMON}
        if plan.mix == "A":
            device["os"] = f"{device['os']}, patch {chance.randrange(10**6)}"
        zone = chance.randrange(ZONES)
        address = f"10.{zone * 16 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
        name = f"{device['role']}-{site:03}-{number:06}"
        yield {
            "id": f"a-{site:03}{number:07}",
            "names": sorted(
                [name, f"{name}.cell-{zone}.plant.example", f"={site:03}+{number:06}-K{zone}", f"TAG {number:06}"]
            ),
            "ips": sorted([address, f"192.168.{number >> 8 & 255}.{number & 255}"]),
            "macs": [
                f"02:{site:02x}:{port:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
                for port in range(4)
            ],
            "serial": f"SN{chance.randrange(10**12):012}",
            "zone": f"zone-{zone}",
            **device,
        }


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


def site_files(plan: Plan, number: int, merged: list[dict[str, Any]] | None) -> Iterator[tuple[str, bytes]]:
    """All files of one site. `merged`, if given, collects the assets as other tools get them."""
    site = f"site-{number:03}"
    yield f"controls/sites/{site}.yaml", site_file(site)
    assets = list(assets_of(plan, number))
    if merged is not None:
        merged.extend({**asset, "id": f"{site}/{asset['id']}"} for asset in assets)
    lines = []
    for asset in assets:
        for key, value in (
            ("name", asset["names"][-1].lower()),
            ("serial", f"{asset['vendor']}/{asset['serial']}".lower()),
        ):
            lines.append(msgspec.json.encode({"id": asset["id"], "key": key, "value": value}, order="sorted"))
    yield f"evidence/{site}/identities.jsonl", b"\n".join(sorted(lines)) + b"\n"
    for source, (method, fields) in SOURCES.items():
        folder = f"evidence/{site}/{source}"
        records = {
            asset["id"]: msgspec.json.encode(
                {"id": asset["id"], "method": method, **{field: asset[field] for field in fields}}, order="sorted"
            )
            for asset in assets
        }
        stored = store("records", "asset", records)
        custody = {
            "schema": "plantproof/custody/1",
            "format": "csv",
            "tool": "benchmarks/synthetic.py",
            "collected_by": {"name": "nobody", "kind": "bot"},
            "collected_at": COLLECTED,
            "covers": [{"kind": "asset"}],
            "records": [msgspec.to_builtins(entry) for entry in stored.entries],
        }
        yield f"{folder}/custody.yaml", dump_yaml(custody)
        yield from ((f"{folder}/{path}", data) for path, data in stored.files.items())


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


def write_project(folder: Path, plan: Plan, whole: Path | None = None) -> None:
    """Make `folder` (which must not exist) a repository with the plant in one commit and in its working tree.

    `whole`, if given, gets what other tools need: plant.json with all assets merged, and the whole-plant policies.
    """
    folder.mkdir(parents=True)
    merged: list[dict[str, Any]] | None = None if whole is None else []
    git = [shutil.which("git") or "git", "-C", str(folder), "-c", "core.autocrlf=false", "-c", "gc.auto=0"]
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True, env=environment)
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE, env=environment) as importer:
        assert importer.stdin is not None  # noqa: S101  for the type checker: a pipe was asked for
        message = b"Synthetic plant"
        importer.stdin.write(b"commit refs/heads/main\n")
        for role in (b"author", b"committer"):
            importer.stdin.write(role + b" Nobody <nobody@plant.example> " + COMMITTED.encode() + b"\n")
        importer.stdin.write(b"data %d\n%b\n" % (len(message), message))
        sites = (item for number in range(plan.sites) for item in site_files(plan, number, merged))
        for files in (project_files(plan), sites):
            for path, data in files:
                importer.stdin.write(b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data))
        importer.stdin.close()
        if importer.wait():
            raise SystemExit("git fast-import failed")
    subprocess.run([*git, "reset", "--hard", "-q"], check=True, env=environment)
    if whole is not None and merged is not None:
        (whole / "policies").mkdir(parents=True, exist_ok=True)
        (whole / "plant.json").write_bytes(msgspec.json.encode({"assets": merged}))
        for policy in POLICIES:
            (whole / "policies" / f"{policy.name}.rego").write_bytes(for_whole_plant(policy))


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
