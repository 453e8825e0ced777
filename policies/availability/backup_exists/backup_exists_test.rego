package policies.availability.backup_exists_test

import data.policies.availability.backup_exists as policy

import rego.v1

test_passes_component_with_a_job if {
	policy.violations == set() with input as {"joins": {"backup": [{"job": "nightly"}]}}
}

test_fails_component_without_job if {
	count(policy.violations) == 1 with input as {"joins": {"backup": []}}
}

test_missing_evidence_is_no_pass if {
	{v.field | some v in policy.violations with input as {}} == {"backup"}
}
