"""Nozomi Guardian, the answer to `query=assets`: what a passive sensor believes of each node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plantproof.errors import InputError, refuse
from plantproof.evidence.collectors import dates, reading, values
from plantproof.evidence.collectors.pages import incomplete, page
from plantproof.evidence.collectors.protocol import AssetDraft, AssetKey, Collected, Export, Secret, Unread, join
from plantproof.model.project_file import SourceSettings
from plantproof.model.roles import normal_role
from plantproof.text import shown

FORMAT = "nozomi-assets"
TITLE = "Nozomi Guardian: assets query (JSON)"
TOOL = "Nozomi Guardian"
KINDS = ("asset",)
METHOD = "passive"

_MARKS = (b'"mac_address_level"', b'"appliance_hosts"', b'"vendor:info"', b'"mac_vendor"', b'"firmware_version:info"')

_ROLES = {"controller": "controller", "dc": "domain-controller", "sensor": "sensor", "computer": "computer"}
"""Nozomi's words that mean something else, or more exactly something, than the same word elsewhere."""

_SOURCES = {
    "passive": "passive", "smart-polling": "active", "smart_polling": "active", "active": "active", "arc": "active",
    "config": "config", "project_file": "config", "import": "declared", "imported": "declared", "manual": "declared",
    "user": "declared", "csv": "declared",
}  # fmt: skip
"""`<field>:info.source` -> method. Without a word the sensor saw it. A word that is not here may stand for a list that
somebody imported, or for a guess from a knowledge base: nobody saw that, so it counts as declared."""

_STRENGTH = ("config", "active", "passive", "declared")


def recognise(export: Export) -> int:
    """95 where the marks of the assets table stand in a JSON object with `result`."""
    head = export.data[:200_000].replace(b"\x00", b"")
    marks = sum(mark in head for mark in _MARKS)
    if marks >= 2 and b'"result"' in head:
        return 95
    return 20 if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b'{"result"') else 0


def collect(exports: Sequence[Export], settings: SourceSettings) -> Collected:
    """One asset a row of `result`. Raises `InputError` for what is no such answer, and for one that holds fewer rows
    than the `total` beside it: the missing ones would look like assets that are gone."""
    read = [(export, reading.json_elements(export, "result")) for export in exports]
    pages = [page(export.name, "", _total(export), (one.value for one in elements)) for export, elements in read]
    if problems := incomplete(pages, "export again without a limit, or collect all pages together"):
        raise InputError(*problems)
    return join([_collect(export, elements) for export, elements in read])


def _total(export: Export) -> object:
    value = reading.json_value(export)
    return value.get("total") if isinstance(value, dict) else None


def _collect(export: Export, elements: Sequence[reading.Element]) -> Collected:
    assets: list[AssetDraft] = []
    unread: list[Unread] = []
    remarks: list[Unread] = []
    seen: dict[str, Any] = {}
    for value, line, pointer in elements:
        if isinstance(value, dict) and "is_broadcast" in value:
            raise refuse(
                "this is the table `nodes`: addresses that were talked of, not devices",
                "export the table `assets`",
                path=export.name,
                line=line,
            )
        own_id = values.text(value.get("id")) if isinstance(value, dict) else ""
        if not isinstance(value, dict) or not own_id:
            unread.append(Unread(export.name, line, "a row without `id`"))
        elif seen.get(own_id) == value:
            continue
        else:
            seen.setdefault(own_id, value)
            assets.append(_asset(export, value, own_id, line, pointer))
            words = sorted(_sources(value) - _SOURCES.keys())
            remarks += [
                Unread(export.name, line, f"source `{shown(word, 40)}` is not known: declared") for word in words
            ]
    if elements and not assets:
        raise refuse(
            "no row of `result` is an asset", "export the table `assets`", path=export.name, line=elements[0].line
        )
    moments = sorted(asset.last_seen for asset in assets if asset.last_seen)
    return Collected(
        assets=assets,
        drafts=[],
        unread=unread,
        secrets=list[Secret](),
        rows={export.name: len(elements)},
        remarks=remarks,
        observed_from=min((asset.first_seen for asset in assets if asset.first_seen), default=""),
        observed_to=moments[-1] if moments else "",
    )


def _asset(export: Export, row: dict[str, Any], own_id: str, line: int, pointer: str) -> AssetDraft:
    name = values.text(row.get("name") or row.get("label"))
    ips = [address for address in map(values.ip, values.texts(row.get("ip"))) if address]
    macs = [address for address in map(values.mac, values.texts(row.get("mac_address"))) if address]
    vendor, serial = values.text(row.get("vendor")), values.text(row.get("serial_number"))
    custom = row.get("custom_fields")
    custom = {str(key).lower(): value for key, value in custom.items()} if isinstance(custom, dict) else {}
    zones = values.texts(row.get("zones") or row.get("zone"))
    # An address as name is the tool's stand-in for a name it never learned.
    named = name if name and not values.ip(name) else ""
    keys = [AssetKey("id", own_id)]
    if vendor and serial:
        keys.append(AssetKey("serial", f"{vendor}/{serial}"))
    if named:
        keys.append(AssetKey("name", named))
    keys += [AssetKey("mac", mac) for mac in macs] + [AssetKey("ip", ip) for ip in ips]
    fields = values.known(
        names=[name] if name else None,
        role=_role(row.get("type")),
        purdue_level=_level(row.get("level")),
        vendor=vendor,
        model=values.text(row.get("product_name")),
        serial=serial,
        firmware=values.text(row.get("firmware_version")),
        os=values.text(row.get("os")),
        ips=sorted(ips),
        macs=sorted(macs),
        # Several zones: the node was seen in each; which one it belongs to is not the sensor's to say.
        zone=zones[0] if len(zones) == 1 else None,
        criticality=values.text(custom.get("criticality")).lower(),
        owner=values.text(custom.get("owner")),
        order_code=values.text(custom.get("order_code")),
        lifecycle=values.word(row.get("lifecycle")),
        support_ends=dates.epoch(row.get("end_of_support_date"))[:10],
    )
    return AssetDraft(
        local=own_id,
        keys=keys,
        fields=fields,
        raw=export.name,
        line=line,
        pointer=pointer,
        first_seen=dates.epoch(row.get("first_activity_time") or row.get("created_at")),
        last_seen=dates.epoch(row.get("last_activity_time")),
        method=_method(row),
    )


def _role(value: object) -> str:
    word = values.text(value).lower()
    return _ROLES.get(word) or normal_role(word)


def _level(value: object) -> float | None:
    words = values.text(value)
    try:
        level = float(words)
    except ValueError:
        return None
    return level if 0 <= level <= 5 else None


def _method(row: dict[str, Any]) -> str:
    """The weakest of the ways in which the fields that have a value came to be known."""
    found = {_SOURCES.get(word, "declared") for word in _sources(row)}
    return max(found or {"passive"}, key=_STRENGTH.index)


def _sources(row: dict[str, Any]) -> set[str]:
    """The words for where the fields that have a value are from."""
    return {
        values.text(info.get("source")).lower() or "passive"
        for name, info in row.items()
        if name.endswith(":info") and isinstance(info, dict) and values.text(row.get(name.removesuffix(":info")))
    }
