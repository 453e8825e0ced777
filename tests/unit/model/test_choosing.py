"""What the `for` of a policy lets in."""

from __future__ import annotations

from plantproof.model.choosing import chosen, matches


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
