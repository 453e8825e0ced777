# METADATA
# title: A foreign device would be seen
# description: >-
#   In each zone of the plant a fresh source looks for devices from a stated vantage (sensor or segments), so that a component that
#   nobody brought in on purpose does not stay unseen.
# custom:
#   subject: zone
#   severity: medium
#   remediation:
#     action: >-
#       Collect what a passive sensor sees in the zone, or the address tables of its switches, and say in the source's settings from where it
#       looks. Do not scan controllers actively while they run a process.
#     window: Any working day; a mirror port needs a place in the cabinet, not a stop.
#     interim: Walk through the zone with the list in hand once a quarter.
#   for:
#     kind: [business, control, dmz, safety, temporary, wireless]
#   reads:
#     watched: required
package policies.zones.zone_watched

import rego.v1

violations contains v if {
	object.get(input, "watched", "unknown") != true
	v := {
		"message": "nobody would see a foreign device in this zone",
		"field": "watched",
		"seen": object.get(input, "watched", "unknown"),
		"expected": true,
	}
}
