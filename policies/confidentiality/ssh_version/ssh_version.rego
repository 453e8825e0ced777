# METADATA
# title: Remote shells use SSH version 2
# description: Where a network device offers SSH, it offers version 2 only; version 1 can be read and altered on the way.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Create a key of sufficient length on the device, set SSH to version 2 only, and try a login before closing the session.
#     window: Planned maintenance, with console access at hand; traffic is not touched.
#     interim: Allow SSH from the jump host only.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [ssh.enabled, ssh.version]
#       fields: [key, value]
#       covered: required
package policies.confidentiality.ssh_version

import data.lib.settings

import rego.v1

# A device without SSH has no version to judge; a device that says nothing is judged.
applicable if not off

off if {
	told := {value | some value in settings.values(input.joins.setting, "ssh.enabled")}
	told == {false}
}

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"ssh.version": "which SSH version is in use"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "ssh.version")
	value != "2"
	v := {
		"message": sprintf("SSH version %v is accepted", [value]),
		"field": "ssh.version",
		"seen": value,
		"expected": "2",
	}
}
