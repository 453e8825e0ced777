package policies.integrity.vendor_support_test

import data.policies.integrity.vendor_support as policy

import rego.v1

fields(subject) := {v.field |
	some v in policy.violations with input as subject with data.params as {"grace_days": 0}
}

test_passes_supported_component if {
	fields({"support_ends": "2031-12-31", "lifecycle": "active", "ages": {"support_ends": "unknown"}}) == set()
}

test_passes_without_word_on_lifecycle if {
	fields({"support_ends": "2031-12-31", "ages": {"support_ends": "unknown"}}) == set()
}

test_passes_within_the_grace_after_the_end if {
	fields({"support_ends": "2026-06-01", "ages": {"support_ends": "within"}}) == set()
}

test_fails_day_of_no_calendar if {
	fields({"support_ends": "2031-13-31", "ages": {"support_ends": "unknown"}}) == {"support_ends"}
}

test_fails_after_the_end_of_support if {
	fields({"support_ends": "2020-01-14", "ages": {"support_ends": "over"}}) == {"support_ends"}
}

test_fails_component_given_up_early if {
	fields({"support_ends": "2031-12-31", "lifecycle": "Obsolete", "ages": {"support_ends": "unknown"}}) == {"lifecycle"}
}

test_missing_evidence_is_no_pass if {
	fields({"ages": {"support_ends": "unknown"}}) == {"support_ends"}
}
