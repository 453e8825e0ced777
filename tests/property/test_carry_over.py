"""The law of carrying over: a site judged by what changed comes to what it comes to when it is judged as a whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.support.carried_world import KINDS, ON, SITES, World, shown, start
from tests.support.collected_again import collected_again

from plantproof.errors import InputError
from plantproof.policies.embedded import EmbeddedEngine


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


def chain(world: World, site: str, kind: str, seed: int, steps: int) -> Counter[str]:
    """Edit after edit, each carried over from the one before and judged as a whole; counts why nothing was carried."""
    chance = random.Random(f"{site}/{kind}/{seed}")  # noqa: S311  a seeded edit, not a secret
    files, judge, before = start(world, site, kind)
    told: Counter[str] = Counter()
    for step in range(steps):
        new = files
        for _ in range(chance.choice([1, 1, 2, 3])):
            new = collected_again(new, site, chance)
        found = world.carried(site, before, files, new, told, judge=judge)
        try:
            whole = world.judged(new, site, judge=judge)
        except InputError:
            assert found is None, f"step {step}: wrong evidence was not told"
            continue
        if found is not None:
            told["carried"] += 1
            assert shown(found) == shown(whole), f"step {step}"
            assert found.steady is not None
            assert whole.steady is not None
            assert whole.steady.first <= found.steady.first <= ON <= found.steady.last <= whole.steady.last
        elif chance.random() < 0.7:
            continue  # what cannot be followed may stand in the way of all that comes after
        # What was carried over is what the next step starts from.
        files, before = new, found or whole
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_carrying_over_gives_what_judging_the_whole_gives(kind: str, world: World) -> None:
    told: Counter[str] = Counter()
    for site in SITES:
        for seed in range(1):
            told += chain(world, site, kind, seed, 5)
    assert told["carried"], told
