package policies.availability.authorised_inventory_test

import data.policies.availability.authorised_inventory as policy

import rego.v1

test_passes_approved_component if {
	policy.violations == set() with input as {"authorised": true}
}

test_fails_component_nobody_approved if {
	{v.field | some v in policy.violations with input as {"authorised": false}} == {"authorised"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in policy.violations with input as {}} == {"unknown"}
}
