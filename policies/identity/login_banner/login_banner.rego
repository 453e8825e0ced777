# METADATA
# title: A notice is shown before login
# description: Whoever logs on to a network device first reads that the system is private and that use is watched.
# custom:
#   subject: asset
#   severity: low
#   remediation:
#     action: Set the login notice that the legal department has approved; name neither the plant nor the device type in it.
#     window: Any working day; traffic is not touched.
#     interim: Put the notice on the cabinet door.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [banner.login]
#       fields: [key, value]
#       covered: required
package policies.identity.login_banner

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"banner.login": "whether a notice is shown before login"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "banner.login")
	value != true
	v := {
		"message": "no notice is shown before login",
		"field": "banner.login",
		"seen": value,
		"expected": true,
	}
}
