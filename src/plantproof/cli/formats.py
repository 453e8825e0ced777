"""What `check` and `diff` share of --format, --output and --blob-url: several formats of one evaluation, each to its
place."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.safe_places import is_plain_file

if TYPE_CHECKING:
    from plantproof.reports.reporters import Options

Command = Callable[..., Any]
Pieces = bytes | Iterable[bytes]

# Compiled when they are needed: 3 ms, which most runs do not need.
_SERVER = r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[\w./~-]*)?"
_REPOSITORY = r"[\w.-]+/[\w.-]+"
_TEMPLATE = r"https?://[^\s<>\"'`\\()\[\]|\x00-\x1f\x7f-\U0010ffff]+"
_PLACEHOLDER = r"\{([^{}]*)\}"


def format_options(known: str) -> Callable[[Command], Command]:
    """--format, --output and --blob-url of a verb; `known` names its formats."""

    def add(command: Command) -> Command:
        for option in reversed(
            (
                click.option("--format", "formats", multiple=True, metavar="FORMAT", help=f"{known} Repeatable."),
                click.option(
                    "--output",
                    "outputs",
                    multiple=True,
                    metavar="PATH",
                    help="Where the format before it goes; - is stdout.",
                ),
                click.option(
                    "--blob-url",
                    metavar="TEMPLATE",
                    callback=lambda context, parameter, value: checked_template(value),
                    help="How the forge shows a line: an address with {commit}, {path} and {line}. Default: what the "
                    "variables of GitHub's or GitLab's CI say.",
                ),
            )
        ):
            command = option(command)
        return command

    return add


def checked_template(value: str | None) -> str | None:
    """A template as typed, or a usage error: an http address with {commit}, {path}, and {line} if anything."""
    if value is None:
        return None
    names = re.findall(_PLACEHOLDER, value)
    if re.fullmatch(_TEMPLATE, value) and {"commit", "path"} <= set(names) <= {"commit", "path", "line"}:
        return value
    raise click.BadParameter(
        f"{value!r} does not show where files are; write it as https://forge.example/group/plant/blob/{{commit}}/"
        "{path}#L{line}"
    )


def blob_template(typed: str | None) -> str:
    """The template as typed, else as the variables of the CI say, else "". Variables that are no address are ignored:
    whoever may name a branch must not be able to name a server."""
    if typed is not None:
        return typed
    server, repository = os.environ.get("GITHUB_SERVER_URL", ""), os.environ.get("GITHUB_REPOSITORY", "")
    if server and re.fullmatch(_SERVER, server) and re.fullmatch(_REPOSITORY, repository):
        return f"{server.rstrip('/')}/{repository}/blob/{{commit}}/{{path}}#L{{line}}"
    project = os.environ.get("CI_PROJECT_URL", "")
    if project and re.fullmatch(_SERVER, project):
        return f"{project.rstrip('/')}/-/blob/{{commit}}/{{path}}#L{{line}}"
    return ""


def chosen_places(formats: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Each format with its place. Raises a usage error where there are more places than formats, two reports would go
    to one place, or one to a folder: before anything is judged."""
    if len(outputs) > max(len(formats), 1):
        raise click.UsageError("more --output than --format")
    wanted = formats or ("text",)
    places = [(name, outputs[index] if index < len(outputs) else "-") for index, name in enumerate(wanted)]
    refuse_places([os.path.normpath(path) for _, path in places])
    return places


def refuse_places(paths: Sequence[str]) -> None:
    """Raise a usage error where two reports would go to one place, or one to a folder."""
    for path in sorted(set(paths)):
        if paths.count(path) > 1:
            place = "standard output" if path == "-" else path
            raise click.UsageError(f"several --format would go to {place}; give each an --output of its own")
        if Path(path).is_dir():
            raise click.UsageError(f"--output {path} is a folder; name a file in it")
        if not (path == "-" or is_plain_file(path)):
            hint = "write - for standard output, or name a file"
            raise click.UsageError(f"--output {path} is a link, a pipe or a device; {hint}")


def write_formats(
    reports: Iterable[tuple[str, Callable[[Options], Pieces]]],
    *,
    verbose: bool,
    prefix: str,
    blob_url: str,
    adopted: bool = False,
    stale: bool = False,
    noting: Callable[[Iterable[bytes]], Iterable[bytes]] = iter,
) -> None:
    """Write each report, a place with what makes it, to its place; only a terminal gets colour. `noting` sees the
    pieces of each pass."""
    from plantproof.cli.output import colour_wanted, write_pieces
    from plantproof.reports.reporters import Options

    for path, make in reports:
        colour = path == "-" and colour_wanted(sys.stdout)
        data = make(
            Options(colour=colour, verbose=verbose, prefix=prefix, blob_url=blob_url, adopted=adopted, stale=stale)
        )
        write_pieces(noting([data] if isinstance(data, bytes) else data), path)
