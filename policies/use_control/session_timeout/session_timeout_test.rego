package policies.use_control.session_timeout_test

import data.policies.use_control.session_timeout as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
		with data.params as {"max_minutes": 15}
}

test_passes_at_the_limit if {
	found([{"key": "session.timeout_minutes", "value": 15}]) == set()
}

test_fails_one_minute_longer if {
	{v.seen | some v in found([{"key": "session.timeout_minutes", "value": 16}])} == {16}
}

test_fails_where_zero_means_never if {
	count(found([{"key": "session.timeout_minutes", "value": 0}])) == 1
}

test_missing_evidence_is_no_pass if {
	{v.field | some v in found([])} == {"session.timeout_minutes"}
}
