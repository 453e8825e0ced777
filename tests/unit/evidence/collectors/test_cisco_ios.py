"""Cisco IOS and IOS-XE: device, interfaces, accounts, rules, settings, and what is not understood."""

from __future__ import annotations

from typing import Any

import pytest

from plantproof.errors import InputError
from plantproof.evidence.collectors import cisco_ios
from plantproof.evidence.collectors.protocol import Collected, Draft, Export
from plantproof.model.project_file import SourceSettings

ROUTER = """! Cisco IOS XE Software, Version 17.06.03
! Chassis type: IR1101-K9
! Processor ID: FCW0000TEST
version 17.6
service password-encryption
hostname rt-01
no aaa new-model
ip domain name plant.example
username kim privilege 15 secret 9 $9$abcdefghijk
username guest privilege 1 nopassword
security passwords min-length 12
login block-for 120 attempts 4 within 60
interface Loopback0
 ip address 192.0.2.254 255.255.255.255
interface GigabitEthernet0/0/0
 description to the office
 ip address 203.0.113.1 255.255.255.0
 ip address 203.0.114.1 255.255.255.0 secondary
 ip access-group FROM-OFFICE in
interface GigabitEthernet0/0/1
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/0/2
 ip address 198.51.100.1 255.255.255.0
 ip access-group NOWHERE in
interface GigabitEthernet0/0/3
 ip address 198.51.101.1 255.255.255.0
 shutdown
ip route 10.0.0.0 255.0.0.0 203.0.113.254
ip route 172.16.0.0 255.240.0.0 192.0.2.200
no ip http server
ip http secure-server
ip ssh version 2
ip access-list extended FROM-OFFICE
 remark the historian only
 10 permit tcp any host 192.0.2.10 eq 443 log
 20 deny ip any any log
ip access-list standard ADMIN
 permit 203.0.113.0 0.0.0.255
logging host 203.0.113.9
snmp-server community public RO
ntp server 203.0.113.8
banner login ^C
Authorised people only.
^C
line con 0
 exec-timeout 5 0
line vty 0 4
 access-class ADMIN in
 exec-timeout 0 30
 transport input ssh
end
"""
SWITCH = """version 15.2
hostname sw-01
interface GigabitEthernet1/0/1
 description uplink
 switchport mode trunk
interface GigabitEthernet1/0/2
 switchport access vlan 20
 switchport mode access
interface GigabitEthernet1/0/3
 shutdown
interface Vlan20
 ip address 192.0.2.20 255.255.255.0
interface Vlan30
 ip address 192.0.3.20 255.255.255.0
line vty 0 4
 transport input telnet ssh
end
"""


def collect(text: str, name: str = "a.cfg") -> Collected:
    return cisco_ios.collect([Export(name, text.encode("utf-8", "surrogateescape"))], SourceSettings())


def of_kind(collected: Collected, kind: str) -> list[Draft]:
    return [draft for draft in collected.drafts if draft.kind == kind]


def settings(text: str) -> dict[str, tuple[Any, int]]:
    return {draft.fields["key"]: (draft.fields["value"], draft.line) for draft in of_kind(collect(text), "setting")}


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip() == words)


def test_the_device() -> None:
    (device,) = collect(ROUTER).assets
    assert device.fields == {
        "names": ["rt-01"], "vendor": "Cisco", "role": "router", "os": "IOS", "firmware": "17.06.03",
        "model": "IR1101-K9", "serial": "FCW0000TEST",
        "ips": ["192.0.2.1", "192.0.2.254", "198.51.100.1", "198.51.101.1", "203.0.113.1", "203.0.114.1"],
    }  # fmt: skip
    assert [(key.key, key.value) for key in device.keys] == [
        ("id", "rt-01"), ("serial", "Cisco/FCW0000TEST"), ("name", "rt-01")
    ]  # fmt: skip
    assert device.line == line_of(ROUTER, "hostname rt-01")


def test_a_device_with_switch_ports_is_a_switch_and_the_licence_tells_its_model() -> None:
    (device,) = collect(SWITCH.replace("hostname", "license udi pid IE-4000 sn FOC1\nhostname")).assets
    assert (device.fields["role"], device.fields["model"], device.fields["serial"]) == ("switch", "IE-4000", "FOC1")
    assert device.fields["firmware"] == "15.2"


