"""Which bindings of one judge answer to which of another."""

from __future__ import annotations

from tests.support.judging import asked, judging, key

from plantproof.review.gap_moves import Matched
from plantproof.review.rebound import rebound


def test_a_part_that_leaves_a_question_which_others_still_ask_is_compared_with_it() -> None:
    before = judging(asked(), asked())
    after = judging(asked(), asked(most=50))
    assert rebound(before, after).moved == [Matched(key(5), key(50))]
    assert (rebound(before, after).new, rebound(before, after).dropped) == ([], [])
    assert rebound(after, before).moved == [Matched(key(50), key(5))]


def test_a_question_that_is_asked_no_more_is_compared_before_one_that_others_still_ask() -> None:
    before = judging(asked(), asked(most=7))
    after = judging(asked(most=9), asked(most=7))
    assert rebound(before, after).moved == [Matched(key(5), key(9))]
    both = judging(asked(), asked())
    parted = judging(asked(most=9), asked(most=7))
    # The first takes the place of what is asked no more; the second is compared with the same.
    assert rebound(both, parted).moved == [Matched(key(5), key(7)), Matched(key(5), key(9))]
    assert rebound(parted, both).moved == [Matched(key(7), key(5)), Matched(key(9), key(5))]
