"""One site of a change: what its own edit of the intent hides."""

from __future__ import annotations

import pytest
from tests.support import mapper_world as world
from tests.support.review_world import FAIL, PASS, POLICY, judged

from plantproof.review.judged import JudgedSite
from plantproof.review.site_delta import Revisions, site_delta


def failing(*found: str) -> JudgedSite:
    """A site with one asset on which these were found."""
    return judged({"a-1": FAIL if found else PASS}, found={"a-1": found} if found else {})


@pytest.mark.parametrize(
    ("base", "evidence", "head", "masked"),
    [
        (["one"], ["one", "two"], ["one"], ["worse"]),
        (["one", "two"], ["one", "two", "three"], ["one"], ["worse"]),
        (["one"], ["one", "two"], ["one", "two"], []),
        (["one"], ["one", "two"], [], ["worse"]),
        ([], ["one"], [], ["opened"]),
        ([], ["one"], ["one"], []),
        (["one"], ["one"], [], []),
    ],
)
def test_what_the_evidence_makes_worse_is_not_hidden_by_the_intent(
    base: list[str], evidence: list[str], head: list[str], masked: list[str]
) -> None:
    revisions = Revisions(base=failing(*base), head=failing(*head), evidence=failing(*evidence), intent_path="x.yaml")
    delta = site_delta(revisions, {POLICY: world.policy(POLICY)})
    assert delta.intent
    assert [move.status for move in delta.intent.masked] == masked
