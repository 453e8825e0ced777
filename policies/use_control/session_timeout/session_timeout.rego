# METADATA
# title: Forgotten management sessions end by themselves
# description: >-
#   A management session on a network device ends after a short time without input. Operator stations are left out on purpose: the
#   operator must see and act at any moment.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Set the idle time of console, remote and web sessions of the device; running traffic is not touched.
#     window: Any working day.
#     interim: Log off by hand at the end of the work, and keep the cabinet with the console port locked.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [session.timeout_minutes]
#       fields: [key, value]
#       covered: required
#   parameters:
#     max_minutes:
#       description: Longest idle time
#       default: 15
#       unit: minutes
#       min: 1
#       max: 60
package policies.use_control.session_timeout

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"session.timeout_minutes": "when an idle session ends"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "session.timeout_minutes")
	not limited(value)
	v := {
		"message": sprintf("an idle management session may stay open for more than %v minutes", [data.params.max_minutes]),
		"field": "session.timeout_minutes",
		"seen": value,
		"expected": sprintf("1 to %v", [data.params.max_minutes]),
	}
}

# 0 stands for "never ends".
limited(value) if {
	is_number(value)
	value > 0
	value <= data.params.max_minutes
}
