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

    All mistakes are shown at once, each with file, line and what to do; what is allowed but deserves a word is a
    warning. Exit 0: no mistakes; 2: some.
    """
    from plantproof.cli.assessing import open_at
    from plantproof.cli.output import print_warnings
    from plantproof.errors import InputError
    from plantproof.validation import validate

    opened = open_at(folder, at, "0001-01-01", content)
    found = validate(opened.project)
    print_warnings(found.warnings)
    if found.problems:
        raise InputError(*found.problems)
    if not quiet:
        click.echo(", ".join(counted(number, what) for what, number in found.counted.items()) + ": no mistakes")
    return 0


def counted(number: int, plural: str) -> str:
    """`1 policy`, `2 policies`."""
    singular = f"{plural[:-3]}y" if plural.endswith("ies") else plural[:-1]
    return f"{number} {singular if number == 1 else plural}"
