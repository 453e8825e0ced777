package policies.integrity.configuration_as_approved_test

import data.policies.integrity.configuration_as_approved as policy

import rego.v1

messages(subject) := {v.message | some v in policy.violations with input as subject with data.params as {"grace_days": 14}}

compared(state) := {
	"device": "fw-ot-01",
	"state": state,
	"change": "CHG-7",
	"approved_on": "2026-10-01",
	"due": "2026-10-03",
	"ages": {"due": "over"},
}

test_passes_device_as_approved if {
	messages(compared("as-approved")) == set()
}

test_passes_proposed_configuration if {
	messages(compared("proposed")) == set()
}

test_passes_change_whose_window_is_to_come if {
	subject := object.union(compared("not-yet-changed"), {"earlier": "of baseline", "ages": {"due": "unknown"}})
	messages(subject) == set()
}

test_passes_change_that_may_still_show if {
	subject := object.union(compared("not-yet-changed"), {"earlier": "of baseline", "ages": {"due": "within"}})
	messages(subject) == set()
}

test_fails_device_changed_without_record if {
	subject := object.union(compared("differs"), {"differences": ["rule `policy/7` added", "setting `ntp.servers` changed"]})
	messages(subject) == {"fw-ot-01 is not configured as CHG-7 approved it on 2026-10-01: rule `policy/7` added; setting `ntp.servers` changed"}
}

test_fails_change_that_was_never_made if {
	subject := object.union(compared("not-yet-changed"), {"earlier": "of baseline"})
	messages(subject) == {"fw-ot-01 still has the configuration of baseline; CHG-7 was to be made by 2026-10-03"}
}

test_fails_state_that_nobody_knows if {
	messages(compared("approved")) == {"fw-ot-01 is not configured as CHG-7 approved it on 2026-10-01: what differs is not known"}
}

test_missing_evidence_is_no_pass if {
	count(messages({})) == 1
}
