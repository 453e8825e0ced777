"""What policies need of the plant: exactly what they declare."""

from __future__ import annotations

from tests.support.policy_world import DictProject, path_of, policy_source

from plantproof.policies.bundle import load_bundle
from plantproof.policies.needs import needs_of
from plantproof.policies.worker import Workers


def test_needs_of_all_ways_to_read(workers: Workers) -> None:
    declares = """
reads: {enabled: required}
for: {type: [person], asset.role: [server]}
follow: {asset: ["zone?"]}
joins: {setting: {where: {key: [a.b]}, fields: ["value?"]}}
context: [zone]
"""
    source = policy_source("violations contains v if v := input.enabled\n", declares, subject="account")
    assert needs_of(load_bundle(DictProject({path_of(): source}), workers)) == {
        "account": {"enabled", "type", "asset"},
        "asset": {"role", "zone"},
        "setting": {"key", "value"},
        "zone": set(),
    }
