package policies.confidentiality.ssh_version_test

import data.policies.confidentiality.ssh_version as policy

import rego.v1

on := {"key": "ssh.enabled", "value": true}

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_version_2 if {
	found([on, {"key": "ssh.version", "value": "2"}]) == set()
}

test_fails_version_1_beside_2 if {
	{v.seen | some v in found([on, {"key": "ssh.version", "value": "1,2"}])} == {"1,2"}
}

test_not_applicable_where_ssh_is_off if {
	not policy.applicable with input as {"joins": {"setting": [{"key": "ssh.enabled", "value": false}]}}
}

test_applicable_where_ssh_is_on if {
	policy.applicable with input as {"joins": {"setting": [on]}}
}

test_applicable_where_sources_disagree if {
	policy.applicable with input as {"joins": {"setting": [on, {"key": "ssh.enabled", "value": false}]}}
}

test_missing_evidence_is_no_pass if {
	policy.applicable with input as {"joins": {"setting": []}}
	{v.field | some v in found([])} == {"ssh.version"}
}
