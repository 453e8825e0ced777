# METADATA
# title: Office and outside reach the control system through the DMZ only
# description: No traffic passes, or may pass, directly between a business, external or temporary zone and a control or safety zone.
# custom:
#   subject: crossing
#   severity: critical
#   remediation:
#     action: >-
#       Move the exchange into the DMZ: a replica of the historian, a file drop, a jump host. Cut the direct way only when the new one has
#       carried the load through one production cycle.
#     window: Next planned stop, with the owners of both zones.
#     interim: Narrow the way to the two computers and the one service that need it, one direction if possible, and log it.
#   may_affect: [control, view]
#   reads:
#     src_zone: required
#     dst_zone: required
#     src_zone_kind: required
#     dst_zone_kind: required
#     service: required
#     src_purdue: optional
#     dst_purdue: optional
#     src_title: optional
#     dst_title: optional
package policies.zones.no_direct_business_to_control

import data.lib.crossings

import rego.v1

outer := {"business", "external", "temporary"}

inner := {"control", "safety"}

kinds := {object.get(input, "src_zone_kind", "unknown"), object.get(input, "dst_zone_kind", "unknown")}

applicable if kinds & inner != set()

# Below the DMZ everything belongs to the control system, whatever else it is called (wireless, or a DMZ on level 2).
applicable if {
	some end in [
		{"kind": object.get(input, "src_zone_kind", "unknown"), "level": object.get(input, "src_purdue", 5)},
		{"kind": object.get(input, "dst_zone_kind", "unknown"), "level": object.get(input, "dst_purdue", 5)},
	]
	not end.kind in outer
	end.level < 3.5
}

# Nothing is known of either end: it may be the control system.
applicable if kinds == {"unknown"}

violations contains v if {
	kinds & outer != set()
	v := {
		"message": sprintf("%v passes directly between %v and %v, around the DMZ", [
			object.get(input, "service", "an unknown service"),
			crossings.zone_name(object.get(input, "src_title", ""), object.get(input, "src_zone", "unknown")),
			crossings.zone_name(object.get(input, "dst_title", ""), object.get(input, "dst_zone", "unknown")),
		]),
		"field": "service",
		"seen": object.get(input, "service", "unknown"),
		"expected": "an end in the DMZ",
	}
}

# An address of no declared zone may lie anywhere, outside as well.
violations contains v if {
	"unknown" in kinds
	v := {
		"message": sprintf("%v passes between %v and %v, and it is not known what one of them is", [
			object.get(input, "service", "an unknown service"),
			crossings.zone_name(object.get(input, "src_title", ""), object.get(input, "src_zone", "unknown")),
			crossings.zone_name(object.get(input, "dst_title", ""), object.get(input, "dst_zone", "unknown")),
		]),
		"field": "service",
		"seen": object.get(input, "service", "unknown"),
		"expected": "two zones of a known kind",
	}
}
