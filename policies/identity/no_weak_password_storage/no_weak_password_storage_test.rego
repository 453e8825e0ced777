package policies.identity.no_weak_password_storage_test

import data.policies.identity.no_weak_password_storage as policy

import rego.v1

test_passes_ordinary_account if {
	policy.violations == set() with input as {"principal": "a", "reversible_encryption": false}
}

test_fails_readable_password if {
	found := policy.violations with input as {"principal": "a", "reversible_encryption": true}
	{v.message | some v in found} == {"the password of account `a` can be read back"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in policy.violations with input as {"principal": "a"}} == {"unknown"}
}
