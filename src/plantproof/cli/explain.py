"""`plantproof explain`: why a control, policy, asset, zone or gap stands as it does, down to line and commit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.options import content_option, date_option, engine_options, project_option

if TYPE_CHECKING:
    from plantproof.cli.assessing import Opened
    from plantproof.reports.explain import Brought


@click.command("explain")
@project_option
@click.argument("words", nargs=-1, required=True, metavar="WHAT")
@click.option("--at", metavar="REF", help="As of this commit. Default: the working tree.")
@click.option(
    "--impact",
    is_flag=True,
    help="What WHAT reaches: policies, parts, controls, documents. WHAT is then a policy, a control, a kind of record "
    "or a field of it (`account.mfa`), a zone or an asset.",
)
@date_option
@content_option
@engine_options
def command(
    folder: Path,
    words: tuple[str, ...],
    at: str | None,
    impact: bool,
    date: str | None,
    content: str,
    **engine_choice: Any,
) -> int:
    """Explain WHAT: a control (`SR 1.1`, `AC-2(1)`), a policy, an asset, zone, conduit, source, waiver, or a gap's id.

    From the control over part and policy to the record, the line of the raw file, the commit that brought it and who
    collected it.
    """
    from plantproof.cli.assessing import EngineChoice, open_at, started_engine
    from plantproof.cli.output import colour_wanted, progress
    from plantproof.cli.sites import judge_all
    from plantproof.controls.notation import resolve
    from plantproof.errors import refuse
    from plantproof.reports.explain import explain
    from plantproof.reports.view import build_view

    what = " ".join(words)  # as it is read aloud: `plantproof explain SR 1.1` needs no quotes
    opened = open_at(folder, at, date, content)
    if impact:
        from plantproof.cli.impact import impact_of
        from plantproof.reports.impact_text import impact_text

        with started_engine(EngineChoice(**engine_choice), opened.project.file.limits) as engine:
            reached = impact_of(what, opened, engine)
        click.echo(impact_text(what, reached, colour=colour_wanted(sys.stdout)).rstrip("\n"))
        return 0
    choice = EngineChoice(**engine_choice)
    with started_engine(choice, opened.project.file.limits) as engine, progress(False) as report:
        judge, assessment = judge_all(opened, choice, engine, report)
    catalogs = [framework.catalog for framework in judge.intent.frameworks]
    control = resolve(what, catalogs)
    view = build_view(assessment)
    colour = colour_wanted(sys.stdout)
    below = FromProject(opened)
    told = explain(view, what, below, colour=colour)
    if isinstance(told, list) and isinstance(control, str):
        told = explain(view, control, below, colour=colour)
    if isinstance(told, list) and (living := living_asset(opened, what)):
        told = explain(view, living, below, colour=colour)
    if isinstance(told, str):
        click.echo(told.rstrip("\n"))
        return 0
    hint = f"did you mean {' or '.join(f'`{name}`' for name in told)}?" if told else ""
    if isinstance(control, str):
        raise refuse(
            f"`{control}` is a requirement that no profile of this project selects", "`plantproof catalog list`"
        )
    lists = f"`plantproof explain {view.sites[0].id}` lists what a site has, `plantproof catalog list` the requirements"
    raise refuse(f"nothing here is called `{what}`", hint or lists)


def living_asset(opened: Opened, what: str) -> str:
    """The id by which an asset goes now that had the id or the name `what` before it was merged; "" for none. Raises
    InputError for one that has left: who approved it, and why."""
    from plantproof.errors import refuse
    from plantproof.evidence.identities import read_identities
    from plantproof.evidence.identity_keys import normal
    from plantproof.evidence.identity_lines import FILE
    from plantproof.plant.population import retired_on

    for site in sorted(opened.project.file.sites):
        path = f"evidence/{site}/{FILE}"
        if not opened.project.exists(path):
            continue
        known = read_identities(opened.project.read(path), path, keys=False)
        called = (asset for asset, names in known.names.items() if normal("name", what) in names)
        living = known.canonical.get(what) or next(called, "")
        if living and living in retired_on(known, opened.on)[0]:
            day, approver, reason = known.retired[living]
            raise refuse(f"`{what}` left {site} on {day}: {reason}", f"approved by {approver}", path=path)
        if living:
            return living
    return ""


class FromProject:
    """What lies below the view, read from the project's tree and its repository."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._ref = opened.commit.id if opened.commit else "HEAD"

    def text(self, place: str) -> str:
        """The line at `path:line`; for `asset:SITE:ID` every source's claim as `place TAB what it says`."""
        if place.startswith("asset:"):
            return self._claims(*place.split(":", 2)[1:])
        path, line = split_place(place)
        if not line:
            return ""
        lines = self._opened.project.tree.read(path).split(b"\n")
        return lines[line - 1].decode("utf-8", "replace") if line <= len(lines) else ""

    def brought(self, place: str) -> Brought | None:
        """The commit that brought a line; None where the file is not as it was committed."""
        from plantproof.errors import InputError
        from plantproof.git_blame import blame
        from plantproof.reports.explain import Brought

        path, line = split_place(place)
        repository = self._opened.repository
        if repository is None or not line:
            return None
        try:
            committed = repository.tree(self._ref)
        except InputError:
            return None
        if not committed.exists(path) or committed.read(path) != self._opened.project.tree.read(path):
            return None
        blamed = blame(repository, self._ref, path, line)
        return Brought(blamed.commit, blamed.author, blamed.date, blamed.subject, blamed.cut) if blamed else None

    def _claims(self, site: str, asset: str) -> str:
        from plantproof.evidence.ledger import read_claims

        claims = read_claims(self._opened.project.tree, site)
        wanted = {other for other, living in claims.identities.canonical.items() if living == asset} | {asset}
        marks = [f'"id":"{identifier}"'.encode() for identifier in sorted(wanted)]
        found = []
        for source in claims.sources:
            for path, data in source.records.get("asset", []):
                for number, record in enumerate(data.split(b"\n"), 1):
                    if any(mark in record for mark in marks):
                        found.append(f"{path}:{number}\t{source.name} says {record.decode()}")
        return "\n".join(found)


def split_place(place: str) -> tuple[str, int]:
    """`path:line` as its two parts; line 0 where there is none."""
    path, _, line = place.rpartition(":")
    return (path, int(line)) if path and line.isdigit() else (place, 0)
