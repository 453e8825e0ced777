"""`plantproof verify`: check a pack without its project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof import __version__
from plantproof.cli.options import quiet_option

if TYPE_CHECKING:
    from plantproof.reports.verify import Verified

MOST_NAMED = 5
"""Files that the sentence names."""


@click.command("verify")
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@quiet_option
def command(pack: Path, quiet: bool) -> int:
    """Check PACK, a folder or a zip: every file against the checksums, the manifest and the assessment's own totals.

    The version of Plantproof that made the pack also makes every page again and compares; what was not compared is
    said. Needs neither the project nor the network. Exit 0: whole and unchanged; 2: it is not, and every difference is
    named.
    """
    from plantproof.cli.output import print_differences
    from plantproof.reports.verify import verify
    from plantproof.text import visible

    verified = verify(pack)
    if verified.problems:
        print_differences(verified.problems, str(pack))
        return 2
    if not quiet:
        click.echo(visible(f"{pack}: {sentence_of(verified)}"))
    return 0


def sentence_of(verified: Verified) -> str:
    """What may be said of a pack without differences: never more than was looked at."""
    if verified.version:
        return (
            "whole and unchanged by its checksums; pages were not made again: "
            f"this is Plantproof {__version__}, the pack is of {verified.version}"
        )
    if verified.not_compared:
        more = f" and {len(verified.not_compared) - MOST_NAMED:,} more" * (len(verified.not_compared) > MOST_NAMED)
        named = ", ".join(verified.not_compared[:MOST_NAMED])
        return f"whole and unchanged; only checksums speak for what Plantproof did not make again: {named}{more}"
    return "whole and unchanged"
