"""Who gets a cache: whoever asks, a person at a terminal, and no job that did not."""

from __future__ import annotations

import sys

import pytest

from plantproof.cli.caching import cache_wanted
from plantproof.cli.start import run


class Terminal:
    def __init__(self, there: bool) -> None:
        self._there = there

    def isatty(self) -> bool:
        return self._there


@pytest.mark.parametrize(
    ("typed", "variable", "terminal", "wanted"),
    [
        (None, "", True, True),
        (None, "", False, False),
        (None, "on", False, True),
        (None, "off", True, False),
        (True, "off", False, True),
        (False, "on", True, False),
    ],
)
def test_who_gets_one(
    typed: bool | None, variable: str, terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANTPROOF_CACHE", variable)
    monkeypatch.setattr(sys, "stdin", Terminal(terminal))
    monkeypatch.setattr(sys, "stderr", Terminal(terminal))
    assert cache_wanted(typed) is wanted


@pytest.mark.parametrize("closed", ["stdin", "stderr"])
def test_a_stream_that_was_closed_is_no_terminal(closed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLANTPROOF_CACHE", raising=False)
    monkeypatch.setattr(sys, "stdin", Terminal(True))
    monkeypatch.setattr(sys, "stderr", Terminal(True))
    monkeypatch.setattr(sys, closed, None)
    assert cache_wanted(None) is False


def test_another_word_is_a_mistake(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PLANTPROOF_CACHE", "yes")
    assert run(["check"]) == 2
    assert "PLANTPROOF_CACHE is 'yes'; it can be on or off" in capsys.readouterr().err
