"""FortiOS: virtual domains, zones, objects and groups, policies in order, secrets, and what is not understood."""

from __future__ import annotations

import pytest
from tests.support.exports import FORTIOS
from tests.support.fortios_text import ANY, GLOBAL, HEAD, INTERFACES, OBJECTS, policy

from plantproof.errors import InputError
from plantproof.evidence.collectors import fortios
from plantproof.evidence.collectors.protocol import Collected, Draft, Export
from plantproof.model.project_file import SourceSettings


def collect(text: str) -> Collected:
    return fortios.collect([Export("fw.conf", text.encode("utf-8", "surrogateescape"))], SourceSettings())


def of_kind(collected: Collected, kind: str) -> list[Draft]:
    return [draft for draft in collected.drafts if draft.kind == kind]


def test_the_device() -> None:
    (device,) = collect(HEAD + GLOBAL + INTERFACES).assets
    assert device.fields == {
        "names": ["fw-01"], "vendor": "Fortinet", "role": "firewall", "os": "FortiOS", "model": "FortiGate-60F",
        "serial": "FGR60FTK00000000", "firmware": "7.4.5", "ips": ["192.0.2.1", "192.0.3.1", "203.0.113.1"],
    }  # fmt: skip
    assert device.line == 5
    assert [key.key for key in device.keys] == ["id", "serial", "name"]


def test_interfaces_with_secondary_addresses_and_routes() -> None:
    found = {draft.local: draft.fields for draft in of_kind(collect(GLOBAL + INTERFACES), "interface")}
    assert found["port1"] == {
        "name": "port1", "enabled": True, "ips": ["192.0.2.1/24", "192.0.3.1/24"], "description": "Line 1",
        "routes": ["10.0.0.0/8"],
    }  # fmt: skip
    assert found["office vlan"] == {
        "name": "office vlan", "enabled": False, "ips": ["203.0.113.1/24"], "vlan": 30, "routes": ANY
    }  # fmt: skip
    assert "ips" not in found["port9"]


def test_where_routes_are_learned_each_interface_with_an_address_says_so() -> None:
    text = f"{GLOBAL}{INTERFACES}config router bgp\nconfig neighbor\nedit 192.0.2.9\nnext\nend\nend\n"
    found = {draft.local: draft.fields for draft in of_kind(collect(text), "interface")}
    assert found["port1"]["unknown_routes"] is True
    assert "unknown_routes" not in found["port9"]


VDOMS = f"""config vdom
edit root
next
edit plant
next
end
config global
{GLOBAL}config system admin
    edit "kim"
        set accprofile "super_admin"
        set two-factor fortitoken
    next
end
end
config vdom
edit root
{policy("set action accept", 'set dstaddr "plc-1"')}
end
config vdom
edit plant
{OBJECTS}{policy("set action accept", 'set dstaddr "plc-1"')}
end
"""


def test_virtual_domains_have_their_own_objects_and_policies() -> None:
    """As backups write them: the last `end` closes the domain without `next`."""
    collected = collect(VDOMS)
    found = {draft.local: draft.fields["dst_networks"] for draft in of_kind(collected, "firewall_rule")}
    assert found == {"root/policy/1": ANY, "plant/policy/1": ["192.0.2.10/32"]}
    assert collected.assets[0].fields["names"] == ["fw-01"]
    (account,) = of_kind(collected, "account")
    assert (account.fields["privileged"], account.fields["mfa"]) == (True, True)


def test_what_translates_or_tunnels_is_named_as_not_understood() -> None:
    text = GLOBAL + OBJECTS + "config firewall proxy-policy\nend\nconfig firewall proxy-address\nend\n"
    text += "config firewall policy6\nend\nconfig vpn ipsec phase1-interface\nend\nwibble wobble\n"
    found = {unread.what for unread in collect(text).unread}
    assert found == {
        "block `config firewall vip`", "block `config firewall policy6`", "block `config firewall proxy-policy`",
        "block `config vpn ipsec phase1-interface`",
        "statement `wibble`",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["firewall multicast-address", "firewall ippool", "firewall DoS-policy", "firewall vendor-mac", "icap profile"],
)
def test_what_opens_no_way_and_is_in_every_backup_is_not_missed(name: str) -> None:
    assert collect(f'{GLOBAL}config {name}\n    edit "x"\n    next\nend\n').unread == []


