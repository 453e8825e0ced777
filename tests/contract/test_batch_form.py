"""The batch form beside one call a subject: every shipped policy has one, with the same observations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from tests.support.subjects import ON, generated_plant

from plantproof.model.policy import Bundle
from plantproof.policies.batch import batch_form
from plantproof.policies.bundle import load_bundle, modules_of
from plantproof.policies.embedded import EmbeddedEngine
from plantproof.policies.evaluate import evaluate

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(
    "/".join(path.parts[-3:-1]) for path in (ROOT / "policies").glob("*/*/*.rego") if not path.stem.endswith("_test")
)


class Folder:
    """The repository's own policies."""

    def list(self, under: str = "") -> list[str]:
        return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / under).rglob("*") if path.is_file())

    def read(self, path: str) -> bytes:
        return (ROOT / path).read_bytes()

    def origin(self, path: str) -> Literal["content", "project", "override"]:
        return "content"


@pytest.fixture(scope="module")
def plain() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(batch_from=sys.maxsize) as engine:
        yield engine


@pytest.fixture(scope="module")
def batch() -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(batch_from=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return load_bundle(Folder())


ASKED_ONE_BY_ONE = {"integrity/configuration_as_approved"}
"""Shipped policies that the compiler does not know a batch form of: devices with a record are few."""


@pytest.mark.parametrize("name", SHIPPED)
def test_same_observations_on_1000_generated_subjects(
    name: str, shipped: Bundle, plain: EmbeddedEngine, batch: EmbeddedEngine
) -> None:
    policy = shipped.policies[name]
    form = batch_form(policy, dict(modules_of(shipped, policy)), batch.workers)
    assert bool(form) is (name not in ASKED_ONE_BY_ONE)
    for seed in (1, 2):
        plant = generated_plant(shipped, policy, 1000, seed=seed)
        expected = evaluate(shipped, [(name, {})], plant, plain, ON)
        assert evaluate(shipped, [(name, {})], plant, batch, ON) == expected
        assert expected[0].evaluated