def test_interfaces() -> None:
    found = {draft.local: draft.fields for draft in of_kind(collect(ROUTER), "interface")}
    assert found["GigabitEthernet0/0/0"] == {
        "name": "GigabitEthernet0/0/0", "enabled": True, "description": "to the office",
        "ips": ["203.0.113.1/24", "203.0.114.1/24"], "routes": ["10.0.0.0/8"],
    }  # fmt: skip
    assert found["GigabitEthernet0/0/1"]["routes"] == ["172.16.0.0/12"]
    assert found["GigabitEthernet0/0/3"]["enabled"] is False
    switch = {draft.local: draft.fields for draft in of_kind(collect(SWITCH), "interface")}
    assert switch["GigabitEthernet1/0/2"] == {
        "name": "GigabitEthernet1/0/2", "enabled": True, "vlan": 20, "mode": "access"
    }  # fmt: skip


OFFICE, CELL = "GigabitEthernet0/0/0", "GigabitEthernet0/0/1"


@pytest.mark.parametrize(
    ("commands", "routes"),
    [
        (["ip route 10.50.0.0 255.255.0.0 192.0.2.200"], {CELL: ["10.50.0.0/16"]}),
        (["ip route 10.50.0.0 255.255.0.0 GigabitEthernet0/0/1"], {CELL: ["10.50.0.0/16"]}),
        (["ip route 10.50.0.0 255.255.0.0 GigabitEthernet0/0/1 203.0.113.9"], {CELL: ["10.50.0.0/16"]}),
        (["ip route vrf OT 10.50.0.0 255.255.0.0 192.0.2.200 200 name far"], {CELL: ["10.50.0.0/16"]}),
        (["ip route vrf OT 10.50.0.0 255.255.0.0 GigabitEthernet0/0/1"], {CELL: ["10.50.0.0/16"]}),
        (
            ["ip route 10.50.0.0 255.255.0.0 10.77.0.1", "ip route 10.77.0.0 255.255.0.0 203.0.113.9"],
            {OFFICE: ["10.50.0.0/16", "10.77.0.0/16"]},
        ),
        (
            [
                "ip route 10.50.0.0 255.255.0.0 10.77.0.1",
                "ip route 0.0.0.0 0.0.0.0 203.0.113.9",
                "ip route 10.77.0.1 255.255.255.255 GigabitEthernet0/0/1 10.77.0.1",
            ],
            {OFFICE: ["0.0.0.0/0"], CELL: ["10.50.0.0/16", "10.77.0.1/32"]},
        ),
        (
            ["ip route 10.50.0.0 255.255.0.0 10.50.0.1", "ip route 0.0.0.0 0.0.0.0 203.0.113.9"],
            {OFFICE: ["0.0.0.0/0", "10.50.0.0/16"]},
        ),
        (["ip route 10.50.0.0 255.255.0.0 Null0", "ip route static bfd Vlan1 10.1.1.1"], {}),
    ],
)
def test_a_static_route_leads_through_a_port_or_to_its_next_hop(
    commands: list[str], routes: dict[str, list[str]]
) -> None:
    text = "\n".join(line for line in ROUTER.splitlines() if not line.startswith("ip route "))
    collected = collect(text.replace("no ip http server", "\n".join(commands)) + "\n")
    drafts = of_kind(collected, "interface")
    assert {draft.local: draft.fields["routes"] for draft in drafts if "routes" in draft.fields} == routes
    assert collected.unread == []


def test_a_route_to_a_next_hop_that_somebody_assigns_leads_there() -> None:
    text = ROUTER.replace("ip address 198.51.100.1 255.255.255.0", "ip address dhcp")
    text = text.replace("no ip http server", "ip route 10.50.0.0 255.255.0.0 dhcp")
    found = {draft.local: draft.fields for draft in of_kind(collect(text), "interface")}
    assert found["GigabitEthernet0/0/2"]["routes"] == ["10.50.0.0/16"]


@pytest.mark.parametrize(
    "route",
    [
        "100.50.0.0 255.255.0.0 100.77.0.1",
        "100.50.0.0 255.255.0.0 Serial9",
        "100.50.0.0 255.255.0.0 100.50.0.1",
        "100.50.0.0 255.255.0.0 dhcp",
        "100.50.0.0 255.255.0.0",
        "1 2 3",
    ],
)
def test_a_static_route_that_leads_nobody_knows_where_is_not_understood(route: str) -> None:
    text = ROUTER.replace("no ip http server", f"ip route {route}\nip route 1 2 4")
    (unread,) = collect(text).unread
    assert (unread.what, unread.line, unread.count) == (
        f"way of static route `ip route {route}`", line_of(text, f"ip route {route}"), 2
    )  # fmt: skip


