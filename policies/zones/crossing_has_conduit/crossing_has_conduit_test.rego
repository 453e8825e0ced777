package policies.zones.crossing_has_conduit_test

import data.policies.zones.crossing_has_conduit as policy

import rego.v1

link := {"src_zone": "office", "dst_zone": "cell-1", "service": "tcp/502", "kind": "observed"}

test_passes_crossing_in_a_conduit if {
	policy.violations == set() with input as object.union(link, {"conduit": "office-dmz"})
}

test_fails_crossing_without_conduit if {
	found := policy.violations with input as link
	{v.message | some v in found} == {"tcp/502 was seen from office to cell-1, and no conduit allows it"}
}

test_fails_permitted_crossing_without_conduit if {
	found := policy.violations with input as object.union(link, {"kind": "permitted"})
	{v.message | some v in found} == {"tcp/502 is let through from office to cell-1, and no conduit allows it"}
}

test_missing_evidence_is_no_pass if {
	count(policy.violations) == 1 with input as {}
}
