"""`plantproof baseline`: record how devices are configured now, so that a later change without a record is found."""

from __future__ import annotations

import re
from pathlib import Path

import click

from plantproof.cli.options import content_option, date_option, project_option, quiet_option


@click.command("baseline")
@project_option
@click.argument("devices", nargs=-1, metavar="[DEVICE]...")
@click.option("--site", metavar="SITE", help="The site. Default: the only one.")
@click.option("--by", required=True, metavar="NAME", help="Who records it.")
@click.option(
    "--change", metavar="ID", help="The change that left the devices so. Default: baseline-YYYY-MM-DD, of no change."
)
@click.option("--at", metavar="REF", help="The configurations of this commit. Default: of the working tree.")
@date_option
@content_option
@quiet_option
def command(
    folder: Path,
    devices: tuple[str, ...],
    site: str | None,
    by: str,
    change: str | None,
    at: str | None,
    date: str | None,
    content: str,
    quiet: bool,
) -> int:
    """Record the configurations of DEVICE, names or ids, as they were collected last.

    Without DEVICE: of all switches, routers, firewalls and access points that have no record. What is written is
    controls/approved/SITE/CHANGE.jsonl; commit it, it is reviewed like any other change of what judges.

        \b
        plantproof baseline --by "Kim Plant"
        plantproof baseline sw-cip-01 --change CHG-2026-041 --by "Kim Plant"
    """
    from plantproof.cli.assessing import open_at
    from plantproof.cli.one_site import chosen_site
    from plantproof.cli.recording import write_record
    from plantproof.controls.approved import read_approved
    from plantproof.errors import refuse
    from plantproof.evidence.ledger import read_claims
    from plantproof.model.approved import ApprovedHead
    from plantproof.review.recording import devices_to_record

    if not by.strip():
        raise click.UsageError("--by is empty: say who records it")
    opened = open_at(folder, at, date, content)
    change = change or f"baseline-{opened.on}"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", change):
        raise click.UsageError("--change is the name of a file: letters, digits, `.`, `_` and `-`")
    chosen = chosen_site(opened.project.file, site)
    claims, known = read_claims(opened.project.tree, chosen), read_approved(opened.project, chosen)
    found = devices_to_record(claims, devices, known, opened.on)
    if not found:
        raise refuse(
            f"there is nothing to record at `{chosen}`",
            "each network device of which a configuration was collected has a record; name a device to record it anew",
        )
    days = sorted({device.collected for device in found})
    head = ApprovedHead(
        schema="plantproof/approved/1",
        site=chosen,
        change=change,
        how="as-found",
        by=by,
        on=opened.on,
        commit=opened.commit.id if opened.commit else "",
        judged=f"as collected on {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else ""),
    )
    write_record(folder, head, found, known, claims, quiet=quiet)
    return 0