def test_accounts() -> None:
    found = {draft.local: draft.fields for draft in of_kind(collect(ROUTER), "account")}
    assert found["kim"]["privileged"] is True
    assert found["kim"]["password_not_required"] is False
    assert found["guest"]["privileged"] is False
    assert found["guest"]["password_not_required"] is True


def test_next_hops_are_followed_only_so_far() -> None:
    chain = [f"ip route 100.64.{step}.0 255.255.255.0 100.64.{step + 1}.1" for step in range(40)]
    chain.append("ip route 100.64.40.0 255.255.255.0 192.0.2.200")
    collected = collect(ROUTER.replace("no ip http server", "\n".join(chain)))
    (unread,) = collected.unread
    assert (unread.what, unread.count) == (f"way of static route `{chain[0]}`", 9)
    found = {draft.local: draft.fields for draft in of_kind(collected, "interface")}
    assert "100.64.39.0/24" in found[CELL]["routes"]


def test_all_lines_of_a_user_count() -> None:
    text = ROUTER.replace(
        "username guest privilege 1 nopassword\n",
        "username bob access-class 10\nusername bob privilege 15 password 0 x\n"
        "username eve autocommand show\nusername eve nopassword\nusername privilege 15\n",
    )
    found = {draft.local: draft for draft in of_kind(collect(text), "account")}
    assert list(found) == ["kim", "bob", "eve", "privilege"]
    assert found["bob"].fields["privileged"] is True
    assert found["bob"].line == line_of(text, "username bob access-class 10")
    assert found["eve"].fields["password_not_required"] is True
    assert "privileged" not in found["privilege"].fields


def test_rules_are_the_entries_of_bound_lists_and_the_lack_of_them() -> None:
    """The list that nobody wrote lets everything in, as IOS does; so does the interface without any."""
    found = {draft.local: draft for draft in of_kind(collect(ROUTER), "firewall_rule")}
    assert list(found) == [
        "FROM-OFFICE/in/2", "FROM-OFFICE/in/3",
        "no access list/GigabitEthernet0/0/1", "no access list/GigabitEthernet0/0/2",
    ]  # fmt: skip
    exits = ["GigabitEthernet0/0/0", "GigabitEthernet0/0/1", "GigabitEthernet0/0/2", "Loopback0"]
    assert found["FROM-OFFICE/in/2"].fields == {
        "order": 1, "name": "FROM-OFFICE in 2", "enabled": True, "action": "accept", "log": True,
        "src_interfaces": ["GigabitEthernet0/0/0"], "src_networks": ["0.0.0.0/0"], "dst_interfaces": exits,
        "dst_networks": ["192.0.2.10/32"], "services": ["tcp/443"], "rule_list": "FROM-OFFICE", "direction": "in",
    }  # fmt: skip
    assert found["FROM-OFFICE/in/2"].line == line_of(ROUTER, "10 permit tcp any host 192.0.2.10 eq 443 log")
    assert found["FROM-OFFICE/in/3"].fields["action"] == "deny"
    open_one = found["no access list/GigabitEthernet0/0/2"]
    assert open_one.fields["dst_interfaces"] == [name for name in exits if name != "GigabitEthernet0/0/2"]
    assert open_one.line == line_of(ROUTER, "interface GigabitEthernet0/0/2")


@pytest.mark.parametrize(
    "address", ["ip address dhcp", "ip address negotiated", "ip unnumbered Loopback0", "ip address pool X"]
)
def test_an_interface_whose_address_is_not_in_the_file_is_filtered_as_any_other(address: str) -> None:
    text = ROUTER.replace("ip address 203.0.113.1 255.255.255.0\n", f"{address}\n")
    text = text.replace(" ip address 203.0.114.1 255.255.255.0 secondary\n", "")
    text = text.replace("ip address 198.51.100.1 255.255.255.0\n", f"{address}\n")
    found = {draft.local: draft.fields for draft in of_kind(collect(text), "firewall_rule")}
    assert list(found) == [draft.local for draft in of_kind(collect(ROUTER), "firewall_rule")]
    assert "GigabitEthernet0/0/0" in found["no access list/GigabitEthernet0/0/1"]["dst_interfaces"]
    assert "no access list/GigabitEthernet0/0/3" not in found


