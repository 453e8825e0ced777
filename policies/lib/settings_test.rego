package lib.settings_test

import data.lib.settings

import rego.v1

records := [
	{"key": "ssh.version", "value": "2"},
	{"key": "ssh.version", "value": "1"},
	{"key": "telnet.enabled", "value": false},
]

test_reads_every_value_of_a_key if {
	settings.values(records, "ssh.version") == ["2", "1"]
}

test_a_key_without_record_has_no_value if {
	settings.values(records, "http.enabled") == []
}

test_names_what_the_configuration_does_not_say if {
	found := settings.unsaid(records, {"telnet.enabled": "whether Telnet is off", "http.enabled": "whether web access is off"})
	found == {{
		"message": "the configuration does not say whether web access is off",
		"field": "http.enabled",
		"seen": "nothing",
		"expected": "a value",
	}}
}
