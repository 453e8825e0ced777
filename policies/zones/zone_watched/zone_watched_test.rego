package policies.zones.zone_watched_test

import data.policies.zones.zone_watched as policy

import rego.v1

test_passes_zone_with_a_sensor if {
	policy.violations == set() with input as {"watched": true}
}

test_fails_zone_without_a_sensor if {
	{v.seen | some v in policy.violations} == {false} with input as {"watched": false}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in policy.violations} == {"unknown"} with input as {}
}
