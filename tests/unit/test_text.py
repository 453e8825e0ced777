"""Text of unknown origin: nothing hidden, nothing obeyed, and letters of all scripts stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.text import plain, shown, spelled_out, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plc-1", "plc-1"),
        ("Füller „A“", "Füller „A“"),
        ("a\u202egnp.exe", "a⟨U+202E⟩gnp.exe"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("two\nlines", "two⏎lines"),
        ("esc\x1b[31m", "esc⟨U+001B⟩[31m"),
        ("latin\udcff", "latin⟨U+DCFF⟩"),
        ("bell\x07", "bell⟨U+0007⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(st.text())
def test_visible_text_obeys_nothing_and_is_one_line(text: str) -> None:
    words = visible(text)
    assert not {unicodedata.category(sign) for sign in words} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(sign) for sign in words} & {"LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI"}
    assert len(words.splitlines()) <= 1
    assert visible(words) == words


def test_spelled_out_text_keeps_its_lines() -> None:
    assert spelled_out("a\nb\x07") == "a\nb⟨U+0007⟩"


def test_what_is_shown_in_a_message_ends() -> None:
    assert shown("a\x1b[2J\n\u202eb") == "a⟨U+001B⟩[2J⏎⟨U+202E⟩b"
    assert (len(shown("x" * 5000)), shown("x" * 5000)[-2:]) == (80, "x…")
    assert shown(7, 1) == "7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tomas Beck", "tomas  BECK"),
        ("Tomas Beck", "Tomas Beck\u200b"),
        ("ot-network", "OT network"),
        ("Zo\u00eb", "Zoe\u0308"),
        ("Ｔｏｍａｓ", "Tomas"),
        ("\u200b \u3164-", ""),
    ],
)
def test_names_in_plain_are_what_two_spellings_have_in_common(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_other_names_stay_others_in_plain() -> None:
    assert len({plain(each) for each in ("Beck", "Bock", "Füller", "Fuller", "7", "Бек")}) == 6
