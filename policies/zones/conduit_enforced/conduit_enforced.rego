# METADATA
# title: Every conduit has something that enforces it
# description: A conduit names the firewall, router or gateway that lets through what is permitted and nothing else.
# custom:
#   subject: conduit
#   severity: high
#   remediation:
#     action: >-
#       Name the enforcement point in the site file if there is one. If there is none, plan one: a transparent firewall between the zones
#       needs no new addresses.
#     window: The site file on any working day; a new device at a planned stop.
#     interim: Use access lists of the switch between the zones.
#   may_affect: [control, view]
#   reads:
#     enforcement_points: optional
package policies.zones.conduit_enforced

import rego.v1

violations contains v if {
	points := object.get(input, "enforcement_points", [])
	count(points) == 0
	v := {
		"message": "no device enforces what may pass this conduit",
		"field": "enforcement_points",
		"seen": points,
		"expected": "one device or more",
	}
}
