"""Records of approved configurations as files: where `diff --record` and `baseline` write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from msgspec import UNSET

from plantproof.change_review import Review
from plantproof.cli.output import write_in_project
from plantproof.cli.revisions import Sides
from plantproof.controls.approved import approved_path, encode_approved, load_approved, read_approved
from plantproof.controls.changes import FOLDER as CHANGES
from plantproof.controls.changes import load_change
from plantproof.errors import refuse
from plantproof.evidence.ledger import read_claims
from plantproof.model.approved import ApprovedHead, ApprovedRecord
from plantproof.model.change import ChangeRecord
from plantproof.model.evidence import Claims
from plantproof.model.moves import Counts
from plantproof.model.programme import folded
from plantproof.plant.configuration import Configuration
from plantproof.project import find_project
from plantproof.review.change_record import LONGEST_WINDOW_DAYS, too_long
from plantproof.review.recording import Device, configured_devices, judged_words, proposed_devices, recorded
from plantproof.safe_places import refuse_links
from plantproof.spelling import did_you_mean
from plantproof.text import shown, visible


def change_to_record(sides: Sides, change: str) -> ChangeRecord:
    """The change record of the head that a proposal is recorded under. Raises InputError where there is none: who
    makes a change and when is said before its configuration is approved."""
    project = sides.head.project
    path = f"{CHANGES}/{change}.yaml"
    if not project.exists(path):
        known = [each.removeprefix(f"{CHANGES}/").removesuffix(".yaml") for each in project.list(CHANGES)]
        hint = did_you_mean(change, known) or f"write {CHANGES}/{shown(change)}.yaml: who makes it, when, the way back"
        raise refuse(f"there is no change record `{shown(change)}`", hint)
    return load_change(project.read(path), path, {}, project.file.sites)


def record_proposals(folder: Path, sides: Sides, review: Review, change: ChangeRecord, *, quiet: bool) -> None:
    """Write the configurations that were proposed and judged as the record of a change.

    Raises InputError where a proposal is of another site than the change, or of a device that it does not name, and
    where there is another record of the change already.
    """
    claims = read_claims(sides.head.project.tree, change.site)
    devices = proposed_devices(claims, sides.on)
    if len(devices) < len({text.partition("=")[0] for text in sides.head.side.proposed}):
        raise refuse(
            f"the change `{change.id}` is one of `{change.site}`, and not all that is proposed is",
            "record the proposals of each site under a change of that site",
        )
    _refuse_strangers(change, devices, claims.identities.canonical)
    if days := too_long(change):
        raise refuse(
            f"the window of the change `{change.id}` lasts {days} days",
            f"{LONGEST_WINDOW_DAYS} is the most: until it is over the device may still have the old configuration",
            path=change.origin,
        )
    site = next((each for each in review.delta.sites if each.site == change.site), None)
    counts = site.counts if site else Counts()
    head = ApprovedHead(
        schema="plantproof/approved/1",
        site=change.site,
        change=change.id,
        how="proposed",
        by=change.responsible,
        on=sides.on,
        due=change.window[1][:10] or UNSET,
        commit=sides.base.side.commit,
        judged=judged_words(counts),
    )
    known = read_approved(sides.head.project, change.site)
    before = {
        each.asset: each.configuration
        for each in configured_devices(read_claims(sides.base.project.tree, change.site), sides.on)
    }
    write_record(folder, head, devices, known, claims, quiet=quiet, before=before)


def _refuse_strangers(change: ChangeRecord, devices: Sequence[Device], canonical: Mapping[str, str]) -> None:
    """Who agrees to a change of one device does not agree to another that comes along under its name."""
    named = {folded(each) for name in change.assets for each in (name, canonical.get(name, name))}
    strangers = [each for each in devices if named and named.isdisjoint(map(folded, (each.asset, *each.names)))]
    if strangers:
        names = ", ".join(visible(each.name) for each in strangers)
        raise refuse(
            f"the change `{change.id}` does not name {names}",
            "add to its `assets` what it changes, or record the proposal under a change of its own",
            path=change.origin,
        )


def write_record(
    folder: Path,
    head: ApprovedHead,
    devices: Sequence[Device],
    known: Sequence[ApprovedRecord],
    claims: Claims,
    *,
    quiet: bool,
    before: Mapping[str, Configuration] | None = None,
) -> None:
    """Write one record below the project's folder. Raises InputError where the change has another one already:
    nothing that was approved is replaced without somebody taking it out."""
    path = approved_path(head.site, head.change)
    canonical = claims.identities.canonical
    others = [each for each in known if each.origin != path]
    waiting = before or {}
    lines = [recorded(each, head.change, others, canonical, waiting.get(each.asset)) for each in devices]
    data = encode_approved(head, lines)
    load_approved(data, path)  # what cannot be read again, a name that is no file's, is told before it is written
    root = find_project(folder)
    target = root / path
    refuse_links(root, target)
    if target.exists() and target.read_bytes() != data:
        raise refuse(
            "the change has a record already, and this is another",
            "take the file out (`git rm`) if what was approved is to be replaced, then record again",
            path=path,
        )
    write_in_project(root, path, data)
    if not quiet:
        names = ", ".join(visible(device.name) for device in devices)
        click.echo(f"{path}: {names} ({head.judged}). Commit it: who lets it in approves what it says.", err=True)
