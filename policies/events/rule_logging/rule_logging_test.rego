package policies.events.rule_logging_test

import data.policies.events.rule_logging as policy

import rego.v1

test_passes_rule_that_logs if {
	policy.violations == set() with input as {"name": "r1", "log": true}
}

test_fails_rule_that_does_not_log if {
	found := policy.violations with input as {"log": false}
	{v.message | some v in found} == {"rule `without a name` accepts without a log entry"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in policy.violations with input as {"name": "r1"}} == {"unknown"}
}
