# METADATA
# title: Engineering stations and servers lock when left alone
# description: >-
#   A station on which programs and settings are changed locks after a short time without input. Operator stations are judged by
#   use_control/operator_station_stays_usable instead.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Set the idle lock by policy on engineering stations, jump hosts and servers, not on stations from which the process is run.
#     window: Any working day, after checking that no station in the list is used to watch or run the process.
#     interim: Lock by hand; keep the engineering room closed.
#   may_affect: [view]
#   for:
#     role: [ews, portable, server]
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
package policies.use_control.station_lock

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"session.timeout_minutes": "when an unattended station locks"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "session.timeout_minutes")
	not limited(value)
	v := {
		"message": sprintf("the station stays open for more than %v minutes after the last input", [data.params.max_minutes]),
		"field": "session.timeout_minutes",
		"seen": value,
		"expected": sprintf("1 to %v", [data.params.max_minutes]),
	}
}

# 0 stands for "never locks".
limited(value) if {
	is_number(value)
	value > 0
	value <= data.params.max_minutes
}
