"""Every place where an IOS configuration holds a secret: hidden, counted, and stored as what it is."""

from __future__ import annotations

import pytest

from plantproof.evidence.dialects.cisco_secrets import secrets_of
from plantproof.evidence.dialects.hardening import WELL_KNOWN_COMMUNITIES
from plantproof.evidence.dialects.lines import split_lines

SECRET = "S3cr3tW0rd"

LINES = [
    (f"enable secret 5 {SECRET}", "enable password", "placeholder"),
    (f"enable secret 9 {SECRET}", "enable password", "placeholder"),
    (f"enable secret level 7 8 {SECRET}", "enable password", "placeholder"),
    (f"enable password {SECRET}", "enable password", "token"),
    (f"enable password 7 {SECRET}", "enable password", "token"),
    (f"username kim privilege 15 secret 9 {SECRET}", "password of a local user", "placeholder"),
    (f"username kim password 7 {SECRET}", "password of a local user", "token"),
    (f"username kim password 0 {SECRET}", "password of a local user", "token"),
    (f"username password password {SECRET}", "password of a local user", "token"),
    (f"username kim secret 5 {SECRET} autocommand exit", "password of a local user", "placeholder"),
    (f"username kim secret $9${SECRET}", "password of a local user", "placeholder"),
    (f"snmp-server community {SECRET} RO 5", "SNMP community", "token"),
    (f"snmp-server host 192.0.2.1 {SECRET}", "SNMP community", "token"),
    (f"snmp-server host 192.0.2.1 version 2c {SECRET} snmp", "SNMP community", "token"),
    (f"snmp-server host 192.0.2.1 vrf M informs version 2c {SECRET}", "SNMP community", "token"),
    (f"snmp-server host 192.0.2.1 traps {SECRET}", "SNMP community", "token"),
    (f"snmp-server user u g v3 auth sha {SECRET}", "SNMPv3 authentication password", "token"),
    (f"snmp-server user u g v3 auth md5 x priv aes 128 {SECRET}", "SNMPv3 privacy password", "token"),
    (f"snmp-server user u g v3 auth md5 x priv des {SECRET}", "SNMPv3 privacy password", "token"),
    (f"tacacs-server key 7 {SECRET}", "key of an authentication server", "token"),
    (f"tacacs-server host 192.0.2.1 key {SECRET}", "key of an authentication server", "token"),
    (f"radius-server key 6 {SECRET}", "key of an authentication server", "placeholder"),
    (f"radius server R\n key 7 {SECRET}", "key of an authentication server", "token"),
    (
        f"aaa server radius dynamic-author\n client 192.0.2.1 server-key 7 {SECRET}",
        "key of an authentication server",
        "token",
    ),
    (f"key chain K\n key 1\n  key-string 7 {SECRET}", "routing key", "token"),
    (f"crypto isakmp key {SECRET} address 192.0.2.1", "VPN pre-shared key", "token"),
    (f"crypto isakmp key 6 {SECRET} hostname x", "VPN pre-shared key", "placeholder"),
    (f"crypto ikev2 keyring K\n peer P\n  pre-shared-key local {SECRET}", "VPN pre-shared key", "token"),
    (f"crypto ikev2 keyring K\n peer P\n  pre-shared-key 6 {SECRET}", "VPN pre-shared key", "placeholder"),
    (f"router bgp 1\n neighbor 192.0.2.1 password 7 {SECRET}", "routing password", "token"),
    (f"interface Vlan1\n ip ospf message-digest-key 1 md5 7 {SECRET}", "routing password", "token"),
    (f"interface Vlan1\n ip ospf authentication-key {SECRET}", "routing password", "token"),
    (f"interface Vlan1\n isis password {SECRET} level-2", "routing password", "token"),
    (f"router isis\n area-password {SECRET}", "routing password", "token"),
    (f"interface Vlan1\n standby 1 authentication {SECRET}", "redundancy password", "token"),
    (f"interface Vlan1\n vrrp 1 authentication text {SECRET}", "redundancy password", "token"),
    (f"interface Vlan1\n standby 1 authentication md5 key-string 7 {SECRET}", "key", "token"),
    (f"ntp authentication-key 1 md5 {SECRET} 7", "NTP key", "token"),
    (f"dot11 ssid S\n wpa-psk ascii 7 {SECRET}", "Wi-Fi key", "token"),
    (f"interface Dialer1\n ppp chap password 7 {SECRET}", "password", "token"),
    (f"ip ftp password 7 {SECRET}", "password", "token"),
    (f"ip http client password 7 {SECRET}", "password", "token"),
    (f"line vty 0 4\n password 7 {SECRET}", "line password", "token"),
    (f"line con 0\n password {SECRET}", "line password", "token"),
    (f"vtp password {SECRET}", "password", "token"),
    (f"mpls ldp neighbor 192.0.2.1 password 7 {SECRET}", "password", "token"),
    (f"frobnicate password 7 {SECRET}", "secret", "token"),
    (f"! enable secret 5 {SECRET}", "secret", "placeholder"),
    (f"frobnicate shared-secret {SECRET} timeout 4", "key of an authentication server", "token"),
    (f"snmp-server community {SECRET} view all RO", "SNMP community", "token"),
    (f"snmp-server user u g v3 auth md5 x priv des56 {SECRET}", "SNMPv3 privacy password", "token"),
    (f"snmp-server user u g v3 encrypted auth md5 x priv aes256 {SECRET}", "SNMPv3 privacy password", "token"),
    (f"snmp-server host ipv6 2001:db8::1 version 2c {SECRET}", "SNMP community", "token"),
    (f"snmp-server host ipv6 2001:db8::1 {SECRET}", "SNMP community", "token"),
    (f"snmp-server  community {SECRET} RO", "SNMP community", "token"),
    (f"snmp-server\tcommunity\t{SECRET} RO", "SNMP community", "token"),
    (f"username é  password  0   {SECRET}", "password of a local user", "token"),
    (f"radius-server local\n user ap1 nthash 7 {SECRET}", "password of a local user", "token"),
    (f"radius-server local\n  user  ap1 group g nthash 7 {SECRET}", "password of a local user", "token"),
    (f"sntp authentication-key 1 md5 {SECRET}", "NTP key", "token"),
    (f"mpls ldp password option 1 for A {SECRET}", "routing password", "token"),
    (f"mpls ldp vrf V password option 1 for A 7 {SECRET}", "routing password", "token"),
    (f"cellular 0 lte profile create 1 apn chap kim {SECRET}", "password", "token"),
]


