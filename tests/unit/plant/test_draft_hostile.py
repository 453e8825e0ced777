"""Nothing in the evidence can hurt a draft: laws on generated and hostile records."""

from __future__ import annotations

from ipaddress import ip_network

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.draft_world import claims

from plantproof.controls.sites import load_site, site_path
from plantproof.model.evidence import Claims, Covers
from plantproof.plant.draft import draft
from plantproof.plant.draft_subnets import Subnets, wide_of
from plantproof.plant.subnets import parse_address
from plantproof.reports.draft_intent import questions_markdown, questions_text, site_file

HOSTILE = (
    "a\nb", "- id: x", "key: value", "#comment", "{{ x }}", "<script>alert(1)</script>", "\u202eevil", "'\"`", "null",
    "~", "yes", "0x1f", "*alias", "&anchor", "!tag", "|", ">", "%", "@", "a: b # c", "\x00\x1b[31m", "x" * 4000, "",
    " ", "ÄÖÜ ライン", "unknown", "=cmd()", "..", "../../etc", "con", "1e3", "2026-01-01", "\ufeffbom", "\ud7ff\uffff",
)  # fmt: skip
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
octet = st.integers(0, 255)
addresses = st.one_of(
    st.builds("10.{}.{}.{}".format, st.integers(0, 3), st.integers(0, 3), octet),
    st.builds("{}.{}.{}.{}".format, octet, octet, octet, octet),
    st.builds("fd00:{:x}::{:x}".format, octet, octet),
    names,
)
networks = st.one_of(st.builds("{}/{}".format, addresses, st.integers(0, 40)), addresses, st.just("0.0.0.0/0"))


@st.composite
def hostile_claims(draw: st.DrawFn) -> Claims:
    devices = [
        {
            "id": f"a-{number}", "names": draw(st.lists(names, max_size=2)), "zone": draw(names), "role": draw(names),
            "owner": draw(names), "ips": draw(st.lists(addresses, max_size=3)),
            **({"purdue_level": draw(st.floats(-1, 9))} if draw(st.booleans()) else {}),
        }
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    ports = [
        {
            "id": f"i-{number}", "asset": draw(st.sampled_from(["a-0", "a-1", "nobody"])), "name": draw(names),
            "description": draw(names), "ips": draw(st.lists(networks, max_size=3)),
            "vlan": draw(st.integers(-1, 5000)), "routes": draw(st.lists(networks, max_size=2)),
        }
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    flows = [
        {"id": f"f-{number}", "src_ip": draw(addresses), "dst_ip": draw(addresses), "protocol": draw(names),
         "port": draw(st.integers(0, 65535)), "src": draw(st.sampled_from(["a-0", "nobody"]))}
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    rules = [
        {"id": f"r-{number}", "asset": draw(st.sampled_from(["a-0", "nobody"])), "order": number, "name": draw(names),
         "action": "accept", "src_networks": draw(st.lists(networks, max_size=2)),
         "dst_networks": draw(st.lists(networks, max_size=2)), "src_interfaces": draw(st.lists(names, max_size=2)),
         "services": [*draw(st.lists(names, max_size=2)), "tcp/5"]}
        for number in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    covers = [Covers(kind="asset", zones=draw(st.lists(names, max_size=2)))]
    return claims(covers=covers, asset=devices, interface=ports, flow=flows, firewall_rule=rules)


@settings(max_examples=150)
@given(hostile_claims())
def test_whatever_the_evidence_says_the_draft_is_a_valid_site_of_which_nothing_is_confirmed(given_: Claims) -> None:
    found = draft(given_)
    read = load_site(site_file(found), site_path("works")).site
    assert read == found.site
    assert all(unit.unconfirmed and unit.sl_target is None for unit in [*read.zones, *read.conduits])
    assert all(len(line) == len(line.strip("\x85\u2028\u2029")) for line in site_file(found).decode().split("\n"))
    text = questions_text(found, 100) + questions_markdown(found).decode()
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert "<script" not in questions_markdown(found).decode()


@settings(max_examples=50)
@given(hostile_claims())
def test_the_same_evidence_in_another_order_is_the_same_draft(given_: Claims) -> None:
    turned = msgspec.structs.replace(
        given_,
        sources=tuple(
            msgspec.structs.replace(
                each,
                records={
                    kind: [(path, b"".join(reversed(data.splitlines(keepends=True)))) for path, data in files]
                    for kind, files in reversed(each.records.items())
                },
            )
            for each in given_.sources
        ),
    )
    assert site_file(draft(given_)) == site_file(draft(turned))
    assert questions_markdown(draft(given_)) == questions_markdown(draft(turned))


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(20, 32)), max_size=8), st.integers(0, 255))
def test_subnets_are_found_as_a_search_through_all_of_them_finds_them(drawn: list[tuple[int, int]], last: int) -> None:
    networks_ = {ip_network((f"10.0.0.{number}", length), strict=False) for number, length in drawn}
    narrow = networks_ - wide_of(networks_)
    assert wide_of(networks_) == {
        wide for wide in networks_ if any(wide != each and each.subnet_of(wide) for each in networks_)
    }
    subnets = Subnets(narrow)
    address = parse_address(f"10.0.0.{last}")
    assert address is not None
    holding = [number for number, each in enumerate(subnets.found) if address in each.network]
    assert [subnets.number_of(address)] == (holding or [-1])
    for network in networks_:
        overlapping = [number for number, each in enumerate(subnets.found) if each.network.overlaps(network)]
        assert list(subnets.touched(network)) == overlapping
