"""Roles: one vocabulary, broader and narrower words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.model.roles import ALIASES, BROADER, chain, narrowest, normal_role, with_narrower


def test_every_broader_word_is_in_the_vocabulary_and_no_word_is_broader_than_itself() -> None:
    assert {broader for broader in BROADER.values() if broader} <= BROADER.keys()
    for role in BROADER:
        assert BROADER[chain(role)[-1]] == ""


def test_every_alias_leads_to_a_role_and_is_none() -> None:
    assert set(ALIASES.values()) <= BROADER.keys()
    assert not ALIASES.keys() & BROADER.keys()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("PLC", "plc"),
        ("Programmable Logic Controller", "plc"),
        ("I/O Module", "remote-io"),
        ("Domain_Controller", "domain-controller"),
        (" Engineering  Workstation ", "ews"),
        ("Coffee machine", "coffee-machine"),
        ("", ""),
    ],
)
def test_words_of_tools(text: str, role: str) -> None:
    assert normal_role(text) == role


@given(st.text(max_size=40))
def test_a_normal_role_stays_what_it_is(text: str) -> None:
    assert normal_role(normal_role(text)) == normal_role(text)


@pytest.mark.parametrize(
    ("roles", "one"),
    [
        (["server", "historian"], "historian"),
        (["historian", "computer", "server"], "historian"),
        (["plc"], "plc"),
        (["plc", "hmi"], None),
        (["server", "plc"], None),
        ([], None),
        (["coffee-machine", "server"], None),
    ],
)
def test_the_narrowest_word_that_contradicts_none(roles: list[str], one: str | None) -> None:
    assert narrowest(roles) == one


def test_a_policy_for_servers_is_for_historians_too() -> None:
    assert with_narrower(["server"]) == [
        "domain-controller", "historian", "jump-host", "scada-server", "server"
    ]  # fmt: skip
    assert with_narrower(["coffee-machine"]) == ["coffee-machine"]
    assert with_narrower([]) == []