def test_an_interface_without_any_address_routes_nothing() -> None:
    text = ROUTER.replace("ip address 198.51.100.1 255.255.255.0", "no ip address")
    assert "NOWHERE" in text
    found = {draft.local: draft.fields for draft in of_kind(collect(text), "firewall_rule")}
    assert "no access list/GigabitEthernet0/0/2" not in found
    assert not any("GigabitEthernet0/0/2" in fields["dst_interfaces"] for fields in found.values())


@pytest.mark.parametrize(
    ("grant", "privileged"),
    [
        ("", False),
        ("privilege exec level 7 configure terminal\n", None),
        ("privilege exec all level 5 configure\n", None),
        ("privilege interface level 9 shutdown\n", False),
        ("privilege exec reset configure\n", False),
    ],
)
def test_who_has_commands_of_a_level_between_may_be_privileged(grant: str, privileged: bool | None) -> None:
    text = ROUTER.replace("username guest privilege 1", f"{grant}username guest privilege 7")
    accounts = {draft.local: draft.fields for draft in of_kind(collect(text), "account")}
    assert (accounts["kim"]["privileged"], accounts["guest"].get("privileged")) == (True, privileged)


def test_where_routes_are_learned_a_packet_may_leave_anywhere() -> None:
    text = ROUTER.replace("no ip http server", "router ospf 1\nno ip http server")
    assert not any("dst_interfaces" in draft.fields for draft in of_kind(collect(text), "firewall_rule"))


@pytest.mark.parametrize(
    "command",
    [
        "router ospf 1",
        "ipv6 router ospf 1",
        "ip route 100.50.0.0 255.255.0.0 100.77.0.1",
        "interface Tunnel9\n ip policy route-map ELSEWHERE",
    ],
)
def test_routes_that_are_not_known_may_lead_through_each_interface(command: str) -> None:
    drafts = of_kind(collect(ROUTER.replace("no ip http server", command)), "interface")
    assert [draft.local for draft in drafts if draft.fields.get("unknown_routes")] == [
        "GigabitEthernet0/0/0", "GigabitEthernet0/0/1", "GigabitEthernet0/0/2"
    ]  # fmt: skip
    assert not any("unknown_routes" in draft.fields for draft in of_kind(collect(ROUTER), "interface"))


def test_a_switch_that_does_not_route_filters_nothing_and_lets_nothing_through() -> None:
    assert of_kind(collect(SWITCH), "firewall_rule") == []
    routing = collect(SWITCH.replace("interface Vlan20", "ip routing\ninterface Vlan20"))
    assert [draft.local for draft in of_kind(routing, "firewall_rule")] == [
        "no access list/Vlan20", "no access list/Vlan30"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "also",
    [
        "router ospf 1\n network 192.0.2.0 0.0.1.255 area 0",
        "ip route 0.0.0.0 0.0.0.0 192.0.2.254",
        "ip nat inside source list 1 interface Vlan20 overload",
        "interface GigabitEthernet2\n ip address 198.51.100.1 255.255.255.0",
        "interface GigabitEthernet2\n ip address dhcp",
    ],
)
def test_a_router_with_switch_ports_routes_without_a_word_of_it(also: str) -> None:
    routing = SWITCH.replace("line vty", f"{also}\nline vty")
    found = {draft.local for draft in of_kind(collect(routing), "firewall_rule")}
    assert {"no access list/Vlan20", "no access list/Vlan30"} <= found
    silenced = routing.replace("interface Vlan20", "no ip routing\ninterface Vlan20")
    assert of_kind(collect(silenced), "firewall_rule") == []


@pytest.mark.parametrize(
    "also",
    [
        "ip default-gateway 192.0.2.254",
        "interface GigabitEthernet0/0\n vrf forwarding Mgmt-vrf\n ip address 198.51.100.1 255.255.255.0",
        "interface GigabitEthernet2\n ip address 198.51.100.1 255.255.255.0\n shutdown",
        "interface Loopback0\n ip address 198.51.100.1 255.255.255.255",
    ],
)
def test_addresses_to_manage_a_switch_by_do_not_make_it_route(also: str) -> None:
    assert of_kind(collect(SWITCH.replace("line vty", f"{also}\nline vty")), "firewall_rule") == []


