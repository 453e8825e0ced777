package policies.identity.password_lifetime_test

import data.policies.identity.password_lifetime as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
		with data.params as {"max_age_days": 365}
}

test_passes_at_the_limit if {
	found([{"key": "password.max_age_days", "value": 365}]) == set()
}

test_fails_one_day_longer if {
	count(found([{"key": "password.max_age_days", "value": 366}])) == 1
}

test_fails_where_zero_means_never if {
	found([{"key": "password.max_age_days", "value": 0}]) == {{
		"message": "passwords may live longer than 365 days",
		"field": "password.max_age_days",
		"seen": 0,
		"expected": "1 to 365",
	}}
}

test_missing_evidence_is_no_pass if {
	{v.field | some v in found([])} == {"password.max_age_days"}
}
