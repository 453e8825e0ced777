package policies.events.central_logging_test

import data.policies.events.central_logging as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
		with data.params as {"min_servers": 1}
}

test_passes_device_with_one_server if {
	found([{"key": "logging.hosts", "value": ["10.30.0.9"]}]) == set()
}

test_fails_device_with_none if {
	{v.seen | some v in found([{"key": "logging.hosts", "value": []}])} == {[]}
}

test_fails_value_that_is_no_list if {
	count(found([{"key": "logging.hosts", "value": "10.30.0.9"}])) == 1
}

test_missing_evidence_is_no_pass if {
	{v.field | some v in found([])} == {"logging.hosts"}
}
