# METADATA
# title: Devices that come and go stand in a zone of their own
# description: >-
#   Service laptops and other portable devices are placed in a zone of kind temporary, not among the devices that they are brought to.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       Set up a zone for devices that are connected for a time, with a conduit to what they have to reach, and have service laptops plugged in there
#       only. Agree the conduit with the owner of the line and with maintenance.
#     window: Set up at a planned stop; after that every visit uses it.
#     interim: Check each device before it is plugged in, watch it while it is, and unplug it when the work is done.
#   may_affect: [control, view]
#   for:
#     role: [portable]
#   reads:
#     role: required
#   follow:
#     zone: [kind, "title?"]
package policies.zones.temporary_apart

import rego.v1

kind := object.get(input, ["zone", "kind"], "unknown")

violations contains v if {
	kind != "temporary"
	v := {
		"message": sprintf("a portable device (%v) stands in %v, a zone of kind %v", [
			object.get(input, "role", "unknown"),
			object.get(input, ["zone", "title"], "its zone"),
			kind,
		]),
		"field": "zone",
		"seen": kind,
		"expected": "temporary",
	}
}
