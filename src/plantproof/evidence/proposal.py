"""A configuration that is not on its device yet, as evidence: it stands in for what was collected of that device.

Nothing is stored. The source is read again with the proposed file in place of the device's own; the records of that
device are marked `proposed`, so that no report takes them for tested, and the source's date stays what it was: a
proposal makes nothing fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from plantproof.errors import InputError, Problem, refuse
from plantproof.evidence import layout
from plantproof.evidence.collect import Plan, collect
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.formats import SHIPPED, Formats, recognise
from plantproof.evidence.identities import read_identities
from plantproof.evidence.identity_keys import normal
from plantproof.evidence.identity_lines import FILE
from plantproof.evidence.known import custody_of, raw_exports
from plantproof.evidence.redaction import RedactionKey
from plantproof.files import dump_yaml, load_yaml
from plantproof.model.evidence import Collector, Custody, Identities
from plantproof.model.project_file import SourceSettings
from plantproof.spelling import did_you_mean
from plantproof.text import shown

METHOD = "proposed"


class Proposed(NamedTuple):
    """What a proposal comes to: the files of its source as they would be (None: gone), the device's id and source, the
    export in place of which the file stands, and what of the file was not understood."""

    files: dict[str, bytes | None]
    asset: str
    source: str
    raw: str
    remarks: tuple[Problem, ...]


def propose(
    *,
    site: str,
    device: str,
    export: Export,
    sources: Mapping[str, SourceSettings],
    existing: Mapping[str, bytes],
    key: RedactionKey | None = None,
    formats: Formats = SHIPPED,
    earlier: Collection[Proposed] = (),
) -> Proposed:
    """The evidence of a site with a device's configuration replaced by a proposed one.

    `device` is its name or id, `export` the proposed file, `existing` all files under evidence/<site>/ by path, with
    what the `earlier` proposals come to. Raises InputError for a device that nobody knows, a file of another format
    than the device's, and a configuration of another device: a proposal must not judge the wrong box.
    """
    path = f"{layout.site_folder(site)}/{FILE}"
    identities = read_identities(existing.get(path, b""), path)
    asset = _asset(device, identities, site)
    module = recognise([export], formats)
    given = {each for each, living in identities.canonical.items() if living == asset}
    source, raw = _place(site, given, device, module.FORMAT, existing)
    folder = layout.source_folder(site, source)
    custody = custody_of(folder, existing)
    exports = [
        Export(each.name, export.data) if each.name == raw else each for each in raw_exports(folder, existing, custody)
    ]
    plan_of = partial(
        collect,
        site=site,
        source=source,
        settings=sources.get(source, SourceSettings()),
        who=Collector(name="proposed"),
        when=custody.collected_at,
        key=key,
        existing=existing,
        format=module.FORMAT,
        formats=formats,
    )
    try:
        plan = plan_of(exports=exports)
    except InputError:
        # Where another export of the source speaks of the same device, the two collide: that is no fault of the rows.
        others = _others(given, export, plan_of, folder)
        if others:
            raise _not_of(device, export, others, identities) from None
        raise
    if plan.summary.minted or not given & _spoken_of(plan.files, folder):
        raise _not_of(device, export, _others(given, export, plan_of, folder), identities)
    files: dict[str, bytes | None] = dict(plan.files)
    # The source is read again as a whole, so that what was proposed of it before is to be marked again.
    again = {asset, *(each.asset for each in earlier if each.raw.startswith(f"{folder}/raw/"))}
    proposed = {each for each, living in identities.canonical.items() if living in again}
    files |= _marked(proposed, plan.files, folder, custody)
    files |= dict.fromkeys(plan.deleted, None)
    remarks = tuple(
        Problem(export.name, item.line, f"not understood: {item.what}")
        for item in plan.summary.not_understood
        if item.raw.removeprefix("raw/") == raw
    )
    return Proposed(files, asset, source, f"{folder}/raw/{raw}", remarks)


def _asset(device: str, identities: Identities, site: str) -> str:
    if device in identities.canonical:
        return identities.canonical[device]
    found = identities.by_key.get(("name", normal("name", device)))
    if found is None:
        names = {name for names in identities.names.values() for name in names}
        hint = did_you_mean(device, names) or "`plantproof explain NAME` shows what is known"
        raise refuse(f"site `{site}` has no device `{shown(device)}`", hint)
    return found


def _place(
    site: str, given: Collection[str], device: str, format_: str, existing: Mapping[str, bytes]
) -> tuple[str, str]:
    """The source of that format which reads the device's configuration, and the name of its file under raw/. Records
    may have any id that the device was ever `given`."""
    found: dict[str, str] = {}
    others: set[str] = set()
    for path, data in sorted(existing.items()):
        parts = path.split("/")
        if len(parts) != 5 or parts[3] != "sightings" or layout.kind_of(path) != "asset":
            continue
        for line in data.splitlines():
            seen = _read(line)
            if seen.get("id") in given and seen.get("raw"):
                custody = custody_of(layout.source_folder(site, parts[2]), existing)
                if custody.format == format_:
                    found[parts[2]] = str(seen["raw"]).removeprefix("raw/")
                else:
                    others.add(f"{parts[2]} ({custody.format})")
    if len(found) == 1:
        return next(iter(found.items()))
    if found:
        raise refuse(f"several sources read {shown(device)} as {format_}: {', '.join(sorted(found))}")
    listed = f"it is read by {', '.join(sorted(others))}" if others else "no source has a configuration of it"
    raise refuse(f"no source reads {shown(device)} as {format_}", listed)


def _spoken_of(files: Mapping[str, bytes], folder: str) -> set[str]:
    """The assets that the records of a source speak of."""
    return {
        str(_read(line).get("id"))
        for path, data in files.items()
        if path.startswith(f"{folder}/records/") and layout.kind_of(path) == "asset"
        for line in data.splitlines()
    }


def _others(given: Collection[str], export: Export, plan_of: Callable[..., Plan], folder: str) -> set[str]:
    """The assets that a file speaks of by itself; none where the device is among them, or the file cannot be read."""
    try:
        found = _spoken_of(plan_of(exports=[export]).files, folder)
    except InputError:
        return set()
    return found if found.isdisjoint(given) else set()


def _not_of(device: str, export: Export, others: Collection[str], identities: Identities) -> InputError:
    """The refusal of a file that is another device's: whose it is, where that device is known."""
    names = sorted(identities.names[other][0] for other in others if other in identities.names)
    told = f", but of {', '.join(map(shown, names))}" if names else ""
    return refuse(
        f"this is not the configuration of {shown(device)}{told}",
        "the host name and the serial number in the file must be the device's",
        path=export.name,
    )


