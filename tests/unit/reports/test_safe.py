"""Evidence text: nothing hidden, nothing obeyed."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.reports.safe import for_address, for_spreadsheet, for_terminal
from plantproof.text import spelled_out


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mred\x1b[0m",
        "\x1b]0;title\x07red",
        "\x1b]8;;https://x\x1b\\red",
        "\x9b31mred",
        "\x1bPq\x1b\\red",
        "\x1bcred",
    ],
)
def test_terminal_sequences_are_taken_out(text: str) -> None:
    assert for_terminal(text) == "red"


@given(st.text())
def test_no_control_reaches_a_terminal(text: str) -> None:
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in for_terminal(text))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\r=", "|", "%", '"='])
def test_a_formula_becomes_text(start: str) -> None:
    assert for_spreadsheet(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_plain_cells_stay_as_they_are() -> None:
    assert for_spreadsheet("fw-1 rule 17") == "fw-1 rule 17"


@given(st.text(alphabet=st.characters(exclude_categories=["C"])))
def test_an_address_reads_as_the_text_it_was_made_of_with_what_is_invisible_spelled_out(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9\-._~/%]*", for_address(text))
    assert unquote(for_address(text)) == spelled_out(text)


@pytest.mark.parametrize("text", ["\ud800", "a\udcffb", "\x00\n", "\u202e"])
def test_what_cannot_be_in_an_address_is_spelled_out(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9\-._~/%]*", for_address(text, "/"))
