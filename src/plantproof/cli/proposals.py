"""`--propose DEVICE=FILE`: the head of a change with configurations that are not on their devices yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from plantproof.change_review import wanted_sites
from plantproof.cli.collect import redaction_key
from plantproof.cli.revisions import Sides
from plantproof.errors import refuse
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.formats import installed
from plantproof.evidence.layout import site_folder
from plantproof.evidence.proposal import Proposed, propose, sites_of
from plantproof.model.moves import Brought
from plantproof.overlay_tree import OverlayTree
from plantproof.project import open_project
from plantproof.review.brought import Made
from plantproof.review.judge_changes import judged_by_base
from plantproof.revision import Revision
from plantproof.text import shown, visible


def with_proposals(sides: Sides, proposals: Sequence[str], sites: Sequence[str] = ()) -> Sides:
    """The sides with the head's devices configured as proposed, in the order given. Raises InputError for a site that
    is not there, a device that no site or several sites know or that is named twice, and for a file that cannot be read
    or is not its configuration."""
    there = wanted_sites(sides.base, sides.head, sites)
    wanted = [site for site in sides.head.project.file.sites if site in there]
    if not wanted:
        raise refuse(f"the change takes out {', '.join(sorted(set(sites)))}", "there is no device left to configure")
    earlier: list[Proposed] = []
    for text in proposals:
        device, equals, name = text.partition("=")
        if not equals or not device or not name:
            raise click.UsageError(f"--propose {visible(text)}: write it as DEVICE=FILE, e.g. fw-01=build/fw-01.conf")
        head, proposed = _proposed(sides, device, Path(name), wanted, earlier)
        if proposed.raw in {each.raw for each in earlier}:
            raise refuse(f"two configurations are proposed for {shown(device)}", "review one at a time")
        earlier.append(proposed)
        sides = msgspec.structs.replace(sides, head=head)
    return sides


def _proposed(
    sides: Sides, device: str, file: Path, wanted: Sequence[str], earlier: Sequence[Proposed]
) -> tuple[Revision, Proposed]:
    """The head with one device of the `wanted` sites configured as proposed, beside those of `earlier`. It is read as
    the base's settings say, like everything that the review judges."""
    head = sides.head
    try:
        data = file.read_bytes()
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}", "name the proposed configuration", path=str(file)) from None
    existing = {site: dict(head.tree.read_many(head.tree.paths(site_folder(site)))) for site in wanted}
    found = sites_of(device, existing)
    if len(found) > 1:
        raise refuse(f"`{shown(device)}` is a device of {', '.join(found)}", "say which with --site")
    site = found[0] if found else wanted[0]
    proposed = propose(
        site=site,
        device=device,
        export=Export(file.name, data),
        sources=judged_by_base(sides.base.project.file, head.project.file).sites[site].sources,
        existing=existing[site],
        key=redaction_key(None, "key-1"),
        formats=installed(),
        earlier=earlier,
    )
    for remark in proposed.remarks:
        click.echo(f"warning: {visible(str(remark))}", err=True)
    what = Brought(commit="", author="", date="", subject=f"proposed: {file.name}", path="")
    revised = Revision(
        project=open_project(OverlayTree(head.tree, proposed.files), accept_content=True),
        on=head.on,
        side=msgspec.structs.replace(head.side, proposed=[*head.side.proposed, f"{device}={file.name}"]),
        made=(Made(what, frozenset(proposed.files)), *head.made),
        changed=tuple(sorted({*head.changed, *proposed.files})),
        blame=head.blame,
        laid_over=head.laid_over | proposed.files.keys(),
    )
    return revised, proposed
