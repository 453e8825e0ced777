package policies.use_control.account_lockout_test

import data.policies.use_control.account_lockout as policy

import rego.v1

fields(settings) := {v.field |
	some v in policy.violations with input as {"joins": {"setting": settings}}
		with data.params as {"max_attempts": 10, "min_minutes": 10}
}

lockout(threshold, minutes) := [
	{"key": "lockout.threshold", "value": threshold},
	{"key": "lockout.duration_minutes", "value": minutes},
]

test_passes_at_both_limits if {
	fields(lockout(10, 10)) == set()
}

test_passes_lock_until_somebody_unlocks if {
	fields(lockout(5, 0)) == set()
}

test_fails_one_attempt_more if {
	fields(lockout(11, 30)) == {"lockout.threshold"}
}

test_fails_where_zero_means_never if {
	fields(lockout(0, 30)) == {"lockout.threshold"}
}

test_fails_short_lock if {
	fields(lockout(5, 9)) == {"lockout.duration_minutes"}
}

test_missing_evidence_is_no_pass if {
	fields([]) == {"lockout.threshold", "lockout.duration_minutes"}
}
