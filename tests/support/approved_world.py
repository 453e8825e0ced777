"""A switch `sw` with a few facts, and records of configurations that were approved for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from tests.support import plant_world

from plantproof.controls.approved import approved_path, with_current
from plantproof.model.approved import ApprovedHead, ApprovedRecord
from plantproof.model.evidence import Claims, Identities, Source
from plantproof.review.recording import configured_devices, recorded

ASSET = {"id": "sw", "names": ["SW-1"], "role": "switch", "firmware": "1.0", "ips": ["10.1.0.9"]}
RULES = [
    {"id": "sw/policy/1", "asset": "sw", "order": 1, "action": "accept", "services": ["tcp/502"]},
    {"id": "sw/policy/2", "asset": "sw", "order": 2, "action": "deny", "services": ["ip"]},
]
SETTINGS = {"ssh.version": 2, "ntp.servers": ["10.1.0.1"]}


def switch(
    *,
    name: str = "switches",
    asset: Mapping[str, Any] = ASSET,
    rules: Sequence[Mapping[str, Any]] = RULES,
    settings: Mapping[str, Any] = SETTINGS,
    method: str = "config",
    key_id: str = "",
    **fields: Any,
) -> Source:
    """One source that has read the configuration of the switch."""
    own = str(asset["id"])
    held = [{"id": f"{own}/{key}", "asset": own, "key": key, "value": value} for key, value in settings.items()]
    records = {"asset": [asset], "firewall_rule": list(rules), "setting": held}
    found = plant_world.source(name, records, method=method, **fields)
    return msgspec.structs.replace(found, custody=msgspec.structs.replace(found.custody, key_id=key_id))


def claims(*sources: Source, known: Identities | None = None) -> Claims:
    """The evidence of the site `works`."""
    return Claims(site="works", sources=sources, identities=known or plant_world.identities(["sw"]), attestations=())


def approved(
    source: Source,
    *before: ApprovedRecord,
    change: str = "base",
    on: str = "2026-05-01",
    due: str = "",
    waiting: Source | None = None,
) -> list[ApprovedRecord]:
    """`before` and one record more, of how the source has the switch; `waiting` is how it is until then."""
    head = ApprovedHead(
        schema="plantproof/approved/1",
        site="works",
        change=change,
        how="proposed",
        by="Kim",
        on=on,
        due=due or msgspec.UNSET,
    )
    until = {each.asset: each.configuration for each in configured_devices(claims(waiting), on)} if waiting else {}
    records = list(before)
    for device in configured_devices(claims(source), on):
        line = recorded(device, change, before, {}, until.get(device.asset))
        path = approved_path("works", change)
        records.append(ApprovedRecord(head=head, device=line, current=True, origin=path, line=2))
    told, problems = with_current(records)
    assert problems == []
    return told
