"""`plantproof report`: one document by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from plantproof.cli.options import (
    cache_option,
    caching,
    engine_options,
    executor_options,
    project_option,
    quiet_option,
    refuse_executor,
    sites_option,
)


@click.group("report")
def command() -> None:
    """Write one document by name."""


@command.command("history")
@project_option
@click.option("--from", "since", metavar="REF", help="Begin after this commit. Default: with the first.")
@click.option("--to", "to", metavar="REF", default="HEAD", show_default=True, help="End with this commit.")
@click.option("--last", "most", type=click.IntRange(min=1), metavar="N", help="Only the last N commits.")
@sites_option
@click.option("--format", "formats", multiple=True, metavar="FORMAT", help="text (default), svg or json. Repeatable.")
@click.option(
    "--output", "outputs", multiple=True, metavar="PATH", help="Where the format before it goes; - is stdout."
)
@cache_option
@engine_options
@executor_options
@quiet_option
def history(
    folder: Path,
    since: str | None,
    to: str,
    most: int | None,
    sites: tuple[str, ...],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    cache: bool | None,
    quiet: bool,
    **engine_choice: Any,
) -> int:
    """Gaps, controls and security levels over the commits that changed the project.

    Follows the first parent. Every commit is judged on its own day, by its own controls, policies and mappings, with
    the content that is installed; a site only where something changed for it. A commit that cannot be judged is shown
    as that.

        plantproof report history --last 200 --format svg --output history.svg --format json --output history.json
    """
    from plantproof.cli.assessing import EngineChoice
    from plantproof.cli.formats import chosen_places
    from plantproof.cli.history import answer_of, ends_of, history_of
    from plantproof.cli.output import progress, write_pieces
    from plantproof.reports.history_report import FORMATS
    from plantproof.spelling import did_you_mean

    places = chosen_places(formats, outputs)
    refuse_executor(**{name: engine_choice[name] for name in ("executor", "scheduler", "engine")}, commit=True)
    for name, _ in places:
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"there are: {', '.join(FORMATS)}"
            raise click.UsageError(f"there is no format {name!r} ({hint})")
    choice = EngineChoice(**engine_choice, cache=caching(cache))
    ends = ends_of(folder, to, since or "")
    with progress(quiet) as report:
        found = history_of(folder, ends, most=most or 0, sites=sites, choice=choice, progress=report)
    answer = answer_of(folder, ends, found, choice)
    for name, path in places:
        write_pieces(answer.noting([FORMATS[name](found)]), path)
    answer.save(0)
    return 0
