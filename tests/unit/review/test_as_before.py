"""The intent of the base under which evidence of the head is read: what only the head has lies somewhere, and takes
nothing from what the base designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import pytest
from tests.support.plant_world import identities, lines, plant, project, site, source, zone
from tests.support.review_world import judged

from plantproof.model.evidence import Identities
from plantproof.model.site import ExpectedAsset, Site, Zone
from plantproof.review.as_before import as_before
from plantproof.review.judged import JudgedSite

LINE = zone("line", "10.1.0.0/24", "2001:db8:1::/64")
Record = Mapping[str, object]


def side(
    at: Site,
    assets: Sequence[Record] = (),
    interfaces: Sequence[Record] = (),
    known: Identities | None = None,
) -> JudgedSite:
    """A site with these assets, as one source reports them."""
    records = {"asset": lines(assets)} | ({"interface": lines(interfaces)} if interfaces else {})
    known = known or identities([str(each["id"]) for each in assets])
    built = plant(source("list", records), at=at, known=known, by=project())
    whole = judged({})
    return msgspec.structs.replace(
        whole, plant=built, canonical=known.canonical, claims=msgspec.structs.replace(whole.claims, identities=known)
    )


def added(found: Site) -> list[tuple[str, list[str], list[str]]]:
    """The zones besides the base's: id, subnets, members."""
    return [(each.id, each.subnets, each.members) for each in found.zones if each.id not in ("line", "office")]


def placed(base: JudgedSite, head: JudgedSite) -> list[str]:
    """The members that the new zones of the head keep."""
    return [member for _, _, members in added(as_before(base, head)) for member in members]


def test_without_a_new_zone_the_site_is_the_bases() -> None:
    base = side(site(LINE))
    assert as_before(base, side(site(zone("line", "10.2.0.0/24")))) is base.plant.site


@pytest.mark.parametrize(
    ("subnets", "kept"),
    [
        (["10.1.0.0/24"], []),
        (["10.1.0.0/25", "10.1.0.128/25"], []),
        (["10.1.0.7/32", "10.2.0.0/24"], ["10.2.0.0/24"]),
        (["10.0.0.0/8"], []),
        (["10.1.0.9/24"], []),
        (["2001:db8:1::/96", "2001:db8:2::/64"], ["2001:db8:2::/64"]),
    ],
)
def test_a_new_zone_has_what_no_subnet_of_the_base_holds(subnets: list[str], kept: list[str]) -> None:
    base, head = side(site(LINE)), side(site(zone("line", "10.9.0.0/24"), zone("exchange", *subnets)))
    assert added(as_before(base, head)) == [("exchange", kept, [])]


def test_a_member_of_a_new_zone_that_lies_nowhere_else_stays_there() -> None:
    new = side(site(LINE, zone("exchange", members=["gw-1"])), [{"id": "a-1", "names": ["gw-1"], "ips": ["10.7.0.1"]}])
    assert placed(side(site(LINE)), new) == ["gw-1"]


def exchange(*members: str, line: Zone = LINE) -> Site:
    return site(line, zone("exchange", members=members))


def test_a_device_with_an_address_of_the_line_is_no_member_of_a_new_zone_by_whatever_name() -> None:
    asset = {"id": "a-1", "names": ["plc-7"], "ips": ["10.1.0.7"]}
    known = identities(["a-1"], merged={"a-0": "a-1"}, names={"a-1": ["PLC of filling"]})
    for name in ("plc-7", "PLC-7", "a-1", "a-0", "plc of FILLING"):
        assert placed(side(site(LINE)), side(exchange(name), [asset], known=known)) == []


def test_an_address_of_an_interface_counts_as_well() -> None:
    interface = {"id": "a-1/port-1", "asset": "a-1", "name": "port-1", "ips": ["10.1.0.7"]}
    assert placed(side(site(LINE)), side(exchange("sw-1"), [{"id": "a-1", "names": ["sw-1"]}], [interface])) == []


def test_a_device_whose_address_the_change_takes_away_lies_where_it_lay() -> None:
    base = side(site(LINE), [{"id": "a-1", "names": ["plc-7"], "ips": ["10.1.0.7"]}])
    assert placed(base, side(exchange("plc-7"), [{"id": "a-1", "names": ["plc-7"]}])) == []


def test_a_member_of_the_base_is_none_of_a_new_zone_under_another_name() -> None:
    line = zone("line", members=["plc-7"])
    head = side(exchange("a-1", line=line), [{"id": "a-1", "names": ["plc-7"]}])
    assert placed(side(site(line)), head) == []


def test_an_asset_that_the_base_expects_in_a_zone_is_no_member_of_a_new_one() -> None:
    base = side(site(LINE, expected=[ExpectedAsset(name="plc-7", zone="line")]))
    assert placed(base, side(exchange("PLC-7"), [{"id": "a-1", "names": ["plc-7"]}])) == []
