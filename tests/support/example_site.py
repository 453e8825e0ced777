"""The site of the example: assets, sources, waivers, attestations."""

from __future__ import annotations

from tests.support.example_names import IEC, SITE
from tests.support.example_zones import CONDUITS, ZONES

from plantproof.model.assessment import (
    AssetRow,
    AttestationState,
    CrossingRow,
    SiteResult,
    SourceResult,
    WaiverState,
)


def _asset(name: str, role: str, zone: str, **more: object) -> AssetRow:
    return AssetRow(site=SITE, id=f"asset-{name}", name=name, role=role, zones=[zone], placement="subnet", **more)


ASSETS = [
    _asset("pc-scheduling", "workstation", "office", vendor="Harebell", model="H-5", sources=["netbox"]),
    _asset(
        "fw-office-1",
        "firewall",
        "office",
        vendor="Quince",
        model="Q200",
        firmware="7.2.4",
        sources=["fw-exports", "netbox"],
    ),
    _asset(
        "historian-1",
        "historian",
        "plant-dmz",
        vendor="Linnet",
        criticality="high",
        sources=["netbox"],
        gaps=1,
        worst="medium",
    ),
    _asset("jump-1", "jump host", "plant-dmz", criticality="high", sources=["netbox"], fresh=False, disputed=["os"]),
    _asset(
        "fw-cell-1",
        "firewall",
        "filling-cell",
        vendor="Quince",
        model="Q60",
        firmware="7.0.1",
        criticality="critical",
        sources=["fw-exports"],
        gaps=1,
        worst="critical",
    ),
    _asset(
        "plc-filler-1",
        "plc",
        "filling-cell",
        vendor="Tessel",
        model="T1500",
        firmware="2.8.1",
        criticality="critical",
        sources=["netbox", "plc-audit"],
        gaps=1,
        worst="high",
    ),
    _asset(
        "hmi-filler-1",
        "hmi",
        "filling-cell",
        vendor="Tessel",
        model="P12",
        firmware="16",
        criticality="high",
        sources=["netbox", "plc-audit"],
        gaps=1,
        worst="high",
    ),
]


def _source(
    name: str, format_: str, state: str, collected: str, records: dict[str, int], **more: object
) -> SourceResult:
    return SourceResult(
        site=SITE,
        name=name,
        format=format_,
        collected_at=collected,
        collected_by="R. Amsel",
        state=state,
        records=records,
        rows=sum(records.values()) + 1,
        custody_path=f"evidence/{SITE}/{name}/custody.yaml",
        **more,
    )


SOURCES = [
    _source(
        "backup-jobs",
        "veeam-sessions",
        "partly-stale",
        "2026-02-27T05:00:00Z",
        {"backup": 4},
        fresh_until={"backup": "2026-03-20"},
        stale_since={"restore": "2026-01-01"},
        covers=["backup: zones office, plant-dmz"],
        raw=[{"path": "raw/sessions.csv", "sha256": "ab" * 32, "bytes": 20480, "rows": 61, "imported": 61}],
        sha256={"records/backup.jsonl": "cd" * 32},
    ),
    _source(
        "fw-exports",
        "fortios",
        "fresh",
        "2026-03-01T22:10:00Z",
        {"firewall_rule": 17, "setting": 12},
        tool="FortiGate",
        tool_version="7.0.1",
        steps="System > Configuration > Backup",
        fresh_until={"firewall_rule": "2026-03-09", "setting": "2026-03-31"},
        covers=["firewall_rule: whole site", "setting: fw-office-1, fw-cell-1"],
        not_understood=3,
        redacted=5,
        raw=[{"path": "raw/fw-cell-1.conf", "sha256": "12" * 32, "bytes": 104113, "rows": 1466, "imported": 1466}],
        sha256={"records/firewall_rule.jsonl": "34" * 32},
    ),
    _source(
        "netbox",
        "netbox-json",
        "stale",
        "2025-08-14T09:00:00Z",
        {"asset": 6},
        stale_since={"asset": "2025-11-12"},
        covers=["asset: whole site"],
        raw=[{"path": "raw/devices.json", "sha256": "56" * 32, "bytes": 40961}],
    ),
    _source(
        "plc-audit",
        "csv",
        "fresh",
        "2026-02-20T08:30:00Z",
        {"account": 11},
        tool="spreadsheet of the cell's engineer",
        fresh_until={"account": "2026-05-21"},
    ),
]

SITES = [
    SiteResult(
        id=SITE,
        title="Bottling North",
        fictional=True,
        owner="Plant manager, A. Heron",
        zones=ZONES,
        conduits=CONDUITS,
        sources=SOURCES,
        assets=ASSETS,
        attestations=[
            AttestationState(
                id="badge-audit",
                site=SITE,
                topic="badge-audit",
                who="M. Osprey",
                role="Plant IT",
                method="examine",
                date="2026-02-10",
                expires="2026-03-31",
                outcome="satisfied",
                state="in-force",
                claimed=True,
                statement="Badges of leavers are taken back within a day.",
                scope=["whole site"],
            ),
        ],
        waivers=[
            WaiverState(
                id="filler-plc-shared-login",
                site=SITE,
                kind="compensating",
                policy="identity/no_shared_accounts",
                subjects=["account:plc-filler-1/operator"],
                controls=[f"{IEC}/SR 1.1"],
                reason="The panel knows one login; the cabinet is locked and camera-watched.",
                owner="J. Kestrel",
                approver="A. Heron",
                approved="2026-01-05",
                expires="2026-06-30",
                state="in-force",
                gaps=1,
                compensated=True,
            ),
            WaiverState(
                id="vendor-window-2025",
                site=SITE,
                kind="risk-acceptance",
                policy="zones/no_any_rule",
                subjects=["rule:fw-cell-1/17"],
                controls=[f"{IEC}/SR 5.2"],
                reason="Commissioning of the new filler.",
                owner="J. Kestrel",
                approver="A. Heron",
                approved="2025-09-01",
                expires="2025-12-31",
                state="expired",
                why="expired 61 days ago",
                gaps=1,
            ),
        ],
        crossings=[
            CrossingRow(
                site=SITE,
                src_zone="office",
                dst_zone="plant-dmz",
                service="tcp/443",
                conduit="office-dmz",
                kind="permitted",
                name="historian web",
            ),
            CrossingRow(
                site=SITE,
                src_zone="plant-dmz",
                dst_zone="filling-cell",
                service="tcp/4840",
                conduit="dmz-cell",
                kind="observed",
                name="OPC UA",
            ),
            CrossingRow(
                site=SITE,
                src_zone="office",
                dst_zone="filling-cell",
                service="tcp/3389",
                kind="observed",
                name="pc-scheduling to hmi-filler-1",
            ),
        ],
        essential_functions={"fill-control": "Control of the filler", "fill-view": "View of fill level and pressure"},
    )
]
