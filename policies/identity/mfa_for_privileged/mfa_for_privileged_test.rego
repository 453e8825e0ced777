package policies.identity.mfa_for_privileged_test

import data.policies.identity.mfa_for_privileged as policy

import rego.v1

test_passes_with_second_factor if {
	policy.violations == set() with input as {"principal": "adm-lee", "mfa": true}
}

test_fails_with_password_only if {
	found := policy.violations with input as {"principal": "adm-lee", "mfa": false}
	found == {{
		"message": "privileged account `adm-lee` needs only a password",
		"field": "mfa",
		"seen": false,
		"expected": true,
	}}
}

test_missing_evidence_is_no_pass if {
	count(policy.violations) == 1 with input as {"principal": "adm-lee"}
}
