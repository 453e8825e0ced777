# METADATA
# title: Wireless devices stand in a zone of their own
# description: >-
#   Access points and driverless vehicles are placed in a zone of kind wireless, so that what comes by radio passes a boundary before it
#   reaches wired devices.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       Give the wireless devices subnets and a zone of their own, settle with the owners of both zones which traffic has to pass, and move them when
#       the conduit to the wired zone is in place.
#     window: Planned stop of the line that depends on them, with its owner.
#     interim: Allow and log only the traffic that is needed, at the switch or firewall that the access point is attached to.
#   may_affect: [control, view]
#   for:
#     role: [access-point, agv, wireless-ap]
#   reads:
#     role: required
#   follow:
#     zone: [kind, "title?"]
package policies.zones.wireless_apart

import rego.v1

kind := object.get(input, ["zone", "kind"], "unknown")

violations contains v if {
	kind != "wireless"
	v := {
		"message": sprintf("a wireless device (%v) stands in %v, a zone of kind %v", [
			object.get(input, "role", "unknown"),
			object.get(input, ["zone", "title"], "its zone"),
			kind,
		]),
		"field": "zone",
		"seen": kind,
		"expected": "wireless",
	}
}