SIX = """version 17.6
hostname rt-06
ipv6 unicast-routing
interface GigabitEthernet1
 ip address 192.0.2.1 255.255.255.0
 ipv6 address FE80::1 link-local
 ipv6 address 2001:DB8:1::1/64
 ipv6 traffic-filter OFFICE in
interface GigabitEthernet2
 ip address 203.0.113.1 255.255.255.0
 ip access-group OUT out
 ipv6 address 2001:DB8:9::/64 eui-64
interface GigabitEthernet3
 ipv6 enable
 shutdown
ipv6 route 2001:DB8:50::/48 GigabitEthernet2 FE80::9
ip access-list extended OUT
 permit ip any any
ipv6 access-list OFFICE
 permit tcp 2001:DB8:1::/64 any eq 443
line vty 0 4
 transport input ssh
end
"""


def test_ipv6_is_filtered_by_its_own_lists() -> None:
    """The list of IPv4 that looks at what goes out by the second interface says nothing of IPv6."""
    collected = collect(SIX)
    found = {draft.local: draft.fields for draft in of_kind(collected, "firewall_rule")}
    assert list(found) == [
        "OUT/out/1", "ipv6 OFFICE/in/1", "no access list/GigabitEthernet1", "no access list/GigabitEthernet2",
        "no IPv6 traffic filter/GigabitEthernet2", "no IPv6 traffic filter out/GigabitEthernet2",
    ]  # fmt: skip
    assert found["ipv6 OFFICE/in/1"]["src_networks"] == ["2001:db8:1::/64"]
    six = found["no IPv6 traffic filter/GigabitEthernet2"]
    assert six == {
        "order": 5, "name": "no IPv6 traffic filter on GigabitEthernet2", "enabled": True, "action": "accept",
        "src_interfaces": ["GigabitEthernet2"], "dst_interfaces": ["GigabitEthernet1"], "src_networks": ["::/0"],
        "dst_networks": ["::/0"], "services": ["ip"], "log": False, "rule_list": "no IPv6 traffic filter",
        "direction": "in",
    }  # fmt: skip
    outward = found["no IPv6 traffic filter out/GigabitEthernet2"]
    assert (outward["dst_interfaces"], outward["direction"]) == (["GigabitEthernet2"], "out")
    ports = {draft.local: draft.fields for draft in of_kind(collected, "interface")}
    assert ports["GigabitEthernet1"]["ips"] == ["192.0.2.1/24", "2001:db8:1::1/64"]
    assert ports["GigabitEthernet2"]["routes"] == ["2001:db8:50::/48"]
    assert collected.assets[0].fields["ips"] == ["192.0.2.1", "2001:db8:1::1", "203.0.113.1"]
    assert collected.unread == []


def test_a_list_of_ipv6_that_looks_outward_passes_no_ipv4() -> None:
    text = SIX.replace("OFFICE in", "OFFICE out").replace(" ip access-group OUT out\n", "")
    found = {draft.local: draft.fields for draft in of_kind(collect(text), "firewall_rule")}
    assert found["no access list out/GigabitEthernet1"]["dst_networks"] == ["0.0.0.0/0"]


@pytest.mark.parametrize("bound", ["ipv6 traffic-filter NOBODY in", "ipv6 traffic-filter", "description inner"])
def test_ipv6_without_a_list_lets_everything_in(bound: str) -> None:
    found = [
        draft.local for draft in of_kind(collect(SIX.replace("ipv6 traffic-filter OFFICE in", bound)), "firewall_rule")
    ]
    assert "no IPv6 traffic filter/GigabitEthernet1" in found


@pytest.mark.parametrize("gone", ["ipv6 unicast-routing\n", " ipv6 address 2001:DB8:9::/64 eui-64\n"])
def test_ipv6_that_is_not_routed_passes_nothing(gone: str) -> None:
    found = [draft.local for draft in of_kind(collect(SIX.replace(gone, "")), "firewall_rule")]
    assert found == ["OUT/out/1", "no access list/GigabitEthernet1", "no access list/GigabitEthernet2"]


@pytest.mark.parametrize(
    ("lines", "restricted"),
    [
        (" access-class ADMIN in\n", False),
        (" access-class ADMIN in\n ipv6 access-class ADMIN6 in\n", True),
        (" access-class ADMIN in\n ipv6 access-class NOBODY in\n", False),
        (" access-class ADMIN in\n ipv6 access-class OPEN6 in\n", False),
        (" access-class ADMIN in\n ipv6 access-class\n", False),
        (" ipv6 access-class ADMIN6 in\n", False),
    ],
)
def test_a_line_that_ipv6_reaches_is_guarded_by_a_list_of_its_own(lines: str, restricted: bool) -> None:
    text = SIX.replace("line vty 0 4\n", f"line vty 0 4\n{lines}")
    text = text.replace("ipv6 access-list OFFICE", "access-list 7 permit any\nipv6 access-list OFFICE")
    lists = "ip access-list standard ADMIN\n permit 192.0.2.0 0.0.0.255\n"
    lists += "ipv6 access-list ADMIN6\n permit tcp 2001:DB8:1::/64 any\nipv6 access-list OPEN6\n permit ipv6 any any\n"
    assert settings(text.replace("line vty", f"{lists}line vty"))["management.restricted"][0] is restricted


