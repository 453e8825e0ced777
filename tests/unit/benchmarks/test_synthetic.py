"""Synthetic plants are what they say: the same for the same seed, and read back as they were drawn."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import msgspec
import pytest
from benchmarks.devices import Plan, assets_of
from benchmarks.evidence import SOURCES, Stored
from benchmarks.policy_table import POLICIES, for_one_subject, for_whole_plant
from benchmarks.synthetic import site_files, write_project
from tests.support.plant_world import project

from plantproof.evidence.identities import read_identities
from plantproof.files import load_yaml
from plantproof.model.evidence import Claims, Custody, Source
from plantproof.model.records import KINDS
from plantproof.model.site import Site
from plantproof.plant.build import build_plant
from plantproof.policies.metadata import read_metadata


def head(folder: Path) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout


def test_the_same_arguments_give_the_same_commit_and_another_seed_another(tmp_path: Path) -> None:
    plans = [Plan(20, 2, "B", 1), Plan(20, 2, "B", 1), Plan(20, 2, "B", 2), Plan(20, 2, "A", 1)]
    for number, plan in enumerate(plans):
        write_project(tmp_path / str(number), plan, tmp_path / f"whole-{number}")
    commits = [head(tmp_path / str(number)) for number in range(len(plans))]
    assert commits[0] == commits[1]
    assert len(set(commits)) == 3
    assert (tmp_path / "whole-0/plant.json").read_bytes() == (tmp_path / "whole-1/plant.json").read_bytes()
    assert len(json.loads((tmp_path / "whole-0/plant.json").read_bytes())["assets"]) == 20


@pytest.mark.parametrize("mix", ["A", "B"])
def test_the_plant_of_a_synthetic_site_holds_what_was_drawn(mix: str) -> None:
    plan = Plan(30, 1, mix, 7)
    files = dict(site_files(Stored(plan, 0), None))
    folder = "evidence/site-000"
    sources = []
    for name in SOURCES:
        base = f"{folder}/{name}/"
        records = [(path, data) for path, data in sorted(files.items()) if path.startswith(f"{base}records/")]
        for _, data in records:
            msgspec.json.Decoder(KINDS["asset"]).decode_lines(data)
        custody = load_yaml(files[f"{base}custody.yaml"], name, Custody)
        sources.append(
            Source(
                name=name,
                custody=custody,
                custody_path=f"{base}custody.yaml",
                records={"asset": records},
                sightings={},
            )
        )
    claims = Claims(
        site="site-000",
        sources=tuple(sources),
        identities=read_identities(files[f"{folder}/identities.jsonl"], "identities.jsonl"),
        attestations=(),
    )
    site = load_yaml(files["controls/sites/site-000.yaml"], "site", Site)
    fields = {field for asset in assets_of(plan, 0) for field in asset}
    table = build_plant(claims, site, project(), {"asset": fields}, "2026-06-02").tables["asset"]
    merged = [
        {field: msgspec.json.decode(column.values[row] or b"null") for field, column in table.columns.items()}
        for row in range(len(table.ids))
    ]
    drawn = {asset["id"]: asset for asset in assets_of(plan, 0)}
    assert [{field: asset[field] for field in fields} for asset in merged] == [drawn[name] for name in table.ids]
    assert not any(column.disputed for column in table.columns.values())


def test_there_are_twenty_policies_each_in_both_forms() -> None:
    assert len({policy.name for policy in POLICIES}) == 20
    for policy in POLICIES:
        declared = read_metadata(for_one_subject(policy).decode(), "policy.rego").block.custom
        assert tuple(declared.reads) == policy.reads
        assert "S." not in for_whole_plant(policy).decode()
