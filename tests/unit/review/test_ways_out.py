"""Ways out of what a change makes worse: mend, bridge, or a dated deviation; in the policy's own words."""

from __future__ import annotations

import shlex

from tests.support import mapper_world as world
from tests.support.review_world import FAIL, PASS, judged, moved

from plantproof.model.delta import SiteDelta
from plantproof.model.vocabulary import Outcome
from plantproof.review.ways_out import ways_out

POLICIES = {"f/x": world.policy("f/x")}


def site(before: dict[str, Outcome], after: dict[str, Outcome]) -> SiteDelta:
    moves = moved(judged(before), judged(after))
    return SiteDelta(site="works", title="Works", counts=moves.counts, gaps=moves.gaps)


def test_what_opened_is_mended_bridged_or_waived() -> None:
    found = ways_out([site({"a-1": PASS, "a-2": PASS}, {"a-1": FAIL, "a-2": FAIL})], POLICIES, "2026-06-30")
    assert [each.kind for each in found] == ["fix", "interim", "waiver"]
    assert found[0].words == "Enable it. Window: any."
    assert found[1].words == "Watch it."
    assert len(found[2].gaps) == 2


def test_the_command_of_a_waiver_names_every_subject_and_requirement_and_its_last_day() -> None:
    found = ways_out([site({"a-1": PASS}, {"a-1": FAIL})], POLICIES, "2026-06-30")
    words = shlex.split(found[-1].command)
    assert words[:3] == ["plantproof", "waiver", "new"]
    assert words[words.index("--subject") + 1] == "a-1"
    assert words[words.index("--control") + 1] == f"{world.IEC}/SR 1.1"
    assert words[words.index("--expires") + 1] == "2026-12-27"


def test_what_closed_needs_no_way_out() -> None:
    assert ways_out([site({"a-1": FAIL}, {"a-1": PASS})], POLICIES, "2026-06-30") == []
