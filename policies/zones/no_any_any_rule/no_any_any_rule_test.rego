package policies.zones.no_any_any_rule_test

import data.policies.zones.no_any_any_rule as policy

import rego.v1

rule(src, dst, services) := {"name": "r1", "src_networks": src, "dst_networks": dst, "services": services}

messages(subject) := {v.message | some v in policy.violations with input as subject}

test_passes_narrow_rule if {
	messages(rule(["10.1.0.0/24"], ["10.2.0.5/32"], ["tcp/1433"])) == set()
}

test_passes_web_server_open_to_everybody if {
	messages(rule(["0.0.0.0/0"], ["10.2.0.5/32"], ["tcp/443"])) == set()
}

test_fails_any_to_any if {
	messages(rule(["0.0.0.0/0"], ["0.0.0.0/0"], ["ip"])) == {"rule `r1` accepts any destination and any service and any source"}
}

test_fails_every_service_to_every_address if {
	messages(rule(["10.1.0.0/24"], ["::/0"], ["ip"])) == {"rule `r1` accepts any destination and any service"}
}

test_fails_rule_with_unknown_objects if {
	subject := object.union(rule(["10.1.0.0/24"], ["10.2.0.5/32"], ["tcp/1433"]), {"unresolved": ["grp-old"]})
	messages(subject) == {"rule `r1` uses objects whose content is not known"}
}

test_fails_any_to_any_in_words if {
	messages(rule(["Any"], ["all"], ["ANY"])) == {"rule `r1` accepts any destination and any service and any source"}
}

test_fails_rule_that_names_objects_among_its_addresses if {
	subject := rule(["SRV-HIST"], ["10.2.0.5/32"], ["tcp/1433"])
	{v.seen | some v in policy.violations} == {["SRV-HIST"]} with input as subject
	messages(subject) == {"rule `r1` uses objects whose content is not known"}
}

test_missing_evidence_is_no_pass if {
	messages({}) == {"rule `without a name` accepts any destination and any service and any source"}
}