KEY_LINES = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIabc\nMIIdef\n-----END ENCRYPTED PRIVATE KEY-----"
SECRETS = (
    GLOBAL
    + f"""config system admin
    edit "kim"
        set password ENC SH2abcd=
    next
end
config vpn ipsec phase1-interface
    edit "v"
        set psksecret "two words"
        set psksecret ENC second=
    next
end
config system snmp community
    edit 1
        set name "public"
    next
    edit 2
        set name "Kept1t"
    next
end
config system snmp user
    edit "u"
        set auth-pwd ENC a==
        set priv-pwd ENC b==
    next
end
config certificate local
    edit "c"
        set private-key "{KEY_LINES}"
        set certificate "-----BEGIN CERTIFICATE-----
MIIpublic
-----END CERTIFICATE-----"
    next
end
config wireless-controller vap
    edit "w"
        set passphrase "wifi \\"quoted\\" word"
        set ssh-public-key1 "ssh-rsa AAAA"
    next
end
"""
)


def test_every_secret_is_named_by_its_bytes_also_one_that_a_later_line_replaces() -> None:
    data = SECRETS.encode()
    found = [(data[s.start : s.end].decode(), s.what, s.how) for s in collect(SECRETS).secrets]
    assert found == [
        ("SH2abcd=", "`password`", "placeholder"),
        ("two words", "`psksecret`", "token"),
        ("second=", "`psksecret`", "placeholder"),
        ("Kept1t", "SNMP community", "token"),
        ("a==", "`auth-pwd`", "placeholder"),
        ("b==", "`priv-pwd`", "placeholder"),
        (KEY_LINES, "`private-key`", "placeholder"),
        ('wifi \\"quoted\\" word', "`passphrase`", "token"),
    ]


@pytest.mark.parametrize(
    "key",
    ["auth-pwd", "cak", "gtk", "mka-psk", "passphrase", "password", "ppk-secret", "priv-pwd", "private-key", "psk",
     "sae-password", "secondary-secret"],
)  # fmt: skip
def test_names_of_settings_that_hold_a_secret(key: str) -> None:
    found = collect(GLOBAL + f'config system macsec\nedit "x"\nset {key} "S3cret 001"\nnext\nend\n')
    assert [secret.what for secret in found.secrets] == [f"`{key}`"]


def test_a_value_over_several_lines_does_not_shift_what_follows() -> None:
    text = SECRETS + INTERFACES
    (port1,) = [draft for draft in of_kind(collect(text), "interface") if draft.local == "port1"]
    assert text.splitlines()[port1.line - 1].strip() == 'edit "port1"'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GLOBAL + 'config system interface\n    edit "port1"\n', "cut off: `port1` of line 5 is never closed"),
        (GLOBAL + 'config x\n    set a "never\nend\n', r"fw\.conf:5: a quoted value is never closed"),
        ("config system interface\nend\n", "no `set hostname`"),
        (GLOBAL + "config a\n" * 40, "nested too deeply"),
        (GLOBAL + GLOBAL, r"fw\.conf:\d: a second `set hostname`, after that of line 2: several configurations"),
        (GLOBAL + "config firewall policy\n--More--     edit 1\nend\n", "the export was taken page by page"),
        (
            "#config-version=FAZVM64-7.4.2-FW-build2397-231219:opmode=0\n" + GLOBAL,
            r"fw\.conf:1: this is the configuration of a `FAZVM64`",
        ),
        ("", "the file is empty"),
        (GLOBAL + "\x00", "binary file"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        collect(text)


@pytest.mark.parametrize(
    "text",
    ["end\n", "next\n", "set\n", "set x\n", "unset x\n", "append x y\n", "config\n", "edit\n", "config a\nnext\nend\n",
     'config a\nedit "b\nset c d\nnext\nend\n', "config firewall policy\nedit \x1b[31m\nnext\nend\n",
     "config system interface\nedit x\nset vlanid ²\nset ip a b\nnext\nend\n",
     "config firewall address\nedit x\nset type iprange\nnext\nend\n", "config system admin\nedit \udcff\nnext\nend\n"],
)  # fmt: skip
def test_half_a_statement_is_no_bug(text: str) -> None:
    try:
        collected = collect(GLOBAL + text)
    except InputError:
        return
    assert all(draft.local.isprintable() for draft in collected.drafts)


def test_recognised_by_its_header_or_by_its_blocks() -> None:
    assert fortios.recognise(Export("x", FORTIOS.encode())) == 99
    assert fortios.recognise(Export("x", (GLOBAL + INTERFACES).encode())) == 90
    assert fortios.recognise(Export("x", b"config setup\n set a\nend\n")) < 50
