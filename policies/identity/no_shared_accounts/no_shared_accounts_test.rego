package policies.identity.no_shared_accounts_test

import data.policies.identity.no_shared_accounts as policy

import rego.v1

test_passes_account_of_one_person if {
	policy.violations == set() with input as {"principal": "m.ortega", "type": "person", "shared": false}
}

test_passes_service_account_without_word_on_sharing if {
	policy.violations == set() with input as {"principal": "svc-historian", "type": "service"}
}

test_passes_builtin_account_held_by_one_person if {
	policy.violations == set() with input as {"principal": "Administrator", "type": "builtin", "shared": false}
}

test_fails_shared_account if {
	found := policy.violations with input as {"principal": "operator", "type": "shared"}
	{v.field | some v in found} == {"type"}
}

test_fails_personal_account_that_several_use if {
	found := policy.violations with input as {"principal": "m.ortega", "type": "person", "shared": true}
	{v.field | some v in found} == {"shared"}
}

test_fails_builtin_account_of_nobody if {
	count(policy.violations) == 1 with input as {"principal": "root", "type": "builtin"}
}

test_missing_evidence_is_no_pass if {
	count(policy.violations) == 1 with input as {"principal": "plant"}
}
