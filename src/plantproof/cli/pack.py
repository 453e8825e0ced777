"""`plantproof pack`: the audit pack of one commit, as a folder and a zip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from plantproof.cli.options import (
    content_option,
    date_option,
    engine_options,
    project_option,
    quiet_option,
    sites_option,
)

if TYPE_CHECKING:
    from plantproof.project import Project


@click.command("pack")
@project_option
@click.option("--at", default="HEAD", show_default=True, metavar="REF", help="The commit to pack.")
@date_option
@sites_option
@content_option
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("build/pack"),
    show_default=True,
    metavar="PATH",
    help="The folder of the pack; the zip lies beside it as PATH.zip.",
)
@click.option(
    "--for",
    "audience",
    default="audit",
    show_default=True,
    metavar="NAME",
    help="Whom the pack is for: a file of reports/packs/ that says which documents it holds.",
)
@click.option("--summary", type=click.Choice(["full", "demo"]), default="full", hidden=True)
@engine_options
@quiet_option
def command(
    folder: Path,
    at: str,
    date: str | None,
    sites: tuple[str, ...],
    content: str,
    output: Path,
    audience: str,
    summary: str,
    quiet: bool,
    **engine_choice: Any,
) -> int:
    """Write the audit pack of one commit: HTML, gap register, assessment, manifest, checksums.

    The same commit, date, content and engine give the same bytes on any machine. A commit never changes, so a pack can
    be made again; the working tree can, so it is refused while it differs from HEAD. `plantproof check` judges it.
    """
    from plantproof.cli.assessing import EngineChoice, assessed, open_at, started_engine, with_commits
    from plantproof.cli.output import progress
    from plantproof.errors import refuse
    from plantproof.git_opening import open_repository
    from plantproof.project import find_project
    from plantproof.reports.pack import archive_of, build_pack, refuse_foreign, write_pack
    from plantproof.reports.summary import build_summary
    from plantproof.reports.text import render, render_demo
    from plantproof.reports.view import build_view
    from plantproof.safe_places import refuse_links

    # Before anything is judged: a mistyped place must not cost an evaluation.
    if click.get_current_context().get_parameter_source("output") is ParameterSource.DEFAULT:
        refuse_links(Path(), output)  # nobody named it: a project must not say where it leads
    refuse_foreign(output, archive_of(output))
    repository = open_repository(find_project(folder))
    if at == "HEAD":
        changed = repository.changed_paths()
        if changed:
            raise refuse(
                f"the working tree differs from HEAD ({', '.join(changed[:3])}{', ...' if len(changed) > 3 else ''}): "
                "a pack of it could never be made again",
                "commit first, or name the commit to pack: `plantproof pack --at COMMIT`; "
                "`plantproof check` judges the working tree",
            )
    opened = open_at(folder, at, date, content)
    documents, narrative = documents_of(opened.project, audience)
    with started_engine(EngineChoice(**engine_choice), opened.project.file.limits) as engine, progress(quiet) as report:
        assessment = with_commits(assessed(opened, engine, report, sites), opened)
        report("pages written", 0, 0)
        view = build_view(assessment)
        archive = write_pack(output, build_pack(assessment, view, narrative=narrative, documents=documents))
    if not quiet:
        short = build_summary(assessment)
        text = render_demo(short, output, archive) if summary == "demo" else render(short)
        click.echo(text.rstrip("\n"))
        if summary != "demo":
            first = output / ("html/index.html" if "html" in documents else "summary.txt")
            click.echo(f"Pack: {first} and {archive}; check it with `plantproof verify {archive}`.")
    return 0


def documents_of(project: Project, audience: str) -> tuple[list[str], dict[str, str]]:
    """The documents of a pack definition, and the project's own narrative. Raises InputError for an unknown name."""
    from plantproof.errors import refuse
    from plantproof.reports.narrative import load_narrative
    from plantproof.reports.pack_definitions import load_pack_definitions
    from plantproof.spelling import did_you_mean

    def files(under: str, suffix: str) -> dict[str, bytes]:
        return {path: project.read(path) for path in project.list(under) if path.endswith(suffix)}

    definitions = load_pack_definitions(files("reports/packs", ".yaml"))
    if audience not in definitions:
        hint = did_you_mean(audience, definitions) or f"there are: {', '.join(sorted(definitions)) or 'none'}"
        raise refuse(f"no pack is called `{audience}`", hint, path="reports/packs")
    return list(definitions[audience].documents), load_narrative(files("reports/templates", ".md"))
