"""What OPA takes for silence under a `not` is told to whoever tests a policy."""

from __future__ import annotations

import pytest
from tests.support.negations import ALIKE, LOST, negating
from tests.support.policy_world import DictProject, path_of

from plantproof.policies.bundle import load_bundle
from plantproof.policies.lint import lint
from plantproof.policies.worker import Workers


def told(workers: Workers, condition: str) -> list[tuple[str, int]]:
    bundle = load_bundle(DictProject({path_of(): negating(condition)}), workers)
    return [(found.rule, found.line) for found in lint(bundle, workers) if found.rule == "negated-read"]


@pytest.mark.parametrize("condition", LOST)
def test_a_read_that_loses_the_violation_in_opa(workers: Workers, condition: str) -> None:
    line = negating(condition).split("\n").index(f"\t{condition}") + 1
    assert told(workers, condition) == [("negated-read", line)]


@pytest.mark.parametrize("condition", ALIKE)
def test_a_read_that_is_alike_in_both_engines(workers: Workers, condition: str) -> None:
    assert told(workers, condition) == []
