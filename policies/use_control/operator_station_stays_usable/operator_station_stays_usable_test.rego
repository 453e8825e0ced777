package policies.use_control.operator_station_stays_usable_test

import data.policies.use_control.operator_station_stays_usable as policy

import rego.v1

fields(settings) := {v.field |
	some v in policy.violations with input as {"joins": {"setting": settings}}
}

open := [{"key": "session.timeout_minutes", "value": 0}, {"key": "lockout.threshold", "value": 0}]

locking := [{"key": "session.timeout_minutes", "value": 10}, {"key": "lockout.threshold", "value": 5}]

test_passes_station_that_never_locks if {
	fields(open) == set()
}

test_passes_locking_station_with_override if {
	fields(array.concat(locking, [{"key": "session.emergency_override", "value": true}])) == set()
}

test_fails_lock_and_lockout_without_override if {
	fields(locking) == {"session.timeout_minutes", "lockout.threshold"}
}

test_fails_where_sources_disagree_on_the_override if {
	doubt := [{"key": "session.emergency_override", "value": true}, {"key": "session.emergency_override", "value": false}]
	fields(array.concat(locking, doubt)) == {"session.timeout_minutes", "lockout.threshold"}
}

test_missing_evidence_is_no_pass if {
	fields([]) == {"session.timeout_minutes", "lockout.threshold"}
}