def test_settings_of_a_hardened_router() -> None:
    found = settings(ROUTER)
    assert {key: value for key, (value, _) in found.items()} == {
        "aaa.central": False, "banner.login": True, "http.enabled": False, "https.enabled": True,
        "lockout.duration_minutes": 2, "lockout.threshold": 4, "logging.hosts": ["203.0.113.9"],
        "management.restricted": True, "ntp.servers": ["203.0.113.8"], "password.encryption": True,
        "password.min_length": 12, "session.timeout_minutes": 5, "snmp.default_community": True,
        "snmp.versions": ["1", "2c"], "snmp.writable": False, "ssh.enabled": True, "ssh.version": "2",
        "telnet.enabled": False,
    }  # fmt: skip
    assert found["session.timeout_minutes"][1] == line_of(ROUTER, "exec-timeout 5 0")
    assert found["telnet.enabled"][1] == line_of(ROUTER, "transport input ssh")


def test_settings_of_a_switch_as_it_came() -> None:
    found = {key: value for key, (value, _) in settings(SWITCH).items()}
    assert found["telnet.enabled"] is True
    assert found["management.restricted"] is False
    assert found["session.timeout_minutes"] == 10
    assert found["switchport.unused_enabled"] == 1
    assert found["snmp.versions"] == []
    assert "ssh.version" not in found


@pytest.mark.parametrize(
    ("old", "new", "key", "value"),
    [
        (" exec-timeout 0 30", " exec-timeout 0 0", "session.timeout_minutes", 0),
        (" exec-timeout 0 30", " no exec-timeout", "session.timeout_minutes", 0),
        (" exec-timeout 5 0", " exec-timeout 5 1", "session.timeout_minutes", 6),
        (" permit 203.0.113.0 0.0.0.255", " permit any", "management.restricted", False),
        (" permit 203.0.113.0 0.0.0.255", " deny 192.0.2.1\n permit any", "management.restricted", False),
        (
            " permit 203.0.113.0 0.0.0.255",
            " permit 0.0.0.0 127.255.255.255\n permit 128.0.0.0 127.255.255.255",
            "management.restricted",
            False,
        ),
        (" permit 203.0.113.0 0.0.0.255", "!", "management.restricted", False),
        (" access-class ADMIN in", " access-class NOBODY in", "management.restricted", False),
        (" access-class ADMIN in", " access-class ADMIN out", "management.restricted", False),
        (" transport input ssh", " transport input all", "telnet.enabled", True),
        (" transport input ssh", " transport input none", "ssh.enabled", False),
        (
            "no aaa new-model",
            "aaa new-model\naaa authentication login default group tacacs+ local\ntacacs server T",
            "aaa.central",
            True,
        ),
        (
            "no aaa new-model",
            "aaa new-model\naaa authentication login default group tacacs+ local\nradius-server host 192.0.2.9",
            "aaa.central",
            False,
        ),
        (
            "no aaa new-model",
            "aaa new-model\naaa group server radius G\naaa authentication login default group G local",
            "aaa.central",
            False,
        ),
        ("no aaa new-model", "aaa new-model\naaa authentication login default local", "aaa.central", False),
        ("no aaa new-model", "aaa new-model\naaa authentication login default", "aaa.central", False),
        ("no aaa new-model", "aaa new-model", "aaa.central", False),
        ("no aaa new-model", "aaa new-model\naaa authentication login default group local", "aaa.central", False),
        (
            "no aaa new-model",
            "aaa new-model\naaa authentication login default local group tacacs+",
            "aaa.central",
            False,
        ),
        (
            "no aaa new-model",
            "aaa new-model\naaa authentication login default local\naaa authentication login UNUSED group tacacs+",
            "aaa.central",
            False,
        ),
        ("community public RO", "community public RW", "snmp.writable", True),
        ("snmp-server community public RO", "snmp-server group G v3 priv", "snmp.versions", ["3"]),
        ("snmp-server community public RO", "snmp-server host 192.0.2.9 Wd0", "snmp.versions", ["1"]),
        ("snmp-server community public RO", "snmp-server host 192.0.2.9 version 2c Wd0", "snmp.versions", ["2c"]),
        ("community public RO", "community Wd0 RO", "snmp.default_community", False),
        (
            "ntp server 203.0.113.8",
            "ntp server vrf M 203.0.113.8\nntp peer ip 1.2.3.4",
            "ntp.servers",
            ["1.2.3.4", "203.0.113.8"],
        ),
        ("logging host 203.0.113.9", "no logging on\nlogging host 203.0.113.7", "logging.hosts", []),
        ("logging host 203.0.113.9", "no logging trap\nlogging host 203.0.113.7", "logging.hosts", []),
        ("logging host 203.0.113.9", "logging trap errors\nlogging host 10.1.1.1", "logging.hosts", ["10.1.1.1"]),
        ("logging host 203.0.113.9", "logging host vrf M 203.0.113.7", "logging.hosts", ["203.0.113.7"]),
        ("logging host 203.0.113.9", "logging host ipv6 2001:db8::7 vrf M", "logging.hosts", ["2001:db8::7"]),
        ("snmp-server community public RO", "snmp-server host 192.0.2.9 public", "snmp.default_community", True),
        ("snmp-server community public RO", "snmp-server host 192.0.2.9 Wd0 snmp", "snmp.default_community", False),
        (
            "snmp-server community public RO",
            "snmp-server host ipv6 2001:db8::9 vrf M traps version 2c 0 Private udp-port 9162",
            "snmp.default_community",
            True,
        ),
        (
            "snmp-server community public RO",
            "snmp-server host 192.0.2.9 version 3 priv admin",
            "snmp.default_community",
            False,
        ),
        ("logging host 203.0.113.9", "logging 203.0.113.7", "logging.hosts", ["203.0.113.7"]),
        ("service password-encryption", "no service password-encryption", "password.encryption", False),
        ("ip ssh version 2", "ip ssh version 2\nno ip ssh version 2", "ssh.version", None),
    ],
)
def test_one_command_decides(old: str, new: str, key: str, value: Any) -> None:
    assert old in ROUTER
    assert settings(ROUTER.replace(old, new)).get(key, (None, 0))[0] == value


