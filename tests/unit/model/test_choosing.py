"""What the `for` of a policy lets in."""

from __future__ import annotations

import msgspec
import pytest

from plantproof.model.choosing import chosen, lets_in, matches


def test_a_value_matches_itself_and_a_list_what_it_holds() -> None:
    assert matches(b'"plc"', ["plc", "hmi"])
    assert matches(b'["a","plc"]', ["plc"])
    assert not matches(b'"plc"', ["hmi"])
    assert not matches(None, ["plc"])


def test_true_is_not_one() -> None:
    assert not matches(b"true", [1])
    assert not matches(b"1", [True])


def test_a_role_lets_in_the_narrower_ones_and_another_field_what_it_says() -> None:
    assert "historian" in chosen("asset.role", ["server"])
    assert chosen("type", ["server"]) == ["server"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("historian", True),  # narrower
        ("server", True),
        ("computer", None),  # broader: it may be a server
        ("steuerung", None),  # no word of the vocabulary: it may be anything
        ("workstation", False),
        ("printer", False),
    ],
)
def test_a_role_that_may_be_what_is_asked_is_neither_in_nor_out(role: str, expected: bool | None) -> None:
    assert lets_in("asset.role", ["server"], msgspec.json.encode(role)) is expected


def test_words_of_other_fields_are_what_they_are() -> None:
    assert lets_in("type", ["person"], b'"something else"') is False
    assert lets_in("role", ["server"], None) is False
