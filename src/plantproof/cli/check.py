"""`plantproof check`: assess the plant and say what is not as it must be; the gate of a CI job."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.options import (
    content_option,
    date_option,
    engine_options,
    project_option,
    quiet_option,
    sites_option,
    verbose_option,
)

if TYPE_CHECKING:
    from plantproof.reports.reporters import Reporter, Results


@click.command("check")
@project_option
@click.option("--at", metavar="REF", help="Assess this commit. Default: the files as they are in the working tree.")
@date_option
@sites_option
@content_option
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT",
    help="text (default), json, csv, or one that a plugin adds. Repeatable.",
)
@click.option(
    "--output", "outputs", multiple=True, metavar="PATH", help="Where the format before it goes; - is stdout."
)
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low"]),
    help="Exit 1 from gaps of this severity on. Default: what plantproof.yaml says.",
)
@click.option(
    "--cache",
    is_flag=True,
    help="Remember verdicts between runs, outside the project. The result is the same; not for jobs of strangers.",
)
@click.option(
    "--against",
    metavar="adopted",
    type=click.Choice(["adopted"]),
    help="Exit 1 only for what was not adopted, or is worse than it was. To compare with a commit: `plantproof diff`.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 also where there are findings.")
@engine_options
@quiet_option
@verbose_option
def command(
    folder: Path,
    at: str | None,
    date: str | None,
    sites: tuple[str, ...],
    content: str,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str | None,
    cache: bool,
    against: str | None,
    exit_zero: bool,
    quiet: bool,
    verbose: bool,
    **engine_choice: Any,
) -> int:
    """Assess the plant; exit 1 where a control is not satisfied.

    Without --at the files of the working tree are judged, also those not committed yet, and the result says so.
    Several --format with an --output each come from one evaluation:

        plantproof check --format text --output - --format json --output findings.json
    """
    from plantproof.cli.assessing import EngineChoice, open_at, provenance_of, started_engine, workers_of
    from plantproof.cli.output import progress
    from plantproof.cli.sites import Conclusions
    from plantproof.controls.adopted import FOLDER as ADOPTED
    from plantproof.errors import refuse
    from plantproof.pipeline import assess, load_judge
    from plantproof.reports.gate import stops
    from plantproof.reports.reporters import WITHOUT_VIEW, Results, reporter
    from plantproof.reports.words import counted

    if len(outputs) > max(len(formats), 1):
        raise click.UsageError("more --output than --format")
    wanted = formats or ("text",)
    places = [(name, outputs[index] if index < len(outputs) else "-") for index, name in enumerate(wanted)]
    refuse_places([os.path.normpath(path) for _, path in places])
    # Before anything is judged: a format that is not there must not cost an evaluation.
    reporters = {name: reporter(name) for name in wanted}
    opened = open_at(folder, at, date, content)
    choice = EngineChoice(**engine_choice, cache=cache)
    with started_engine(choice, opened.project.file.limits) as engine, progress(quiet) as report:
        workers = workers_of(engine)
        judge = load_judge(opened.project, workers)
        if against and not judge.intent.adopted:
            raise refuse("nothing is adopted yet", "`plantproof adopt` records what is wrong today", path=ADOPTED)
        if judge.intent.warnings and not quiet:
            told = counted(len(judge.intent.warnings), "warning")
            click.echo(f"{told}; `plantproof validate` shows them", err=True)
        conclusions = Conclusions(opened, judge, choice, sites=sites, apart=WITHOUT_VIEW.issuperset(wanted))
        if conclusions.conclude and workers:
            workers.close()  # the processes of the pool have their own
        assessment = assess(
            opened.project,
            on=opened.on,
            engine=engine,
            provenance=provenance_of(opened, engine),
            sites=sites,
            judge=judge,
            progress=report,
            conclude=conclusions.conclude,
        )
    shown = [(reporters[name], path) for name, path in places if not (quiet and name == "text" and path == "-")]
    write_reports(Results(assessment, conclusions.lists), shown, verbose=verbose)
    level = fail_on or opened.project.file.fail_on
    failing = stops(assessment, level, conclusions.lists.values(), adopted=against == "adopted")
    return 1 if failing and not exit_zero else 0


def refuse_places(paths: Sequence[str]) -> None:
    """Raise a usage error where two reports would go to one place, or one to a folder: before anything is judged."""
    for path in sorted(set(paths)):
        if paths.count(path) > 1:
            place = "standard output" if path == "-" else path
            raise click.UsageError(f"several --format would go to {place}; give each an --output of its own")
        if Path(path).is_dir():
            raise click.UsageError(f"--output {path} is a folder; name a file in it")


def write_reports(results: Results, places: Sequence[tuple[Reporter, str]], *, verbose: bool) -> None:
    """Write each format to its place; only a terminal gets colour."""
    from plantproof.cli.output import colour_wanted, write_pieces
    from plantproof.reports.reporters import Options, pieces

    for report, path in places:
        options = Options(colour=path == "-" and colour_wanted(sys.stdout), verbose=verbose)
        write_pieces(pieces(report, results, options), path)
