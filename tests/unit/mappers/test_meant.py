"""What a statement names is found by whatever it is called, and whose that is decides whose word it is."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace
from tests.support.mapper_world import PASS, World, attest, by, mapped, mapping, part, simple

from plantproof.mappers.meant import Meant, meant
from plantproof.model.evidence import AttestedScope, Person
from plantproof.model.plant import Column
from plantproof.model.site import Conduit

LINK = Conduit(id="link", title="Link", zones=["cell", "hall"], enforcement_points=["Door"], owner="ot-network")
WHERE = {"plc": ("cell",), "fw": ("hall",), "hmi": ("yard",)}
CALLED = {"plc": ("plc",), "PLC-1": ("plc",), "Door": ("fw",), "twin": ("fw", "hmi"), "gone": ()}


def world(scope: AttestedScope, asked: str = "component", **more: object) -> World:
    """Three zones with a device each. The firewall, called `Door`, guards the conduit of cell and hall."""
    found = simple(dict.fromkeys(WHERE, PASS), where=WHERE, attestations=[attest("doors", scope, **more)])
    found.mappings = [mapping(SR_1_1=mapped(part(by("doors"), scope=asked)))]
    zones = [replace(zone, owner=f"{zone.id}-team" if zone.id != "yard" else "") for zone in found.plant.site.zones]
    found.plant.site = replace(found.plant.site, zones=zones, conduits=[LINK])
    table = found.plant.tables["asset"]
    table.conduits[table.rows["fw"]] = ("link",)
    found.plant.named_assets = CALLED
    return found


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (AttestedScope(assets=["PLC-1"]), Meant({"plc"}, {"plc"}, {"cell"}, frozenset(), unknown=False)),
        (AttestedScope(assets=["Door"]), Meant({"fw"}, {"fw"}, {"hall"}, {"link"}, unknown=False)),
        (AttestedScope(assets=["twin"]), Meant({"fw", "hmi"}, frozenset(), {"hall", "yard"}, {"link"}, unknown=False)),
        (AttestedScope(assets=["gone"]), Meant(*[frozenset()] * 4, unknown=False)),
        (AttestedScope(assets=["nobody"]), Meant(*[frozenset()] * 4, unknown=True)),
        (AttestedScope(zones=["attic"]), Meant(*[frozenset()] * 4, unknown=True)),
        (AttestedScope(conduits=["attic"]), Meant(*[frozenset()] * 4, unknown=True)),
        (AttestedScope(zones=["cell"], conduits=["link"]), Meant(*[frozenset()] * 4, unknown=False)),
    ],
)
def test_what_a_scope_means(scope: AttestedScope, expected: Meant) -> None:
    found = world(scope)
    assert meant(found.plant.attestations[0], found.plant) == expected


@pytest.mark.parametrize(
    ("scope", "against"),
    [
        (AttestedScope(assets=["PLC-1"]), {"cell"}),
        (AttestedScope(assets=["Door"]), {"hall", "link"}),
        (AttestedScope(assets=["twin"]), {"hall", "link", "yard"}),
        (AttestedScope(assets=["gone"]), set()),
        (AttestedScope(assets=["nobody"]), {"cell", "hall", "link", "yard"}),
        (AttestedScope(zones=["attic"]), {"cell", "hall", "link", "yard"}),
    ],
)
def test_a_statement_against_counts_wherever_what_it_names_may_be(scope: AttestedScope, against: set[str]) -> None:
    """By a name as by an id; a device that guards a conduit speaks against that too; what nobody knows may be
    anywhere."""
    found = world(scope, outcome="not-satisfied")
    units = ("cell", "hall", "link", "yard")
    assert {unit for unit in units if found.finding("SR 1.1", unit).conclusion == "not-satisfied"} == against


@pytest.mark.parametrize(
    ("scope", "unit", "conclusion"),
    [
        (AttestedScope(assets=["PLC-1"]), "cell", "satisfied"),
        (AttestedScope(assets=["Door"]), "link", "satisfied"),
        (AttestedScope(assets=["twin"]), "hall", "not-assessed"),
        (AttestedScope(assets=["plc"]), "link", "not-assessed"),
    ],
)
def test_a_statement_covers_what_a_name_means_for_certain(scope: AttestedScope, unit: str, conclusion: str) -> None:
    assert world(scope).finding("SR 1.1", unit).conclusion == conclusion


@pytest.mark.parametrize(
    ("role", "scope", "claimed"),
    [
        ("cell team", AttestedScope(assets=["PLC-1"]), True),
        ("hall team", AttestedScope(assets=["PLC-1"]), False),
        ("OT network desk", AttestedScope(assets=["Door"]), True),
        ("Site owner", AttestedScope(zones=["yard"]), True),
        ("Site owner", AttestedScope(assets=["hmi"]), False),
        ("Site owner", AttestedScope(assets=["twin"]), True),
        ("Site owner", AttestedScope(zones=["cell"]), False),
        ("Mixing", AttestedScope(assets=["plc"]), True),
        ("Bottling", AttestedScope(assets=["plc"]), True),
        ("Mixing", AttestedScope(assets=["Door"]), False),
    ],
)
def test_whoever_owns_what_a_statement_names_is_not_independent(role: str, scope: AttestedScope, claimed: bool) -> None:
    """The zone of a device that he names, the conduit that it guards, the device itself, whichever source says so;
    where a zone has no owner, the site's."""
    found = world(scope, who=Person(name="A. Ssessor", role=role))
    table = found.plant.tables["asset"]
    values = [b'"Mixing"' if asset == "plc" else None for asset in table.ids]
    disputed = {table.rows["plc"]: (b'"Mixing"', b'"Bottling"')}
    table.columns["owner"] = Column(values=values, methods=bytearray(3), disputed=disputed, stale=set())
    assert found.conclude().site.attestations[0].claimed is claimed


def test_a_conduit_without_an_owner_is_the_sites() -> None:
    found = world(AttestedScope(conduits=["link"]), who=Person(name="A. Ssessor", role="Site owner"))
    assert not found.conclude().site.attestations[0].claimed
    found.plant.site = replace(found.plant.site, conduits=[msgspec.structs.replace(LINK, owner="")])
    assert found.conclude().site.attestations[0].claimed