def _marked(assets: Collection[str], files: Mapping[str, bytes], folder: str, before: Custody) -> dict[str, bytes]:
    """The records files with the devices' lines marked as proposed, and custody in line with them."""
    custody_path = f"{folder}/custody.yaml"
    custody = load_yaml(files[custody_path], custody_path, Custody)
    marked: dict[str, bytes] = {}
    entries = []
    for entry in custody.records:
        path = f"{folder}/{entry.path}"
        data = b"".join(_mark(line, assets) + b"\n" for line in files[path].splitlines())
        marked[path] = data
        entries.append(msgspec.structs.replace(entry, sha256=layout.sha256(data)))
    custody = msgspec.structs.replace(
        custody,
        records=entries,
        collected_by=before.collected_by,
        collected_at=before.collected_at,
        observed_from=before.observed_from,
        observed_to=before.observed_to,
    )
    return {**marked, custody_path: dump_yaml(custody)}


def _mark(line: bytes, assets: Collection[str]) -> bytes:
    record = _read(line)
    if record.get("id") not in assets and record.get("asset") not in assets:
        return line
    return msgspec.json.encode({**record, "method": METHOD}, order="sorted")


def _read(line: bytes) -> dict[str, Any]:
    value = msgspec.json.decode(line)
    return value if isinstance(value, dict) else {}


def sites_of(device: str, existing: Mapping[str, Mapping[str, bytes]]) -> Sequence[str]:
    """The sites whose identities know a device by name or id, sorted. `existing` maps a site to its files."""
    found = []
    for site, files in sorted(existing.items()):
        path = f"{layout.site_folder(site)}/{FILE}"
        identities = read_identities(files.get(path, b""), path)
        if device in identities.canonical or ("name", normal("name", device)) in identities.by_key:
            found.append(site)
    return found
