"""`plantproof asset`: what only a person can say of assets: that two are one, or that one has left the plant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.options import checked_date, project_option

if TYPE_CHECKING:
    from plantproof.model.evidence import Identities, IdentityLine


@click.group("asset")
def command() -> None:
    """Merge or retire assets. Both append a line to identities.jsonl; nothing is ever taken out of it."""


@command.command("merge")
@project_option
@click.option("--site", metavar="SITE", help="The site. Default: the only one.")
@click.argument("first")
@click.argument("second")
def merge(folder: Path, site: str | None, first: str, second: str) -> int:
    """Say that FIRST and SECOND, ids or names, are one asset. Of their ids the first in the alphabet stays."""
    from plantproof.model.evidence import IdentityLine

    return append(folder, site, [first, second], lambda ids, _: [IdentityLine(same=ids)])


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
    """Say that ASSET, an id or a name, has left the plant: from then on it is no longer expected to be seen. One that
    was merged leaves under each of its ids."""
    from plantproof.model.evidence import IdentityLine

    def lines_of(ids: list[str], known: Identities) -> list[IdentityLine]:
        living = known.canonical[ids[0]]
        every = (given for given, other in known.canonical.items() if other == living)
        leaving = known.retired_in_part.get(living) or every
        return [
            IdentityLine(retired=each, approved_by=approved_by, date=date, reason=reason) for each in sorted(leaving)
        ]

    return append(folder, site, [asset], lines_of)


def append(
    folder: Path,
    site: str | None,
    assets: list[str],
    lines_of: Callable[[list[str], Identities], list[IdentityLine]],
) -> int:
    """Append lines to the site's identities.jsonl, after checking that the file still reads as a whole."""
    from plantproof.cli.one_site import chosen_site
    from plantproof.cli.output import write_in_project
    from plantproof.errors import refuse
    from plantproof.evidence.identities import read_identities
    from plantproof.evidence.identity_keys import normal
    from plantproof.evidence.identity_lines import encode
    from plantproof.project import find_project, read_project_file
    from plantproof.spelling import did_you_mean

    root = find_project(folder)
    path = f"evidence/{chosen_site(read_project_file(root), site)}/identities.jsonl"
    data = (root / path).read_bytes() if (root / path).exists() else b""
    identities = read_identities(data, path)
    known = {value: asset for (key, value), asset in identities.by_key.items() if key == "name"}
    known |= {asset: asset for asset in identities.canonical}
    ids = []
    for asset in assets:
        wanted = normal("name", asset)
        found = known.get(asset) or known.get(wanted)
        bearing = [each for each, names in identities.names.items() if found is None and wanted in names]
        if bearing:
            raise refuse(f"several assets are called `{asset}`: {', '.join(bearing)}", "name it by its id", path=path)
        if found is None:
            hint = did_you_mean(asset, known) or "`plantproof explain NAME` shows ids"
            raise refuse(f"no asset has the id or the name `{asset}`", hint, path=path)
        ids.append(found)
    if len({identities.canonical[asset] for asset in ids}) < len(ids):
        raise refuse(f"{' and '.join(f'`{asset}`' for asset in assets)} are one asset already", path=path)
    lines = lines_of(ids, identities)
    left = identities.retired.get(identities.canonical[ids[0]])
    if left is not None and any(line.retired for line in lines):
        hint = "to say another day, correct its `retired` line there; the change is reviewed like any other"
        raise refuse(f"`{assets[0]}` is retired already, as of {left[0]}", hint, path=path)
    grown = data + encode(lines)
    read_identities(grown, path)
    write_in_project(root, path, grown)
    click.echo(f"{path}: {'one line' if len(lines) == 1 else f'{len(lines)} lines'} appended; commit it")
    return 0
