"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]

project_option = click.option(
    "--project",
    "-C",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The project, or a folder in it. Default: where you are.",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="No progress, no summary; data and mistakes only.")
verbose_option = click.option("--verbose", "-v", is_flag=True, help="Every gap, with the line of evidence.")
date_option = click.option(
    "--date",
    metavar="YYYY-MM-DD",
    callback=lambda context, parameter, value: checked_date(value),
    help="Assess on this day (UTC). Default: the commit's day; for the working tree, today.",
)
sites_option = click.option("--site", "sites", multiple=True, metavar="SITE", help="Only this site; repeatable.")
cache_option = click.option(
    "--cache/--no-cache",
    default=None,
    help="Use what earlier runs found where nothing changed, from a folder outside the project: same result, sooner. "
    "Default: PLANTPROOF_CACHE=on or off; else on at a terminal, off in a job.",
)
content_option = click.option(
    "--content",
    type=click.Choice(["pinned", "installed"]),
    default="pinned",
    show_default=True,
    help="Judge with the content that plantproof.yaml pins, or with the installed one whatever the pin says.",
)


def caching(typed: bool | None) -> bool:
    """Whether results of earlier runs may be used; a usage error where PLANTPROOF_CACHE says neither on nor off."""
    from plantproof.cli.caching import cache_wanted

    try:
        return cache_wanted(typed)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def checked_date(value: str | None) -> str | None:
    """A date as typed, or a usage error: YYYY-MM-DD only."""
    import datetime

    if value is None:
        return None
    try:
        if datetime.date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise click.BadParameter(f"{value!r} is no date; write it as 2026-11-20")


def checked_moment(value: str | None) -> str | None:
    """A moment as typed, in UTC to the second, or a usage error."""
    import datetime

    if value is None:
        return None
    try:
        datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise click.BadParameter(f"{value!r} is no moment; write it in UTC, as 2026-11-17T05:30:00Z") from None
    return value


def engine_options(command: Command) -> Command:
    """How policies are evaluated: embedded, or by an OPA server."""
    for option in reversed(
        (
            click.option(
                "--engine",
                type=click.Choice(["regorus", "opa"]),
                default="regorus",
                show_default=True,
                help="The embedded engine, or an OPA server.",
            ),
            click.option("--opa-url", metavar="URL", help="Where the OPA server listens, e.g. http://127.0.0.1:8181."),
            click.option(
                "--opa-token-file",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="A file that holds the bearer token of the OPA server.",
            ),
            click.option(
                "--opa-ca-file",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help="The CA certificate that signed the OPA server's.",
            ),
            click.option(
                "--opa-timeout",
                type=click.FloatRange(min=0.1),
                default=30.0,
                show_default=True,
                metavar="SECONDS",
                help="How long one answer of the OPA server may take.",
            ),
            click.option(
                "--jobs",
                type=click.IntRange(min=0),
                default=0,
                metavar="N",
                help="Processes that evaluate. Default: as many as the machine has cores.",
            ),
        )
    ):
        command = option(command)
    return command


def executor_options(command: Command) -> Command:
    """Where sites are judged: on this machine, or by the workers of a Dask cluster."""
    for option in (
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            default="",
            help="Where the scheduler of the Dask cluster listens, e.g. tcp://127.0.0.1:8786.",
        ),
        click.option(
            "--executor",
            type=click.Choice(["local", "dask"]),
            default="local",
            show_default=True,
            help="Judge sites on this machine, or on an existing Dask cluster that can read the repository.",
        ),
    ):
        command = option(command)
    return command


def refuse_executor(executor: str, scheduler: str, engine: str, *, commit: bool) -> None:
    """Raise a usage error where what a cluster needs was not typed, or cannot be done there."""
    if executor == "local":
        if scheduler:
            raise click.UsageError("--scheduler needs --executor dask")
        return
    if not scheduler:
        raise click.UsageError("--executor dask needs --scheduler, for example --scheduler tcp://127.0.0.1:8786")
    if engine != "regorus":
        raise click.UsageError("--executor dask evaluates with the embedded engine: leave --engine away")
    if not commit:
        raise click.UsageError("--executor dask judges commits, which every worker can read: add --at HEAD")
