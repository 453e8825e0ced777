package policies.confidentiality.no_clear_text_management_test

import data.policies.confidentiality.no_clear_text_management as policy

import rego.v1

fields(settings) := {v.field |
	some v in policy.violations with input as {"joins": {"setting": settings}}
}

test_passes_with_both_off if {
	fields([{"key": "telnet.enabled", "value": false}, {"key": "http.enabled", "value": false}]) == set()
}

test_fails_with_telnet_on if {
	fields([{"key": "telnet.enabled", "value": true}, {"key": "http.enabled", "value": false}]) == {"telnet.enabled"}
}

test_fails_with_web_access_on if {
	fields([{"key": "telnet.enabled", "value": false}, {"key": "http.enabled", "value": true}]) == {"http.enabled"}
}

test_missing_evidence_is_no_pass if {
	fields([{"key": "telnet.enabled", "value": false}]) == {"http.enabled"}
}
