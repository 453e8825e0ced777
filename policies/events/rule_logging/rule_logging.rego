# METADATA
# title: What the firewall lets through is logged
# description: An enabled rule that accepts writes a log entry, so that a way in can be found afterwards.
# custom:
#   subject: firewall_rule
#   severity: low
#   remediation:
#     action: >-
#       Log the start of each session, not each packet, and send the log to the log server. Watch the load of the firewall for a shift where
#       the rule carries cyclic process data.
#     window: Any working day, outside production peaks.
#     interim: Log the rules at the boundary to the office and to the outside first.
#   may_affect: [control]
#   for:
#     action: [accept]
#     enabled: [true]
#   reads:
#     name: optional
#     log: required
package policies.events.rule_logging

import rego.v1

violations contains v if {
	object.get(input, "log", "unknown") != true
	v := {
		"message": sprintf("rule `%v` accepts without a log entry", [object.get(input, "name", "without a name")]),
		"field": "log",
		"seen": object.get(input, "log", "unknown"),
		"expected": true,
	}
}
