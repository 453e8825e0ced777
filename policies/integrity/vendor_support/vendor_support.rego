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
#     role: [access-point, agv, camera, controller, drive, firewall, gateway, kvm, load-balancer, modem, operator-station, remote-io, router, server, switch, workstation]
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

ended := {"end-of-life", "end-of-service", "end-of-support", "eol", "eos", "not-supported", "obsolete", "unsupported"}

violations contains v if {
	not supported
	v := {
		"message": "the vendor no longer supports this component",
		"field": "support_ends",
		"seen": object.get(input, "support_ends", "unknown"),
		"expected": "a date that has not passed",
	}
}

supported if input.ages.support_ends == "within"

# A day to come has no age yet. What is no day of any calendar has none either, and is no promise.
supported if {
	input.ages.support_ends == "unknown"
	some days in calendar
	regex.match(days, input.support_ends)
}

# Days to come lie in these thousand years: 0001-01-01 and the like stand for "not known".
calendar := {
	`^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`,
	`^2[0-9]{3}-(0[13-9]|1[0-2])-(29|30)`,
	`^2[0-9]{3}-(0[13578]|1[02])-31`,
	`^2([0-9](0[48]|[2468][048]|[13579][26])|[048]00)-02-29`,
}

# An early announcement outweighs the date that was once promised.
violations contains v if {
	regex.replace(lower(trim_space(input.lifecycle)), "[ _-]+", "-") in ended
	v := {
		"message": "the component is at the end of its life",
		"field": "lifecycle",
		"seen": input.lifecycle,
		"expected": "in service and supported",
	}
}
