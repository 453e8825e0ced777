"""`plantproof validate`: read every file of the project as strictly as an assessment would, and stricter."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import content_option, project_option, quiet_option


@click.command("validate")
@project_option
@click.option("--at", metavar="REF", help="Validate this commit. Default: the working tree.")
@content_option
@quiet_option
def command(folder: Path, at: str | None, content: str, quiet: bool) -> int:
    """Check every file: controls, mappers, policies, evidence line by line, custody, identities. Nothing is written.

    All mistakes are shown at once, each with file, line and what to do. Exit 0: none; 2: some.
    """
    from plantproof.cli.assessing import open_at
    from plantproof.errors import InputError
    from plantproof.validation import validate

    opened = open_at(folder, at, "0001-01-01", content)
    problems, counted = validate(opened.project)
    if problems:
        raise InputError(*problems)
    if not quiet:
        click.echo("; ".join(f"{number} {what}" for what, number in counted.items()) + ": no mistakes")
    return 0
