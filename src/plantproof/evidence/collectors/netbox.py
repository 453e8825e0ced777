"""NetBox, the inventory of record: lists of its REST API (one file each, or one object of all), or a fixture dump."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plantproof.errors import refuse
from plantproof.evidence.collectors import dates, values
from plantproof.evidence.collectors.netbox_tables import Row, Tables, read_tables
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Draft, Export, Unread
from plantproof.model.project_file import SourceSettings
from plantproof.model.roles import BROADER, normal_role
from plantproof.text import shown

FORMAT = "netbox"
TITLE = "NetBox: REST lists or fixture dump of devices, interfaces and addresses (JSON)"
TOOL = "NetBox"
KINDS = ("asset", "interface")
METHOD = "declared"

_REST = (
    b'"device_type"',
    b'"assigned_object',
    b'"mark_connected"',
    b'"custom_fields"',
    b'"primary_ip4"',
    b'"mgmt_only"',
)
_FIXTURE = (b'"dcim.device"', b'"dcim.interface"', b'"ipam.ipaddress"')
_IN_SERVICE = ("active", "staged", "offline")
"""What stands in the plant with approval. `planned` and `inventory` say that a device is not there: a sensor that sees
one has found something to ask about."""


def recognise(export: Export) -> int:
    """By the names of fields that NetBox alone writes together, or of the models in a fixture dump."""
    data = export.data[:400_000].replace(b"\x00", b"")
    if b'"model"' in data and b'"fields"' in data and any(mark in data for mark in _FIXTURE):
        return 95
    marks = sum(mark in data for mark in _REST)
    return 90 if marks >= 2 else 60 if marks and b'"results"' in data else 0


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """Assets and interfaces of all the files together. Raises `InputError` for what is no such file, and for a list
    that holds fewer rows than it counts: the missing pages would look like assets that are gone."""
    tables = read_tables(exports)
    unread = list(tables.unread)
    interfaces = _interfaces_with_addresses(tables, unread)
    drafts: list[Draft] = []
    addresses: dict[str, tuple[list[str], list[str]]] = {}
    for row, networks in interfaces:
        local = _local(row.value.get("device"))
        name = values.text(row.value.get("name"))
        if local not in tables.devices or not name:
            unread.append(
                Unread(row.raw, row.line, "an interface of a device that is not in the export, or without name")
            )
            continue
        mac = values.mac(_inner(row.value, "primary_mac_address", "mac_address") or row.value.get("mac_address"))
        ips, macs = addresses.setdefault(local, ([], []))
        ips += [address.split("/")[0] for address in networks]
        macs += [mac] if mac else []
        drafts.append(_interface(row, local, name, mac, networks))
    remarks = [
        Unread(row.raw, row.line, f"the end of support `{shown(said, 40)}` is no date, or may be read two ways")
        for row in tables.devices.values()
        if (said := _support(_custom(row.value))) and not dates.iso(said)
    ]
    assets = [_asset(local, row, *addresses.get(local, ([], []))) for local, row in tables.devices.items()]
    if not assets and not drafts:
        raise refuse("there is no device in it", "export /api/dcim/devices/ too", path=exports[0].name)
    return Collected(assets=assets, drafts=drafts, unread=unread, secrets=[], rows=tables.rows, remarks=remarks)


def _interfaces_with_addresses(tables: Tables, unread: list[Unread]) -> list[tuple[Row, list[str]]]:
    networks: dict[str, list[str]] = {}
    for row in tables.addresses.values():
        kind = _assigned_to(row.value.get("assigned_object_type"))
        target = values.text(row.value.get("assigned_object_id")) or values.text(_inner(row.value, "interface", "id"))
        address = values.cidr(row.value.get("address"))
        if not address:
            unread.append(Unread(row.raw, row.line, f"address `{shown(row.value.get('address'), 40)}` is none"))
        elif (_inner(row.value, "status", "value") or row.value.get("status")) == "deprecated":
            unread.append(Unread(row.raw, row.line, "an address that is deprecated: nobody is said to use it"))
        elif not target:
            unread.append(Unread(row.raw, row.line, "an address that is assigned to no interface"))
        elif kind.isdecimal():
            unread.append(
                Unread(row.raw, row.line, f"an address of an object of kind {kind}, which the dump leaves open")
            )
        elif kind not in ("", "dcim.interface") or target not in tables.interfaces:
            unread.append(Unread(row.raw, row.line, "an address of an interface that is not in the export"))
        else:
            networks.setdefault(target, []).append(address)
    return [(row, sorted(set(networks.get(own, [])))) for own, row in tables.interfaces.items()]


def _assigned_to(kind: object) -> str:
    """The kind of object that has an address, as `dcim.interface`. A dump writes it as a pair, or as a number that only
    the database explains: an interface of a virtual machine has the same ids as one of a device."""
    if isinstance(kind, dict):
        kind = [kind.get("app_label"), kind.get("model")]
    return ".".join(map(str, kind)) if isinstance(kind, list) else values.text(kind)


def _interface(row: Row, local: str, name: str, mac: str, networks: list[str]) -> Draft:
    fields = values.known(
        name=name,
        enabled=row.value.get("enabled") if isinstance(row.value.get("enabled"), bool) else None,
        mac=mac,
        ips=networks,
        vlan=values.whole(_inner(row.value, "untagged_vlan", "vid")),
        mode=values.text(_inner(row.value, "mode", "value") or row.value.get("mode")),
        description=values.text(row.value.get("description")),
    )
    return Draft("interface", name, fields, row.raw, asset=local, line=row.line, pointer=row.pointer)


def _asset(local: str, row: Row, ips: list[str], macs: list[str]) -> AssetDraft:
    device = row.value
    custom = _custom(device)
    name, serial = values.text(device.get("name")), values.text(device.get("serial"))
    kind = _nested(device.get("device_type"))
    vendor = values.text(_inner(kind, "manufacturer", "name"))
    own = [values.ip(_inner(device, key, "address")) for key in ("primary_ip", "primary_ip4", "primary_ip6", "oob_ip")]
    ips = sorted({*ips, *filter(None, own)})
    macs = sorted(set(macs))
    keys = [AssetKey("id", local)]
    if vendor and serial:
        keys.append(AssetKey("serial", f"{vendor}/{serial}"))
    if name:
        keys.append(AssetKey("name", name))
    keys += [AssetKey("mac", mac) for mac in macs] + [AssetKey("ip", ip) for ip in ips]
    status = values.text(_inner(device, "status", "value") or device.get("status"))
    fields = values.known(
        names=[name] if name else None,
        role=_role(device.get("role") or device.get("device_role")),
        purdue_level=_number(custom.get("purdue_level", custom.get("purdue"))),
        vendor=vendor,
        model=values.text(kind.get("model")),
        order_code=values.text(custom.get("order_code")) or values.text(kind.get("part_number")),
        serial=serial,
        firmware=values.text(custom.get("firmware") or custom.get("firmware_version")),
        os=values.text(_inner(device, "platform", "name")),
        ips=ips,
        macs=macs,
        zone=values.text(_choice(custom.get("zone"))),
        criticality=values.text(_choice(custom.get("criticality"))).lower(),
        lifecycle=values.word(_choice(custom.get("lifecycle"))) or status,
        support_ends=dates.iso(_support(custom)),
        owner=values.text(custom.get("owner")) or values.text(_inner(device, "tenant", "name")),
        authorised=True if status in _IN_SERVICE else None,
    )
    return AssetDraft(local, keys, fields, row.raw, line=row.line, pointer=row.pointer)


def _custom(device: Mapping[str, Any]) -> dict[str, Any]:
    custom = device.get("custom_fields") or device.get("custom_field_data")
    return {str(key).lower(): value for key, value in custom.items()} if isinstance(custom, dict) else {}


def _support(custom: Mapping[str, Any]) -> str:
    return values.text(custom.get("support_ends") or custom.get("end_of_support"))


def _local(reference: object) -> str:
    """The id of a device as text, from a nested object (REST) or a bare key (fixture)."""
    own = reference.get("id") if isinstance(reference, dict) else reference
    return f"device/{values.text(own)}"


def _inner(value: Mapping[str, Any], key: str, inner: str) -> Any:
    part = value.get(key)
    return part.get(inner) if isinstance(part, dict) else None


def _nested(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _choice(value: object) -> object:
    """A custom field of choices is a text, or an object with value and label, by version."""
    return value.get("value", value.get("label")) if isinstance(value, dict) else value


def _number(value: object) -> float | None:
    try:
        level = float(values.text(_choice(value)))
    except ValueError:
        return None
    return level if 0 <= level <= 5 else None


def _role(role: object) -> str:
    """A role in the vocabulary; of `access-switch` and the like the last word that stands in it."""
    slug = normal_role(values.text((role.get("slug") or role.get("name")) if isinstance(role, dict) else role))
    return slug if slug in BROADER else next((word for word in reversed(slug.split("-")) if word in BROADER), slug)
