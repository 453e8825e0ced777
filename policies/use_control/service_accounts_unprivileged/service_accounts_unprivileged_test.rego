package policies.use_control.service_accounts_unprivileged_test

import data.policies.use_control.service_accounts_unprivileged as policy

import rego.v1

test_passes_service_without_rights if {
	policy.violations == set() with input as {"principal": "svc-backup", "privileged": false}
}

test_fails_service_that_administers if {
	found := policy.violations with input as {"principal": "svc-backup", "privileged": true}
	{v.field | some v in found} == {"privileged"}
}

test_missing_evidence_is_no_pass if {
	count(policy.violations) == 1 with input as {"principal": "svc-backup"}
}
