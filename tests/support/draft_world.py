"""Small records of evidence, for tests of drafts of intent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support.plant_world import identities, source

from plantproof.controls.sites import load_site, site_path
from plantproof.model.draft import Draft
from plantproof.model.evidence import Claims, Covers
from plantproof.model.site import Conduit, Zone
from plantproof.reports.draft_intent import site_file

Records = list[dict[str, Any]]


def claims(covers: Sequence[Covers] = (), **records: Records) -> Claims:
    """One source with these records."""
    ids = [record["id"] for record in records.get("asset", ())]
    given = {kind: each for kind, each in records.items() if each}
    return Claims(
        site="works", sources=(source("sensor", given, covers=covers),), identities=identities(ids), attestations=()
    )


def asset(number: int, *ips: str, **more: Any) -> dict[str, Any]:
    """`device-<number>` with these addresses."""
    return {"id": f"a-{number}", "names": [f"device-{number}"], **({"ips": list(ips)} if ips else {}), **more}


def port(name: str, *ips: str, owner: int = 0, **more: Any) -> dict[str, Any]:
    """An interface of a device."""
    return {"id": f"a-{owner}/{name}", "asset": f"a-{owner}", "name": name, "ips": list(ips), **more}


def flow(start: str, end: str, number: int = 502, protocol: str = "tcp") -> dict[str, Any]:
    """Traffic between two addresses."""
    return {
        "id": f"{start}>{end}/{protocol}/{number}", "src_ip": start, "dst_ip": end, "protocol": protocol, "port": number
    }  # fmt: skip


def rule(order: int, start: str, end: str, *services: str, **more: Any) -> dict[str, Any]:
    """A rule of device-0 that accepts."""
    return {
        "id": f"a-0/rule/{order}", "asset": "a-0", "order": order, "name": f"rule {order}", "action": "accept",
        "enabled": True, "src_networks": [start], "dst_networks": [end], "services": list(services), **more,
    }  # fmt: skip


def zones(found: Draft) -> dict[str, Zone]:
    """By id."""
    return {zone.id: zone for zone in found.site.zones}


def conduits(found: Draft) -> dict[str, Conduit]:
    """By id."""
    return {conduit.id: conduit for conduit in found.site.conduits}


def asked(found: Draft, kind: str) -> list[str]:
    """The questions of one kind."""
    return [question.text for question in found.questions if question.kind == kind]


def accepted(found: Draft) -> None:
    """What is drafted is a site file that `validate` takes."""
    load_site(site_file(found), site_path("works"))
