"""Which assets people mean: by id, by an id of earlier, by any name in any case."""

from __future__ import annotations

import pytest
from tests.support.plant_world import CELL, attestation, conduit, identities, plant, site, source, zone

from plantproof.model.evidence import Claims
from plantproof.model.site import ExpectedAsset
from plantproof.plant.attested import names_of_nobody

AT = site(
    CELL,
    zone("office", "10.9.0.0/16"),
    conduits=[conduit("link", "cell", "office", points=["fw-1", "fw-2"])],
    expected=[ExpectedAsset(name="Burner", zone="cell")],
)
RECORDS = [
    {"id": "a", "names": ["Mixer", "plc-1"]},
    {"id": "b", "names": ["twin"]},
    {"id": "c", "names": ["twin"]},
    {"id": "d", "names": ["FW-1"]},
]
KNOWN = identities(
    ["a", "b", "c", "d", "left"],
    merged={"old": "a"},
    names={"a": ["agitator"], "left": ["press"]},
    retired={"left": ("2026-05-01", "plant manager", "scrapped")},
)
MEANT = {
    "a": ("a",),
    "old": ("a",),
    "PLC-1": ("a",),
    "mixer": ("a",),
    "Agitator": ("a",),
    "twin": ("b", "c"),
    "burner": ("declared:Burner",),
    "left": (),
    "press": (),
}
SOURCE = source("s", {"asset": RECORDS})


@pytest.mark.parametrize("name", [*MEANT, "nobody"])
def test_a_name_in_a_statement_means_the_assets_that_bear_it(name: str) -> None:
    stated = (attestation(scope={"assets": [name]}),)
    built = plant(SOURCE, at=AT, known=KNOWN, attestations=stated)
    assert built.named_assets == {"fw-1": ("d",)} | ({name: MEANT[name]} if name in MEANT else {})
    claims = Claims(site="works", sources=(SOURCE,), identities=KNOWN, attestations=stated)
    assert names_of_nobody(claims, AT) == ([] if name in MEANT else [name])


def test_an_id_means_what_it_names_whoever_else_is_called_so() -> None:
    called = source("s", {"asset": [{"id": "a"}, {"id": "b", "names": ["a"]}]})
    built = plant(called, attestations=(attestation(scope={"assets": ["a"]}),))
    assert built.named_assets == {"a": ("a",)}


def test_nobody_is_looked_for_where_nobody_states_anything() -> None:
    assert plant(SOURCE, at=AT, known=KNOWN).named_assets == {}
