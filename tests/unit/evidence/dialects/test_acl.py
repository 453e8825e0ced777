"""Access lists of Cisco IOS: each form of address, port and protocol; what cannot be read is wider, never narrower."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.controls.addresses import service_mistake
from plantproof.evidence.dialects.acl import (
    OPTIONS,
    Entry,
    access_lists,
    ipv6_access_lists,
    lets_everyone_in,
    read_entry,
)
from plantproof.evidence.dialects.acl_groups import Groups
from plantproof.evidence.dialects.acl_words import port_ranges, wildcard_networks
from plantproof.evidence.dialects.indented import parse_indented
from plantproof.evidence.dialects.lines import split_lines

ANY = ["0.0.0.0/0"]


def entry(text: str, *, extended: bool = True) -> Entry:
    found = read_entry(tuple(text.split()), extended=extended)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "source", "destination"),
    [
        ("any any", ANY, ANY),
        ("host 192.0.2.1 any", ["192.0.2.1/32"], ANY),
        ("192.0.2.0 0.0.0.255 host 198.51.100.7", ["192.0.2.0/24"], ["198.51.100.7/32"]),
        ("192.0.2.77 0.0.0.15 any", ["192.0.2.64/28"], ANY),
        ("0.0.0.0 255.255.255.255 192.0.2.1 0.0.0.0", ANY, ["192.0.2.1/32"]),
        ("192.0.2.0/25 any", ["192.0.2.0/25"], ANY),
    ],
)
def test_addresses(text: str, source: list[str], destination: list[str]) -> None:
    found = entry(f"permit ip {text}")
    assert (found.source, found.destination, found.unresolved) == (source, destination, [])


@pytest.mark.parametrize(
    ("text", "source", "destination", "unresolved"),
    [
        ("object-group PLCS host 192.0.2.1", ANY, ["192.0.2.1/32"], ["PLCS"]),
        ("host 192.0.2.1 object-group PLCS", ["192.0.2.1/32"], ANY, ["PLCS"]),
        ("192.0.2.0 0.255.255.0 any", ANY, ANY, ["192.0.2.0 0.255.255.0"]),
        ("host plc-1 any", ANY, ANY, ["plc-1"]),
        ("host", ANY, ANY, ["host", "no address"]),
        ("192.0.2.0/99 any", ANY, ANY, ["192.0.2.0/99"]),
    ],
)
def test_what_is_no_network_counts_as_any_and_is_named(
    text: str, source: list[str], destination: list[str], unresolved: list[str]
) -> None:
    found = entry(f"permit ip {text}")
    assert (found.source, found.destination, found.unresolved) == (source, destination, unresolved)


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("tcp any any eq 502", ["tcp/502"]),
        ("tcp any any eq www 443", ["tcp/80", "tcp/443"]),
        ("udp any any eq snmp", ["udp/161"]),
        ("tcp any any range 2000 2010", ["tcp/2000-2010"]),
        ("tcp any any range ftp-data ftp", ["tcp/20-21"]),
        ("tcp any any gt 1023", ["tcp/1024-65535"]),
        ("tcp any any lt 1024", ["tcp/0-1023"]),
        ("tcp any any neq 23", ["tcp/0-22", "tcp/24-65535"]),
        ("tcp any any neq 0", ["tcp/1-65535"]),
        ("tcp any any neq 65535", ["tcp/0-65534"]),
        ("tcp any any", ["tcp/1-65535"]),
        ("tcp any any established", ["tcp/1-65535"]),
        ("tcp any eq 179 any", ["tcp/1-65535"]),
        ("tcp any eq 179 any eq 179", ["tcp/179"]),
        ("tcp any eq 20 21 any eq 80 log", ["tcp/80"]),
        ("ip any any", ["ip"]),
        ("icmp any any", ["icmp"]),
        ("icmp any any echo-reply", ["icmp/0"]),
        ("icmp any any 8 0", ["icmp/8"]),
        ("icmp any any host-unreachable", ["icmp"]),
        ("esp any any", ["esp"]),
        ("6 any any eq 502", ["tcp/502"]),
        ("17 any any eq 53", ["udp/53"]),
        ("89 any any", ["ip-89"]),
        ("tcp any any eq 22 time-range NIGHT log", ["tcp/22"]),
        ("tcp any any range 22 22", ["tcp/22-22"]),
    ],
)
def test_services(text: str, services: list[str]) -> None:
    found = entry(f"permit {text}")
    assert (found.services, found.unresolved) == (services, [])


@pytest.mark.parametrize(
    ("text", "services", "unresolved"),
    [
        ("tcp any any eq 80 modbus", ["tcp/1-65535"], ["eq 80 modbus"]),
        ("tcp any any eq 99999", ["tcp/1-65535"], ["eq 99999"]),
        ("tcp any any eq", ["tcp/1-65535"], ["eq"]),
        ("tcp any any eq ²", ["tcp/1-65535"], ["eq ²"]),
        ("tcp any any range 20", ["tcp/1-65535"], ["range 20"]),
        ("tcp any any range 21 20", ["tcp/1-65535"], ["range 21 20"]),
        ("tcp any any gt 65535", ["tcp/1-65535"], ["gt 65535"]),
        ("tcp any any lt 0", ["tcp/1-65535"], ["lt 0"]),
        ("tcp any any portgroup WEB", ["tcp/1-65535"], ["portgroup"]),
        ("object-group SERVICES any any", ["ip"], ["SERVICES"]),
        ("", ["ip"], ["no protocol", "no address", "no address"]),
    ],
)
def test_a_port_that_cannot_be_read_is_every_port_and_is_named(
    text: str, services: list[str], unresolved: list[str]
) -> None:
    found = entry(f"permit {text}")
    assert (found.services, found.unresolved) == (services, unresolved)


def test_a_group_of_services_does_not_shift_the_addresses() -> None:
    found = entry("permit object-group SERVICES host 192.0.2.1 host 198.51.100.7")
    assert (found.source, found.destination) == (["192.0.2.1/32"], ["198.51.100.7/32"])


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("permit 192.0.2.5", ["192.0.2.5/32"]),
        ("permit host 192.0.2.5 log", ["192.0.2.5/32"]),
        ("deny 192.0.2.0 0.0.0.255", ["192.0.2.0/24"]),
        ("permit any", ANY),
    ],
)
def test_standard_entries_name_the_source_only(text: str, source: list[str]) -> None:
    found = entry(text, extended=False)
    assert (found.source, found.destination, found.services) == (source, ANY, ["ip"])


@pytest.mark.parametrize(("text", "log"), [("log", True), ("log-input", True), ("", False), ("established", False)])
def test_logging_is_a_word_at_the_end(text: str, log: bool) -> None:
    assert entry(f"deny tcp any any {text}").log is log


@pytest.mark.parametrize("text", ["remark permit ip any any", "evaluate", "dynamic DOOR", ""])
def test_what_neither_permits_nor_denies_is_no_entry(text: str) -> None:
    assert read_entry(tuple(text.split()), extended=True) is None


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("permit tcp any any established", ["established"]),
        ("permit tcp any any eq 22 time-range NIGHT log", ["time-range NIGHT"]),
        ("permit tcp any any eq 22 log COOKIE", []),
        ("permit tcp any any reflect BACK timeout 300", []),
        ("permit ip any any dscp ef fragments", ["dscp ef", "fragments"]),
        ("permit tcp any any match-all +ack -syn", ["match-all +ack -syn"]),
        ("deny tcp any eq 179 any", ["from eq 179"]),
        ("permit icmp any any host-unreachable", ["icmp host-unreachable"]),
        ("permit icmp any any 3 4", ["icmp code 4"]),
        ("dynamic DOOR timeout 60 permit tcp any host 192.0.2.1 eq 22", ["dynamic DOOR"]),
        ("evaluate BACK", ["established", "evaluate BACK"]),
        ("permit ip any any", []),
    ],
)
def test_what_narrows_an_entry_beyond_addresses_and_services_is_a_condition(text: str, conditions: list[str]) -> None:
    found = entry(text)
    assert (found.conditions, found.unresolved) == (conditions, [])


def test_a_wildcard_that_is_no_prefix_is_every_network_that_it_means() -> None:
    assert entry("permit ip 192.0.2.8 0.0.1.3 any").source == ["192.0.2.8/30", "192.0.3.8/30"]
    assert len(entry("deny ip 10.0.0.5 0.0.255.0 any").source) == 256


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 31), max_size=6), st.integers(0, 2**32 - 1))
def test_a_wildcard_matches_an_address_by_its_bits(base: int, places: list[int], address: int) -> None:
    bits = sum({1 << place for place in places})
    networks = [ipaddress.IPv4Network(text) for text in wildcard_networks(dotted(base), dotted(bits))]
    near = base & ~bits | address & bits
    for asked in (address, near):
        assert any(ipaddress.IPv4Address(asked) in network for network in networks) is ((asked ^ base) & ~bits == 0)
    assert sum(network.num_addresses for network in networks) == 2 ** len(set(places))


def dotted(number: int) -> str:
    return str(ipaddress.IPv4Address(number))


GROUPS = """object-group network PLCS
 description of the line
 host 192.0.2.1
 192.0.2.16 255.255.255.240
 198.51.100.0/24
 group-object MORE
