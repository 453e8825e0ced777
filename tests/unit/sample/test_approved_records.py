"""The switches of the reference plant beside the configurations on record: one was changed on a Friday night."""

from __future__ import annotations

from pathlib import Path

from plantproof.controls.approved import read_approved
from plantproof.evidence.ledger import read_claims
from plantproof.git import DirTree
from plantproof.plant.configuration import configurations, differing, in_words
from plantproof.project import open_project

ROOT = Path(__file__).resolve().parents[3]
SITE = "northmill"


def test_one_switch_differs_from_what_is_on_record() -> None:
    tree = DirTree(ROOT)
    claims = read_claims(tree, SITE)
    (switches,) = [source for source in claims.sources if source.name == "switches"]
    seen = configurations(switches, None, claims.identities.canonical)
    found = {}
    for record in read_approved(open_project(tree, accept_content=True), SITE):
        device, now = record.device, seen[record.device.asset]
        names = differing(device.facts, device.redacted, device.key_id, now)
        found[device.name] = in_words(names, device.facts, now.facts)
    assert found == {
        "sw-cip-01": [
            "rule `no access list/Vlan102` added",
            "rule `no access list/Vlan23` added",
            "setting `switchport.unused_enabled` changed",
            "interface `GigabitEthernet1/4` changed",
            "interface `Vlan102` added",
            "its addresses changed",
        ],
        "sw-fill-01": [],
        "sw-fill-02": [],
        "sw-ops-01": [],
        "sw-util-01": [],
    }
