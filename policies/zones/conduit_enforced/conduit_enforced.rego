# METADATA
# title: Every conduit has something that enforces it
# description: A conduit names the devices that let through what is permitted and nothing else, and the evidence shows that they are there.
# custom:
#   subject: conduit
#   severity: high
#   remediation:
#     action: >-
#       Name the enforcement point in the site file if there is one, and collect its configuration. If there is none, plan one: a transparent
#       firewall between the zones needs no new addresses.
#     window: The site file on any working day; a new device at a planned stop.
#     interim: Use access lists of the switch between the zones.
#   may_affect: [control, view]
#   reads:
#     enforced: required
#     unenforced: required
package policies.zones.conduit_enforced

import rego.v1

violations contains v if {
	points := object.get(input, "enforced", [])
	count(points) == 0
	v := {
		"message": "no device that was seen enforces what may pass this conduit",
		"field": "enforced",
		"seen": points,
		"expected": "one device or more",
	}
}

violations contains v if {
	points := object.get(input, "unenforced", [])
	count(points) > 0
	v := {
		"message": sprintf("no source has seen the enforcement point %v", [concat(", ", points)]),
		"field": "unenforced",
		"seen": points,
		"expected": [],
	}
}
