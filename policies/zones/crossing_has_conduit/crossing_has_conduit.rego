# METADATA
# title: Nothing crosses zones outside a conduit
# description: Whatever passes, or may pass, between two zones is named by a conduit between them with that service in that direction.
# custom:
#   subject: crossing
#   severity: high
#   remediation:
#     action: >-
#       Ask who needs the traffic. If the process does, add it to a conduit with the approval of both zones' owners; if not, close it at the
#       enforcement point, after watching through one production cycle that nothing depends on it.
#     window: Next planned stop for anything that touches a control or safety zone.
#     interim: Log it at the nearest firewall.
#   may_affect: [control, view]
#   reads:
#     src_zone: required
#     dst_zone: required
#     service: required
#     kind: required
#     conduit: optional
#     src_title: optional
#     dst_title: optional
package policies.zones.crossing_has_conduit

import data.lib.crossings

import rego.v1

violations contains v if {
	object.get(input, "conduit", "") == ""
	v := {
		"message": sprintf("%v %v from %v to %v, and no conduit allows it", [
			object.get(input, "service", "an unknown service"),
			object.get(verbs, object.get(input, "kind", ""), "passes or may pass"),
			crossings.zone_name(object.get(input, "src_title", ""), object.get(input, "src_zone", "unknown")),
			crossings.zone_name(object.get(input, "dst_title", ""), object.get(input, "dst_zone", "unknown")),
		]),
		"field": "conduit",
		"seen": "none",
		"expected": "a conduit with this service in this direction",
	}
}

verbs := {"observed": "was seen", "permitted": "is let through"}
