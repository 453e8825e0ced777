"""`plantproof approvals`: who must agree to what, by the decision rights of the project, and CODEOWNERS from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.options import content_option, date_option, project_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantproof.cli.assessing import Opened
    from plantproof.model.intent import Intent
    from plantproof.model.programme import Programme, ScopedRight


@click.group("approvals")
def command() -> None:
    """Say who must agree to which change, and write CODEOWNERS from it."""


@command.command("list")
@project_option
@click.option("--at", metavar="REF", help="The decision rights of this commit. Default: the working tree.")
@date_option
@click.option("--site", metavar="SITE", help="Only what is decided at this site.")
@content_option
def list_rights(folder: Path, at: str | None, date: str | None, site: str | None, content: str) -> int:
    """List the decision rights: what must move, how many of whom must agree, and who that is on the day."""
    from plantproof.text import visible

    opened, intent = _read(folder, at, date, content)
    _checked_site(site, intent)
    programme = intent.programme
    if not programme.rights:
        click.echo("No decision rights in controls/programme/: nobody has to agree to anything.")
        return 0
    for scoped in programme.rights:
        if not site or scoped.site in ("", site):
            for line in _right_lines(scoped, intent, [site] if site else sorted(intent.sites), opened.on):
                click.echo(visible(line))
    free = _without_right(programme)
    if free:
        click.echo(f"No decision right speaks of: {', '.join(free)}")
    return 0


@command.command("codeowners")
@project_option
@click.option("--at", metavar="REF", help="The decision rights of this commit. Default: the working tree.")
@date_option
@click.option(
    "--forge", type=click.Choice(["github", "gitlab"]), default="github", show_default=True, help="Whose file it is."
)
@click.option(
    "--output", "-o", metavar="FILE", default="-", show_default=True, help="Where to write it; `-` is stdout."
)
@content_option
def write_codeowners(folder: Path, at: str | None, date: str | None, forge: str, output: str, content: str) -> int:
    """Write CODEOWNERS: the accounts that the forge asks when a file is edited.

    It knows files only. What a change does to zones, paths and safety functions is asked for by `plantproof diff
    --approvals`.
    """
    from plantproof.cli.output import write_bytes
    from plantproof.errors import refuse
    from plantproof.review.codeowners import codeowners

    opened, intent = _read(folder, at, date, content)
    if not intent.programme.rights:
        raise refuse(
            "there are no decision rights: no file would have an owner",
            "write controls/programme/; docs/how-to/approve-a-change.md shows one",
            path="controls/programme",
        )
    prefix = opened.repository.prefix if opened.repository else ""
    text = codeowners(intent, "gitlab" if forge == "gitlab" else "github", on=opened.on, prefix=prefix)
    write_bytes(text.encode(), output)
    lacking = text.count("\n# NOT ASKED")
    if lacking:
        entries = "1 entry" if lacking == 1 else f"{lacking} entries"
        click.echo(f"{entries} without an account on {forge}: see NOT ASKED in the file", err=True)
    return 0


@command.command("record")
@project_option
@date_option
@content_option
def print_record(folder: Path, date: str | None, content: str) -> int:
    """Print the change record that what is not committed yet belongs to: for the trailer `Change:` of the commit.

    It is the one of controls/changes/ whose devices the changed exports are, in its window or shortly after. Nothing is
    printed where none fits, or several.
    """
    from plantproof.cli.revisions import facts_of
    from plantproof.git import Commit
    from plantproof.review.change_record import change_of
    from plantproof.text import visible

    opened, intent = _read(folder, None, date, content)
    if opened.repository is None:
        return 0
    commit = Commit("", "", "", opened.on, "", "", opened.on, (), "", signed=False)
    record = change_of(facts_of(commit, opened.repository.changed_paths()), "", intent.changes)
    if record is not None:
        click.echo(visible(record.id))
    return 0


def _read(folder: Path, at: str | None, date: str | None, content: str) -> tuple[Opened, Intent]:
    from plantproof.cli.assessing import open_at
    from plantproof.controls.intent import load_intent

    opened = open_at(folder, at, date, content)
    return opened, load_intent(opened.project)


def _checked_site(site: str | None, intent: Intent) -> None:
    from plantproof.errors import refuse

    if site is not None and site not in intent.sites:
        raise refuse(f"no such site: {site}", f"there are: {', '.join(sorted(intent.sites))}")


def _right_lines(scoped: ScopedRight, intent: Intent, sites: list[str], on: str) -> Iterator[str]:
    """One decision right: its title, when it speaks, how many must agree, and for a role who holds it on the day."""
    from plantproof.review.approvals import may_approve

    right, by = scoped.right, scoped.right.approved_by
    where = f" at {scoped.site}" if scoped.site else ""
    yield f"{right.id}{where}: {right.title}  ({scoped.path}:{scoped.line})"
    narrowed = [*right.zones, *right.conduits] + ([f"{right.severity} and worse"] if right.severity else [])
    yield f"  when       {', '.join(right.when)}" + (f" ({', '.join(narrowed)})" if narrowed else "")
    whom = by.role or (f"owner of the {by.owner_of}" if by.owner_of else f"accountable for {by.accountable_for}")
    later = f"; in an emergency within {right.afterwards.within_hours} h afterwards" if right.afterwards else ""
    yield f"  approvals  {right.approvals} of: {whom}{later}"
    for site in [scoped.site] if scoped.site else sites if by.role else []:
        names = [
            f"{each.person.name} ({each.standing_in})" if each.standing_in else each.person.name
            for each in may_approve(by.role, site, intent.programme, on)
        ]
        if by.role:
            yield f"  {site:<10} {', '.join(names) or 'nobody holds it'}"


def _without_right(programme: Programme) -> list[str]:
    from plantproof.review.approvals import kinds_without_right

    return [str(kind) for kind in kinds_without_right(programme)]
