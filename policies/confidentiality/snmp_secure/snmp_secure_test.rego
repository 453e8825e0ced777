package policies.confidentiality.snmp_secure_test

import data.policies.confidentiality.snmp_secure as policy

import rego.v1

fields(settings) := {v.field |
	some v in policy.violations with input as {"joins": {"setting": settings}}
		with data.params as {"allowed_versions": ["3"]}
}

snmp(versions, writable) := [
	{"key": "snmp.versions", "value": versions},
	{"key": "snmp.writable", "value": writable},
]

test_passes_version_3_only if {
	fields(snmp(["3"], false)) == set()
}

test_passes_snmp_off if {
	fields([{"key": "snmp.versions", "value": []}]) == set()
}

test_fails_version_2c if {
	fields(snmp(["2c", "3"], false)) == {"snmp.versions"}
}

test_fails_write_access if {
	fields(snmp(["3"], true)) == {"snmp.writable"}
}

test_fails_versions_that_are_no_list if {
	"snmp.versions" in fields(snmp("2c", false))
}

test_missing_evidence_on_versions_is_no_pass if {
	fields([]) == {"snmp.versions"}
}

test_missing_evidence_on_writing_is_no_pass if {
	fields([{"key": "snmp.versions", "value": ["3"]}]) == {"snmp.writable"}
}
