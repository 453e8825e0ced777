# METADATA
# title: Every component that was seen is one that belongs there
# description: Each component of the plant is on the approved inventory.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Find the component on site and ask who put it there. Approve it with an owner, or take it out of service under management of change.
#     window: Find it on any working day; disconnect at a stop if it may be part of the process.
#     interim: Move its port to a quarantine network if it is plainly foreign, watch it otherwise.
#   reads:
#     authorised: required
package policies.availability.authorised_inventory

import rego.v1

violations contains v if {
	object.get(input, "authorised", "unknown") != true
	v := {
		"message": "the component is not on the approved inventory",
		"field": "authorised",
		"seen": object.get(input, "authorised", "unknown"),
		"expected": true,
	}
}
