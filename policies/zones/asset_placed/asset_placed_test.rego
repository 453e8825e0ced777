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

test_missing_evidence_is_no_pass if {
	{v.seen | some v in found({})} == {"none"}
}
