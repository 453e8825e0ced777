"""The real network configurations: exact figures of those we read, and no claim on those of other makers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from plantproof.errors import InputError
from plantproof.evidence.collectors import BUILT_IN, cisco_ios, fortios
from plantproof.evidence.collectors.protocol import Collected, Collector, Export
from plantproof.evidence.formats import CLAIM, CLEAR, collector, recognise
from plantproof.evidence.redaction import RedactionKey, redact, sweep
from plantproof.model.project_file import SourceSettings

FOLDER = "evidence/02-network-config"
KEY = RedactionKey("real-1", b"0123456789abcdef0123456789abcdef")
CLAIMED = {
    "01-asset-discovery/netbox-v3.6-fixture.excerpt.json": "netbox",
    "01-asset-discovery/nozomi-guardian-assets-query.json": "nozomi-assets",
    "02-network-config/cisco-ios-as2border1.cfg": "cisco-ios",
    "02-network-config/cisco-iosxe-17.9-c9200l.txt": "cisco-ios",
    "02-network-config/fortinet-fortios-7.4.7-91g.conf": "fortios",
    "02-network-config/fortinet-fortios-firewall-policy.conf": "fortios",
    "07-governance/adrecon-DefaultPasswordPolicy.csv": "adrecon",
    "07-governance/adrecon-GroupMembers.csv": "adrecon",
    "07-governance/adrecon-Users.csv": "adrecon",
    "07-governance/veeam-backup-session-report.csv": "veeam-sessions",
}
"""Every real file that a collector reads; every other one is claimed by none."""


def export(real_data: Path, name: str) -> Export:
    return Export(name, (real_data / FOLDER / name).read_bytes())


def collect(module: Collector, real_data: Path, name: str) -> Collected:
    return module.collect([export(real_data, name)], SourceSettings())


def kinds(collected: Collected) -> dict[str, int]:
    return dict(Counter(draft.kind for draft in collected.drafts))


def secrets(collected: Collected) -> dict[tuple[str, str], int]:
    return dict(Counter((secret.what, secret.how) for secret in collected.secrets))


def test_no_file_is_claimed_by_the_wrong_collector(real_data: Path) -> None:
    base = real_data / "evidence"
    modules = {name: collector(name) for name in BUILT_IN}
    claimed = {}
    for path in sorted(base.rglob("*")):
        if not path.is_file():
            continue
        one = Export(path.name, path.read_bytes())
        scores = sorted(((module.recognise(one), name) for name, module in modules.items()), reverse=True)
        if scores[0][0] >= CLAIM:
            assert scores[0][0] - scores[1][0] >= CLEAR, path.name
            claimed[path.relative_to(base).as_posix()] = scores[0][1]
            assert scores[0][1] == recognise([one]).FORMAT
    assert claimed == CLAIMED


def test_a_catalyst_with_ios_xe(real_data: Path) -> None:
    found = collect(cisco_ios, real_data, "cisco-iosxe-17.9-c9200l.txt")
    (device,) = found.assets
    facts = {field: device.fields[field] for field in ("role", "model", "firmware", "ips")}
    assert facts == {"role": "switch", "model": "C9200L-24P-4G", "firmware": "17.09.04a", "ips": ["10.42.11.42"]}
    assert kinds(found) == {"interface": 10, "account": 2, "setting": 12}
    assert (found.rows, found.unread) == ({"cisco-iosxe-17.9-c9200l.txt": 71}, [])
    assert secrets(found) == {
        ("SNMP community", "token"): 3,
        ("key of an authentication server", "token"): 2,
        ("password of a local user", "placeholder"): 2,
        ("enable password", "placeholder"): 1,
    }
    settings = {draft.fields["key"]: draft.fields["value"] for draft in found.drafts if draft.kind == "setting"}
    assert settings == {
        # Its logins ask the group `tacacs+` first, and no server of that group is configured: they fall to local ones.
        "aaa.central": False, "banner.login": True, "http.enabled": False, "https.enabled": False, "logging.hosts": [],
        "ntp.servers": [], "password.encryption": True, "snmp.default_community": True,
        "snmp.versions": ["1", "2c", "3"], "snmp.writable": True, "ssh.version": "2", "switchport.unused_enabled": 4,
    }  # fmt: skip


def test_a_border_router_with_ios(real_data: Path) -> None:
    found = collect(cisco_ios, real_data, "cisco-ios-as2border1.cfg")
    assert found.assets[0].fields["role"] == "router"
    assert kinds(found) == {"interface": 5, "setting": 12, "firewall_rule": 13}
    assert (list(found.rows.values()), found.unread, found.secrets) == ([52], [], [])
    rules = {draft.local: draft.fields for draft in found.drafts if draft.kind == "firewall_rule"}
    bgp = rules["OUTSIDE_TO_INSIDE/in/5"]
    assert (bgp["action"], bgp["services"], bgp["dst_networks"]) == ("accept", ["tcp/179"], ["0.0.0.0/0"])
    assert sum(name.startswith("no access list/") for name in rules) == 2


def test_a_fortigate_with_its_certificates(real_data: Path) -> None:
    found = collect(fortios, real_data, "fortinet-fortios-7.4.7-91g.conf")
    (device,) = found.assets
    facts = {field: device.fields[field] for field in ("role", "model", "firmware", "ips")}
    assert facts == {"role": "firewall", "model": "FortiGate-91G", "firmware": "7.4.7", "ips": ["192.0.2.2"]}
    assert kinds(found) == {"interface": 1, "account": 1, "setting": 16}
    assert (list(found.rows.values()), found.unread) == ([11], [])
    assert sum(secrets(found).values()) == 10
    assert {how for _, how in secrets(found)} == {"placeholder"}


def test_a_fortigate_with_policies(real_data: Path) -> None:
    found = collect(fortios, real_data, "fortinet-fortios-firewall-policy.conf")
    assert kinds(found) == {"interface": 5, "firewall_rule": 5, "setting": 13}
    assert (list(found.rows.values()), found.unread, found.secrets) == ([6], [], [])
    rules = [draft for draft in found.drafts if draft.kind == "firewall_rule"]
    assert [(rule.local, rule.fields["enabled"], rule.fields["action"]) for rule in rules] == [
        ("policy/0", False, "deny"), ("policy/4294967294", True, "deny"), ("policy/1", True, "accept"),
        ("policy/2", True, "accept"), ("policy/3", True, "accept"),
    ]  # fmt: skip
    assert rules[2].fields["services"] == ["tcp/11", "tcp/12"]
    assert rules[2].fields["src_interfaces"] == ["port1", "port2"]
    assert rules[4].fields["src_interfaces"] == ["port2", "port3", "port4", "port5"]
    assert rules[4].fields["dst_interfaces"] == ["port3", "port5"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (cisco_ios, "cisco-iosxe-17.9-c9200l.txt"),
        (cisco_ios, "cisco-ios-as2border1.cfg"),
        (fortios, "fortinet-fortios-7.4.7-91g.conf"),
        (fortios, "fortinet-fortios-firewall-policy.conf"),
    ],
)
def test_redacted_files_say_the_same_and_hold_no_secret(module: Collector, name: str, real_data: Path) -> None:
    original = export(real_data, name)
    found = collect(module, real_data, name)
    stored, _ = redact(original, [*found.secrets, *sweep(original)], KEY)
    for secret in found.secrets:
        assert original.data[secret.start : secret.end] not in stored.data
    again = module.collect([stored], SourceSettings())
    assert [(draft.kind, draft.local, draft.fields) for draft in again.drafts] == [
        (draft.kind, draft.local, draft.fields) for draft in found.drafts
    ]
    assert len(again.secrets) == len(found.secrets)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("name", [name.rpartition("/")[2] for name in CLAIMED if name.startswith("02")])
def test_a_real_file_cut_off_anywhere_is_refused(name: str, share: float, real_data: Path) -> None:
    module = collector(CLAIMED[f"02-network-config/{name}"])
    data = (real_data / FOLDER / name).read_bytes()
    with pytest.raises(InputError):
        module.collect([Export(name, data[: int(len(data.rstrip()) * share)])], SourceSettings())
