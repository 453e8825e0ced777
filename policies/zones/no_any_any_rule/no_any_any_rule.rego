# METADATA
# title: No firewall rule lets everything through
# description: An enabled rule that accepts names who may talk to whom, and which service. A rule with objects that could not be resolved is not judged as narrow.
# custom:
#   subject: firewall_rule
#   severity: high
#   remediation:
#     action: >-
#       Log the wide rule through one full production cycle, write narrow rules for what was really used, put them above, and remove the wide
#       rule when it matches nothing any more.
#     window: Narrow rules on any working day; removing the wide one at a planned stop with a way back.
#     interim: Limit the rule to the interfaces and networks of the two zones.
#   may_affect: [control, view]
#   for:
#     action: [accept]
#     enabled: [true]
#   reads:
#     name: optional
#     src_networks: required
#     dst_networks: required
#     services: required
#     unresolved: optional
package policies.zones.no_any_any_rule

import data.lib.networks

import rego.v1

wide contains "source" if networks.any_address(object.get(input, "src_networks", []))

wide contains "destination" if networks.any_address(object.get(input, "dst_networks", []))

wide contains "service" if networks.any_service(object.get(input, "services", []))

# One open side can be meant (a web server, a log server); two leave nothing that is controlled.
violations contains v if {
	count(wide) > 1
	v := {
		"message": sprintf("rule `%v` accepts any %v", [object.get(input, "name", "without a name"), concat(" and any ", sort(wide))]),
		"field": "services",
		"seen": {
			"from": object.get(input, "src_networks", "unknown"),
			"to": object.get(input, "dst_networks", "unknown"),
			"services": object.get(input, "services", "unknown"),
		},
		"expected": "named ends and services",
	}
}

# A name among the addresses is an object as well, of which the source gives no more.
unknown := array.concat(
	object.get(input, "unresolved", []),
	networks.names(array.concat(object.get(input, "src_networks", []), object.get(input, "dst_networks", []))),
)

violations contains v if {
	count(unknown) > 0
	v := {
		"message": sprintf("rule `%v` uses objects whose content is not known", [object.get(input, "name", "without a name")]),
		"field": "unresolved",
		"seen": unknown,
		"expected": [],
	}
}
