"""Drafting intent from evidence: what is found, and what is asked."""

from __future__ import annotations

import pytest
from tests.support.draft_world import accepted, asked, asset, claims, conduits, flow, port, rule, zones

from plantproof.errors import InputError
from plantproof.model.evidence import Covers
from plantproof.plant.draft import draft
from plantproof.plant.draft_conduits import MOST_SERVICES, written
from plantproof.plant.draft_evidence import MOST_NAMES, plain
from plantproof.plant.draft_words import kind_of_words, level_of, slug, unique
from plantproof.plant.draft_zones import MOST_GUESSED

FIREWALL = asset(0, role="firewall")
TWO_CELLS = [
    port("p1", "10.1.2.1/24", description="filling line"),
    port("p2", "10.1.3.1/24", description="safety controllers"),
]


def test_every_network_of_a_firewall_is_a_zone_named_as_its_interface_is_described() -> None:
    found = draft(claims(asset=[FIREWALL], interface=TWO_CELLS))
    assert {name: (zone.subnets, zone.kind) for name, zone in zones(found).items()} == {
        "filling-line": (["10.1.2.0/24"], "control"),
        "safety-controllers": (["10.1.3.0/24"], "safety"),
    }
    assert all(zone.unconfirmed and zone.sl_target is None for zone in found.site.zones)
    accepted(found)


def test_a_name_that_half_of_the_devices_bear_makes_one_zone_of_several_subnets() -> None:
    devices = [asset(1, "10.1.2.5", zone="line-1"), asset(2, "10.1.3.5", zone="line-1"), asset(3, "10.1.4.5")]
    found = draft(claims(asset=devices))
    assert zones(found)["line-1"].subnets == ["10.1.2.0/24", "10.1.3.0/24"]
    assert asked(found, "boundary") == [
        "Are 10.1.2.0/24, 10.1.3.0/24 (2 devices of unknown role) really one cell, `line-1`?"
    ]


def test_where_no_mask_is_known_the_subnet_is_guessed_and_asked_for() -> None:
    found = draft(claims(asset=[asset(1, "10.1.2.5"), asset(2, "fd00:1::5")]))
    assert sorted(zone.subnets for zone in found.site.zones) == [["10.1.2.0/24"], ["fd00:1::/64"]]
    assert asked(found, "subnet") == ["How large are 10.1.2.0/24, fd00:1::/64 really?"]


def test_a_guess_never_overlaps_what_is_known() -> None:
    devices = [FIREWALL, asset(1, "10.1.2.5"), asset(2, "10.1.2.200"), asset(3, "10.1.2.70")]
    found = draft(claims(asset=devices, interface=[port("p1", "10.1.2.1/26")]))
    assert sorted(subnet for zone in found.site.zones for subnet in zone.subnets) == [
        "10.1.2.0/26", "10.1.2.128/25", "10.1.2.64/26"
    ]  # fmt: skip
    accepted(found)


def test_of_overlapping_networks_the_narrower_are_drafted_and_the_wide_one_is_asked_about() -> None:
    ports = [*TWO_CELLS, port("p3", "10.1.0.1/16", owner=1)]
    found = draft(claims(asset=[FIREWALL, asset(1)], interface=ports))
    assert sorted(subnet for zone in found.site.zones for subnet in zone.subnets) == [
        "10.1.0.0/24", "10.1.2.0/24", "10.1.3.0/24"
    ]  # fmt: skip
    assert "Is 10.1.0.0/16 a summary, or a wrong mask?" in asked(found, "subnet")
    accepted(found)


def test_evidence_without_any_address_is_drafted_by_names_and_the_rest_is_asked_for() -> None:
    found = draft(claims(asset=[asset(1, zone="CIP"), asset(2, zone="Filling line"), asset(3)]))
    assert {name: (zone.subnets, zone.members) for name, zone in zones(found).items()} == {
        "CIP": ([], []),
        "filling-line": ([], ["device-2"]),
    }
    assert (found.placed, found.assets) == (2, 3)
    assert asked(found, "place") == ["Where do device-3 stand?"]
    accepted(found)


