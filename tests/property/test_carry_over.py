"""The law of carrying over: a site judged by what changed comes to what it comes to when it is judged as a whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import msgspec
import pytest
from tests.support.collected_again import Files, collected_again
from tests.support.documents import ROOT
from tests.support.memory_tree import MemoryTree

from plantproof.carry_over import carry_over
from plantproof.errors import InputError
from plantproof.evidence.stored_site import StoredSite
from plantproof.git import open_repository
from plantproof.mappers.conclusions import SiteConclusions
from plantproof.model.assessment import AssetRow, Gap
from plantproof.pipeline import Judge, assess_site, load_judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.project import Project, open_project

@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("seed", range(4))
def test_carrying_over_gives_what_judging_the_whole_gives(site: str, seed: int, world: World) -> None:
    chance = random.Random(f"{site}/{seed}")  # noqa: S311  a seeded edit, not a secret
    files, before = world.files, world.known[site]
    told: Counter[str] = Counter()
    carried = 0
    for step in range(10):
        new = collected_again(files, site, chance)
        found = world.carried(site, before, files, new, told)
        try:
            whole = world.judged(new, site)
        except InputError:
            assert found is None, f"step {step}: wrong evidence was not told"
            continue
        if found is not None:
            carried += 1
            assert shown(found) == shown(whole), f"step {step}"
            assert found.steady is not None
            assert whole.steady is not None
            assert whole.steady.first <= found.steady.first <= ON <= found.steady.last <= whole.steady.last
        # What was carried over is what the next step starts from.
        files, before = new, found or whole
    assert carried, told
