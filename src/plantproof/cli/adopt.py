"""`plantproof adopt`: take over what is wrong today, by name, so that the gate fails only on what gets worse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.options import (
    checked_date,
    content_option,
    date_option,
    engine_options,
    project_option,
    quiet_option,
    sites_option,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plantproof.cli.assessing import Opened
    from plantproof.mappers.conclusions import SiteConclusions
    from plantproof.model.adopted import Adopted, AdoptedHead
    from plantproof.model.assessment import Assessment
    from plantproof.tree import Tree


@click.command("adopt")
@project_option
@click.option("--at", metavar="REF", help="Adopt the gaps of this commit. Default: of the working tree.")
@date_option
@sites_option
@click.option("--by", metavar="NAME", help="Who takes the debt over.")
@click.option(
    "--review",
    metavar="YYYY-MM-DD",
    callback=lambda context, parameter, value: checked_date(value),
    help="When it is looked at again.",
)
@click.option("--owner", metavar="NAME", help="Who owns the gaps. Default: the owner of the zone each lies in.")
@click.option("--more", is_flag=True, help="Adopt also what came since; what was adopted keeps its day.")
@click.option(
    "--prune",
    is_flag=True,
    help="Take out what is closed since: it must not come back unseen. What is not known any more stays.",
)
@click.option("--status", "only_status", is_flag=True, help="Say how much of what was adopted is left; write nothing.")
@content_option
@engine_options
@quiet_option
def command(
    folder: Path,
    at: str | None,
    date: str | None,
    sites: tuple[str, ...],
    by: str | None,
    review: str | None,
    owner: str | None,
    more: bool,
    prune: bool,
    only_status: bool,
    content: str,
    quiet: bool,
    **engine_choice: Any,
) -> int:
    """Record today's gaps by identity, with an owner and a day of review.

    Adopted gaps stay not satisfied in every report; only the gate of `check --against adopted` lets them pass. What is
    written is controls/adopted/SITE.jsonl: commit it, it needs the same approval as a waiver.

        plantproof adopt --by "Kim Plant" --review 2027-05-31
    """
    from plantproof.cli.assessing import EngineChoice, open_at, started_engine
    from plantproof.cli.output import progress
    from plantproof.cli.sites import judge_all
    from plantproof.controls.adopted import FOLDER, adopted_path, encode_adopted
    from plantproof.mappers.adopted import still_open
    from plantproof.mappers.gaps import parts_of
    from plantproof.project import find_project
    from plantproof.review.adoption import adopt
    from plantproof.text import visible

    if only_status:
        _refuse_to_write(by, review, owner, more, prune)
    elif (more or not prune) and not (by and review):
        raise click.UsageError("say who adopts and when it is looked at again: --by NAME --review YYYY-MM-DD")
    opened = open_at(folder, at, date, content)
    if review and review <= opened.on:
        raise click.UsageError(f"--review {review} is not after {opened.on}, the day of the assessment")
    choice = EngineChoice(**engine_choice)
    silent: dict[str, list[str]] = {}

    def note(found: SiteConclusions) -> None:
        silent[found.site.id] = found.standing.unknown if found.standing else []

    with started_engine(choice, opened.project.file.limits) as engine, progress(quiet) as report:
        judge, assessment = judge_all(opened, choice, engine, report, sites, seen=note)
    if only_status:
        _tell(assessment, quiet)
        return 0
    asked = parts_of(judge.intent, judge.mappings, judge.bundle)
    root = find_project(folder)
    if not (more or prune):
        _refuse_known(judge.intent.adopted, [each.id for each in assessment.sites])
    files: list[tuple[str, bytes, str]] = []
    for each in assessment.sites:
        site = each.id
        gaps = [gap for gap in assessment.gaps if gap.site == site]
        known = judge.intent.adopted.get(site)
        if known is None and prune and not more:
            click.echo(f"{visible(site)}: nothing is adopted")
            continue
        kept, new = adopt(gaps, known, on=opened.on, review=review or "", owner=owner or "", by=by or "")
        if prune and known is not None:
            kept = still_open(known, gaps, living_ids(opened.project.tree, site), asked, silent[site])
            new = new if more else []
        # The first line stays as it was written: debt grows no younger by being looked at again.
        head = known.head if known else _head(opened, site, by or "")
        left = len(known.gaps) - len(kept) if known else 0
        taken = _taken_out(left, len(silent[site])) if prune else ""
        told = f"{adopted_path(site)}: {len(kept) + len(new):,} gaps, {len(new):,} of them new{taken}"
        files.append((adopted_path(site), encode_adopted(head, [*kept, *new]), told))
    _write(root, files, quiet)
    _tell_causes(assessment, quiet)
    if not quiet and (root / FOLDER).is_dir():
        click.echo("Commit it; then `plantproof check --against adopted` fails only on what gets worse.")
    return 0


def _refuse_known(adopted: Mapping[str, Adopted], sites: Sequence[str]) -> None:
    from plantproof.controls.adopted import adopted_path
    from plantproof.errors import InputError, Problem

    hint = "--more adopts what came since, --prune takes out what is closed, --status shows what is left"
    known = [(site, len(adopted[site].gaps)) for site in sites if site in adopted]
    problems = [
        Problem(adopted_path(site), 0, f"{count} gaps of `{site}` are adopted already", hint) for site, count in known
    ]
    if problems:
        raise InputError(*problems)


def _write(root: Path, files: Sequence[tuple[str, bytes, str]], quiet: bool) -> None:
    """Write the files, each (path, data, words), or none of them: half of a fleet that is adopted looks like all."""
    from plantproof.cli.output import write_in_project
    from plantproof.safe_places import refuse_links

    for path, _, _ in files:
        refuse_links(root, root / path)
    for path, data, told in files:
        write_in_project(root, path, data)
        if not quiet:
            click.echo(told)


def _tell(assessment: Assessment, quiet: bool) -> None:
    from plantproof.review.adoption import burn_down_words
    from plantproof.text import visible

    for each in assessment.sites:
        stands = burn_down_words(each.adopted) if each.adopted else "nothing is adopted"
        click.echo(f"{visible(each.id)}: {stands}")
    _tell_causes(assessment, quiet)


def _tell_causes(assessment: Assessment, quiet: bool) -> None:
    from plantproof.review.adoption import causes_words

    if not quiet:
        click.echo(causes_words(assessment.causes))


def _refuse_to_write(*given: object) -> None:
    if any(given):
        raise click.UsageError("--status writes nothing: leave out --by, --review, --owner, --more and --prune")


def _head(opened: Opened, site: str, by: str) -> AdoptedHead:
    from plantproof.model.adopted import AdoptedHead

    commit = opened.commit.id if opened.commit else ""
    return AdoptedHead(schema="plantproof/adopted/1", site=site, by=by, on=opened.on, commit=commit)


def _taken_out(closed: int, silent: int) -> str:
    stay = f"; {silent:,} not known any more, which stay" if silent else ""
    return f", {closed:,} taken out{stay}"


def living_ids(tree: Tree, site: str) -> dict[str, str]:
    """Every id that an asset of the site ever had -> the one it has now: of merged assets one is left."""
    from plantproof.evidence.identities import read_identities
    from plantproof.evidence.identity_lines import FILE
    from plantproof.evidence.layout import site_folder

    path = f"{site_folder(site)}/{FILE}"
    return read_identities(tree.read(path), path).canonical if tree.exists(path) else {}
