"""The law of precedence: who is shown first decides what is shown, and never whether something fails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.support.documents import ROOT

from plantproof.evidence.ledger import read_claims
from plantproof.git_opening import open_repository
from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import conclude_site
from plantproof.model.evidence import Claims
from plantproof.pipeline import Judge, load_judge
from plantproof.plant.build import build_plant
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate
from plantproof.policies.needs import needs_of
from plantproof.project import Project, open_project

ON = "2026-11-22"
KINDS = ("account", "asset", "backup", "firewall_rule", "flow", "interface", "setting", "vulnerability")
"""An interface is only given other fields: which zones lie behind one whose device is disputed is asked by device."""
FEW = 3
"""Records on which the sources differ: of many on one asset not every combination is tried."""


@pytest.fixture(scope="module")
def project() -> Project:
    return open_project(open_repository(ROOT).working_tree(), accept_content=True)


@pytest.fixture(scope="module")
def judge(project: Project) -> Judge:
    found = load_judge(project)
    return replace(found, intent=replace(found.intent, waivers=()))


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(jobs=1) as opened:
        yield opened


def contradicted(claims: Claims, kind: str, chance: random.Random) -> Claims:
    """The claims, and those of another source, `other`, that says something else of a few records of a kind."""
    lines = {
        k: [each for one in claims.sources for _, data in one.records.get(k, ()) for each in data.splitlines()]
        for k in (kind, "asset")
    }
    records: list[dict[str, Any]] = [msgspec.json.decode(line) for line in lines[kind]]
    assets = [msgspec.json.decode(line)["id"] for line in lines["asset"]]
    said = {}
    for one in chance.sample(records, min(FEW, len(records))):
        new = dict(one)
        fields = sorted(one.keys() - {"id", "method", "asset"})
        for field in chance.sample(fields, min(2, len(fields))):
            new[field] = chance.choice([each[field] for each in records if field in each])
        if "asset" in new and kind != "interface":
            new["asset"] = chance.choice(assets)
        said[one["id"]] = msgspec.json.encode(new, order="sorted") + b"\n"
    like = next(each for each in claims.sources if kind in each.records)
    path = f"evidence/{claims.site}/other/records/{kind}.jsonl"
    other = replace(
        like,
        name="other",
        custody=replace(like.custody, covers=[], format="other"),
        records={kind: [(path, b"".join(said[each] for each in sorted(said)))]},
        sightings={},
    )
    return replace(claims, sources=(*claims.sources, other))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("site", ["northmill", "eastbrook"])
def test_the_order_of_precedence_makes_no_gap_vanish(
    site: str, kind: str, project: Project, judge: Judge, engine: EmbeddedEngine
) -> None:
    known = read_claims(project.tree, site)
    if not any(kind in each.records for each in known.sources):
        return

    def gaps(claims: Claims, *first: str) -> set[tuple[str, str, str]]:
        file = replace(project.file, source_precedence=[*first, *project.file.source_precedence, "other"])
        plant = build_plant(claims, judge.intent.sites[site], file, needs_of(judge.bundle), ON)
        intent = replace(judge.intent, sites={site: judge.intent.sites[site]})
        seen = evaluate(judge.bundle, bindings_of(judge.mappings, intent, judge.bundle), plant, engine, ON)
        found = conclude_site(intent, judge.mappings, judge.bundle, plant, seen, ON)
        return {(gap.policy, msgspec.json.encode(gap.parameters).decode(), gap.subject) for gap in found.gaps}

    for seed in range(2):
        chance = random.Random(f"{site}/{kind}/{seed}")  # noqa: S311  a seeded edit, not a secret
        claims = contradicted(known, kind, chance)
        assert gaps(claims, "other") == gaps(claims), seed
