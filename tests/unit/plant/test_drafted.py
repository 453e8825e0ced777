"""What nobody has confirmed: where it shows, and that it never makes anything better."""

from __future__ import annotations

import msgspec
from tests.support.plant_world import conduit, identities, plant, site, source, value, zone, zones_of

from plantproof.model.draft import confirmed, draft_words, proposed, unconfirmed_conduits
from plantproof.model.evidence import Covers, Vantage
from plantproof.model.plant import Plant
from plantproof.model.site import Conduit, Site, Zone
from plantproof.model.vocabulary import Reason
from plantproof.plant.subnets import SubnetIndex, parse_address, parse_network


def drafted(unit: Zone) -> Zone:
    return msgspec.structs.replace(unit, unconfirmed=True)


def drafted_conduit(unit: Conduit) -> Conduit:
    return msgspec.structs.replace(unit, unconfirmed=True)


HALL, CELL = zone("hall", "10.1.0.0/16"), drafted(zone("cell", "10.2.0.0/16"))
HALF = site(HALL, CELL)


def one_asset(at: Site, **fields: object) -> Plant:
    record = {"id": "a-1", "names": ["plc-1"], **fields}
    return plant(source("sensor", {"asset": [record]}), at=at, known=identities(["a-1"]))


def crossings(at: Site, *flows: tuple[str, str]) -> Plant:
    records = [
        {"id": f"f-{number}", "src_ip": start, "dst_ip": end, "protocol": "tcp", "port": 502}
        for number, (start, end) in enumerate(flows)
    ]
    return plant(source("sensor", {"flow": records}), at=at)


def test_an_asset_that_only_a_draft_places_counts_there_and_in_every_confirmed_zone() -> None:
    built = one_asset(HALF, ips=["10.2.0.5"])
    assert zones_of(built, "a-1") == ("cell", "hall")
    assert built.placement["a-1"] == "draft"
    assert value(built, "asset", "a-1", "zone") is None


def test_in_a_wholly_drafted_site_an_asset_counts_where_the_draft_has_it() -> None:
    built = one_asset(site(CELL, drafted(zone("other", "10.3.0.0/16"))), ips=["10.2.0.5"])
    assert zones_of(built, "a-1") == ("cell",)
    assert value(built, "asset", "a-1", "zone") is None


def test_a_confirmed_zone_keeps_its_assets_whatever_a_draft_says() -> None:
    inside = drafted(zone("cell", "10.1.7.0/24", members=["plc-1"]))
    built = one_asset(site(HALL, inside), ips=["10.1.7.5"])
    assert zones_of(built, "a-1") == ("hall",)
    assert value(built, "asset", "a-1", "zone") == "hall"


def test_a_zone_that_records_name_is_declared_though_nobody_has_confirmed_it() -> None:
    built = one_asset(HALF, zone="cell")
    assert built.placement["a-1"] == "draft"
    assert not [remark for remark in built.remarks if "not declared" in remark.message]
    other = one_asset(HALF, zone="celll")
    assert len([remark for remark in other.remarks if "not declared" in remark.message]) == 1


def test_an_address_is_that_of_the_confirmed_zone_before_the_draft() -> None:
    index = SubnetIndex(site(HALL, drafted(zone("cell", "10.1.7.0/24", "10.2.0.0/16"))))
    assert index.zones_of_text("10.1.7.5") == ("hall",)
    assert index.zones_of_text("10.2.0.5") == ("cell",)
    address, network = parse_address("10.1.7.5"), parse_network("10.1.7.0/25")
    assert address
    assert network
    assert index.zones_of_address(address) == ("hall",)
    assert index.zones_of_network(network) == ("cell", "hall")


def test_a_drafted_conduit_does_not_permit_the_flow_that_it_was_drafted_from() -> None:
    join = conduit("join", "hall", "other", permitted=[("hall", "other", "tcp/502")])
    zones = (HALL, zone("other", "10.3.0.0/16"))
    flow = ("10.1.0.5", "10.3.0.5")
    (crossing,) = crossings(site(*zones, conduits=[join]), flow).tables["crossing"].ids
    assert value(crossings(site(*zones, conduits=[join]), flow), "crossing", crossing, "conduit") == "join"
    open_ = crossings(site(*zones, conduits=[drafted_conduit(join)]), flow)
    assert value(open_, "crossing", crossing, "conduit") is None


def test_a_conduit_to_a_zone_that_nobody_has_confirmed_permits_nothing() -> None:
    join = conduit("join", "hall", "cell", permitted=[("hall", "cell", "tcp/502")])
    at = site(HALL, CELL, conduits=[join])
    assert unconfirmed_conduits(at) == {"join"}
    built = crossings(at, ("10.1.0.5", "10.2.0.5"))
    assert value(built, "crossing", built.tables["crossing"].ids[0], "conduit") is None
    assert built.tables["crossing"].unconfirmed == {0: "nobody has confirmed the zone cell"}


