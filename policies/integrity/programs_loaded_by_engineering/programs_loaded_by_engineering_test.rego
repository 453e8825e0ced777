package policies.integrity.programs_loaded_by_engineering_test

import data.policies.integrity.programs_loaded_by_engineering as policy

import rego.v1

found(subject) := result if {
	result := policy.violations with input as subject with data.params as {"allowed_roles": ["ews"]}
}

test_passes_load_from_engineering_station if {
	found({"src": {"role": "ews"}, "application": "s7comm"}) == set()
}

test_fails_load_from_office_computer if {
	{v.seen | some v in found({"src": {"role": "workstation"}})} == {"workstation"}
}

test_missing_evidence_is_no_pass if {
	{v.seen | some v in found({})} == {"unknown"}
}
