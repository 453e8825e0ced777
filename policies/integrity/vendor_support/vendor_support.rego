# METADATA
# title: The vendor still supports it
# description: Software-driven components are within the vendor's support, so that fixes for new weaknesses can be had at all.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Put replacement or an extended support contract on the roadmap; until then treat the component as one that can never be patched.
#     window: Planned turnaround or modernisation of the line.
#     interim: Move the component behind a firewall of its own cell, close what it does not need, keep a tested spare and backup.
#   for:
#     role: [plc, safety-plc, rtu, hmi, operator-station, ews, historian, server, jump-host, directory, switch, router, firewall, wireless-ap]
#   reads:
#     support_ends: required
#     lifecycle: optional
#   ages:
#     support_ends: grace_days
#   parameters:
#     grace_days:
#       description: Time after the end of support that is still accepted
#       default: 0
#       unit: days
#       min: 0
#       max: 730
package policies.integrity.vendor_support

import rego.v1

ended := {"end-of-life", "end-of-support", "obsolete", "unsupported"}

violations contains v if {
	input.ages.support_ends != "within"
	v := {
		"message": "the vendor no longer supports this component",
		"field": "support_ends",
		"seen": object.get(input, "support_ends", "unknown"),
		"expected": "a date that has not passed",
	}
}

# An early announcement outweighs the date that was once promised.
violations contains v if {
	lower(input.lifecycle) in ended
	v := {
		"message": "the component is at the end of its life",
		"field": "lifecycle",
		"seen": input.lifecycle,
		"expected": "in service and supported",
	}
}
