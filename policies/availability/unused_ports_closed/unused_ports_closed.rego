# METADATA
# title: Unused switch ports are shut
# description: Access ports without a purpose are shut down, so that nobody plugs a laptop into the process network.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Compare the ports with the cabling plan, describe those in use, shut the others; keep one labelled service port per cabinet if maintenance needs it.
#     window: Planned stop, or port by port with somebody at the cabinet; a port shut by mistake stops a device.
#     interim: Lock the cabinet and block the ports by hand with plugs.
#   may_affect: [control, view]
#   for:
#     role: [switch]
#   joins:
#     setting:
#       where:
#         key: [switchport.unused_enabled]
#       fields: [key, value]
#       covered: required
#   parameters:
#     max_open:
#       description: Open ports without a purpose that are accepted
#       default: 0
#       unit: ports
#       min: 0
#       max: 4
package policies.availability.unused_ports_closed

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"switchport.unused_enabled": "how many unused ports are open"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "switchport.unused_enabled")
	not few(value)
	v := {
		"message": sprintf("%v ports without a purpose are open", [value]),
		"field": "switchport.unused_enabled",
		"seen": value,
		"expected": data.params.max_open,
	}
}

# Tools write -1 for "not known".
few(value) if {
	is_number(value)
	value >= 0
	value <= data.params.max_open
}
