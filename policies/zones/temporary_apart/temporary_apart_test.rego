package policies.zones.temporary_apart_test

import data.policies.zones.temporary_apart as policy

import rego.v1

placed(role, kind) := {"role": role, "zone": {"kind": kind, "title": "Zone A"}}

found(subject) := result if {
	result := policy.violations with input as subject
}

test_passes_in_a_zone_of_kind_temporary if {
	found(placed("portable", "temporary")) == set()
}

test_fails_service_laptop_in_a_control_zone if {
	{v.seen | some v in found(placed("portable", "control"))} == {"control"}
}

test_fails_service_laptop_in_the_safety_zone if {
	{v.seen | some v in found(placed("portable", "safety"))} == {"safety"}
}

test_fails_service_laptop_among_wireless_devices if {
	{v.seen | some v in found(placed("portable", "wireless"))} == {"wireless"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in found({})} == {"unknown"}
}

test_missing_evidence_about_the_title_changes_nothing if {
	count(found({"role": "portable", "zone": {"kind": "control"}})) == 1
}