@pytest.mark.parametrize(
    ("con", "vty", "central"),
    [
        ("default", "default", True),
        ("default", "SERVER", True),
        ("SERVER", "SERVER", True),
        ("LOCAL", "SERVER", False),
        ("default", "LOCAL", False),
        ("default", "NOWHERE", False),
    ],
)
def test_logins_are_central_where_every_line_asks_a_server(con: str, vty: str, central: bool) -> None:
    lists = "radius server R\naaa group server radius G\n server name R\n"
    lists += "aaa authentication login default group radius local\naaa authentication login SERVER group G\n"
    text = ROUTER.replace("no aaa new-model\n", f"aaa new-model\n{lists}aaa authentication login LOCAL local\n")
    text = text.replace("line con 0\n", f"line con 0\n login authentication {con}\n")
    text = text.replace("line vty 0 4\n", f"line vty 0 4\n login authentication {vty}\n")
    value, line = settings(text)["aaa.central"]
    assert value is central
    if "LOCAL" in (con, vty):
        assert line == line_of(text, "aaa authentication login LOCAL local")


@pytest.mark.parametrize(
    "text",
    [
        "macro name HARDEN\nno ip http secure-server\nip ssh version 1\nlogging host 192.0.2.99\n@\n",
        "aaa authentication banner ^C\nno ip http secure-server\nip ssh version 1\n^C\n",
        "aaa authentication fail-message \x03\nno ip http secure-server\n\x03\n",
        "menu OPS title ^C\nip ssh version 1\n^C\nmenu OPS prompt ^C which? ^C\n",
    ],
)
def test_commands_within_a_macro_or_a_text_are_not_in_force(text: str) -> None:
    with_text = collect(ROUTER.replace("line con 0\n", f"{text}line con 0\n"))
    values, plain = (
        {draft.local: draft.fields for draft in of_kind(found, "setting")} for found in (with_text, collect(ROUTER))
    )
    assert (values, with_text.unread) == (plain, [])


