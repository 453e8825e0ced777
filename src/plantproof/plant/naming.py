"""What people call a subject, in words for reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from plantproof.model.plant import Table
from plantproof.model.reach import Reach
from plantproof.model.site import Site
from plantproof.plant.merge import Merged

LABEL_FIELDS: dict[str, tuple[str, ...]] = {
    "account": ("principal",),
    "backup": ("job",),
    "firewall_rule": ("name", "order"),
    "interface": ("name",),
    "metric": ("name",),
    "service": ("port", "protocol"),
    "setting": ("key",),
    "software": ("name",),
    "training": ("course", "person"),
    "vulnerability": ("advisory",),
}
"""Fields that reports need to name a record."""


def _port(fields: Mapping[str, object]) -> str:
    return f"{fields['protocol']}/{fields['port']}" if "port" in fields and "protocol" in fields else "service"


def _rule(fields: Mapping[str, object]) -> str:
    return f"rule {fields.get('order', '')} {fields.get('name', '')}".strip().replace("  ", " ")


_WORDS: dict[str, Callable[[Mapping[str, object]], str]] = {
    "account": lambda fields: f"account {fields.get('principal', '')}",
    "backup": lambda fields: f"backup {fields.get('job', '')}",
    "firewall_rule": _rule,
    "interface": lambda fields: f"interface {fields.get('name', '')}",
    "metric": lambda fields: f"{fields.get('name', '')}",
    "service": _port,
    "setting": lambda fields: f"{fields.get('key', '')}",
    "software": lambda fields: f"{fields.get('name', '')}",
    "training": lambda fields: f"{fields.get('course', '')} of {fields.get('person', '')}",
    "vulnerability": lambda fields: f"{fields.get('advisory', '')}",
}


def asset_names(
    assets: Merged, names: Mapping[str, list[str]], declared: Mapping[str, str], canonical: Mapping[str, str]
) -> dict[str, str]:
    """Asset id -> the first name that its strongest source lists, else one by which it was identified, else its id.

    Names are for people to find it by, so one that only a stale source knows is better than none.
    """
    found: dict[str, str] = dict(declared)
    for batch, rows in assets.reporters:
        claims = zip(map(assets.ids.__getitem__, rows), batch.columns["names"], strict=True)
        waiting = [(identifier, claim) for identifier, claim in claims if claim is not None and identifier not in found]
        firsts = _firsts([claim for _, claim in waiting])
        found.update((identifier, own) for (identifier, _), own in zip(waiting, firsts, strict=True) if own is not None)
    for identifier in sorted(names):
        living = canonical.get(identifier, identifier)
        if names[identifier] and living not in found:
            found[living] = min(names[identifier])
    return {identifier: found.get(identifier, identifier) for identifier in assets.ids}


def _firsts(lists: Sequence[bytes]) -> list[str | None]:
    """The first text of each list, as JSON; None for one that is empty. Text without escapes stands there as it is."""
    joined = b",".join(lists)
    if b"\\" in joined:
        return [next(iter(texts), None) for texts in msgspec.json.decode(b"[%b]" % joined, type=list[list[str]])]
    quoted = [each.split(b'"', 2) for each in lists]
    return [each[1].decode() if len(each) > 1 else None for each in quoted]


def record_names(table: Table, assets: Table, names: Mapping[str, str]) -> dict[str, str]:
    """Record id -> words such as `account admin on SW-01`."""
    words = _WORDS.get(table.kind)
    if words is None:
        return {}
    columns = {field: table.columns[field].values for field in LABEL_FIELDS[table.kind]}
    found = {}
    for row, identifier in enumerate(table.ids):
        values = {field: column[row] for field, column in columns.items()}
        label = words({field: msgspec.json.decode(value) for field, value in values.items() if value is not None})
        asset_row = table.asset_rows[row]
        found[identifier] = f"{label} on {names[assets.ids[asset_row]]}" if asset_row >= 0 else label
    return found


def add_names(names: dict[str, str], own: dict[tuple[str, str], str], kind: str, found: Mapping[str, str]) -> None:
    """Add the names of records of a kind to `names`. Where something has the same id already (an account and a backup
    job `backup` on one device), that keeps its name, and the record has its `own` by its kind: what a record is called
    never depends on which other kinds are read."""
    taken = names.keys() & found.keys()
    own.update(((kind, identifier), found[identifier]) for identifier in taken)
    names.update(found if not taken else {each: name for each, name in found.items() if each not in taken})


def flow_names(flows: Table, names: Mapping[str, str]) -> dict[str, str]:
    """Flow id -> who sends: what is to be asked or stopped is the sender, whatever ports it tries."""
    found = {}
    ends = (flows.columns.get("src"), flows.columns.get("src_ip"))
    for row, identifier in enumerate(flows.ids):
        values = [msgspec.json.decode(column.values[row] or b'""', type=str) for column in ends if column]
        sender = next((value for value in values if value), "")
        found[identifier] = f"traffic of {names.get(sender, sender)}" if sender else "traffic of an unknown sender"
    return found


def declared_names(site: Site, crossings: Table) -> dict[str, str]:
    """Zones, conduits and crossings by what people call them."""
    titles = {zone.id: zone.title for zone in site.zones}
    found = titles | {conduit.id: conduit.title for conduit in site.conduits}
    columns = crossings.columns
    for row, identifier in enumerate(crossings.ids):
        source, target, service, kind = (
            msgspec.json.decode(columns[field].values[row] or b'""', type=str)
            for field in ("src_zone", "dst_zone", "service", "kind")
        )
        found[identifier] = f"{service} from {titles.get(source, source)} to {titles.get(target, target)} ({kind})"
    return found


def reach_names(reaches: Sequence[Reach], names: Mapping[str, str]) -> dict[str, str]:
    """What the rules of a device let pass, by service, zones and device."""
    found = {}
    for reach in reaches:
        ends = " to ".join(names.get(zone, zone) for zone in (reach.src_zone, reach.dst_zone))
        through = f" through {names.get(reach.asset, reach.asset)}" if isinstance(reach.asset, str) else ""
        answers = " (answers)" if reach.answers else ""
        found[reach.id] = f"{reach.service} from {ends}{through}{answers}"
    return found


def approved_names(table: Table | None, assets: Table, names: Mapping[str, str]) -> dict[str, str]:
    """Devices with an approved configuration, as what is compared: their configuration."""
    rows = zip(table.ids, table.asset_rows, strict=True) if table else ()
    return {identifier: f"configuration of {names[assets.ids[row]]}" for identifier, row in rows}
