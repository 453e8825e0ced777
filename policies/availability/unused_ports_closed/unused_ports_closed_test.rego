package policies.availability.unused_ports_closed_test

import data.policies.availability.unused_ports_closed as policy

import rego.v1

found(settings) := result if {
	result := policy.violations with input as {"joins": {"setting": settings}}
		with data.params as {"max_open": 0}
}

test_passes_switch_with_all_unused_ports_shut if {
	found([{"key": "switchport.unused_enabled", "value": 0}]) == set()
}

test_fails_one_open_port if {
	{v.message | some v in found([{"key": "switchport.unused_enabled", "value": 1}])} == {"1 ports without a purpose are open"}
}

test_fails_number_that_counts_nothing if {
	{v.seen | some v in found([{"key": "switchport.unused_enabled", "value": -1}])} == {-1}
}

test_missing_evidence_is_no_pass if {
	{v.field | some v in found([])} == {"switchport.unused_enabled"}
}
