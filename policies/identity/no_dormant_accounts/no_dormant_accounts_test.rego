package policies.identity.no_dormant_accounts_test

import data.policies.identity.no_dormant_accounts as policy

import rego.v1

params := {"max_idle_days": 90}

test_passes_account_in_use if {
	found := policy.violations with data.params as params
		with input as {"principal": "m.ortega", "never_logged_on": false, "ages": {"last_logon": "within", "created": "over"}}
	found == set()
}

test_passes_new_account_not_used_yet if {
	found := policy.violations with data.params as params
		with input as {"principal": "new", "never_logged_on": true, "ages": {"last_logon": "unknown", "created": "within"}}
	found == set()
}

test_fails_account_idle_too_long if {
	found := policy.violations with data.params as params
		with input as {
			"principal": "contractor7", "never_logged_on": false, "last_logon": "2026-01-05",
			"ages": {"last_logon": "over", "created": "over"},
		}
	found == {{
		"message": "account `contractor7` has not been used for 90 days",
		"field": "last_logon",
		"seen": "2026-01-05",
		"expected": "a logon within 90 days",
	}}
}

test_fails_old_account_never_used if {
	found := policy.violations with data.params as params
		with input as {"principal": "x", "never_logged_on": true, "ages": {"last_logon": "unknown", "created": "over"}}
	count(found) == 1
}

test_missing_evidence_is_no_pass if {
	found := policy.violations with data.params as params
		with input as {"principal": "x", "never_logged_on": false, "ages": {"last_logon": "unknown", "created": "unknown"}}
	count(found) == 1
}
