"""`plantproof check`: assess the plant and say what is not as it must be; the gate of a CI job."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.formats import blob_template, chosen_places, format_options, write_formats
from plantproof.cli.options import (
    cache_option,
    caching,
    content_option,
    date_option,
    engine_options,
    executor_options,
    project_option,
    quiet_option,
    refuse_executor,
    sites_option,
    verbose_option,
)

if TYPE_CHECKING:
    from plantproof.cli.answered import Answer
    from plantproof.model.assessment import Assessment


@click.command("check")
@project_option
@click.option("--at", metavar="REF", help="Assess this commit. Default: the files as they are in the working tree.")
@date_option
@sites_option
@click.option(
    "--changed",
    metavar="REF",
    help="Only sites of which evidence, intent or what judges them differs from this commit; exit 0 where none does.",
)
@content_option
@format_options(
    "text (default), json, csv, sarif, junit, code-quality (GitLab), annotations or job-summary (GitHub), or one that "
    "a plugin adds."
)
@click.option(
    "--fail-on",
    metavar="WORDS",
    help="Exit 1 from gaps of this severity on: critical, high, medium or low (default: what plantproof.yaml says); "
    "with `stale`, alone or after a comma, also where evidence is too old.",
)
@cache_option
@click.option(
    "--against",
    metavar="adopted|REF",
    help="Exit 1 only for what was not adopted or is worse than it was; or only for what got worse since a commit.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 also where there are findings.")
@engine_options
@executor_options
@quiet_option
@verbose_option
def command(
    folder: Path,
    at: str | None,
    date: str | None,
    sites: tuple[str, ...],
    changed: str | None,
    content: str,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    blob_url: str | None,
    fail_on: str | None,
    cache: bool | None,
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
    from plantproof.cli.against import ADOPTED, compared_with
    from plantproof.cli.assessing import (
        EngineChoice,
        answer_of,
        assessed,
        judge_of,
        kept_sites,
        open_at,
        started_engine,
    )
    from plantproof.cli.output import progress
    from plantproof.cli.sites import Conclusions, get_ready
    from plantproof.controls.adopted import FOLDER
    from plantproof.errors import refuse
    from plantproof.reports.gate import limits_of, refuse_nothing_judged, severities_in, stops
    from plantproof.reports.reporters import WITHOUT_LISTS, Results, reporter
    from plantproof.reports.words import counted
    from plantproof.text import visible

    places = chosen_places(formats, outputs)
    refuse_executor(
        **{name: engine_choice[name] for name in ("executor", "scheduler", "engine")}, commit=at is not None
    )
    wanted = [name for name, _ in places]
    shown = [(name, path) for name, path in places if not (quiet and (name, path) == ("text", "-"))]
    written = {name for name, _ in shown}
    # Before anything is judged: a format that is not there must not cost an evaluation.
    reporters = {name: reporter(name) for name in wanted}
    severities = severities_in(fail_on)
    opened = open_at(folder, at, date, content)
    if changed is not None:
        from plantproof.cli.changed_sites import changed_sites

        sites = tuple(changed_sites(opened, changed, sites))
        if not sites:
            if not quiet:
                told = f"No site differs from {visible(changed)}: nothing was judged, and nothing is written."
                click.echo(told, err=True)
            return 0
    choice = EngineChoice(**engine_choice, cache=caching(cache))
    since = None
    if against and against != ADOPTED:
        # First: what is wrong with the other side is told before a report is written.
        since = compared_with(against, folder, at, date, content, choice, severities, sites)
    with started_engine(choice, opened.project.file.limits) as engine, progress(quiet) as report:
        kept = kept_sites(choice, opened, engine)
        get_ready(opened, sites, choice, kept)
        answer = answer_of(opened, choice)
        judge = judge_of(opened, engine, kept)
        if against == ADOPTED and not judge.intent.adopted:
            raise refuse("nothing is adopted yet", "`plantproof adopt` records what is wrong today", path=FOLDER)
        if judge.intent.warnings:
            told = counted(len(judge.intent.warnings), "warning")
            answer.notice = f"{told}; `plantproof validate` shows them\n"
            if not quiet:
                click.echo(answer.notice, err=True, nl=False)
        conclusions = Conclusions(
            opened,
            judge,
            choice,
            engine,
            kept=kept,
            apart=WITHOUT_LISTS.issuperset(written) and not (verbose and "text" in written),
            gate=written <= {"text"} and not verbose,
        )
        assessment = assessed(opened, engine, report, sites, judge=judge, conclude=conclusions.conclude)
    refuse_nothing_judged(assessment)
    results = Results(assessment, conclusions.lists)
    limits = limits_of(fail_on, opened.project.file.fail_on)
    write_formats(
        [(path, partial(reporters[name], results)) for name, path in shown],
        verbose=verbose,
        prefix=opened.repository.prefix if opened.repository else "",
        blob_url=blob_template(blob_url),
        adopted=against == ADOPTED,
        stale=limits.stale,
        noting=answer.noting,
    )
    old = _too_old(assessment, answer, quiet) if limits.stale else False
    if since:
        # A branch moves: what was so against it yesterday is no answer today, and is not kept.
        click.echo(since.words, err=True)
        return 1 if (since.worse or old) and not exit_zero else 0
    failing = old or stops(assessment, limits.severity, conclusions.lists.values(), adopted=against == ADOPTED)
    code = 1 if failing and not exit_zero else 0
    if not any(policy.totals.error for policy in assessment.policies):
        answer.save(code)  # a limit that was exceeded once says nothing of the next run
    return code


def _too_old(assessment: Assessment, answer: Answer, quiet: bool) -> bool:
    """Whether evidence is too old; says which."""
    from plantproof.reports.gate import too_old
    from plantproof.text import visible

    told = too_old(assessment)
    if told:
        line = f"stale: {visible(told)}\n"
        answer.notice += line
        if not quiet:
            click.echo(line, err=True, nl=False)
    return bool(told)
