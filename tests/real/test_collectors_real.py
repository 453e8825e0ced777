"""The real exports of other people's tools: how many records, rows not understood, secrets redacted. Facts only."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from tests.support.memory_tree import MemoryTree

from plantproof.errors import InputError
from plantproof.evidence.collect import Plan, collect
from plantproof.evidence.collectors.protocol import Export
from plantproof.evidence.ledger import read_claims, validate_records
from plantproof.evidence.redaction import RedactionKey
from plantproof.model.evidence import Collector
from plantproof.model.project_file import ColumnMapping, SourceSettings

KEY = RedactionKey("real-1", b"0123456789abcdef0123456789abcdef")


class Expected(NamedTuple):
    """Figures of one source, counted once by hand or by another reading of the file."""

    files: tuple[str, ...]
    format: str
    records: dict[str, int]
    rows: int
    not_understood: int
    redacted: int
    settings: SourceSettings = SourceSettings()


WORK_ORDERS = SourceSettings(
    mapping=ColumnMapping(
        kind="incident",
        id=["number", "sys_mod_count", "incident_state"],
        fields={"state": "incident_state", "severity": "priority", "opened": "opened_at"},
        dates={"opened": "%d-%m-%Y %H:%M"},
    )
)

REAL = {
    "nozomi": Expected(
        ("evidence/01-asset-discovery/nozomi-guardian-assets-query.json",), "nozomi-assets", {"asset": 8}, 8, 0, 0
    ),
    "netbox": Expected(
        ("evidence/01-asset-discovery/netbox-v3.6-fixture.excerpt.json",), "netbox", {"asset": 25, "interface": 60},
        214, 60, 0,
    ),
    "adrecon": Expected(
        tuple(
            f"evidence/07-governance/adrecon-{name}.csv" for name in ("Users", "GroupMembers", "DefaultPasswordPolicy")
        ),
        "adrecon", {"account": 19, "asset": 1, "setting": 9}, 66, 0, 1,
    ),
    "veeam": Expected(
        ("evidence/07-governance/veeam-backup-session-report.csv",), "veeam-sessions", {"backup": 7}, 2343, 0, 0
    ),
    "incidents": Expected(
        ("evidence/07-governance/servicenow-incident-event-log.excerpt.csv",), "csv", {"incident": 399}, 400, 0, 0,
        WORK_ORDERS,
    ),
    "border": Expected(
        ("evidence/02-network-config/cisco-ios-as2border1.cfg",), "cisco-ios",
        {"asset": 1, "firewall_rule": 13, "interface": 5, "setting": 12}, 52, 0, 0,
    ),
    "access-switch": Expected(
        ("evidence/02-network-config/cisco-iosxe-17.9-c9200l.txt",), "cisco-ios",
        {"account": 2, "asset": 1, "interface": 10, "setting": 12}, 71, 0, 8,
    ),
    "firewall": Expected(
        ("evidence/02-network-config/fortinet-fortios-7.4.7-91g.conf",), "fortios",
        {"account": 1, "asset": 1, "interface": 1, "setting": 16}, 11, 0, 10,
    ),
    "firewall-policy": Expected(
        ("evidence/02-network-config/fortinet-fortios-firewall-policy.conf",), "fortios",
        {"asset": 1, "firewall_rule": 5, "interface": 5, "setting": 13}, 6, 0, 0,
    ),
}  # fmt: skip


def plan_of(real_data: Path, source: str, existing: dict[str, bytes] | None = None, again: bool = False) -> Plan:
    expected = REAL[source]
    exports = [Export(Path(name).name, (real_data / name).read_bytes()) for name in expected.files]
    return collect(
        site="real", source=source, exports=exports, settings=expected.settings, who=Collector(name="Kim"),
        when="2026-11-20", key=KEY, existing=existing or {}, again=again,
    )  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(name, id=f"{name}-{one.records}-not-understood-{one.not_understood}-redacted-{one.redacted}")
        for name, one in REAL.items()
    ],
)
def test_figures_of_the_real_export(real_data: Path, source: str) -> None:
    expected = REAL[source]
    plan = plan_of(real_data, source)
    found = plan.summary
    assert found.format == expected.format
    assert {kind.kind: kind.records for kind in found.kinds} == expected.records
    assert (found.rows, found.unread, len(found.redacted)) == (
        expected.rows,
        expected.not_understood,
        expected.redacted,
    )
    stored = {**plan.files, "evidence/real/identities.jsonl": plan.appended}
    assert validate_records(read_claims(MemoryTree(stored), "real")) == []
    again = plan_of(real_data, source, stored, again=True)
    assert again.files == plan.files
    assert again.appended == b""


def records(plan: Plan, kind: str) -> list[dict[str, object]]:
    data = b"".join(content for path, content in plan.files.items() if f"/records/{kind}." in path)
    return [msgspec.json.decode(line) for line in data.splitlines()]


def test_nozomi_tells_nothing_of_what_the_sensor_does_not_know(real_data: Path) -> None:
    assets = records(plan_of(real_data, "nozomi"), "asset")
    assert {str(asset["zone"]) for asset in assets} == {"LocalSCADA", "RemoteRTU"}
    assert sum("vendor" in asset for asset in assets) == 2
    assert not any("serial" in asset or "firmware" in asset for asset in assets)
    assert {asset["method"] for asset in assets} == {"passive"}


def test_the_directory_of_the_real_lab(real_data: Path) -> None:
    accounts = {str(one["principal"]): one for one in records(plan_of(real_data, "adrecon"), "account")}
    assert accounts["Administrator"]["last_logon"] == "2018-08-28T22:34:37Z"
    assert accounts["backdoor"]["privileged"] is True
    assert accounts["Guest"]["privileged"] is False
    assert accounts["Guest"]["enabled"] is False
    policy = {str(one["key"]): one["value"] for one in records(plan_of(real_data, "adrecon"), "setting")}
    assert policy["password.min_length"] == 0
    assert policy["password.max_age_days"] == 42
    assert policy["password.complexity"] is True


def test_the_newest_runs_of_the_real_backups(real_data: Path) -> None:
    jobs = {str(one["job"]): one for one in records(plan_of(real_data, "veeam"), "backup")}
    failed = [job for job, one in jobs.items() if one["last_result"] == "failed"]
    assert failed == ["VMware - Veeam Explorers"]
    assert jobs["VMware - Cloudian"]["last_run"] == "2020-07-30T00:00:11Z"


@pytest.mark.parametrize("source", sorted(REAL))
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_real_export_cut_off_is_refused_or_read_up_to_there(real_data: Path, source: str, share: float) -> None:
    whole = plan_of(real_data, source).summary
    expected = REAL[source]
    exports = [Export(Path(name).name, (real_data / name).read_bytes()) for name in expected.files]
    exports[0] = exports[0]._replace(data=exports[0].data[: int(len(exports[0].data) * share)])
    try:
        cut = collect(
            site="real", source=source, exports=exports, settings=expected.settings, who=Collector(name="Kim"),
            when="2026-11-20", existing={}, format=expected.format,
        )  # fmt: skip
    except InputError:
        return
    assert cut.summary.rows <= whole.rows
