"""The words in which each kind of mistake is told."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from plantproof.explain_schema import Mistake, explain


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    level: int = 0


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    either: str | Entry = ""
    code: Annotated[str, Meta(pattern="^[A-Z]+$", max_length=3)] = "A"
    name: Annotated[str, Meta(min_length=2)] = "ab"
    share: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    level: Annotated[int, Meta(ge=1)] = 1
    some: Annotated[list[str], Meta(max_length=1)] = []
    on: bool = False
    maybe: int | None = None


def told(value: Any) -> list[Mistake]:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, Form)
    return explain(value, Form, str(caught.value))


@pytest.mark.parametrize(
    ("value", "message", "hint"),
    [
        ({"code": "a1"}, "`a1` has not the form that is wanted here", "the pattern is ^[A-Z]+$"),
        ({"code": "ABCD"}, "the text has 4 characters", "at most 3"),
        ({"name": "a"}, "the text has 1 characters", "at least 2"),
        ({"share": 0}, "0 is too small", "more than 0"),
        ({"share": 1.0}, "1.0 is too large", "less than 1"),
        ({"level": 0}, "0 is too small", "at least 1"),
        ({"level": 1.5}, "expected a whole number, found the number `1.5`", ""),
        ({"level": "3"}, "expected a whole number, found the text `3`", "without quotes"),
        ({"some": ["a", "b"]}, "the list has 2 items", "at most 1"),
        ({"on": "true"}, "expected true or false, found the text `true`", "without quotes"),
        ({"name": True}, "expected text, found `true`", 'quote it: "true"'),
        ({"maybe": "x"}, "expected a whole number or nothing, found the text `x`", ""),
        ({"either": 3}, "expected fields (name: value) or text, found the number `3`", 'quote it: "3"'),
        ([], "expected fields (name: value), found a list", ""),
        (None, "expected fields (name: value), found nothing", "give a value, or remove the field"),
    ],
)
def test_words(value: Any, message: str, hint: str) -> None:
    (mistake,) = told(value)
    assert (mistake.message, mistake.hint) == (message, hint)


def test_of_two_forms_the_one_that_was_meant_is_explained() -> None:
    assert told({"either": {"titel": "x", "level": "high"}}) == [
        Mistake(("either",), "the field `title` is missing"),
        Mistake(("either", "level"), "expected a whole number, found the text `high`"),
        Mistake(("either", "titel"), "unknown field `titel`", "did you mean `title`?", at_key=True),
    ]


def test_long_text_is_shown_short() -> None:
    (mistake,) = told({"code": "x" * 500})[:1]
    assert len(mistake.message) < 120


def test_escapes_in_a_value_or_a_field_never_reach_the_terminal() -> None:
    mistakes = told({"code": "\x1b[2J", "\x1b]0;x\x07": 1, "level": "\u202e1"})
    assert len(mistakes) == 4
    assert all((mistake.message + mistake.hint).isprintable() for mistake in mistakes)


def test_where_jsonschema_finds_nothing_the_verdict_of_msgspec_stands() -> None:
    assert explain({"a": [1]}, dict[str, list[int]], "Expected `x` - at `$.a[0].b`") == [
        Mistake(("a", 0, "b"), "expected `x`")
    ]
