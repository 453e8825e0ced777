# METADATA
# title: Network devices are not managed in clear text
# description: Telnet and unencrypted web access are off, so that nobody on the line reads the administrator's password.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       Switch SSH and HTTPS on and try them, then switch Telnet and HTTP off. Ask before whether a monitoring system or an old engineering
#       tool still needs the clear-text way.
#     window: Planned maintenance, with console access at hand; traffic through the device is not touched.
#     interim: Allow the clear-text ports from the jump host only.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [http.enabled, telnet.enabled]
#       fields: [key, value]
#       covered: required
package policies.confidentiality.no_clear_text_management

import data.lib.settings

import rego.v1

ways := {"telnet.enabled": "Telnet", "http.enabled": "unencrypted web access"}

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {key: words |
		some key, way in ways
		words := sprintf("whether %v is off", [way])
	})
}

violations contains v if {
	some key, way in ways
	some value in settings.values(input.joins.setting, key)
	value != false
	v := {
		"message": sprintf("%v is on: passwords cross the network readable", [way]),
		"field": key,
		"seen": value,
		"expected": false,
	}
}
