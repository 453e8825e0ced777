package policies.confidentiality.passwords_not_readable_test

import data.policies.confidentiality.passwords_not_readable as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_stored_unreadable if {
	found([{"key": "password.encryption", "value": true}]) == set()
}

test_fails_stored_readable if {
	{v.field | some v in found([{"key": "password.encryption", "value": false}])} == {"password.encryption"}
}

test_fails_where_sources_disagree if {
	count(found([{"key": "password.encryption", "value": true}, {"key": "password.encryption", "value": false}])) == 1
}

test_missing_evidence_is_no_pass if {
	count(found([])) == 1
}
