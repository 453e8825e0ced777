"""The one comment: made, edited, left alone; nobody else's is written over."""

from __future__ import annotations

import pytest

from plantproof.errors import InputError
from plantproof.reports.comment import to_post
from plantproof.reports.delta_markdown import ALL_RESOLVED, MARKER

BODY = f"{MARKER}\n### Plantproof: 1 opened\n"


def test_there_is_none_and_nothing_moved() -> None:
    assert to_post("", "") == ""


def test_there_is_none_and_something_moved() -> None:
    assert to_post("", BODY) == BODY


def test_what_is_there_says_it_already() -> None:
    assert to_post(BODY, BODY) == ""
    # Forges hand a comment back with other line ends, and without the last one.
    assert to_post(BODY.replace("\n", "\r\n").rstrip(), BODY) == ""


def test_what_is_there_is_edited() -> None:
    assert to_post(BODY.replace("1", "2"), BODY) == BODY


def test_what_no_longer_holds_is_said_to_be_resolved_once() -> None:
    assert to_post(BODY, "") == ALL_RESOLVED
    assert to_post(ALL_RESOLVED, "") == ""


@pytest.mark.parametrize("body", ["", BODY])
def test_a_comment_of_somebody_else_is_never_written_over(body: str) -> None:
    with pytest.raises(InputError, match="none that `plantproof diff` wrote"):
        to_post(f"I quote: {MARKER}", body)
