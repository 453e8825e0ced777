"""From real exports to a first verdict: collected together, drafted, validated, checked. Facts only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.cli.start import run
from plantproof.controls.sites import load_site

SOURCES = {
    "nozomi": ["01-asset-discovery/nozomi-guardian-assets-query.json"],
    "netbox": ["01-asset-discovery/netbox-v3.6-fixture.excerpt.json"],
    "switches": ["02-network-config/cisco-ios-as2border1.cfg", "02-network-config/cisco-iosxe-17.9-c9200l.txt"],
    "firewalls": [
        "02-network-config/fortinet-fortios-7.4.7-91g.conf",
        "02-network-config/fortinet-fortios-firewall-policy.conf",
    ],
}
FILE = "controls/sites/works.yaml"


@pytest.fixture
def collected(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795132800")
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--site", "works", "--quiet"]) == 0
    GitRepository(tmp_path)
    for source, names in SOURCES.items():
        exports = [str(real_data / "evidence" / name) for name in names]
        given = ["collect", "--source", source, "--at", "2026-11-20T06:00:00Z", "--quiet", *exports]
        assert run(given) == 0
    return tmp_path


def test_real_exports_are_drafted_validated_and_judged(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["site", "draft"]) == 0
    assert "12 of 37 assets placed" in capsys.readouterr().err
    site = load_site((collected / FILE).read_bytes(), FILE).site
    assert len([subnet for zone in site.zones for subnet in zone.subnets]) == 12
    assert {zone.id: zone.kind for zone in site.zones if zone.id in ("outside", "RemoteRTU", "LocalSCADA")} == {
        "outside": "external", "RemoteRTU": "control", "LocalSCADA": "control"
    }  # fmt: skip
    assert [(each.zones, each.enforcement_points) for each in site.conduits] == [
        (["subnet-10-0-1-0-24", "subnet-10-0-2-0-24"], ["firewall_policy"])
    ]
    assert run(["validate"]) == 0
    assert run(["check", "--format", "json", "--output", "findings.json", "--quiet"]) == 1
    found = json.loads((collected / "findings.json").read_bytes())
    controls = [finding for framework in found["frameworks"] for finding in framework["controls"]]
    conclusions = {finding["conclusion"] for finding in controls}
    assert conclusions == {"not-satisfied", "not-assessed"}
    assert found["sites"][0]["draft"] == "draft intent: nobody has confirmed 12 of 12 zones and 1 of 1 conduits"
