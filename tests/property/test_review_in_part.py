"""The law of reviewing in part: a change reviewed by the assets that changed says what it says reviewed as a whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from tests.support.carried_world import KINDS, SITES, World, start
from tests.support.collected_again import Files, collected_again
from tests.support.memory_tree import MemoryTree

from plantproof import change_review
from plantproof.change_review import review_change
from plantproof.errors import InputError
from plantproof.evidence.blobs import Blobs
from plantproof.model.assessment import Provenance
from plantproof.model.delta import Delta, Side
from plantproof.pipeline import Judge
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.project import open_project
from plantproof.review_in_part import Known
from plantproof.revision import Revision

ON = "2026-11-20"
PROVENANCE = Provenance(
    tool_version="1", engine="e", engine_version="1", content_version="1", content_hash="c", commit="", as_of=ON
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with EmbeddedEngine(jobs=1) as engine:
        yield World(engine)


class Judged:
    """A base whose judge is given."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def load_judge(self, *_: object) -> Judge:
        return self._judge

    def known(self, site: str, on: str) -> Known | None:
        return None

    def remember(self, site: str, found: object) -> None:
        pass

    def blobs(self, site: str) -> Blobs:
        return Blobs()


class Reviewer:
    def __init__(self, world: World) -> None:
        self._world = world
        tree = world.project.tree
        self._rest = {
            path: tree.read(path) for path in tree.paths() if path.startswith(("controls/", "plantproof.yaml"))
        }

    def review(self, old: Files, new: Files, judge: Judge, base_on: str) -> tuple[Delta, bool]:
        base, head = (
            Revision(
                project=open_project(MemoryTree({**self._rest, **files}), accept_content=True),
                on=on,
                side=Side(ref=name, commit=name * 10),
            )
            for name, files, on in (("base", old, base_on), ("head", new, ON))
        )
        found = review_change(base, head, on=ON, engine=self._world.engine, provenance=PROVENANCE, memory=Judged(judge))
        return found.delta, any(each.beside is not None for each in found.judged.values())


def chain(world: World, monkeypatch: pytest.MonkeyPatch, site: str, kind: str, seed: int, steps: int) -> Counter[str]:
    chance = random.Random(f"{site}/{kind}/{seed}/review")  # noqa: S311  a seeded edit, not a secret
    files, judge, _ = start(world, site, kind)
    reviewer = Reviewer(world)
    told: Counter[str] = Counter()
    for step in range(steps):
        new = files
        for _ in range(chance.choice([1, 1, 2, 3])):
            new = collected_again(new, site, chance)
        base_on = chance.choice([ON, ON, "2026-11-19"])
        try:
            with monkeypatch.context() as patched:
                patched.setattr(change_review, "may_be_in_part", lambda *_: False)
                whole, _ = reviewer.review(files, new, judge, base_on)
        except InputError:
            with pytest.raises(InputError):
                reviewer.review(files, new, judge, base_on)
            continue
        found, in_part = reviewer.review(files, new, judge, base_on)
        told["in part" if in_part else "whole"] += 1
        told["moved"] += bool(in_part and any(each.gaps or each.lost for each in found.sites))
        assert msgspec.to_builtins(found) == msgspec.to_builtins(whole), f"step {step}"
        if in_part or chance.random() < 0.3:
            files = new
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_reviewing_in_part_says_what_reviewing_the_whole_says(
    kind: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: Counter[str] = Counter()
    for site in SITES:
        told += chain(world, monkeypatch, site, kind, 0, 4)
    assert told["in part"] or kind == "following", told  # whose policies read flows: little can be taken apart there
