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

test_fails_day_that_its_month_does_not_have if {
	every day in ["2031-02-29", "2031-02-30", "2100-02-29", "2031-06-31", "2031-04-31", "0000-01-01", "9999-12-31"] {
		fields({"support_ends": day, "ages": {"support_ends": "unknown"}}) == {"support_ends"}
	}
}

test_passes_last_days_of_the_months_to_come if {
	every day in ["2031-01-31", "2031-02-28", "2032-02-29", "2031-04-30", "2400-02-29", "2031-12-31T23:59:59Z"] {
		fields({"support_ends": day, "ages": {"support_ends": "unknown"}}) == set()
	}
}

test_fails_after_the_end_of_support if {
	fields({"support_ends": "2020-01-14", "ages": {"support_ends": "over"}}) == {"support_ends"}
}

test_fails_component_given_up_early if {
	fields({"support_ends": "2031-12-31", "lifecycle": "Obsolete", "ages": {"support_ends": "unknown"}}) == {"lifecycle"}
}

test_fails_end_of_life_in_other_spellings if {
	every word in ["End of Life", "EOL", " end_of_support ", "not supported"] {
		fields({"support_ends": "2031-12-31", "lifecycle": word, "ages": {"support_ends": "unknown"}}) == {"lifecycle"}
	}
}

test_missing_evidence_is_no_pass if {
	fields({"ages": {"support_ends": "unknown"}}) == {"support_ends"}
}