def test_zones_and_conduits_wait_as_subjects_too() -> None:
    at = site(HALL, CELL, conduits=[conduit("join", "hall", "cell")])
    built = plant(source("sensor", {}), at=at)
    zones, conduits = built.tables["zone"], built.tables["conduit"]
    assert zones.unconfirmed == {zones.rows["cell"]: "nobody has confirmed the zone cell"}
    assert conduits.unconfirmed == {0: "nobody has confirmed the conduit join and its zones"}
    assert value(built, "zone", "hall", "conduits") == []
    assert value(built, "zone", "cell", "conduits") == ["join"]


def test_policies_do_not_see_a_draft_as_context() -> None:
    built = plant(source("sensor", {}), at=site(HALL, CELL, conduits=[conduit("join", "hall", "cell")]))
    assert [each["id"] for each in msgspec.json.decode(built.context["zone"])] == ["hall"]
    assert msgspec.json.decode(built.context["conduit"]) == []


def test_no_source_covers_a_zone_of_which_nobody_has_said_where_it_ends() -> None:
    records = {"asset": [{"id": "a-1", "names": ["plc-1"], "ips": ["10.2.0.5"]}]}
    scope = [Covers(kind="backup", zones=["cell"])]
    for unit, covers in ((CELL, False), (msgspec.structs.replace(CELL, unconfirmed=False), True)):
        given = source("sensor", records, covers=scope)
        built = plant(given, at=site(unit), known=identities(["a-1"]), needs={"backup": {"last_run"}})
        assert built.covered("backup", 0) is covers


def test_that_nothing_crosses_a_drafted_boundary_is_never_known() -> None:
    covers = [Covers(kind="flow"), Covers(kind="firewall_rule")]
    flows = [{"id": "f", "src_ip": "10.1.0.5", "dst_ip": "10.1.0.6"}]
    rules = [{"id": "r", "asset": "a-1", "order": 1, "action": "deny"}]
    tap = Vantage(sensor="tap", loss_percent=0.0)
    given = source("sensor", {"flow": flows, "firewall_rule": rules}, covers=covers, vantage=tap)
    built = plant(given, at=HALF)
    assert [(each.subject, each.reason) for each in built.uncovered["crossing"]] == [("cell", Reason.UNCONFIRMED.value)]


def test_a_draft_does_not_narrow_down_what_lies_behind_an_interface() -> None:
    interfaces = [{"id": "a-1/p1", "asset": "a-1", "name": "p1", "ips": ["10.2.0.1/16"]}]
    rules = [
        {
            "id": "r", "asset": "a-1", "order": 1, "action": "accept", "src_interfaces": ["p1"],
            "src_networks": ["0.0.0.0/0"], "dst_networks": ["10.3.0.0/16"], "services": ["tcp/502"],
        }
    ]  # fmt: skip
    records = {"asset": [{"id": "a-1", "names": ["fw-1"]}], "interface": interfaces, "firewall_rule": rules}
    other = zone("other", "10.3.0.0/16")
    ways = {
        name: {crossing.split(":")[1] for crossing in built.tables["crossing"].ids}
        for name, at in (("confirmed alone", site(HALL, other)), ("with a draft", site(HALL, other, CELL)))
        for built in [plant(source("firewall", records, method="config"), at=at, known=identities(["a-1"]))]
    }
    assert ways["confirmed alone"] == {"hall>other"}
    assert ways["with a draft"] == {"hall>other", "cell>other"}


def test_a_record_without_an_asset_still_concerns_what_is_confirmed() -> None:
    built = crossings(HALF, ("10.2.0.5", "10.2.0.6"))
    assert zones_of(built, "f-0", "flow") == ("cell", "hall")


def test_every_report_is_told() -> None:
    assert draft_words(HALF) == "draft intent: nobody has confirmed 1 of 2 zones"
    assert draft_words(site()) == ""
    built = plant(source("sensor", {}), at=HALF)
    assert [remark.message for remark in built.remarks] == [draft_words(HALF)]


def test_confirmed_and_proposed_are_the_whole() -> None:
    at = site(HALL, CELL, conduits=[conduit("join", "hall", "cell")])
    assert [each.id for each in confirmed(at).zones] == ["hall"]
    assert [each.id for each in proposed(at).zones] == ["cell"]
    assert [each.id for each in proposed(at).conduits] == ["join"]
    assert confirmed(site()) == site()
