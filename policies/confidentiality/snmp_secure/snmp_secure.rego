# METADATA
# title: SNMP gives nothing away and changes nothing
# description: SNMP is off, or of an allowed version and without write access.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       Move monitoring to SNMP version 3 with authentication and encryption, device by device, then remove the communities. Remove write
#       access first: nothing in daily operation needs it.
#     window: Any working day, agreed with whoever runs the monitoring; alarms may be silent for some minutes.
#     interim: Limit SNMP to the monitoring server.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [snmp.versions, snmp.writable]
#       fields: [key, value]
#       covered: required
#   parameters:
#     allowed_versions:
#       description: SNMP versions that may be in use
#       default: ["3"]
package policies.confidentiality.snmp_secure

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"snmp.versions": "which SNMP versions are in use"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "snmp.versions")
	not is_array(value)
	v := {
		"message": "the list of SNMP versions cannot be read",
		"field": "snmp.versions",
		"seen": value,
		"expected": "a list",
	}
}

violations contains v if {
	some value in settings.values(input.joins.setting, "snmp.versions")
	is_array(value)
	some version in value
	not version in data.params.allowed_versions
	v := {
		"message": sprintf("SNMP version %v is in use", [version]),
		"field": "snmp.versions",
		"seen": value,
		"expected": data.params.allowed_versions,
	}
}

violations contains v if {
	some value in settings.values(input.joins.setting, "snmp.writable")
	value != false
	v := {
		"message": "the device can be changed through SNMP",
		"field": "snmp.writable",
		"seen": value,
		"expected": false,
	}
}

# Where SNMP is in use, its rights must be known too; where it is off, there is nothing to know.
violations contains v if {
	some versions in settings.values(input.joins.setting, "snmp.versions")
	versions != []
	some v in settings.unsaid(input.joins.setting, {"snmp.writable": "whether SNMP may write"})
}