def test_without_any_hint_there_is_one_zone_to_begin_with() -> None:
    found = draft(claims(asset=[asset(1), asset(2)]))
    assert list(zones(found)) == ["plant"]
    accepted(found)


def test_no_evidence_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError, match=r"nothing to draft from \(`plantproof collect --site works"):
        draft(claims())


def test_a_zone_that_custody_speaks_of_is_there_though_no_record_knows_it() -> None:
    found = draft(claims(covers=[Covers(kind="asset", zones=["Cell 7"])], asset=[asset(1, "10.1.2.5")]))
    assert "Cell 7" in zones(found)
    assert "Which subnets are `Cell 7`?" in asked(found, "place")
    accepted(found)


def test_a_conduit_is_proposed_from_flows_and_rules_and_permits_nothing() -> None:
    rules = [rule(1, "10.1.2.0/24", "10.1.3.0/24", "tcp/502"), rule(2, "10.1.2.0/24", "10.1.3.9/32", "udp/161-162")]
    seen = [flow("10.1.2.5", "10.1.3.5"), flow("10.1.3.5", "10.1.2.5", 44818)]
    found = draft(claims(asset=[FIREWALL], interface=TWO_CELLS, flow=seen, firewall_rule=rules))
    (conduit,) = found.site.conduits
    assert conduit.unconfirmed
    assert conduit.enforcement_points == ["device-0"]
    assert [(each.from_, each.to, each.services) for each in conduit.permitted] == [
        ("filling-line", "safety-controllers", ["tcp/502", "udp/161-162"]),
        ("safety-controllers", "filling-line", ["tcp/44818"]),
    ]
    assert "Is this traffic wanted: tcp/44818 (safety-controllers to filling-line)?" in asked(found, "crossing")
    assert "Does anybody still need udp/161-162 (filling-line to safety-controllers)?" in asked(found, "crossing")


def test_a_rule_that_says_any_is_a_question_and_no_conduit() -> None:
    rules = [rule(1, "0.0.0.0/0", "10.1.3.0/24", "tcp/502"), rule(2, "10.1.2.0/24", "10.1.3.0/24", "ip")]
    found = draft(claims(asset=[FIREWALL], interface=TWO_CELLS, firewall_rule=rules))
    assert found.site.conduits == []
    (question,) = [each for each in found.questions if "have to pass device-0" in each.text]
    assert "`rule 1`, `rule 2`" in question.text


def test_denied_and_disabled_rules_propose_nothing() -> None:
    rules = [
        rule(1, "10.1.2.0/24", "10.1.3.0/24", "tcp/502", action="deny"),
        rule(2, "10.1.2.0/24", "10.1.3.0/24", "tcp/502", enabled=False),
    ]
    assert draft(claims(asset=[FIREWALL], interface=TWO_CELLS, firewall_rule=rules)).site.conduits == []


def test_public_addresses_are_outside_and_private_ones_of_no_subnet_are_asked_for() -> None:
    seen = [flow("10.1.2.5", "8.8.8.8", 443), flow("192.168.77.7", "10.1.2.5")]
    found = draft(claims(asset=[FIREWALL], interface=TWO_CELLS, flow=seen))
    assert zones(found)["outside"].kind == "external"
    assert list(conduits(found)) == ["outside-filling-line"]
    assert asked(found, "place") == ["Where do device-0 stand?", "What is at 192.168.77.7?"][1:]
    assert any("direct way `outside to filling-line` wanted" in text for text in asked(found, "crossing"))


def test_two_zones_that_talk_without_a_firewall_between_may_be_one_cell() -> None:
    devices = [asset(number, f"10.1.2.{number}", role="plc") for number in range(1, 4)]
    devices += [asset(9, "10.1.3.9", role="hmi")]
    found = draft(claims(asset=devices, flow=[flow("10.1.3.9", "10.1.2.1", 102)]))
    assert found.questions[0].text == (
        "Are `subnet-10-1-3-0-24` (10.1.3.0/24, 1 HMI) and `subnet-10-1-2-0-24` (10.1.2.0/24, 3 PLCs) one cell?"
    )
    assert found.questions[0].decides == 4


