# METADATA
# title: It is known what software runs in the component
# description: >-
#   Vendor, model and firmware of a component are known. Without them nobody can tell whether an advisory applies, or whether somebody
#   changed the firmware.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: >-
#       Read vendor, model and firmware from the engineering project, the device's web page or its label, and record them; do not scan
#       controllers actively while they run a process.
#     window: Any working day; readings that need the device's keypad or a cable at the next stop.
#     interim: Treat the component as vulnerable to every advisory of its vendor.
#   for:
#     role: [access-point, agv, camera, controller, drive, firewall, gateway, kvm, load-balancer, modem, operator-station, remote-io, router, server, switch, workstation]
#   reads:
#     vendor: optional
#     model: optional
#     firmware: optional
#     os: optional
package policies.integrity.firmware_known

import rego.v1

violations contains v if {
	some field, text in {"vendor": object.get(input, "vendor", ""), "model": object.get(input, "model", "")}
	not known(text)
	v := {
		"message": sprintf("the %v of the component is not known", [field]),
		"field": field,
		"seen": text,
		"expected": "known",
	}
}

# Computers are known by their operating system, devices by their firmware.
violations contains v if {
	not known(object.get(input, "firmware", ""))
	not known(object.get(input, "os", ""))
	v := {
		"message": "neither firmware nor operating system of the component is known",
		"field": "firmware",
		"seen": object.get(input, "firmware", "unknown"),
		"expected": "known",
	}
}

known(text) if not lower(trim_space(text)) in {"", "-", "?", "n/a", "none", "unknown"}
