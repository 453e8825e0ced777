"""`plantproof asset`: what only a person can say of assets: that two are one, or that one has left the plant."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import checked_date, project_option


@click.group("asset")
def command() -> None:
    """Merge or retire assets. Both append a line to identities.jsonl; nothing is ever taken out of it."""


@command.command("merge")
@project_option
@click.option("--site", metavar="SITE", help="The site. Default: the only one.")
@click.argument("first")
@click.argument("second")
def merge(folder: Path, site: str | None, first: str, second: str) -> int:
    """Say that FIRST and SECOND are one asset; FIRST's id stays."""
    from plantproof.model.evidence import IdentityLine

    return append(folder, site, IdentityLine(same=[first, second]), [first, second])


@command.command("retire")
@project_option
@click.option("--site", metavar="SITE", help="The site. Default: the only one.")
@click.argument("asset")
@click.option(
    "--date", required=True, callback=lambda context, parameter, value: checked_date(value), help="When it left."
)
@click.option("--approved-by", required=True, help="Who approved it: not the one who removed it.")
@click.option("--reason", required=True, help="Why it left.")
def retire(folder: Path, site: str | None, asset: str, date: str, approved_by: str, reason: str) -> int:
    """Say that ASSET has left the plant: from then on it is no longer expected to be seen."""
    from plantproof.model.evidence import IdentityLine

    line = IdentityLine(id=asset, retired=date, approved_by=approved_by, date=date, reason=reason)
    return append(folder, site, line, [asset])


def append(folder: Path, site: str | None, line: object, assets: list[str]) -> int:
    """Append one line to the site's identities.jsonl, after checking that it still reads as a whole."""
    import difflib

    from plantproof.cli.collect import chosen_site
    from plantproof.cli.output import write_bytes
    from plantproof.errors import refuse
    from plantproof.evidence.identities import encode, read_identities
    from plantproof.files import load_yaml
    from plantproof.model.evidence import IdentityLine
    from plantproof.model.intent import ProjectFile
    from plantproof.project import find_project

    assert isinstance(line, IdentityLine)  # noqa: S101  narrows the type that is imported lazily
    root = find_project(folder)
    settings = load_yaml((root / "plantproof.yaml").read_bytes(), "plantproof.yaml", ProjectFile)
    path = f"evidence/{chosen_site(settings, site)}/identities.jsonl"
    data = (root / path).read_bytes() if (root / path).exists() else b""
    known = read_identities(data, path).canonical
    for asset in assets:
        if asset not in known:
            near = difflib.get_close_matches(asset, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "`plantproof explain NAME` shows ids"
            raise refuse(f"no asset has the id `{asset}`", hint, path=path)
    grown = data + encode([line])
    read_identities(grown, path)
    write_bytes(grown, str(root / path))
    click.echo(f"{path}: one line appended; commit it")
    return 0
