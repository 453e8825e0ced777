package policies.zones.asset_placed_test

import data.policies.zones.asset_placed as policy

import rego.v1

found(subject) := result if {
	result := policy.violations with input as subject with data.context as {"zone": [{"id": "cell-1"}, {"id": "dmz"}]}
}

test_passes_component_of_a_declared_zone if {
	found({"zone": "cell-1"}) == set()
}

test_fails_zone_that_nobody_declared if {
	{v.seen | some v in found({"zone": "cell-9"})} == {"cell-9"}
}

test_applicable_to_a_component_of_unknown_role if {
	policy.applicable with input as {"zone": "cell-1"}
}

test_not_applicable_to_a_firewall if {
	not policy.applicable with input as {"zone": "cell-1", "role": "firewall"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in found({})} == {"none"}
}
