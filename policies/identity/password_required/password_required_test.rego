package policies.identity.password_required_test

import data.policies.identity.password_required as policy

import rego.v1

test_passes_ordinary_account if {
	policy.violations == set() with input as {"principal": "a", "password_not_required": false}
}

test_fails_account_that_needs_no_password if {
	found := policy.violations with input as {"principal": "a", "password_not_required": true}
	{v.message | some v in found} == {"account `a` may have an empty password"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in policy.violations with input as {"principal": "a"}} == {"unknown"}
}
