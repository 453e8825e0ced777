# METADATA
# title: No device answers to a password that everybody knows
# description: No SNMP community of a network device is a word that products come with, such as public or private.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: Replace the community by a long random word, or SNMP by version 3, at the monitoring server first and then on the device.
#     window: Any working day, agreed with whoever runs the monitoring; alarms may be silent for some minutes.
#     interim: Limit SNMP to the address of the monitoring server.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [snmp.default_community]
#       fields: [key, value]
#       covered: required
package policies.identity.no_default_community

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"snmp.default_community": "whether an SNMP community is a well-known word"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "snmp.default_community")
	value != false
	v := {
		"message": "an SNMP community is a well-known word",
		"field": "snmp.default_community",
		"seen": value,
		"expected": false,
	}
}
