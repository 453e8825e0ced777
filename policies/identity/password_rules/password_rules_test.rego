package policies.identity.password_rules_test

import data.policies.identity.password_rules as policy

import rego.v1

params := {"min_length": 12, "min_history": 5}

directory(length, complexity, history) := {"joins": {"setting": [
	{"key": "password.min_length", "value": length},
	{"key": "password.complexity", "value": complexity},
	{"key": "password.history", "value": history},
]}}

fields(subject) := {v.field |
	some v in policy.violations with input as subject with data.params as params
}

test_passes_at_the_limit if {
	fields(directory(12, true, 5)) == set()
}

test_fails_one_character_short if {
	fields(directory(11, true, 5)) == {"password.min_length"}
}

test_fails_simple_passwords if {
	fields(directory(14, false, 24)) == {"password.complexity"}
}

test_fails_short_history if {
	fields(directory(14, true, 0)) == {"password.history"}
}

test_fails_a_length_that_is_no_number if {
	fields(directory("14", true, 24)) == {"password.min_length"}
}

test_fails_where_one_of_two_sources_shows_less if {
	subject := {"joins": {"setting": array.concat(
		directory(14, true, 24).joins.setting,
		[{"key": "password.min_length", "value": 7}],
	)}}
	fields(subject) == {"password.min_length"}
}

test_missing_evidence_is_no_pass if {
	fields({"joins": {"setting": []}}) == {"password.min_length", "password.complexity", "password.history"}
}
