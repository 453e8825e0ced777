"""A small plant with policies, mappings and observations, written down by hand: what the mappers are tested on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from plantproof.mappers.bindings import bindings_of
from plantproof.mappers.conclude import SiteConclusions, conclude_site
from plantproof.mappers.identity import canonical
from plantproof.model.assessment import ControlFinding, LevelVectors
from plantproof.model.catalog import Catalog, CatalogGroup, Profile
from plantproof.model.evidence import Attestation, AttestedScope, Person
from plantproof.model.intent import Intent, SelectedControl, SelectedFramework
from plantproof.model.mapping import Answer, MappedControl, MappedPart, Review
from plantproof.model.mapping import Mapping as FrameworkMapping
from plantproof.model.observation import Observations
from plantproof.model.plant import Origin, Plant, Table, Uncovered
from plantproof.model.policy import Bundle, Parameter, Policy, PolicyMetadata, Remediation, Violation
from plantproof.model.site import Conduit, EssentialFunction, Site, Zone
from plantproof.model.vocabulary import Method, Outcome
from plantproof.model.waiver import Compensation, Waiver

ON = "2026-06-30"
SITE = "works"
IEC = "iec62443-3-3"
NIST = "sp800-53r5"
GROUPS = ("IAC", "UC", "SI", "DC", "RDF", "TRE", "RA")
PASS, FAIL, OUT, SILENT, ERROR = Outcome

Placed = Mapping[str, Sequence[str]]


def control(name: str, level: int | None = 1, group: str = "FR 1", **more: Any) -> SelectedControl:
    return SelectedControl(id=name, title=f"Title of {name}", group=group, level=level, **more)


def framework(
    controls: Iterable[SelectedControl],
    *,
    name: str = IEC,
    selected: Iterable[SelectedControl] | None = None,
    parameters: dict[str, Any] | None = None,
) -> SelectedFramework:
    """A catalog of these controls under a profile that selects all of them, or those in `selected`."""
    everything = tuple(controls)
    groups = [CatalogGroup(id=f"FR {n}", title=code, code=code) for n, code in enumerate(GROUPS, 1)]
    catalog = Catalog(
        schema="plantproof/catalog/1",
        id=name,
        title=f"The catalog {name}",
        edition="1",
        publisher="nobody",
        sources=["by hand"],
        ids="iec" if name == IEC else "nist-800-53",
        groups=groups if name == IEC else [],
        controls={each.id: each.title for each in everything},
    )
    profile = Profile(schema="plantproof/profile/1", id=f"{name}-profile", title="All of it", framework=name)
    return SelectedFramework(
        catalog=catalog,
        profile=profile,
        controls=everything if selected is None else tuple(selected),
        all_controls=everything,
        parameters=parameters or {},
    )


def policy(name: str, subject: str = "asset", **more: Any) -> Policy:
    parameters = more.pop("parameters", {})
    metadata = PolicyMetadata(
        subject=subject,
        severity=more.pop("severity", "high"),
        remediation=Remediation(action="Enable it.", window="any", interim="Watch it."),
        parameters={key: Parameter(description=key, default=value) for key, value in parameters.items()},
        **more,
    )
    return Policy(
        id=name,
        package=f"policies.{name.replace('/', '.')}",
        path=f"policies/{name}.rego",
        line=1,
        title=f"Title of {name}",
        description="",
        metadata=metadata,
        source="",
        libraries=(),
    )


def by(name: str, coverage: str = "full", **more: Any) -> Answer:
    """An answer by a policy (`family/policy`), or by attestations on a topic."""
    leaves_out = "the rest" if coverage == "partial" else ""
    kind = {"policy": name} if "/" in name else {"attestation": name}
    more["with_"] = more.pop("params", {})
    return Answer(coverage=coverage, leaves_out=leaves_out, **kind, **more)  # words by hand


def part(*answers: Answer, name: str = "a", scope: str = "component", any_of: bool = False, **more: Any) -> MappedPart:
    aspect = more.pop("aspect", "configuration")
    kind = {"any_of" if any_of else "all_of": list(answers)}
    return MappedPart(id=name, asks=f"asks {name}", scope=scope, aspect=aspect, **kind, **more)


def mapped(*parts: MappedPart, complete: bool = True) -> MappedControl:
    reviewed = Review(by="R. Eviewer", on="2026-01-01") if complete else None
    return MappedControl(parts=list(parts), complete=complete, reviewed=reviewed)


def mapping(name: str = IEC, **controls: MappedControl) -> FrameworkMapping:
    """`mapping(SR_1_1=...)` maps `SR 1.1`."""
    named = {key.replace("_", " ", 1).replace("_", "."): each for key, each in controls.items()}
    return FrameworkMapping(schema="plantproof/mapping/1", framework=name, controls=named)


def zone(name: str, **more: Any) -> Zone:
    return Zone(id=name, title=f"Zone {name}", kind=more.pop("kind", "control"), purdue_level=1.0, **more)


def site(zones: Iterable[Zone], conduits: Iterable[Conduit] = (), functions: Iterable[EssentialFunction] = ()) -> Site:
    return Site(
        schema="plantproof/site/1",
        id=SITE,
        title="The works",
        owner="Site owner",
        zones=list(zones),
        conduits=list(conduits),
        essential_functions=list(functions),
    )


def table(kind: str, placed: Placed, conduits: Placed | None = None, assets: Sequence[str] = ()) -> Table:
    """Subjects by id with the zones in which they count; `assets` are those whose table this one's rows point at."""
    ids = sorted(placed)
    return Table(
        kind=kind,
        ids=ids,
        rows={each: row for row, each in enumerate(ids)},
        columns={},
        fresh=bytearray([1] * len(ids)),
        zones=[tuple(placed[each]) for each in ids],
        conduits=[tuple((conduits or {}).get(each, ())) for each in ids],
        asset_rows=[assets.index(each.split(":")[0]) if each.split(":")[0] in assets else -1 for each in ids],
        origins=[(Origin("scan", f"evidence/{SITE}/scan/records/{kind}.jsonl", row + 1),) for row in range(len(ids))],
    )