object-group network MORE
 range 203.0.113.4 203.0.113.7
 group-object PLCS
object-group network BROKEN
 host plc-1
object-group network EMPTY
object-group service WEB
 tcp eq www
 tcp-udp range 5000 5001
 icmp echo
 esp
object-group service FROM
 tcp source eq 80
object-group service ALL
 ip
"""


def grouped(text: str) -> Entry:
    found = read_entry(
        tuple(text.split()), extended=True, groups=Groups(parse_indented(split_lines(GROUPS.encode(), "x"))[0])
    )
    assert found is not None
    return found


def test_object_groups_are_their_members() -> None:
    found = grouped("permit object-group WEB object-group PLCS object-group MORE")
    networks = ["192.0.2.1/32", "192.0.2.16/28", "198.51.100.0/24", "203.0.113.4/30"]
    services = ["esp", "icmp/8", "tcp/5000-5001", "tcp/80", "udp/5000-5001"]
    assert found == Entry("permit", networks, networks, services, False, [], [])
    assert grouped("permit object-group ALL any any").services == ["ip"]


@pytest.mark.parametrize(
    ("text", "services", "conditions"),
    [
        ("deny sctp any any eq 80", ["sctp/80"], []),
        ("permit 132 any any", ["sctp/1-65535"], []),
        ("deny 33 any any eq 80 81", ["ip-33"], ["ports 80, 81"]),
        ("deny object-group ALL any any eq 80", ["ip"], ["ports 80"]),
    ],
)
def test_ports_narrow_an_entry_whatever_the_protocol(text: str, services: list[str], conditions: list[str]) -> None:
    found = grouped(text)
    assert (found.services, found.conditions, found.unresolved) == (services, conditions, [])


@pytest.mark.parametrize("name", ["BROKEN", "EMPTY", "NOWHERE", "WEB"])
def test_a_group_of_which_a_member_is_not_known_counts_as_any(name: str) -> None:
    found = grouped(f"permit ip object-group {name} any")
    assert (found.source, found.unresolved) == (ANY, [name])


def test_a_group_that_is_written_twice_holds_both() -> None:
    text = "object-group network G\n host 192.0.2.1\nobject-group network G\n 203.0.113.0 255.255.255.0\n"
    groups = Groups(parse_indented(split_lines(text.encode(), "x"))[0])
    assert groups.networks("G") == ["192.0.2.1/32", "203.0.113.0/24"]


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        (["20 deny ip any any", "10 permit tcp any any"], ["permit", "deny"]),
        (["remark a", "20 deny ip any any", "remark b", "10 permit tcp any any"],
         ["remark", "permit", "deny", "remark"]),
        (["20 deny ip any any", "permit tcp any any"], ["deny", "permit"]),
        (["20 deny ip any any", "20 permit ip any any"], ["deny", "permit"]),
    ],
)  # fmt: skip
def test_entries_are_weighed_by_their_numbers(entries: list[str], order: list[str]) -> None:
    text = "\n ".join(["ip access-list extended L", *entries]) + "\n"
    (listed,) = access_lists(parse_indented(split_lines(text.encode(), "x"))[0]).values()
    assert [each.words[0] for each in listed] == order


def test_entries_of_ipv6_are_weighed_by_their_numbers() -> None:
    text = "ipv6 access-list L\n deny ipv6 any any sequence 20\n sequence 10 permit tcp any any\n"
    (listed,) = ipv6_access_lists(parse_indented(split_lines(text.encode(), "x"))[0]).values()
    assert [each.words[0] for each in listed] == ["permit", "deny"]


@pytest.mark.parametrize("name", ["FROM", "PLCS", "NOWHERE"])
def test_a_group_of_services_of_which_one_is_not_known_counts_as_any(name: str) -> None:
    found = grouped(f"permit object-group {name} any any")
    assert (found.services, found.unresolved) == (["ip"], [name])


@pytest.mark.parametrize(
    ("address", "wildcard", "networks"),
    [
        ("192.0.2.9", "0.0.0.7", ["192.0.2.8/29"]),
        ("192.0.2.9", "0.0.0.1", ["192.0.2.8/31"]),
        ("192.0.2.9", "0.0.0.5", ["192.0.2.8/31", "192.0.2.12/31"]),
        ("192.0.2.9", "255.255.255.0", []),
        ("192.0.2.999", "0.0.0.1", []),
        ("192.0.2.9", "mask", []),
    ],
)
def test_wildcards(address: str, wildcard: str, networks: list[str]) -> None:
    assert wildcard_networks(address, wildcard) == networks


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=5, unique=True))
def test_not_equal_lets_through_all_but_these(ports: list[int]) -> None:
    ranges = port_ranges("neq", ports) or []
    through = {port for one in ranges for low, high in [map(int, one.split("-"))] for port in range(low, high + 1)}
    assert through == set(range(65536)) - set(ports)


WORDS = st.sampled_from(
    ["permit", "tcp", "udp", "ip", "any", "host", "192.0.2.1", "0.0.0.255", "eq", "neq", "range", "gt", "lt", "80",
     "65535", "65536", "0", "www", "object-group", "X", "log", "established", "99999999999999999999", "-1", "é", "1.2"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12), st.booleans())
def test_no_order_of_words_is_a_bug_or_a_service_that_nobody_understands(words: list[str], extended: bool) -> None:
    found = read_entry(("permit", *words), extended=extended)
    assert found is not None
    assert found.source
    assert found.destination
    for service in found.services:
        assert service_mistake(service) is None or "/" not in service, service
    if extended and len(words) > 1 and words[-1] not in OPTIONS and words[0] == "object-group":
        assert found.unresolved


LISTS = """ip access-list extended OT
 10 permit tcp any any eq 502
 remark why
 20 deny ip any any
