package policies.integrity.firmware_known_test

import data.policies.integrity.firmware_known as policy

import rego.v1

fields(subject) := {v.field | some v in policy.violations with input as subject}

test_passes_device_with_firmware if {
	fields({"vendor": "Siemens", "model": "S7-1515", "firmware": "V2.9.4"}) == set()
}

test_passes_computer_with_operating_system if {
	fields({"vendor": "Dell", "model": "R650", "os": "Windows Server 2019"}) == set()
}

test_fails_firmware_written_as_nothing if {
	fields({"vendor": "Siemens", "model": "S7-1515", "firmware": " N/A "}) == {"firmware"}
}

test_fails_unknown_model if {
	fields({"vendor": "Siemens", "model": "?", "firmware": "V2.9.4"}) == {"model"}
}

test_missing_evidence_is_no_pass if {
	fields({}) == {"vendor", "model", "firmware"}
}
