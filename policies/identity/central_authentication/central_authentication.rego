# METADATA
# title: Network devices ask a central server who may log on
# description: >-
#   Administrators of switches, routers and firewalls are authenticated by a central server, so that one leaver is one change.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: >-
#       Point the device at the plant's own RADIUS, TACACS+ or LDAP server, keep one sealed local account for the day that the server is down,
#       and test the fallback at the console before saving.
#     window: Planned maintenance, with somebody at the console; a mistake locks the administrator out but does not stop traffic.
#     interim: Change the local passwords now and list who holds them.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [aaa.central]
#       fields: [key, value]
#       covered: required
package policies.identity.central_authentication

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"aaa.central": "who authenticates administrators"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "aaa.central")
	value != true
	v := {
		"message": "administrators log on with passwords kept on the device itself",
		"field": "aaa.central",
		"seen": value,
		"expected": true,
	}
}
