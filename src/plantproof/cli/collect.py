"""`plantproof collect`: exports of tools and devices become evidence, whole or not at all."""

from __future__ import annotations

import datetime
import os
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.options import checked_moment, project_option, quiet_option

if TYPE_CHECKING:
    from plantproof.evidence.collect import Summary
    from plantproof.evidence.redaction import RedactionKey

KEY_VARIABLE = "PLANTPROOF_REDACTION_KEY"


@click.command("collect")
@project_option
@click.argument("exports", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", metavar="SITE", help="The site. Default: the only one that plantproof.yaml has.")
@click.option("--source", metavar="NAME", help="The source: its folder under evidence/SITE/.")
@click.option("--format", "format_", metavar="FORMAT", help="The export's format. Default: recognised by content.")
@click.option("--again", is_flag=True, help="Read what is stored under raw/ once more, e.g. with a newer collector.")
@click.option("--list", "list_formats", is_flag=True, help="List the formats that can be read, and stop.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.option("--by", metavar="NAME", help="Who collected. Default: what plantproof.yaml says, else you.")
@click.option(
    "--at",
    "when",
    metavar="TIME",
    callback=lambda context, parameter, value: checked_moment(value),
    help="When it was collected, as 2026-11-17T05:30:00Z. Default: now.",
)
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The redaction key, outside the repository. Default: ${KEY_VARIABLE}.",
)
@click.option("--key-id", default="key-1", show_default=True, help="How custody names the redaction key.")
@quiet_option
def command(
    folder: Path,
    exports: tuple[Path, ...],
    site: str | None,
    source: str | None,
    format_: str | None,
    again: bool,
    list_formats: bool,
    dry_run: bool,
    by: str | None,
    when: str | None,
    key_file: Path | None,
    key_id: str,
    quiet: bool,
) -> int:
    """Turn EXPORTS of one tool into the evidence of one source.

    The format is recognised by content; secrets are redacted before anything is stored; the source's folder is written
    whole or not at all. Rows that were not understood are counted and named. Nothing is ever sent to a device.

        plantproof collect --source nozomi assets.json

    With --again and without --source, every source of the site is read again.
    """
    from plantproof.cli.one_site import chosen_site
    from plantproof.cli.output import progress
    from plantproof.errors import refuse
    from plantproof.evidence.collect import after, collect
    from plantproof.evidence.collectors.protocol import Export
    from plantproof.evidence.formats import installed
    from plantproof.evidence.writer import read_existing, write
    from plantproof.model.evidence import Collector
    from plantproof.model.project_file import SourceSettings
    from plantproof.project import find_project, read_project_file

    if list_formats:
        return print_formats()
    root = find_project(folder)
    settings = read_project_file(root)
    site = chosen_site(settings, site)
    if source is None and not again:
        raise click.UsageError("--source is missing: the name of the source's folder under evidence/")
    if bool(exports) == again:
        raise click.UsageError("name the exported files, or --again to read what is stored, not both")
    stored = sorted(path.parent.name for path in (root / "evidence" / site).glob("*/custody.yaml"))
    sources = stored if source is None else [source]
    if not sources:
        raise refuse(f"site `{site}` has no evidence yet", "collect an export first")
    key = redaction_key(key_file, key_id)
    formats = installed()
    moment = when or datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    existing = read_existing(root, site)
    plans = []
    with progress(quiet) as report:
        for done, name in enumerate(sources):
            report("sources read", done, len(sources))
            plan = collect(
                site=site,
                source=name,
                exports=[Export(path.name, path.read_bytes()) for path in exports],
                settings=settings.sites[site].sources.get(name, SourceSettings()),
                who=Collector(name=by or user_name()),
                when=moment,
                key=key,
                existing=existing,
                format=format_ or "",
                formats=formats,
                again=again,
            )
            existing = after(existing, plan)
            plans.append(plan)
    # Only now, that every source was read: a mistake in the last must not leave the first ones written.
    for plan in plans:
        if not dry_run:
            write(root, plan)
        if not quiet:
            print_summary(site, plan.source, plan.summary, written=not dry_run)
    return 0


def user_name() -> str:
    """Who is logged on, as the system knows it; "unknown" where it does not (a container without a user database)."""
    import getpass

    try:
        return os.environ.get("USER") or os.environ.get("USERNAME") or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def redaction_key(key_file: Path | None, key_id: str) -> RedactionKey | None:
    """The key from a file or the environment; None where there is none: every secret becomes a plain placeholder."""
    from plantproof.evidence.redaction import RedactionKey

    secret = key_file.read_bytes().strip() if key_file else os.environ.get(KEY_VARIABLE, "").encode()
    return RedactionKey(key_id, secret) if secret else None


def print_formats() -> int:
    """The table of formats."""
    from plantproof.evidence.formats import collector, installed

    formats = installed()
    for name in sorted(formats):
        module = collector(name, formats)
        click.echo(f"{name:<18} {module.TITLE}")
        kinds = textwrap.wrap(", ".join(module.KINDS), 80, initial_indent=f"{'':<18} -> ", subsequent_indent=" " * 22)
        click.echo("\n".join(kinds))
    return 0


def print_summary(site: str, source: str, summary: Summary, *, written: bool) -> None:
    """The table that a collection ends with: records by kind, what was not understood, what was redacted."""
    from plantproof.reports.words import counted
    from plantproof.text import visible

    click.echo(f"{site}/{source}: {summary.title}{'' if written else ' (dry run, nothing written)'}")
    click.echo(f"  {'kind':<15}{'records':>9}{'new':>7}{'changed':>9}{'gone':>7}")
    for kind in summary.kinds:
        click.echo(f"  {kind.kind:<15}{kind.records:>9}{kind.new:>7}{kind.changed:>9}{kind.gone:>7}")
    click.echo(
        f"  {counted(summary.rows, 'row')}, {summary.unread} not understood, "
        f"{counted(len(summary.redacted), 'secret')} redacted, {counted(summary.minted, 'asset')} new to the plant"
    )
    for item in summary.not_understood[:10]:
        times = f" ({item.count} times)" if item.count > 1 else ""
        click.echo(f"  not understood: {visible(item.raw)}:{item.line}: {visible(item.what)}{times}")
    if len(summary.not_understood) > 10:
        click.echo(f"  ... and {len(summary.not_understood) - 10} more in custody.yaml")
    for remark in summary.remarks[:5]:
        click.echo(f"  remark: {visible(remark.raw)}:{remark.line}: {visible(remark.what)}")
    if len(summary.remarks) > 5:
        click.echo(f"  ... and {len(summary.remarks) - 5} more in custody.yaml")
    pairs: dict[tuple[str, str], list[str]] = {}
    for proposal in summary.proposals:
        pairs.setdefault((proposal.first, proposal.second), []).append(proposal.why)
    for (first, second), whys in list(pairs.items())[:10]:
        click.echo(f"  one asset or two? {visible(', '.join(whys))}")
        click.echo(f"    if one: plantproof asset merge {visible(first)} {visible(second)}")
    if len(pairs) > 10:
        click.echo(
            f"  ... and {counted(len(pairs) - 10, 'more pair')}; merge what is one, then `--again` shows the next"
        )