def test_safety_controllers_among_others_are_asked_for() -> None:
    devices = [asset(1, "10.1.2.1", role="plc"), asset(2, "10.1.2.2", role="safety-plc"), asset(3, "10.1.2.3")]
    (text,) = [text for text in asked(draft(claims(asset=devices)), "kind") if "safety" in text]
    assert text.startswith("Do the 1 safety controller in `subnet-10-1-2-0-24`")


def test_very_many_subnets_that_nobody_named_are_drawn_together() -> None:
    devices = [asset(number, f"10.{number % 2}.{number}.5") for number in range(MOST_GUESSED + 1)]
    found = draft(claims(asset=devices))
    assert {zone.title: len(zone.subnets) for zone in found.site.zones} == {
        "Subnets of 10.0.0.0/16": 33, "Subnets of 10.1.0.0/16": 32
    }  # fmt: skip
    assert len(draft(claims(asset=devices[1:])).site.zones) == MOST_GUESSED
    accepted(found)


@pytest.mark.parametrize("word", ["Undefined", "unassigned", " ", "n/a"])
def test_what_a_tool_writes_for_no_zone_is_no_zone(word: str) -> None:
    found = draft(claims(asset=[asset(1, "10.1.2.5", zone=word), asset(2, "10.1.3.5", zone=word)]))
    assert [zone.subnets for zone in found.site.zones] == [["10.1.2.0/24"], ["10.1.3.0/24"]]


def test_many_services_are_a_question_and_not_a_conduit_of_a_thousand_lines() -> None:
    seen = [flow("10.1.2.5", "10.1.3.5", number) for number in range(1000, 1100)]
    found = draft(claims(asset=[FIREWALL], interface=TWO_CELLS, flow=seen))
    assert len(found.site.conduits[0].permitted[0].services) == MOST_SERVICES
    assert any("Which other services does" in text for text in asked(found, "crossing"))


@pytest.mark.parametrize(
    ("service", "text"),
    [
        ("tcp/502", "tcp/502"), ("udp/161-162", "udp/161-162"), ("icmp", "icmp"), ("TCP/0-80", "tcp/1-80"),
        ("ip", ""), ("tcp", ""), ("sctp/5000", ""), ("unknown", ""), ("tcp/99999", ""), ("47", ""), ("tcp/1-65535", ""),
    ],
)  # fmt: skip
def test_a_service_is_written_as_a_site_file_has_it_or_not_at_all(service: str, text: str) -> None:
    assert written(service) == text


def test_the_questions_come_by_what_they_decide() -> None:
    found = draft(claims(asset=[asset(number, f"10.1.{number}.5") for number in range(1, 6)]))
    weights = [question.decides for question in found.questions]
    assert weights == sorted(weights, reverse=True)


def test_names_are_cut_to_what_a_site_file_can_bear() -> None:
    assert plain("a\nb\x00c  d") == "a b c d"
    assert len(plain("x" * 500)) == MOST_NAMES
    assert slug("Abfüllung, Linie 1") == "abfüllung-linie-1"
    taken: set[str] = set()
    assert [unique(name, taken) for name in ("cell", "Cell", "unknown", "")] == [
        "cell",
        "Cell-2",
        "unknown-zone",
        "zone",
    ]


def test_kinds_and_levels_are_guessed_from_words_and_roles() -> None:
    assert kind_of_words(["WAN1"]) == "external"
    assert kind_of_words(["Safety in the office"]) == "safety"
    assert kind_of_words(["machine hall"]) == "control"
    assert kind_of_words(["hall 7"]) == ""
    assert level_of("control", [], ["plc", "hmi"]) == 2
    assert level_of("business", [1.0], []) == 4
    assert level_of("dmz", [], []) == 3.5


