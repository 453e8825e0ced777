"""What the command line prints: data on stdout, everything for people on stderr, never colour alone."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

import click

from plantproof.cli.placing import WORTHWHILE, reserve
from plantproof.errors import Problem, refuse
from plantproof.safe_places import refuse_links, unguessed
from plantproof.text import visible

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


def print_problems(problems: Iterable[Problem]) -> None:
    """Every mistake on a line of its own, then how many there are."""
    lines = [visible(str(problem)) for problem in problems]
    for line in lines:
        click.echo(line, err=True)
    if len(lines) > 1:
        click.echo(f"{len(lines)} mistakes; nothing was written.", err=True)


def print_differences(problems: Iterable[Problem], pack: str) -> None:
    """What is wrong with a pack, one a line, then what that means for whoever holds it."""
    lines = [visible(str(problem)) for problem in problems]
    for line in lines:
        click.echo(line, err=True)
    count = f"{len(lines)} differences" if len(lines) > 1 else "1 difference"
    click.echo(f"{visible(pack)}: not shown to be whole and unchanged ({count}): do not rely on it", err=True)


def print_warnings(warnings: Iterable[Problem]) -> None:
    """What is allowed but deserves a word, on stderr: it changes no exit code."""
    for warning in warnings:
        click.echo(f"warning: {visible(str(warning))}", err=True)


def print_bug(arguments: list[str]) -> None:
    """Keep the trace of a bug of ours in a log of its own and say where it is."""
    import tempfile

    with tempfile.NamedTemporaryFile("w", prefix="plantproof-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"arguments: {arguments!r}\npython: {sys.version}\n\n{traceback.format_exc()}")
    last = traceback.format_exc().strip().splitlines()[-1]
    click.echo(f"plantproof: a bug of ours: {visible(last)}\nThe log is {log.name}; please report it.", err=True)


def colour_wanted(stream: TextIO | None) -> bool:
    """NO_COLOR and FORCE_COLOR decide; else a terminal gets colour. A stream that was closed (`>&-`) is None."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty()


def write_bytes(data: bytes, path: str) -> None:
    """Write data where the user wants it: `-` is stdout. A file is written whole or not at all."""
    write_pieces([data], path)


def write_in_project(root: Path, path: str, data: bytes) -> None:
    """Write a file of the project at `root`, by its path in it, whole or not at all. Raises InputError where a link
    would lead elsewhere."""
    target = root / path
    refuse_links(root, target)
    write_bytes(data, str(target))


def write_pieces(pieces: Iterable[bytes], path: str) -> None:
    """The same for data that is made piece by piece. Raises InputError for `-` where stdout is closed (`>&-`)."""
    if path == "-":
        if sys.stdout is None:
            raise refuse("standard output is closed: nothing can be printed", "name a file with --output")
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = unguessed(target, ".part")
    try:
        with temporary.open("xb") as file:
            written = taken = 0
            for piece in pieces:
                written += len(piece)
                if written > max(taken, WORTHWHILE):
                    taken = 2 * written  # its size is not known yet
                    reserve(file.fileno(), taken)
                file.write(piece)
            if taken:
                file.truncate(written)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


class Progress(Protocol):
    """Called with what is being done, how much is done and how much there is (0 where unknown)."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def watched() -> bool:
    """Whether a person may be watching what is told meanwhile."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A progress bar on stderr where a person watches, silence where none does."""
    if quiet or not watched():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars: RichProgress = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, object] = {}
    with bars:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(visible(what), total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)  # type: ignore[arg-type]  # rich's TaskID is an int

        yield report
