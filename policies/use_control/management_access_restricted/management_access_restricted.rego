# METADATA
# title: Network devices are managed from known addresses only
# description: Management access to switches, routers and firewalls is limited to listed addresses on every line and account.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       List the jump host and the engineering network as the only sources of management access, on every line and for every administrator;
#       test from the console that the list lets you in before saving.
#     window: Planned maintenance, with somebody at the console; traffic through the device is not touched.
#     interim: Block management ports to the device at the nearest firewall.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [management.restricted]
#       fields: [key, value]
#       covered: required
package policies.use_control.management_access_restricted

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"management.restricted": "from where the device may be managed"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "management.restricted")
	value != true
	v := {
		"message": "the device can be managed from any address that reaches it",
		"field": "management.restricted",
		"seen": value,
		"expected": true,
	}
}
