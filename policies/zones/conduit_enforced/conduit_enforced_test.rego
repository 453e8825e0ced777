package policies.zones.conduit_enforced_test

import data.policies.zones.conduit_enforced as policy

import rego.v1

fields(subject) := {v.field | some v in policy.violations with input as subject}

test_passes_conduit_with_a_firewall_that_was_seen if {
	fields({"enforced": ["fw-01"], "unenforced": []}) == set()
}

test_fails_conduit_without_enforcement_point if {
	fields({"enforced": [], "unenforced": []}) == {"enforced"}
}

test_fails_enforcement_point_on_paper_only if {
	found := policy.violations with input as {"enforced": ["fw-01"], "unenforced": ["fw-02", "fw-03"]}
	{v.message | some v in found} == {"no source has seen the enforcement point fw-02, fw-03"}
}

test_missing_evidence_is_no_pass if {
	fields({}) == {"enforced"}
}
