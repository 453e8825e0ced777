package policies.identity.no_default_community_test

import data.policies.identity.no_default_community as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_device_with_words_of_its_own if {
	found([{"key": "snmp.default_community", "value": false}]) == set()
}

test_fails_device_that_answers_to_public if {
	{v.field | some v in found([{"key": "snmp.default_community", "value": true}])} == {"snmp.default_community"}
}

test_missing_evidence_is_no_pass if {
	count(found([])) == 1
}
