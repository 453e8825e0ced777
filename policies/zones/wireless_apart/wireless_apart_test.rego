package policies.zones.wireless_apart_test

import data.policies.zones.wireless_apart as policy

import rego.v1

placed(role, kind) := {"role": role, "zone": {"kind": kind, "title": "Zone A"}}

found(subject) := result if {
	result := policy.violations with input as subject
}

test_passes_in_a_zone_of_kind_wireless if {
	found(placed("wireless-ap", "wireless")) == set()
}

test_fails_access_point_in_a_control_zone if {
	{v.seen | some v in found(placed("wireless-ap", "control"))} == {"control"}
}

test_fails_access_point_in_the_office_network if {
	{v.seen | some v in found(placed("wireless-ap", "business"))} == {"business"}
}

test_fails_vehicle_among_wired_devices if {
	{v.message | some v in found(placed("agv", "control"))} == {"a wireless device (agv) stands in Zone A, a zone of kind control"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in found({})} == {"unknown"}
}

test_missing_evidence_about_the_title_changes_nothing if {
	count(found({"role": "wireless-ap", "zone": {"kind": "control"}})) == 1
}
