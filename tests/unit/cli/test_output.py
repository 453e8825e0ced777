"""What is printed and written: whole files, visible text, progress for a person who watches."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plantproof.cli import output, placing
from plantproof.cli.output import (
    colour_wanted,
    print_problems,
    print_warnings,
    progress,
    write_bytes,
    write_pieces,
)
from plantproof.errors import InputError, Problem


class Terminal(io.StringIO):
    """A stream at which a person sits."""

    def isatty(self) -> bool:
        return True


def test_one_mistake_needs_no_count_and_several_have_one(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem("a.yaml", 3, "wrong", "right it", 4)])
    assert capsys.readouterr().err == "a.yaml:3:4: wrong (right it)\n"
    print_problems([Problem("a", 0, "one"), Problem("b\x1b", 1, "two")])
    assert capsys.readouterr().err == "a: one\nb⟨U+001B⟩:1: two\n2 mistakes; nothing was written.\n"
    print_warnings([Problem("a", 0, "odd")])
    assert capsys.readouterr() == ("", "warning: a: odd\n")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.json"
    write_bytes(b"first", str(target))
    assert target.read_bytes() == b"first"

    def pieces() -> Iterator[bytes]:
        yield b"sec"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_pieces(pieces(), str(target))
    assert target.read_bytes() == b"first"
    assert [path.name for path in target.parent.iterdir()] == ["out.json"]


@pytest.mark.parametrize("supported", [True, False])
def test_room_that_was_taken_and_not_needed_is_given_back(
    supported: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not supported:
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    for module in (output, placing):
        monkeypatch.setattr(module, "WORTHWHILE", 100)
    for sizes in ([3, 90], [3, 97, 1], [150, 151, 1, 1000]):
        pieces = [bytes([number]) * size for number, size in enumerate(sizes)]
        write_pieces(iter(pieces), str(tmp_path / "report"))
        assert (tmp_path / "report").read_bytes() == b"".join(pieces)


@pytest.mark.parametrize(
    ("variables", "terminal", "wanted"),
    [
        ({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)  # fmt: skip
def test_colour(variables: dict[str, str], terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert colour_wanted(Terminal() if terminal else io.StringIO()) is wanted


def test_progress_is_for_a_person_who_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress(quiet=False) as report:
        report("sites assessed\x07", 1, 2)
        report("sites assessed\x07", 2, 2)
        report("pages written", 0, 0)
    shown = screen.getvalue()
    assert "sites assessed⟨U+0007⟩" in shown
    assert "\x07" not in shown


@pytest.mark.parametrize(("quiet", "stream"), [(True, Terminal), (False, io.StringIO)])
def test_nobody_watches_and_nothing_is_shown(
    quiet: bool, stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = stream()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress(quiet=quiet) as report:
        report("sites assessed", 1, 2)
    assert screen.getvalue() == ""


def test_a_closed_stdout_gets_no_colour_and_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", None)  # what Python makes of `>&-`
    assert not colour_wanted(sys.stdout)
    with pytest.raises(InputError, match="standard output is closed: nothing can be printed"):
        write_bytes(b"x", "-")


def test_a_closed_stderr_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress(quiet=False) as report:
        report("reading", 1, 2)