def plant(
    of_site: Site,
    tables: Iterable[Table],
    attestations: Iterable[Attestation] = (),
    first_seen: dict[str, str] | None = None,
) -> Plant:
    """A plant in which people name assets by their ids."""
    tables = list(tables)
    assets = {asset for each in tables if each.kind == "asset" for asset in each.ids}
    return Plant(
        site=of_site,
        date=ON,
        tables={each.kind: each for each in tables},
        uncovered={},
        covered_assets={},
        context={},
        names={},
        placement={},
        sources=(),
        attestations=tuple(attestations),
        lapses=(),
        first_seen=first_seen or {},
        named_assets={asset: (asset,) for asset in sorted(assets)},
    )


def observe(
    name: str,
    of_table: Table,
    outcomes: Mapping[str, Outcome],
    *,
    params: dict[str, Any] | None = None,
    method: Method = Method.CONFIG,
    methods: Mapping[str, Method] | None = None,
    uncovered: Sequence[Uncovered] = (),
    message: str = "it is wrong",
) -> Observations:
    """What a policy found of each subject of a table; the uncovered ones are no-evidence."""
    words = [outcomes[each] for each in of_table.ids]
    return Observations(
        site=SITE,
        policy=name,
        parameters=canonical(params or {}),
        kind=of_table.kind,
        outcomes=bytearray([*words, *[SILENT] * len(uncovered)]),
        methods=bytearray([*((methods or {}).get(each, method) for each in of_table.ids), *[255] * len(uncovered)]),
        reasons={row: ("missing-field", "`x` is not known") for row, word in enumerate(words) if word == SILENT},
        violations={row: (Violation(message),) for row, word in enumerate(words) if word == FAIL},
        uncovered=list(uncovered),
    )


