"""`plantproof site`: the design intent of a plant. `draft` proposes one from evidence, for people to confirm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.options import project_option, quiet_option

if TYPE_CHECKING:
    from plantproof.model.project_file import ProjectFile

SHOWN = 12
"""Questions that a terminal shows; the file has all."""


@click.group("site")
def command() -> None:
    """The design intent of a site: zones, conduits, targets."""


@command.command("draft")
@project_option
@click.argument("site", required=False)
@click.option(
    "--output", "-o", metavar="PATH", help="Where the draft goes; - is stdout. Default: controls/sites/SITE.yaml."
)
@click.option("--questions", metavar="PATH", help="Write the questions as Markdown, to take along into the plant.")
@quiet_option
def draft(folder: Path, site: str | None, output: str | None, questions: str | None, quiet: bool) -> int:
    """Propose zones, subnets and conduits of SITE from its evidence, with the questions that only people can answer.

    Everything in the draft is unconfirmed: it permits nothing, and nothing that rests on it is satisfied. Confirm zone
    by zone by taking `unconfirmed: true` away. A file that is there is never changed, unless it is still as `init`
    wrote it.
    """
    from plantproof.cli.output import write_bytes, write_in_project
    from plantproof.controls.sites import load_site, site_path
    from plantproof.git_opening import open_repository
    from plantproof.pipeline import draft_site
    from plantproof.project import find_project, read_project_file
    from plantproof.reports.draft_intent import questions_markdown, questions_text, site_file
    from plantproof.reports.words import counted

    root = find_project(folder)
    settings = read_project_file(root)
    site = wanted_site(settings, site)
    target = output or str(root / site_path(site))
    refuse_existing([target, *([questions] if questions else [])], as_init_wrote_it(site))
    drafted = draft_site(open_repository(root).working_tree(), settings, site)
    data = site_file(drafted)
    load_site(data, site_path(site))  # what `validate` would refuse is a bug of ours, and is not written
    if output:
        write_bytes(data, output)
    else:
        write_in_project(root, site_path(site), data)
    if questions:
        write_bytes(questions_markdown(drafted), questions)
    if not quiet:
        zones, conduits = (counted(len(units), word) for units, word in (
            (drafted.site.zones, "zone"), (drafted.site.conduits, "conduit")))  # fmt: skip
        placed = f"{drafted.placed} of {counted(drafted.assets, 'asset')} placed"
        click.echo(f"Draft intent of {site}: {zones}, {conduits}; {placed}. Confirmed: nothing yet.", err=True)
        if drafted.questions:
            click.echo(f"\nOnly people can say, the most deciding first:\n{questions_text(drafted, SHOWN)}", err=True)
        if output is None:
            click.echo(f"\nNext: `plantproof check`, and go through {site_path(site)} with the owners.", err=True)
    return 0


def wanted_site(settings: ProjectFile, site: str | None) -> str:
    """The named site, or the only one of plantproof.yaml. Raises `InputError` with what to do."""
    from plantproof.errors import refuse
    from plantproof.spelling import did_you_mean
    from plantproof.text import visible

    known = sorted(settings.sites)
    if site is None and len(known) == 1:
        return known[0]
    if site is None or site not in known:
        listed = f"plantproof.yaml names: {', '.join(known) or 'none'}"
        if site is None and known:
            raise refuse("which site?", f"{listed}; e.g. `plantproof site draft {known[0]}`", path="plantproof.yaml")
        hint = (did_you_mean(site, known) if site else "") or f"{listed}; add the site under `sites` there"
        raise refuse(f"no such site: {visible(site)}" if site else "which site?", hint, path="plantproof.yaml")
    return site


def as_init_wrote_it(site: str) -> bytes:
    """The example that `init` puts where a site file belongs: nobody's work is lost with it."""
    from plantproof.cli.init import SITE

    return SITE.format(site=site).encode()


def refuse_existing(paths: list[str], example: bytes) -> None:
    """Raise `InputError` for every file that is there already: a draft never replaces what somebody wrote."""
    from plantproof.errors import InputError, Problem

    problems = []
    for path in paths:
        there = Path(path)
        if path == "-" or not (there.exists() or there.is_symlink()):
            continue
        if there.is_file() and there.read_bytes() == example:
            continue
        hint = "name another place with -o, compare, and take over what is right"
        problems.append(Problem(path, 0, "is there already, and a draft replaces nothing", hint))
    if len(set(paths)) < len(paths):
        problems.append(Problem(paths[0], 0, "the draft and its questions cannot go to one place"))
    if problems:
        raise InputError(*problems)
