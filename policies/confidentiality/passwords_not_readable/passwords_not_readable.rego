# METADATA
# title: No password can be read in a configuration
# description: Passwords in the configuration of network devices are stored so that nobody can read them back from a backup or a screen.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: >-
#       Switch password protection on and replace every password that stood in the clear: it is in old backups and in people's heads. Prefer
#       strong one-way forms where the device has them.
#     window: Any working day; traffic is not touched.
#     interim: Restrict who may read configuration backups.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [password.encryption]
#       fields: [key, value]
#       covered: required
package policies.confidentiality.passwords_not_readable

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"password.encryption": "how passwords are stored"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "password.encryption")
	value != true
	v := {
		"message": "passwords stand readable in the configuration",
		"field": "password.encryption",
		"seen": value,
		"expected": true,
	}
}
