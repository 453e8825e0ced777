# METADATA
# title: Every component is in exactly one zone
# description: The zone of a component is known and declared. What is in no zone is protected by nobody and counts in every zone it could be in.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Find the component, decide with its owner which zone it belongs to, and add its subnet or its name to that zone in the site file.
#     window: Any working day; nothing on the plant is touched.
#     interim: Treat it as part of the most critical zone that it can reach.
#   reads:
#     zone: optional
#     role: optional
#   context: [zone]
package policies.zones.asset_placed

import rego.v1

# What joins zones stands in several of them by design, and a directory is data: its servers are placed.
applicable if not object.get(input, "role", "unknown") in {"directory", "firewall", "gateway", "router"}

violations contains v if {
	not placed
	v := {
		"message": "the component is in no declared zone, or in more than one",
		"field": "zone",
		"seen": object.get(input, "zone", "none"),
		"expected": "one zone of the site file",
	}
}

placed if {
	some zone in data.context.zone
	zone.id == input.zone
}