def attest(topic: str, scope: AttestedScope, name: str = "att-1", **more: Any) -> Attestation:
    given: dict[str, Any] = {
        "who": Person(name="A. Ssessor", role="auditor"),
        "about_own_work": False,
        "method": "examine",
        "outcome": "satisfied",
        "statement": "It is so.",
        "date": "2026-06-01",
        "expires": "2026-12-31",
    }
    return Attestation(schema="plantproof/attestation/1", id=name, topic=topic, scope=scope, **{**given, **more})


def waive(name: str, subjects: list[str], compensation: Compensation | None = None, **more: Any) -> Waiver:
    given: dict[str, Any] = {
        "id": "w-1",
        "kind": "compensating" if compensation else "risk-acceptance",
        "controls": [f"{IEC}/SR 1.1"],
        "reason": "No patch yet.",
        "owner": Person(name="O. Wner"),
        "approver": Person(name="A. Pprover"),
        "approved": "2026-01-01",
        "expires": "2026-12-31",
    }
    return Waiver(
        schema="plantproof/waiver/1",
        site=SITE,
        policy=name,
        subjects=subjects,
        compensation=compensation,
        **{**given, **more},
    )


class World(msgspec.Struct):
    """Everything that `conclude_site` is given, with one call to conclude and short ways to look at the result."""

    plant: Plant
    policies: list[Policy]
    mappings: list[FrameworkMapping]
    frameworks: list[SelectedFramework]
    observations: list[Observations]
    waivers: list[Waiver] = []

    @property
    def intent(self) -> Intent:
        return Intent(frameworks=tuple(self.frameworks), sites={SITE: self.plant.site}, waivers=tuple(self.waivers))

    @property
    def bundle(self) -> Bundle:
        return Bundle(policies={each.id: each for each in self.policies}, libraries={})

    def bindings(self) -> list[tuple[str, dict[str, Any]]]:
        return bindings_of(self.mappings, self.intent, self.bundle)

    def conclude(self, on: str = ON) -> SiteConclusions:
        return conclude_site(self.intent, self.mappings, self.bundle, self.plant, self.observations, on)

    def finding(self, name: str, unit: str = SITE, on: str = ON) -> ControlFinding:
        return finding_of(self.conclude(on), name, unit)

    def levels(self, unit: str) -> LevelVectors:
        found = self.conclude().site
        vectors = next(each.sl_achieved for each in [*found.zones, *found.conduits] if each.id == unit)
        assert vectors is not None
        return vectors


def finding_of(conclusions: SiteConclusions, name: str, unit: str = SITE) -> ControlFinding:
    findings = [each for found in conclusions.frameworks for each in [*found.controls, *found.units]]
    return next(each for each in findings if each.control == name and each.unit == unit)


def simple(
    outcomes: Mapping[str, Outcome], answers: MappedPart | None = None, *, where: Placed | None = None, **more: Any
) -> World:
    """One control `SR 1.1` (level 1) with one part, answered by the policy `f/x` on assets; all in the zone `cell`
    unless `where` places them. Keywords go to `observe`, but for `attestations`, `waivers` and `first_seen`."""
    attestations = more.pop("attestations", ())
    waivers = list(more.pop("waivers", ()))
    first_seen = more.pop("first_seen", None)
    placed = where or dict.fromkeys(outcomes, ("cell",))
    assets = table("asset", placed)
    zones = sorted({each for found in placed.values() for each in found} | {"cell"})
    return World(
        plant=plant(site([zone(each) for each in zones]), [assets], attestations, first_seen),
        policies=[policy("f/x")],
        mappings=[mapping(SR_1_1=mapped(answers or part(by("f/x"))))],
        frameworks=[framework([control("SR 1.1")])],
        observations=[observe("f/x", assets, outcomes, **more)],
        waivers=waivers,
    )
