"""`plantproof diff`: what a change does to compliance, before it happens."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from plantproof.cli.formats import blob_template, chosen_places, format_options, write_formats
from plantproof.cli.options import (
    cache_option,
    caching,
    content_option,
    date_option,
    engine_options,
    project_option,
    quiet_option,
    sites_option,
    verbose_option,
)

if TYPE_CHECKING:
    from plantproof.model.approvals import ForgeApprovals


@click.command("diff")
@project_option
@click.argument("base")
@click.argument("head", default="HEAD")
@click.option("--working-tree", is_flag=True, help="Review the files as they are, instead of the commit HEAD.")
@click.option("--exact", is_flag=True, help="Compare with BASE itself, not with the commit where HEAD left it.")
@click.option(
    "--propose",
    "proposals",
    multiple=True,
    metavar="DEVICE=FILE",
    help="Judge HEAD with this configuration on the device, which is not on it yet. Repeatable.",
)
@click.option(
    "--record",
    metavar="CHANGE",
    help="Record what is proposed as the configuration that the change record CHANGE was approved for, once it is in.",
)
@click.option(
    "--approvals",
    "approvals_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the forge says was approved (JSON of GitHub, GitLab or plantproof/approvals/1).",
)
@date_option
@sites_option
@content_option
@format_options(
    "text (default), markdown (the comment), json, sarif, junit, code-quality (GitLab), annotations or job-summary "
    "(GitHub)."
)
@click.option(
    "--previous-comment",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What the comment on the merge request says now; no such file: there is none. Then the format markdown is "
    "what to post in its place, and empty where there is nothing to post.",
)
@click.option(
    "--fail-on",
    multiple=True,
    metavar="WORDS",
    help="Exit 1 for: opened, worse, unknown (the default), level-lost, approval-missing, judge, stale; and from which "
    "severity on: critical, high, medium, low (default: what the base's plantproof.yaml says). Repeatable, or with "
    "commas.",
)
@cache_option
@click.option("--exit-zero", is_flag=True, help="Exit 0 also where the change makes something worse.")
@engine_options
@quiet_option
@verbose_option
def command(
    folder: Path,
    base: str,
    head: str,
    working_tree: bool,
    exact: bool,
    proposals: tuple[str, ...],
    record: str | None,
    approvals_file: Path | None,
    date: str | None,
    sites: tuple[str, ...],
    content: str,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    blob_url: str | None,
    previous_comment: Path | None,
    fail_on: tuple[str, ...],
    cache: bool | None,
    exit_zero: bool,
    quiet: bool,
    verbose: bool,
    **engine_choice: Any,
) -> int:
    """Judge BASE and HEAD on one date, by the judge of the base, and say what moved; exit 1 where it got worse.

    The base is the commit at which HEAD left BASE. Sites that the change does not touch are not read. Several --format
    with an --output each come from one evaluation:

        plantproof diff origin/main --format text --output - --format markdown --output comment.md
    """
    from plantproof.cli.assessing import EngineChoice
    from plantproof.cli.reviewing import reviewed
    from plantproof.cli.revisions import opened_sides
    from plantproof.reports.delta_gate import gate, limits_of
    from plantproof.reports.delta_reporters import DeltaResults, delta_reporter
    from plantproof.reports.marks import rules_of_policies

    places = chosen_places(formats, outputs)
    # Before anything is judged: a word that nobody knows must not cost an evaluation.
    reporters = {name: delta_reporter(name) for name, _ in places}
    limits_of(fail_on, "low")
    if previous_comment is not None:
        from plantproof.cli.comment import instead_of

        if "markdown" not in reporters:
            raise click.UsageError("--previous-comment goes with --format markdown")
        reporters["markdown"] = instead_of(previous_comment, reporters["markdown"])
    if working_tree and click.get_current_context().get_parameter_source("head") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--working-tree reviews the files as they are: leave HEAD out")
    if approvals_file is not None and (working_tree or proposals):
        # An approval names a commit; counted for these, it would be of what its giver has not seen.
        what = "--propose: a proposal" if proposals else "--working-tree: what is not committed"
        raise click.UsageError(f"--approvals does not go with {what} is in no commit that anybody could have approved")
    sides = opened_sides(folder, base, None if working_tree else head, date, content, exact=exact)
    if proposals:
        from plantproof.cli.proposals import with_proposals

        sides = with_proposals(sides, proposals, sites)
    change = None
    if record is not None:
        from plantproof.cli.recording import change_to_record, record_proposals

        if not proposals:
            raise click.UsageError("--record goes with --propose; `plantproof baseline` records what was collected")
        change = change_to_record(sides, record)
    given = approvals_of(approvals_file, sides.head.side.commit)
    choice = EngineChoice(**engine_choice, cache=caching(cache))
    review = reviewed(sides, choice, sites=sites, given=given, quiet=quiet)
    stops = gate(review.delta, limits_of(fail_on, sides.base.project.file.fail_on))
    results = DeltaResults(review.delta, rules_of_policies(review.judge.bundle.policies), stops)
    write_formats(
        [
            (path, partial(reporters[name], results))
            for name, path in places
            if not (quiet and name == "text" and path == "-")
        ],
        verbose=verbose,
        prefix=sides.repository.prefix,
        blob_url=blob_template(blob_url),
    )
    if change is not None:
        record_proposals(folder, sides, review, change, quiet=quiet)
    return 1 if stops and not exit_zero else 0


def approvals_of(file: Path | None, head: str) -> ForgeApprovals | None:
    """What the forge says was approved. Raises `InputError` for a file that says nothing of the commit `head`."""
    if file is None:
        return None
    from plantproof.review.forge_approvals import read_approvals

    return read_approvals(file.read_bytes(), str(file), head)