@pytest.mark.parametrize(("text", "what", "how"), LINES)
def test_a_secret_is_named_by_its_bytes(text: str, what: str, how: str) -> None:
    data = f"! é\n{text}\n".encode()
    found = secrets_of(split_lines(data, "x"), "x")
    named = [(data[secret.start : secret.end].decode(), secret.what, secret.how) for secret in found]
    assert (SECRET if "$9$" not in text else f"$9${SECRET}", what, how) in named
    assert len(found) == (2 if " priv " in text else 1)


@pytest.mark.parametrize("word", [*sorted(WELL_KNOWN_COMMUNITIES), "PUBLIC"])
def test_a_well_known_community_stays_visible(word: str) -> None:
    lines = split_lines(f"snmp-server community {word} RW\nsnmp-server host 192.0.2.1 {word}\n".encode(), "x")
    assert secrets_of(lines, "x") == []


@pytest.mark.parametrize(
    "text",
    [
        "key chain K\n key 1",
        "key chain K\n key 7",
        "service password-encryption",
        "security passwords min-length 12",
        "aaa authentication login default group tacacs+ local",
        "ip ssh pubkey-chain",
        "crypto key generate rsa",
        "snmp-server host 192.0.2.1 version 3 auth kim",
        "snmp-server host 192.0.2.1 vrf M informs version 3 priv kim",
        "snmp-server host ipv6 2001:db8::1 version 3 auth kim",
        "mpls ldp password option 1 for A key-chain K",
        "interface Vlan1\n standby 1 authentication md5 key-chain K",
        "ntp trusted-key 1",
        "ntp server 192.0.2.1 key 1",
        "username kim nopassword",
        "! written by kim",
        "ip community-list standard X permit 1:2",
        "tunnel key 12",
        "macro name key_of_hall",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert secrets_of(split_lines(f"{text}\n".encode(), "x"), "x") == []


def test_a_password_is_hidden_with_the_blanks_in_it() -> None:
    data = b"username kim  password 0 one  two\nline con 0\n  password\tthree   four  \n"
    found = secrets_of(split_lines(data, "x"), "x")
    assert {b"one  two", b"three   four"} <= {data[secret.start : secret.end] for secret in found}


def test_a_secret_is_named_once_and_again_when_it_is_redacted() -> None:
    data = b"enable secret 5 <redacted>\nsnmp-server community <redacted:k-1:0123456789abcdef> RO\n"
    found = secrets_of(split_lines(data, "x"), "x")
    assert [data[secret.start : secret.end] for secret in found] == [b"<redacted>", b"<redacted:k-1:0123456789abcdef>"]
