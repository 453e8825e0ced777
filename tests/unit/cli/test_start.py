"""The entry point: exit codes, verbs, and what becomes of exceptions."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from plantproof import __version__
from plantproof.cli import application
from plantproof.cli.application import VERBS
from plantproof.cli.start import main, run


def test_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"plantproof {__version__}\n"


def test_the_quick_version_says_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["plantproof", "--version"])
    main()
    assert capsys.readouterr().out == f"plantproof {__version__}\n"


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert [verb for verb in VERBS if f"  {verb} " not in text] == []
    assert "130 interrupted" in text


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([verb, "-h"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: plantproof {verb}")


def test_a_misspelt_verb_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chek"]) == 2
    told = capsys.readouterr()
    assert "no such command: 'chek' (did you mean `check`?)" in told.err
    assert told.out == ""


def test_a_strange_verb_gets_the_way_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["frobnicate"]) == 2
    assert "`plantproof --help` lists them" in capsys.readouterr().err


def test_an_unknown_option_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--fail-onn", "high"]) == 2
    assert "--fail-on" in capsys.readouterr().err


def raising(error: BaseException) -> type[click.Command]:
    """A command that ends with this exception."""

    class Raising(click.Command):
        def main(self, *arguments: object, **more: object) -> int:
            raise error

    return Raising


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
        (click.exceptions.Exit(7), 7, ""),
    ],
)
def test_an_end_from_outside_has_its_code(
    error: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(application, "application", raising(error)("plantproof"))
    assert run([]) == code
    assert capsys.readouterr().err.endswith(told)


def test_a_bug_of_ours_is_three_with_a_log_and_no_trace_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(application, "application", raising(ZeroDivisionError("\x1b[31mred"))("plantproof"))
    assert run(["check"]) == 3
    told = capsys.readouterr().err
    assert "a bug of ours: ZeroDivisionError: ⟨U+001B⟩[31mred" in told
    assert "Traceback" not in told
    (log,) = tmp_path.glob("plantproof-*.log")
    assert str(log) in told
    assert "arguments: ['check']" in log.read_text()
    assert "Traceback" in log.read_text()


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (PermissionError(13, "Permission denied", "out/findings.json"), 2, "out/findings.json: Permission denied"),
        (OSError(28, "No space left on device"), 2, "No space left on device"),
        (OSError(errno.EFBIG, "File too large"), 2, "File too large (see to it, then try again)"),
        (OSError("something else"), 3, "a bug of ours: OSError: something else"),
    ],
)
def test_a_disk_that_refuses_is_no_bug_of_ours(
    error: OSError,
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(application, "application", raising(error)("plantproof"))
    assert run(["check"]) == code
    assert told in capsys.readouterr().err


def test_a_console_of_few_letters_ends_no_command(project: Path, root: Path) -> None:
    file = project / "plantproof.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title: Works", "title: Завод"), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(root / "src")}
    command = [sys.executable, "-m", "plantproof.cli.start", "config", "show"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"title = \u0417\u0430\u0432\u043e\u0434 (fictional)" in done.stdout


def test_a_reader_who_has_gone_is_no_finding_and_no_bug(root: Path) -> None:
    """`plantproof catalog list sp800-53r5 --json | head -1`: the pipe breaks while we write; it holds less."""
    command = [sys.executable, "-m", "plantproof.cli.start", "catalog", "list", "sp800-53r5", "--json"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 141
    assert told == ""


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--version"], 0, b""),
        (["check", "--content", "installed"], 2, b"standard output is closed: nothing can be printed"),
    ],
)
def test_a_closed_stdout_is_no_bug(arguments: list[str], code: int, told: bytes, project: Path, root: Path) -> None:
    """`plantproof check >&-`: Python has no stdout then."""
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "plantproof.cli.start", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(command, cwd=project, env=environment, stderr=subprocess.PIPE, check=False)
    assert done.returncode == code
    assert told in done.stderr


@pytest.mark.parametrize("arguments", [["report", "history", "--last", "0"], ["verify", "plantproof.yaml"]])
def test_a_mistake_that_nobody_can_be_told_is_no_finding(arguments: list[str], root: Path) -> None:
    """`plantproof report history --last 0 2>&1 | true`: exit 1 would say that there are findings."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "plantproof.cli.start", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(command, cwd=root, env=environment, stderr=writing, check=False)
    os.close(writing)
    assert done.returncode in (2, 141)
