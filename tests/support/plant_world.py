"""Small hand-made sites, sources and claims, for tests of `plantproof.plant`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from plantproof.model.approved import ApprovedRecord
from plantproof.model.evidence import Attestation, Claims, Collector, Covers, Custody, Identities, Source, Vantage
from plantproof.model.plant import Plant
from plantproof.model.project_file import ContentPin, ProjectFile, SiteSettings, SourceSettings
from plantproof.model.site import Conduit, ExpectedAsset, PermittedService, SharedSystem, Site, Zone
from plantproof.plant.build import build_plant

ON = "2026-06-30"
COLLECTED = "2026-06-01"


def zone(identifier: str, *subnets: str, kind: str = "control", members: Sequence[str] = (), level: float = 2) -> Zone:
    """A zone of which only what matters is said."""
    return msgspec.convert(
        {
            "id": identifier,
            "title": f"Zone {identifier}",
            "kind": kind,
            "purdue_level": level,
            "subnets": list(subnets),
            "members": list(members),
        },
        Zone,
    )


def conduit(
    identifier: str, *zones: str, permitted: Iterable[tuple[str, str, str]] = (), points: Sequence[str] = ()
) -> Conduit:
    """A conduit; `permitted` as (from, to, service)."""
    return Conduit(
        id=identifier,
        title=f"Conduit {identifier}",
        zones=list(zones),
        permitted=[
            PermittedService(from_=source, to=target, services=[service]) for source, target, service in permitted
        ],
        enforcement_points=list(points),
    )


CELL, OFFICE, DMZ = (
    zone("cell", "10.1.0.0/16"),
    zone("office", "10.9.0.0/16", kind="business", level=4),
    zone("dmz", "10.5.0.0/16", kind="dmz", level=3.5),
)


def site(
    *zones: Zone,
    conduits: Sequence[Conduit] = (),
    expected: Sequence[ExpectedAsset] = (),
    shared: Sequence[SharedSystem] = (),
) -> Site:
    """A site with these zones; cell, office and dmz where none are given."""
    return Site(
        schema="plantproof/site/1",
        id="works",
        title="Works (fictional)",
        owner="plant manager",
        zones=list(zones or (CELL, OFFICE, DMZ)),
        conduits=list(conduits),
        expected_assets=list(expected),
        shared_systems=list(shared),
    )


def source(
    name: str,
    records: Mapping[str, Sequence[Mapping[str, Any]] | bytes],
    *,
    method: str = "passive",
    collected: str = COLLECTED,
    observed_to: str | None = None,
    covers: Sequence[Covers] = (),
    vantage: Vantage | None = None,
    sightings: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Source:
    """One source folder. Records without a method get `method`; bytes are taken as they are. `sightings` by kind."""
    folder = f"evidence/works/{name}"
    return Source(
        name=name,
        custody=Custody(
            schema="plantproof/custody/1",
            format="test",
            collected_by=Collector(name="somebody"),
            collected_at=collected,
            observed_to=observed_to,
            covers=list(covers),
            vantage=vantage,
        ),
        custody_path=f"{folder}/custody.yaml",
        records={
            kind: [(f"{folder}/records/{kind}.jsonl", given if isinstance(given, bytes) else lines(given, method))]
            for kind, given in records.items()
        },
        sightings={
            kind: [
                (
                    f"{folder}/sightings/{kind}.jsonl",
                    b"".join(msgspec.json.encode({"raw": "export", **one}, order="sorted") + b"\n" for one in given),
                )
            ]
            for kind, given in (sightings or {}).items()
        },
    )


def lines(records: Iterable[Mapping[str, Any]], method: str = "passive") -> bytes:
    """Records as canonical lines."""
    return b"".join(msgspec.json.encode({"method": method, **record}, order="sorted") + b"\n" for record in records)


def identities(
    ids: Iterable[str] = (),
    *,
    merged: Mapping[str, str] | None = None,
    names: Mapping[str, list[str]] | None = None,
    retired: Mapping[str, tuple[str, str, str]] | None = None,
) -> Identities:
    """identities.jsonl, resolved."""
    canonical = {identifier: identifier for identifier in ids} | dict(merged or {})
    living = frozenset(canonical.values()) - frozenset(retired or {})
    return Identities(ids=living, canonical=canonical, by_key={}, names=dict(names or {}), retired=dict(retired or {}))


def attestation(**fields: Any) -> Attestation:
    """A statement on `doors` for the whole site, in force on `ON`."""
    given = {
        "schema": "plantproof/attestation/1",
        "id": "att-1",
        "topic": "doors",
        "who": {"name": "A. Uditor", "role": "Audit"},
        "about_own_work": False,
        "method": "examine",
        "scope": {"site": True},
        "outcome": "satisfied",
        "statement": "They are locked.",
        "date": "2026-05-01",
        "expires": "2027-04-30",
    }
    return msgspec.convert(given | fields, Attestation)


def project(*, settings: Mapping[str, SourceSettings] | None = None, **fields: Any) -> ProjectFile:
    """plantproof.yaml with one site, works."""
    return ProjectFile(
        schema="plantproof/project/1",
        title="Test",
        content=ContentPin(version="1", hash="x"),
        profiles=["any"],
        sites={"works": SiteSettings(sources=dict(settings or {}))},
        **fields,
    )


def plant(
    *sources: Source,
    at: Site | None = None,
    known: Identities | None = None,
    needs: Mapping[str, set[str]] | None = None,
    by: ProjectFile | None = None,
    attestations: Sequence[Attestation] = (),
    on: str = ON,
    approved: Sequence[ApprovedRecord] = (),
    proposed: bool = False,
) -> Plant:
    """The plant of these sources on the date `on`; `proposed`: with configurations that are on no device yet."""
    claims = Claims(
        site="works",
        sources=sources,
        identities=known or identities(),
        attestations=tuple(attestations),
        proposed=proposed,
    )
    return build_plant(claims, at or site(), by or project(), needs or {}, on, approved=approved)


def value(built: Plant, kind: str, subject: str, field: str) -> Any:
    """What the table says of a field, decoded; None for nothing."""
    table = built.tables[kind]
    raw = table.columns[field].values[table.rows[subject]]
    return None if raw is None else msgspec.json.decode(raw)


def disputed(built: Plant, kind: str, subject: str, field: str) -> list[Any] | None:
    """All values that are claimed of a disputed field, decoded; None where it is not disputed."""
    table = built.tables[kind]
    claims = table.columns[field].disputed.get(table.rows[subject])
    return None if claims is None else [msgspec.json.decode(claim) for claim in claims]


def zones_of(built: Plant, subject: str, kind: str = "asset") -> tuple[str, ...]:
    """The zones in which a subject counts."""
    table = built.tables[kind]
    return table.zones[table.rows[subject]]
