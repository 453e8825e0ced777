package policies.availability.backup_recent_test

import data.policies.availability.backup_recent as policy

import rego.v1

found(subject) := result if {
	result := policy.violations with input as subject with data.params as {"max_age_days": 30}
}

test_passes_recent_success if {
	found({"job": "nightly", "last_result": "success", "ages": {"last_success": "within"}}) == set()
}

test_passes_failed_run_after_a_recent_success if {
	found({"job": "nightly", "last_result": "failed", "ages": {"last_success": "within"}}) == set()
}

test_fails_old_success if {
	old := {"job": "nightly", "last_result": "success", "last_success": "2026-01-05", "ages": {"last_success": "over"}}
	{v.seen | some v in found(old)} == {"2026-01-05"}
}

test_fails_job_that_never_succeeded if {
	{v.message | some v in found({"job": "nightly", "last_result": "failed", "ages": {"last_success": "unknown"}})} == {
		"job `nightly` has not succeeded for 30 days (last result: failed)",
	}
}

test_missing_evidence_is_no_pass if {
	count(found({"ages": {"last_success": "unknown"}})) == 1
}