def test_what_is_not_understood_is_counted_with_its_first_line() -> None:
    text = ROUTER.replace("line con 0", "frobnicate a\nfrobnicate b\nno wibble\nline con 0")
    text = text.replace(" 20 deny ip any any log", " 15 traffic BACK\n 20 deny ip any any log")
    found = {(unread.what, unread.line, unread.count) for unread in collect(text).unread}
    assert found == {
        ("command `frobnicate`", line_of(text, "frobnicate a"), 2),
        ("command `wibble`", line_of(text, "no wibble"), 1),
        ("access list FROM-OFFICE: entry `15 traffic BACK`", line_of(text, "15 traffic BACK"), 1),
    }


def test_an_entry_that_is_not_understood_may_let_anything_through() -> None:
    text = ROUTER.replace(" 20 deny ip any any log", " 15 traffic BACK\n 20 deny ip any any log")
    strange = next(draft.fields for draft in of_kind(collect(text), "firewall_rule") if "unresolved" in draft.fields)
    names = ("action", "src_networks", "dst_networks", "services", "unresolved")
    assert [strange[name] for name in names] == ["accept", ["0.0.0.0/0"], ["0.0.0.0/0"], ["ip"], ["traffic BACK"]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROUTER.removesuffix("end\n"), r"a\.cfg:\d+: the configuration is cut off: its last command, `end`"),
        (ROUTER.replace("hostname rt-01\n", ""), "no `hostname`: not a whole running configuration"),
        (ROUTER.replace("^C\nline con", "line con"), "cut off"),
        (ROUTER + SWITCH, r"a\.cfg:\d+: a second `hostname`, after that of line 6: several configurations"),
        (ROUTER.replace(" 10 permit", " --More--    10 permit"), r"a\.cfg:\d+: the export was taken page by page"),
        ("\n".join(map(str.strip, ROUTER.splitlines())), r"a\.cfg:\d+: `ip address` stands by itself: the indentation"),
        ("hostname x\nip access-list extended A\npermit ip any any\nend\n", r"a\.cfg:3: `permit ip` stands by itself"),
        ("", "the file is empty"),
        ("hostname x\n\x00", "binary file"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        collect(text)


@pytest.mark.parametrize(
    "command",
    [
        "interface",
        "interface Vlan1\n ip address",
        "interface Vlan1\n ip address x y",
        "interface Vlan1\n switchport access vlan",
        "interface Vlan1\n switchport access vlan ²",
        "interface Vlan1\n ip access-group",
        "interface Vlan1\n switchport",
        "ip ssh version",
        "line vty 0 4\n exec-timeout",
        "line vty 0 4\n exec-timeout ² ³",
        "line",
        "line vty 0 4\n access-class",
        "username",
        "username kim privilege",
        "username kim privilege 99999999999999999999",
        "snmp-server community",
        "snmp-server host",
        "snmp-server host 192.0.2.1 version",
        "ntp server",
        "ntp server vrf",
        "logging host",
        "aaa new-model",
        "aaa new-model\naaa authentication login",
        "aaa new-model\nline vty 0 4\n login authentication",
        "ip route 1 2 3",
        "ip route vrf",
        "ipv6",
        "ipv6 route 1",
        "ipv6 route ::/0",
        "ipv6 access-list",
        "ipv6 access-list X\n sequence",
        "ipv6 access-list X\n permit",
        "interface Vlan1\n ipv6 address",
        "interface Vlan1\n ipv6 address x",
        "line vty 0 4\n ipv6 access-class",
        "access-list",
        "access-list ² permit any",
        "access-list 1 permit",
        "ip access-list extended",
        "security passwords min-length x",
        "login block-for a attempts b",
        "banner",
        "license udi pid",
        "hostname",
        "no",
        "default",
        "interface Vlan1\n description \udcff\udcfe",
        "interface Vlan1 \x1b[31m",
    ],
)
def test_half_a_command_is_no_bug(command: str) -> None:
    collected = collect(ROUTER.replace("interface Loopback0", f"{command}\ninterface Loopback0"))
    assert collected.assets
    for draft in collected.drafts:
        assert draft.local.isprintable()


@pytest.mark.parametrize(
    "head",
    [b"ASA Version 9.12\n", b"feature bgp\n", b": Saved\n", b"set system host-name x\n", b"\x00"],
)
def test_kin_of_other_makers_and_lines_is_not_claimed(head: bytes) -> None:
    lines = b"hostname x\ninterface GigabitEthernet0/0\nline vty 0 4\n"
    assert cisco_ios.recognise(Export("x", lines)) >= 50
    assert cisco_ios.recognise(Export("x", head + lines)) < 50
