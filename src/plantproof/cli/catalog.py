"""`plantproof catalog`: the published requirements that are shipped or that the project has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.options import project_option

if TYPE_CHECKING:
    from plantproof.project import Content, Project


@click.group("catalog")
def command() -> None:
    """Published requirements: ids, short titles, levels and baselines, never the standards' prose."""


@command.command("list")
@project_option
@click.argument("framework", required=False)
@click.option("--level", type=click.IntRange(1, 4), help="IEC 62443: only requirements up to this security level.")
@click.option("--baseline", metavar="NAME", help="NIST: only controls of this baseline, e.g. OT-MODERATE.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def list_command(folder: Path, framework: str | None, level: int | None, baseline: str | None, as_json: bool) -> int:
    """List the catalogs, or the controls of FRAMEWORK with level, confidence and title."""
    from plantproof.cli.output import write_bytes
    from plantproof.controls.listing import catalogs, controls
    from plantproof.files import encode_json

    content = content_of(folder)
    rows = catalogs(content) if framework is None else controls(content, framework, level=level, baseline=baseline)
    if as_json:
        write_bytes(encode_json(rows, indent=2), "-")
        return 0
    for row in rows:
        click.echo(row.line())
    return 0


def content_of(folder: Path) -> Content | Project:
    """The project's files over the installed content; outside of a project the installed content alone."""
    from plantproof.errors import InputError
    from plantproof.git_opening import open_repository
    from plantproof.project import bundled_content, find_project, open_project

    try:
        root = find_project(folder)
    except InputError:
        return bundled_content()
    return open_project(open_repository(root).working_tree(), accept_content=True)
