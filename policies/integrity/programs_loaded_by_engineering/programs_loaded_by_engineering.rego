# METADATA
# title: Only engineering stations load programs into controllers
# description: Traffic that loads or changes the program of a controller starts at an engineering station.
# custom:
#   subject: flow
#   severity: critical
#   remediation:
#     action: >-
#       Find out who loaded what, compare the running program with the released one, then allow the programming service from engineering
#       stations only, at the firewall of the cell and by the controller's own protection level.
#     window: Comparison at once, without writing to the controller; the restriction at the next planned stop.
#     interim: Turn the key switch of the controller to RUN where there is one; watch for further loads.
#   may_affect: [safety, control, manipulate]
#   for:
#     operation: [program]
#   follow:
#     src: [role]
#   parameters:
#     allowed_roles:
#       description: Roles of stations that may load programs
#       default: [ews]
package policies.integrity.programs_loaded_by_engineering

import rego.v1

violations contains v if {
	not allowed
	v := {
		"message": sprintf("a program was loaded from a component that is no engineering station (%v)", [seen]),
		"field": "src",
		"seen": seen,
		"expected": data.params.allowed_roles,
	}
}

seen := input.src.role

seen := "unknown" if not input.src.role

allowed if seen in data.params.allowed_roles
