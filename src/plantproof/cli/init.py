"""`plantproof init`: a compliance project in a folder, with what a first `check` needs."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import quiet_option

PROJECT = """schema: plantproof/project/1
title: {title}
content:
  version: {version}
  hash: {hash}
profiles: [iec62443-sl2, ot-moderate, csf20-target]
sites:
  {site}:
    sources: {{}}
"""

SITE = """schema: plantproof/site/1
id: {site}
title: {site}
owner: Who answers for this plant
# The zones and conduits as they are meant to be. Two to begin with; a plant has more.
zones:
  - id: office
    title: Office network
    kind: business
    purdue_level: 4
    subnets: [10.0.0.0/24]
  - id: plant
    title: Plant network
    kind: control
    purdue_level: 2
    subnets: [10.0.1.0/24]
    # The target security level for IAC, UC, SI, DC, RDF, TRE, RA.
    sl_target: [1, 1, 1, 1, 1, 1, 1]
conduits:
  - id: office-plant
    title: Office to plant
    zones: [office, plant]
    permitted:
      - {{from: office, to: plant, services: [tcp/443]}}
    enforcement_points: [name of the firewall]
"""

ATTRIBUTES = """# Evidence is bytes: hashes are taken of what is stored, so nothing may change line ends.
evidence/** -text
evidence/*/identities.jsonl merge=union -text
"""

IGNORED = """# Made from what is committed, never committed: packs, and what a pipeline writes.
/build/
/plantproof-review/
/plantproof-standing/
"""

OWN = (".gitattributes", ".gitignore")
"""What a repository may have already, of its user's own."""


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--site", metavar="SITE", help="The first site's id. Default: plant-1.")
@click.option("--title", metavar="TEXT", help="The project's title. Default: the folder's name.")
@click.option("--sample", is_flag=True, help="Two fictional plants with their history, to try everything out on.")
@quiet_option
def command(folder: Path, site: str | None, title: str | None, sample: bool, quiet: bool) -> int:
    """Begin a compliance project in FOLDER (default: here). Files that are there already are never changed.

    With --sample, FOLDER becomes a git repository of its own: two plants, ten weeks, a tag for each chapter.
    """
    if sample:
        from plantproof.cli.init_sample import write_sample

        if site is not None or title is not None:
            raise click.UsageError("--sample brings its own sites and title: leave --site and --title out")
        return write_sample(folder, quiet)
    return scaffold(folder, "plant-1" if site is None else site, title, quiet)


def scaffold(folder: Path, site: str, title: str | None, quiet: bool) -> int:
    """Write the files that a first `check` needs. Raises InputError where one of them is there already."""
    import re

    from plantproof.cli.output import write_in_project
    from plantproof.errors import refuse
    from plantproof.files import dump_yaml
    from plantproof.project import bundled_content
    from plantproof.safe_places import refuse_links

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", site):
        raise refuse(f"`{site}` is no site id", "small letters, digits and hyphens, e.g. northmill")
    content = bundled_content()
    words = {
        "title": dump_yaml(title or folder.resolve().name).decode().strip(),
        "version": content.version,
        "hash": content.hash,
        "site": site,
    }
    files = {
        "plantproof.yaml": PROJECT.format(**words),
        f"controls/sites/{site}.yaml": SITE.format(**words),
        ".gitattributes": ATTRIBUTES,
        ".gitignore": IGNORED,
    }
    missing = {name: _missing(folder / name, files.pop(name)) for name in OWN if (folder / name).exists()}
    there = [path for path in files if (folder / path).exists()]
    if there:
        raise refuse(
            f"{', '.join(there)} is there already", "`plantproof init` changes nothing that exists", path=str(folder)
        )
    for path in files:
        refuse_links(folder, folder / path)  # before the first is written
    for path, text in files.items():
        write_in_project(folder, path, text.encode())
        if not quiet:
            click.echo(path)
    for name, lines in missing.items():
        if lines:
            click.echo(f"\n{name} is yours and stays as it is; add these lines to it:\n  " + "\n  ".join(lines))
    if quiet:
        return 0
    click.echo(
        "\nNext:\n"
        "  git init\n"
        "  plantproof collect --source NAME EXPORT...   (`plantproof collect --list` shows the formats)\n"
        "  plantproof site draft    (or describe zones and conduits in controls/sites/ yourself)\n"
        "  git add . && git commit -m 'Begin the compliance project'\n"
        "  plantproof check"
    )
    return 0


def _missing(file: Path, wanted: str) -> list[str]:
    """The lines that a file of the user's does not have; what it says beyond them is his."""
    there = file.read_text("utf-8", errors="replace").splitlines()
    return [line for line in wanted.splitlines() if line not in there]
