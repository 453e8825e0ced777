"""FortiOS settings: what is written, what the vendor documents as default, and what nobody can say."""

from __future__ import annotations

from typing import Any

import pytest

from plantproof.evidence.dialects.fortios_admins import is_privileged, profiles_of
from plantproof.evidence.dialects.fortios_settings import settings_of
from plantproof.evidence.dialects.fortios_tree import parse_fortios
from plantproof.evidence.dialects.lines import split_lines


def settings(text: str) -> dict[str, tuple[Any, int]]:
    data = text.encode()
    root = parse_fortios(data, split_lines(data, "x"), "x").root
    return {found.key: (found.value, found.line) for found in settings_of([root])}


def block(name: str, *lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"config {name}\n{body}end\n"


def test_a_backup_that_says_nothing_stands_at_the_documented_defaults() -> None:
    found = settings(block("system global", 'set hostname "fw"'))
    for key, value in {
        "session.timeout_minutes": 5, "lockout.threshold": 3, "lockout.duration_minutes": 1, "banner.login": False,
        "logging.hosts": [], "snmp.versions": [],
    }.items():  # fmt: skip
        assert found[key] == (value, 0), key
    assert not {"http.enabled", "telnet.enabled", "management.restricted", "aaa.central"} & found.keys()


PROFILES = block(
    "system accprofile",
    'edit "ot"', "set fwgrp custom", "config fwgrp-permission", "set policy read-write", "end",
    "set admintimeout-override enable", "set admintimeout 480", "next",
    'edit "unused"', "set admintimeout-override enable", "set admintimeout 0", "next",
    'edit "viewer"', "set fwgrp read", "set admintimeout-override disable", "set admintimeout 300", "next",
)  # fmt: skip


@pytest.mark.parametrize(("profile", "minutes"), [("ot", 480), ("viewer", 5), ("super_admin", 5)])
def test_the_longest_session_of_any_administrator_counts(profile: str, minutes: int) -> None:
    text = block("system global", 'set hostname "fw"') + PROFILES
    found = settings(text + block("system admin", 'edit "kim"', f'set accprofile "{profile}"', "next"))
    assert found["session.timeout_minutes"] == (minutes, 8 + 3 if minutes == 480 else 0)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['set accprofile "super_admin"'], True),
        (['set accprofile "ot"'], True),
        (['set accprofile "viewer"'], False),
        (['set accprofile "super_admin_readonly"'], False),
        (['set accprofile "viewer"', "set accprofile-override enable"], None),
        (['set accprofile "nowhere"'], None),
        ([], None),
    ],
)
def test_who_may_change_anything_is_privileged(lines: list[str], expected: bool | None) -> None:
    data = (PROFILES + block("system admin", 'edit "kim"', *lines, "next")).encode()
    root = parse_fortios(data, split_lines(data, "x"), "x").root
    (administrator,) = root.edits("system admin")
    assert is_privileged(administrator, profiles_of([root])) is expected


def test_without_the_global_block_no_default_is_claimed() -> None:
    assert not {"session.timeout_minutes", "lockout.threshold", "banner.login"} & settings(block("system ntp")).keys()


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("set admintimeout 15", "session.timeout_minutes", 15),
        ("set admin-lockout-threshold 5", "lockout.threshold", 5),
        ("set admin-lockout-duration 300", "lockout.duration_minutes", 5),
        ("set admin-lockout-duration 5", "lockout.duration_minutes", 1),
        ("set pre-login-banner enable", "banner.login", True),
    ],
)
def test_the_global_block_decides(line: str, key: str, value: Any) -> None:
    assert settings(block("system global", line))[key] == (value, 2)


def interface(*words: str) -> str:
    return block(
        "system interface", 'edit "port1"', f"set allowaccess {' '.join(words)}", "next", 'edit "port2"', "next"
    )


def test_management_protocols_are_those_of_any_interface() -> None:
    found = settings(interface("ping", "https", "http", "telnet"))
    expected = {"http.enabled": True, "https.enabled": True, "telnet.enabled": True, "ssh.enabled": False}
    assert {key: found[key][0] for key in expected} == expected
    assert found["http.enabled"][1] == 3


SECONDARY = (
    "config secondaryip",
    "edit 1",
    "set ip 192.0.2.2 255.255.255.0",
    "set allowaccess telnet http",
    "next",
    "end",
)
IPV6 = ("config ipv6", "set ip6-allowaccess ping telnet http", "end")


@pytest.mark.parametrize(("part", "line"), [(SECONDARY, 7), (IPV6, 5)])
def test_secondary_addresses_and_ipv6_accept_management_too(part: tuple[str, ...], line: int) -> None:
    found = settings(block("system interface", 'edit "port1"', "set allowaccess https", *part, "next"))
    expected = {"http.enabled": True, "https.enabled": True, "telnet.enabled": True, "ssh.enabled": False}
    assert {key: found[key][0] for key in expected} == expected
    assert (found["telnet.enabled"][1], found["https.enabled"][1]) == (line, 3)


