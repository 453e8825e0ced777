package policies.zones.no_direct_business_to_control_test

import data.policies.zones.no_direct_business_to_control as policy

import rego.v1

between(src, dst) := {"src_zone": "a", "dst_zone": "b", "service": "tcp/1433", "src_zone_kind": src, "dst_zone_kind": dst}

test_passes_dmz_to_control if {
	subject := between("dmz", "control")
	policy.applicable with input as subject
	policy.violations == set() with input as subject
}

test_passes_control_to_safety if {
	policy.violations == set() with input as between("control", "safety")
}

test_fails_business_to_control if {
	count(policy.violations) == 1 with input as between("business", "control")
}

test_fails_control_to_outside if {
	count(policy.violations) == 1 with input as between("control", "external")
}

test_fails_service_laptop_to_safety if {
	count(policy.violations) == 1 with input as between("temporary", "safety")
}

test_fails_business_to_what_lies_below_the_dmz_by_another_name if {
	subject := object.union(between("business", "wireless"), {"src_purdue": 4, "dst_purdue": 2})
	policy.applicable with input as subject
	count(policy.violations) == 1 with input as subject
}

test_not_applicable_between_business_and_a_dmz_on_its_level if {
	subject := object.union(between("dmz", "business"), {"src_purdue": 3.5, "dst_purdue": 4})
	not policy.applicable with input as subject
}

test_not_applicable_between_business_and_dmz if {
	not policy.applicable with input as between("business", "dmz")
}

test_fails_undeclared_zone_to_control if {
	found := policy.violations with input as between("unknown", "control")
	{v.message | some v in found} == {"tcp/1433 passes between a and b, and it is not known what one of them is"}
}

test_not_applicable_between_business_and_undeclared if {
	not policy.applicable with input as between("business", "unknown")
}

test_missing_evidence_is_no_pass if {
	policy.applicable with input as {"src_zone": "a", "dst_zone": "b"}
	count(policy.violations) == 1 with input as {"src_zone": "a", "dst_zone": "b"}
}
