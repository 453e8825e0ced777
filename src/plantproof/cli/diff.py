"""`plantproof diff`: what a change does to compliance, before it happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from plantproof.cli.options import (
    content_option,
    date_option,
    engine_options,
    project_option,
    quiet_option,
    sites_option,
    verbose_option,
)


@click.command("diff")
@project_option
@click.argument("base")
@click.argument("head", default="HEAD")
@click.option("--working-tree", is_flag=True, help="Review the files as they are, instead of the commit HEAD.")
@click.option("--exact", is_flag=True, help="Compare with BASE itself, not with the commit where HEAD left it.")
@date_option
@sites_option
@content_option
@engine_options
@quiet_option
@verbose_option
def command(
    folder: Path,
    base: str,
    head: str,
    working_tree: bool,
    exact: bool,
    date: str | None,
    sites: tuple[str, ...],
    content: str,
    quiet: bool,
    verbose: bool,
    **engine_choice: Any,
) -> int:
    """Judge BASE and HEAD on one date, by the judge of the base, and say what moved.

    The base is the commit at which HEAD left BASE. Sites that the change does not touch are not read.
    """
    from plantproof.cli.assessing import EngineChoice, provenance_of, started_engine, workers_of
    from plantproof.cli.output import progress
    from plantproof.cli.revisions import opened_sides
    from plantproof.change_review import review_change

    sides = opened_sides(folder, base, None if working_tree else head, date, content, exact=exact)
    choice = EngineChoice(**engine_choice)
    with started_engine(choice, sides.base.project.file.limits) as engine, progress(quiet) as report:
        review = review_change(
            sides.base,
            sides.head,
            on=sides.on,
            engine=engine,
            provenance=provenance_of(sides.opened, engine),
            workers=workers_of(engine),
            sites=sites,
            progress=report,
        )
    from plantproof.files import encode_json
    import sys

    sys.stdout.buffer.write(encode_json(review.delta, indent=1))
    return 0
