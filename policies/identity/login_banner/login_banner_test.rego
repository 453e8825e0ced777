package policies.identity.login_banner_test

import data.policies.identity.login_banner as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_device_with_notice if {
	found([{"key": "banner.login", "value": true}]) == set()
}

test_fails_device_without_notice if {
	{v.field | some v in found([{"key": "banner.login", "value": false}])} == {"banner.login"}
}

test_fails_where_sources_disagree if {
	count(found([{"key": "banner.login", "value": true}, {"key": "banner.login", "value": false}])) == 1
}

test_missing_evidence_is_no_pass if {
	count(found([])) == 1
}