def test_a_name_that_two_devices_bear_is_no_name_in_a_site_file() -> None:
    """As a member `PLC` would take the other one out of the zone in which its address has it."""
    loose, elsewhere = asset(1, names=["PLC"], zone="Line 1"), asset(2, "10.1.9.5", names=["plc"])
    members = {name: zone.members for name, zone in zones(draft(claims(asset=[loose, elsewhere]))).items()}
    assert members == {"line-1": ["a-1"], "subnet-10-1-9-0-24": []}
    alone = draft(claims(asset=[loose, asset(2, "10.1.9.5")]))
    assert zones(alone)["line-1"].members == ["PLC"]
    accepted(alone)


def test_a_name_that_is_shortened_or_tidied_finds_nothing_so_the_id_stands() -> None:
    found = draft(claims(asset=[asset(1, names=["n" * (MOST_NAMES + 1)], zone="Line 1")]))
    assert zones(found)["line-1"].members == ["a-1"]


def test_of_two_firewalls_of_one_name_the_right_one_keeps_a_conduit() -> None:
    firewalls = [asset(0, names=["FW"], role="firewall"), asset(1, names=["FW"], role="firewall")]
    found = draft(
        claims(asset=firewalls, interface=TWO_CELLS, firewall_rule=[rule(1, "10.1.2.0/24", "10.1.3.0/24", "tcp/502")])
    )
    assert [conduit.enforcement_points for conduit in found.site.conduits] == [["a-0"]]


def test_a_leg_that_is_switched_off_keeps_no_zones_apart() -> None:
    off = [TWO_CELLS[0], {**TWO_CELLS[1], "enabled": False}]
    rules = [rule(1, "10.8.0.0/24", "10.9.0.0/24", "tcp/502")]
    for ports, points, asks in ((TWO_CELLS, ["device-0"], 0), (off, [], 1)):
        found = draft(
            claims(asset=[FIREWALL], interface=ports, flow=[flow("10.1.2.5", "10.1.3.5")], firewall_rule=rules)
        )
        assert [conduit.enforcement_points for conduit in found.site.conduits] == [points]
        assert len(asked(found, "boundary")) == asks


def test_controllers_in_a_zone_that_is_called_an_office_are_asked_about() -> None:
    office = [port("p1", "10.1.2.1/24", description="Enterprise packaging")]
    devices = [FIREWALL, asset(1, "10.1.2.5", role="plc"), asset(2, "10.1.2.6", role="server")]
    found = draft(claims(asset=devices, interface=office))
    assert asked(found, "kind") == ["Is `enterprise-packaging` really a business zone, with 1 PLC in it?"]
    harmless = draft(claims(asset=[FIREWALL, asset(2, "10.1.2.6", role="server")], interface=office))
    assert asked(harmless, "kind") == []


def test_where_a_rule_leads_that_no_device_explains_is_asked() -> None:
    """A network behind the next router: the rule opens the way there, and nothing else of the draft would say so."""
    rules = [rule(1, "10.1.2.0/24", "172.16.5.0/24", "tcp/502"), rule(2, "10.1.2.0/24", "224.0.0.5/32", "tcp/89")]
    found = draft(claims(asset=[FIREWALL], interface=TWO_CELLS, firewall_rule=rules))
    assert asked(found, "place") == ["What is at 172.16.5.0/24?"]


def test_a_published_address_is_not_where_a_rule_leads() -> None:
    ports = [port("wan1", "203.0.113.1/24"), port("p2", "10.1.2.1/24", description="line")]
    published = rule(1, "0.0.0.0/0", "203.0.113.9/32", "tcp/502", src_interfaces=["wan1"], nat=["destination"])
    known = draft(claims(asset=[FIREWALL], interface=ports, firewall_rule=[{**published, "dst_interfaces": ["p2"]}]))
    assert [set(conduit.zones) for conduit in known.site.conduits] == [{"line", "subnet-203-0-113-0-24"}]
    unknown = draft(claims(asset=[FIREWALL], interface=ports, firewall_rule=[published]))
    assert any("Its rule `rule 1` says any" in text for text in asked(unknown, "crossing"))