@pytest.mark.parametrize(
    ("access", "lines", "restricted"),
    [
        ("ssh", (), False),
        ("ssh", ("set ip6-trusthost1 2001:db8::/64",), True),
        ("ssh", ("set ip6-trusthost1 2001:db8::/64", "set ip6-trusthost2 ::/0"), False),
        ("ssh", ("set ip6-trusthost1 0::0/0",), False),
        ("ping", (), True),
    ],
)
def test_an_administrator_is_bound_over_ipv6_by_trusted_hosts_of_its_own(
    access: str, lines: tuple[str, ...], restricted: bool
) -> None:
    """Their default is everybody, as soon as an interface accepts logins over IPv6."""
    text = block("system interface", 'edit "a"', "config ipv6", f"set ip6-allowaccess {access}", "end", "next")
    bound = "set trusthost1 192.0.2.9 255.255.255.255"
    found = settings(text + block("system admin", 'edit "a"', bound, *lines, "next"))
    assert found["management.restricted"][0] is restricted


@pytest.mark.parametrize(
    ("lines", "restricted"),
    [
        (("set trusthost1 192.0.2.0 255.255.255.0",), True),
        (("set trusthost1 192.0.2.0 255.255.255.0", "set trusthost2 0.0.0.0 0.0.0.0"), False),
        (("set trusthost1 0.0.0.0/0",), False),
        (("set trusthost1 office",), False),
        ((), False),
    ],
)
def test_an_administrator_without_trusted_hosts_may_come_from_anywhere(
    lines: tuple[str, ...], restricted: bool
) -> None:
    bound = ('edit "a"', "set trusthost1 192.0.2.9 255.255.255.255", "next")
    found = settings(block("system admin", *bound, 'edit "b"', *lines, "next"))
    assert found["management.restricted"][0] is restricted
    assert found["aaa.central"][0] is False


def test_remote_authentication_is_central() -> None:
    found = settings(block("system admin", 'edit "b"', "set remote-auth enable", "next"))
    assert found["aaa.central"] == (True, 3)


def test_log_servers_count_only_where_they_are_on() -> None:
    on = block("log syslogd setting", "set status enable", 'set server "192.0.2.9"')
    off = block("log syslogd2 setting", "set status disable", 'set server "192.0.2.8"')
    analyser = block("log fortianalyzer setting", "set status enable", 'set server "192.0.2.7"')
    assert settings(on + off + analyser)["logging.hosts"] == (["192.0.2.7", "192.0.2.9"], 3)


@pytest.mark.parametrize(
    ("lines", "servers"),
    [
        (("set ntpsync disable",), []),
        (("set type fortiguard",), ["fortiguard"]),
        (("set type custom", "config ntpserver", "edit 1", 'set server "192.0.2.8"', "next", "end"), ["192.0.2.8"]),
    ],
)
def test_time_servers(lines: tuple[str, ...], servers: list[str]) -> None:
    assert settings(block("system ntp", *lines))["ntp.servers"][0] == servers


def test_snmp_versions_and_well_known_communities() -> None:
    community = ("edit 1", 'set name "public"', "set query-v1-status disable", "set trap-v1-status disable", "next")
    found = settings(block("system snmp community", *community) + block("system snmp user", 'edit "u"', "next"))
    assert found["snmp.versions"][0] == ["2c", "3"]
    assert found["snmp.default_community"] == (True, 3)
    assert found["snmp.writable"][0] is False
    off = settings(block("system snmp community", "edit 1", 'set name "x"', "set status disable", "next"))
    assert off["snmp.versions"][0] == []


@pytest.mark.parametrize(
    ("lines", "length", "complex_"),
    [
        (("set status enable", "set minimum-length 12"), 12, False),
        (
            ("set status enable", "set min-number 1", "set min-lower-case-letter 1", "set min-upper-case-letter 1"),
            8,
            True,
        ),
        (("set status enable", "set apply-to admin-password ipsec-preshared-key", "set minimum-length 12"), 12, False),
        (("set status enable", "set apply-to ipsec-preshared-key", "set minimum-length 12"), 0, False),
        (("set minimum-length 12",), 0, False),
        (("set status enable", "set minimum-length ²"), 0, False),
    ],
)
def test_a_password_policy_that_is_off_asks_for_nothing(lines: tuple[str, ...], length: int, complex_: bool) -> None:
    found = settings(block("system password-policy", *lines))
    assert (found["password.min_length"][0], found["password.complexity"][0]) == (length, complex_)
