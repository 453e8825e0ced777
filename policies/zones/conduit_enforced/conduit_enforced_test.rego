package policies.zones.conduit_enforced_test

import data.policies.zones.conduit_enforced as policy

import rego.v1

test_passes_conduit_with_a_firewall if {
	policy.violations == set() with input as {"enforcement_points": ["fw-01"]}
}

test_fails_conduit_with_an_empty_list if {
	count(policy.violations) == 1 with input as {"enforcement_points": []}
}

test_missing_evidence_is_no_pass if {
	{v.field | some v in policy.violations with input as {}} == {"enforcement_points"}
}
