"""What was probably meant: near words, past case and blanks, and silence about strangers."""

from __future__ import annotations

import pytest

from plantproof.spelling import did_you_mean


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("ot-moderat", ["OT-MODERATE", "LOW"], "did you mean `OT-MODERATE`?"),
        ("sr1.1", ["SR 1.1", "SR 1.2"], "did you mean `SR 1.1`?"),
        ("fw-3", ["fw-1", "fw-2", "sw-900"], "did you mean `fw-2`?"),
        ("zebra", ["SR 1.1"], ""),
        ("", ["a"], ""),
        ("a", [], ""),
        ("relase", ["release\x1b"], "did you mean `release⟨U+001B⟩`?"),
        ("x" * 100_000, ["x" * 150], "did you mean `" + "x" * 150 + "`?"),
    ],
)
def test_the_hint(text: str, words: list[str], hint: str) -> None:
    assert did_you_mean(text, words) == hint
