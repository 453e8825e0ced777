"""The law of reviewing in part: a change reviewed by the assets that changed says what it says reviewed as a whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.support.carried_world import KINDS, ON, World, start
from tests.support.collected_again import collected_again
from tests.support.reviewed_world import Reviewer

from plantproof.errors import InputError
from plantproof.policies.embedded import EmbeddedEngine


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


def chain(world: World, site: str, kind: str, seed: int, steps: int) -> Counter[str]:
    chance = random.Random(f"{site}/{kind}/{seed}/review")  # noqa: S311  a seeded edit, not a secret
    files, judge, _ = start(world, site, kind)
    reviewer = Reviewer(world, judge)
    told: Counter[str] = Counter()
    for _ in range(steps):
        new = files
        for _ in range(chance.choice([1, 1, 2, 3])):
            new = collected_again(new, site, chance)
        base_on = chance.choice([ON, ON, "2026-11-19"])
        try:
            found, in_part = reviewer.twice(files, new, base_on)
        except InputError:
            continue
        told["in part" if in_part else "whole"] += 1
        told["moved"] += bool(in_part and any(each.gaps or each.lost for each in found.sites))
        if in_part or chance.random() < 0.3:
            files = new
    return told


SOMEWHERE = dict(zip(KINDS, ("northmill", "eastbrook") * len(KINDS), strict=False)) | {"retired": "eastbrook"}


@pytest.mark.parametrize(("kind", "site"), SOMEWHERE.items())
def test_reviewing_in_part_says_what_reviewing_the_whole_says(site: str, kind: str, world: World) -> None:
    told = chain(world, site, kind, 0, 4)
    assert told["in part"] or kind == "following", told  # whose policies read flows: little can be taken apart there
