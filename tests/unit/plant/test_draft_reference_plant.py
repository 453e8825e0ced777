"""The reference plant, its site file taken away: how much of it is found again."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.documents import ROOT
from tests.support.draft_world import asked, zones

from plantproof.controls.sites import load_site
from plantproof.evidence.ledger import read_claims
from plantproof.git_opening import open_repository
from plantproof.model.evidence import Claims
from plantproof.model.site import Zone
from plantproof.plant.draft import draft
from plantproof.project import read_project_file


@pytest.fixture(scope="module")
def northmill() -> Claims:
    return read_claims(open_repository(ROOT).working_tree(), "northmill")


@pytest.fixture(scope="module")
def truth() -> dict[str, Zone]:
    data = (ROOT / "controls/sites/northmill.yaml").read_bytes()
    return {zone.id: zone for zone in load_site(data, "controls/sites/northmill.yaml").site.zones}


def test_the_zones_of_the_reference_plant_are_found(northmill: Claims, truth: dict[str, Zone]) -> None:
    """10 of 11 zones with name, kind and Purdue level; the internet has no device, and its subnets nobody collects."""
    precedence = read_project_file(ROOT).source_precedence
    found = zones(draft(northmill, precedence=precedence))
    same = [name for name in truth if name in found]
    assert sorted(set(truth) - set(same)) == ["internet"]
    assert sorted(set(found) - set(same)) == ["links"]
    assert [name for name in same if (found[name].kind, found[name].purdue_level) != (
        truth[name].kind, truth[name].purdue_level)] == []  # fmt: skip
    assert [name for name in same if found[name].owner != truth[name].owner] == []


def test_the_subnets_of_the_reference_plant_are_found_without_any_name(
    northmill: Claims, truth: dict[str, Zone]
) -> None:
    """12 of 12 subnets, also where neither inventory nor sensor names a zone; of the kinds 8 of 10."""
    nameless = msgspec.structs.replace(
        northmill,
        sources=tuple(
            msgspec.structs.replace(
                each,
                records={
                    kind: [(path, without_zones(data)) for path, data in files] for kind, files in each.records.items()
                },
                custody=msgspec.structs.replace(each.custody, covers=[]),
            )
            for each in northmill.sources
        ),
    )
    found = draft(nameless)
    by_subnet = {subnet: zone for zone in found.site.zones for subnet in zone.subnets}
    true_by_subnet = {subnet: zone for zone in truth.values() for subnet in zone.subnets}
    assert set(by_subnet) == set(true_by_subnet)
    main = [subnet for subnet in true_by_subnet if not subnet.endswith("/30")]
    alike = [subnet for subnet in main if by_subnet[subnet].kind == true_by_subnet[subnet].kind]
    assert (len(alike), len(main)) == (10, 10)


def without_zones(data: bytes) -> bytes:
    records = [msgspec.json.decode(line) for line in data.splitlines()]
    return b"".join(
        msgspec.json.encode({key: value for key, value in record.items() if key != "zone"}) + b"\n"
        for record in records
    )


def test_the_direct_ways_of_the_reference_plant_are_asked_about(northmill: Claims) -> None:
    texts = asked(draft(northmill), "crossing")
    assert "Is the direct way `enterprise to cell-cip` wanted (tcp/102)?" in texts
