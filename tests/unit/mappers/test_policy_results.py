"""Subjects without a verdict by name, and how that moves when a few of them change."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.support.mapper_world import observe, plant, site, table, zone

from plantproof.mappers.policy_results import EXAMPLES, RESERVE, Silence, Silent, shown, silence_moved, silence_of
from plantproof.model.vocabulary import Outcome

SILENT, PASS = Outcome.NO_EVIDENCE, Outcome.PASS


def silence(*subjects: str, count: int = 0, reason: str = "stale") -> dict[str, Silence]:
    named = [Silent(False, each, each) for each in sorted(subjects)[:RESERVE]]
    return {reason: Silence(count or len(subjects), named)} if subjects else {}


def test_subjects_without_a_verdict_are_counted_and_the_first_are_named() -> None:
    ids = [f"plc-{number:02}" for number in range(RESERVE + 3)]
    assets = table("asset", dict.fromkeys([*ids, "z"], ("cell",)))
    seen = observe("f/x", assets, {**dict.fromkeys(ids, SILENT), "z": PASS})
    (found,) = silence_of(plant(site([zone("cell")]), [assets]), seen).items()
    assert found[0] == "missing-field"
    assert found[1].subjects == RESERVE + 3
    assert [each.subject for each in found[1].first] == ids[:RESERVE]
    counts, examples = shown(dict([found]))
    assert counts == {"missing-field": RESERVE + 3}
    assert len(examples["missing-field"]) == EXAMPLES


def test_one_that_has_a_verdict_now_leaves_and_another_takes_its_place() -> None:
    known = silence(*"abcdefg")
    assert silence_moved(known, silence("b"), {}) == silence(*"acdefg")
    assert silence_moved(known, {}, silence("h")) == silence(*"abcdefgh")
    assert silence_moved(known, silence("b"), silence("b", reason="disputed")) == {
        **silence(*"acdefg"),
        **silence("b", reason="disputed"),
    }
    assert silence_moved(silence("a"), silence("a"), {}) == {}


def test_what_comes_after_those_that_are_known_is_counted_and_not_named() -> None:
    named = [f"a{number:02}" for number in range(RESERVE)]
    known = silence(*named, count=RESERVE + 10)
    (moved,) = (silence_moved(known, {}, silence("z")) or {}).values()
    assert (moved.subjects, len(moved.first)) == (RESERVE + 11, RESERVE)
    (moved,) = (silence_moved(known, {}, silence("a005")) or {}).values()
    assert [each.subject for each in moved.first] == sorted([*named, "a005"])[:RESERVE]


def test_where_the_names_run_out_there_is_no_answer() -> None:
    few = [f"a{number}" for number in range(EXAMPLES)]
    known = silence(*few, count=40)
    assert silence_moved(known, silence("z"), {}) is not None
    assert silence_moved(known, silence("a1"), {}) is None
    assert silence_moved(silence(*few), silence("a1"), {}) is not None


@pytest.mark.parametrize("many", [RESERVE, RESERVE + 1])
def test_more_at_once_than_anybody_names(many: int) -> None:
    some = [f"a{number:02}" for number in range(many)]
    known = silence(*some, count=90)
    assert (silence_moved(known, {}, silence(*some)) is None) is (many > RESERVE)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_shown_is_what_counting_again_shows(seed: int) -> None:
    """Step by step, until there is no answer."""
    chance = random.Random(seed)  # noqa: S311  a seeded test, not a secret
    everybody = [f"plc-{number:03}" for number in range(60)]
    now: set[str] = set(chance.sample(everybody, 45))
    known: dict[str, Silence] | None = silence(*now)
    answers = 0
    for _ in range(30):
        changed = chance.sample(everybody, 3)
        after = {each for each in changed if chance.random() < 0.45}
        moved: Any = silence_moved(known, silence(*now.intersection(changed)), silence(*after))
        now = now.difference(changed) | after
        assert moved is None or shown(moved) == shown(silence(*now))
        answers += moved is not None
        known = silence(*now) if moved is None else moved
    assert answers
