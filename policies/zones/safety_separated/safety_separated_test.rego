package policies.zones.safety_separated_test

import data.policies.zones.safety_separated as policy

import rego.v1

between(src, dst, conduit) := {
	"src_zone": "a", "dst_zone": "b", "service": "tcp/502",
	"src_zone_kind": src, "dst_zone_kind": dst, "conduit": conduit,
}

fields(subject) := {v.field | some v in policy.violations with input as subject}

test_passes_control_to_safety_in_a_conduit if {
	subject := between("control", "safety", "sis-link")
	policy.applicable with input as subject
	fields(subject) == set()
}

test_fails_business_to_safety if {
	fields(between("business", "safety", "odd")) == {"service"}
}

test_fails_control_to_safety_without_conduit if {
	fields(between("control", "safety", "")) == {"conduit"}
}

test_not_applicable_without_safety_zone if {
	not policy.applicable with input as between("dmz", "control", "c1")
}

test_missing_evidence_is_no_pass if {
	policy.applicable with input as {}
	fields({}) == {"service", "conduit"}
}
