# METADATA
# title: The safety system talks to its control system and nobody else
# description: Traffic into or out of a safety zone has its other end in a control or safety zone and runs in a conduit.
# custom:
#   subject: crossing
#   severity: critical
#   remediation:
#     action: >-
#       Cut what does not belong to the safety function at the safety zone's own firewall. Judge with the functional safety engineer, under
#       management of change, and prove the safety function again afterwards.
#     window: Planned stop with proof test.
#     interim: Disconnect what is not needed by hand; keep the safety controller's key switch in RUN.
#   may_affect: [safety]
#   reads:
#     src_zone: required
#     dst_zone: required
#     src_zone_kind: required
#     dst_zone_kind: required
#     service: required
#     conduit: optional
#     src_title: optional
#     dst_title: optional
package policies.zones.safety_separated

import data.lib.crossings

import rego.v1

kinds := {object.get(input, "src_zone_kind", "unknown"), object.get(input, "dst_zone_kind", "unknown")}

applicable if "safety" in kinds

# Nothing is known of either end: it may be the safety system.
applicable if kinds == {"unknown"}

violations contains v if {
	kinds - {"safety", "control"} != set()
	v := {
		"message": sprintf("%v passes between %v and %v, past the control system", [
			object.get(input, "service", "an unknown service"),
			crossings.zone_name(object.get(input, "src_title", ""), object.get(input, "src_zone", "unknown")),
			crossings.zone_name(object.get(input, "dst_title", ""), object.get(input, "dst_zone", "unknown")),
		]),
		"field": "service",
		"seen": sort(kinds),
		"expected": ["control", "safety"],
	}
}

violations contains v if {
	object.get(input, "conduit", "") == ""
	v := {
		"message": "no conduit allows this traffic of the safety zone",
		"field": "conduit",
		"seen": "none",
		"expected": "a conduit with this service in this direction",
	}
}