ip access-list standard ADMIN
 permit 192.0.2.0 0.0.0.255
access-list 5 permit 192.0.2.7
access-list 5 deny any log
access-list 101 permit ip any any
access-list 2001 permit ip any any
ip access-list extended EMPTY
"""


def test_lists_are_found_by_name_and_by_number() -> None:
    top, _ = parse_indented(split_lines(LISTS.encode(), "x"))
    lists = access_lists(top)
    shape = {name: [(listed.extended, listed.words[0]) for listed in entries] for name, entries in lists.items()}
    assert shape == {
        "OT": [(True, "permit"), (True, "remark"), (True, "deny")],
        "ADMIN": [(False, "permit")],
        "5": [(False, "permit"), (False, "deny")],
        "101": [(True, "permit")],
        "2001": [(True, "permit")],
        "EMPTY": [],
    }
    guarding = {name for name, entries in lists.items() if not lets_everyone_in(entries, Groups(top))}
    assert guarding == {"ADMIN", "5"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("permit ipv6 any any", Entry("permit", ["::/0"], ["::/0"], ["ip"], False, [], [])),
        (
            "sequence 20 permit tcp 2001:db8:9::/48 host 2001:db8:1::5 eq 502 log",
            Entry("permit", ["2001:db8:9::/48"], ["2001:db8:1::5/128"], ["tcp/502"], True, [], []),
        ),
        ("deny icmp any any echo-reply sequence 9", Entry("deny", ["::/0"], ["::/0"], ["icmp6/129"], False, [], [])),
        ("permit 58 any any", Entry("permit", ["::/0"], ["::/0"], ["icmp6"], False, [], [])),
        (
            "permit udp object-group SIX any",
            Entry("permit", ["::/0"], ["::/0"], ["udp/1-65535"], False, ["SIX"], []),
        ),
        ("evaluate BACK", Entry("permit", ["::/0"], ["::/0"], ["ip"], False, [], ["established", "evaluate BACK"])),
    ],
)
def test_lists_of_ipv6(text: str, expected: Entry) -> None:
    lines = split_lines(f"ipv6 access-list SIX\n {text}\n".encode(), "x")
    ((listed,),) = ipv6_access_lists(parse_indented(lines)[0]).values()
    assert listed.read() == expected


@pytest.mark.parametrize(
    ("entries", "open_to_all"),
    [
        (["permit tcp 2001:db8::/32 any eq 22"], False),
        (["permit tcp any any eq 22"], True),
        (["permit ipv6 ::/1 any", "permit ipv6 8000::/1 any"], True),
        (["permit ipv6 2001:db8::/32 any", "deny ipv6 any any", "permit ipv6 any any"], False),
        ([], True),
    ],
)
def test_a_list_of_ipv6_guards_as_another_does(entries: list[str], open_to_all: bool) -> None:
    text = "\n ".join(["ipv6 access-list VTY", *entries]) + "\n"
    top, _ = parse_indented(split_lines(text.encode(), "x"))
    assert lets_everyone_in(ipv6_access_lists(top)["VTY"], Groups(top)) is open_to_all


@pytest.mark.parametrize(
    ("entries", "open_to_all"),
    [
        (["permit tcp 192.0.2.0 0.0.0.255 any eq 22"], False),
        (["permit tcp host 192.0.2.7 any eq 22", "deny ip any any log", "permit ip any any"], False),
        (["deny tcp any any eq telnet", "permit tcp any any eq 22"], True),
        (["deny icmp any any", "permit ip any any"], True),
        (["deny ip any host 192.0.2.1", "permit ip any any"], True),
        (["deny ip any any time-range NIGHT", "permit ip any any"], True),
        (["deny ip object-group NOWHERE any", "permit ip any any"], True),
        (["deny ip any any", "permit ip any any"], False),
        (["permit ip 0.0.0.0 127.255.255.255 any", "permit ip 128.0.0.0 127.255.255.255 any"], True),
        (["permit ip 0.0.0.0 127.255.255.255 any"], False),
        (["permit ip object-group PLCS any"], False),
        (["permit ip 2001:db8::/32 any"], False),
        (["permit ip object-group NOWHERE any"], True),
        (["remark nothing yet"], True),
        (["traffic BACK", "permit ip 0.0.0.0 127.255.255.255 any"], True),
        ([], True),
    ],
)
def test_a_list_guards_where_something_denies_the_rest(entries: list[str], open_to_all: bool) -> None:
    text = GROUPS + "\n ".join(["ip access-list extended VTY", *entries]) + "\n"
    top, _ = parse_indented(split_lines(text.encode(), "x"))
    assert lets_everyone_in(access_lists(top)["VTY"], Groups(top)) is open_to_all
