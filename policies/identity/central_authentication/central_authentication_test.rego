package policies.identity.central_authentication_test

import data.policies.identity.central_authentication as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_device_with_central_server if {
	found([{"key": "aaa.central", "value": true}]) == set()
}

test_fails_local_passwords_only if {
	{v.field | some v in found([{"key": "aaa.central", "value": false}])} == {"aaa.central"}
}

test_fails_where_sources_disagree if {
	count(found([{"key": "aaa.central", "value": true}, {"key": "aaa.central", "value": false}])) == 1
}

test_missing_evidence_is_no_pass if {
	count(found([])) == 1
}
