package policies.identity.no_weak_password_storage_test

import data.policies.identity.no_weak_password_storage as policy

import rego.v1

fields(subject) := {v.field | some v in policy.violations with input as subject}

test_passes_ordinary_account if {
	fields({"principal": "a", "password_not_required": false, "reversible_encryption": false}) == set()
}

test_fails_account_without_password if {
	fields({"principal": "a", "password_not_required": true, "reversible_encryption": false}) == {"password_not_required"}
}

test_fails_readable_password if {
	fields({"principal": "a", "password_not_required": false, "reversible_encryption": true}) == {"reversible_encryption"}
}

test_missing_evidence_is_no_pass if {
	fields({"principal": "a"}) == {"password_not_required", "reversible_encryption"}
}
