"""`plantproof verify`: check a pack without its project."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import quiet_option


@click.command("verify")
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@quiet_option
def command(pack: Path, quiet: bool) -> int:
    """Check PACK, a folder or a zip: every file against the checksums, the manifest and the assessment's own totals.

    Needs neither the project nor the network. Exit 0: whole and unchanged; 2: it is not, and every difference is named.
    """
    from plantproof.cli.output import print_differences
    from plantproof.reports.verify import verify

    problems = verify(pack)
    if problems:
        print_differences(problems, str(pack))
        return 2
    if not quiet:
        click.echo(f"{pack}: whole and unchanged")
    return 0
