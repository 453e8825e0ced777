package policies.use_control.management_access_restricted_test

import data.policies.use_control.management_access_restricted as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_device_with_listed_sources if {
	found([{"key": "management.restricted", "value": true}]) == set()
}

test_fails_device_open_to_every_address if {
	{v.field | some v in found([{"key": "management.restricted", "value": false}])} == {"management.restricted"}
}

test_fails_where_sources_disagree if {
	count(found([{"key": "management.restricted", "value": true}, {"key": "management.restricted", "value": false}])) == 1
}

test_missing_evidence_is_no_pass if {
	count(found([])) == 1
}
