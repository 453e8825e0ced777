package policies.availability.restore_tested_test

import data.policies.availability.restore_tested as policy

import rego.v1

found(subject) := result if {
	result := policy.violations with input as subject with data.params as {"max_age_days": 365}
}

test_passes_test_of_this_year if {
	found({"job": "nightly", "restore_tested": "2026-03-01", "ages": {"restore_tested": "within"}}) == set()
}

test_fails_test_long_ago if {
	old := {"job": "nightly", "restore_tested": "2021-03-01", "ages": {"restore_tested": "over"}}
	{v.seen | some v in found(old)} == {"2021-03-01"}
}

test_missing_evidence_is_no_pass if {
	count(found({"job": "nightly", "ages": {"restore_tested": "unknown"}})) == 1
}
