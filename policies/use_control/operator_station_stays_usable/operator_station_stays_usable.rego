# METADATA
# title: No lock keeps the operator from the process
# description: >-
#   A station from which the process is watched or run neither locks itself nor locks an account out, unless the operator has a way
#   through in an emergency.
# custom:
#   subject: asset
#   severity: critical
#   remediation:
#     action: >-
#       Switch the idle lock and the lockout off for the operator's session, or provide an emergency override that works without network and
#       directory. Protect the station by its room, by view and operate rights only, and by who may enter instead.
#     window: Before the next shift that runs the process, together with engineering and safety.
#     interim: Keep a second, unlocked station in the control room.
#   may_affect: [safety, control, view, manipulate]
#   for:
#     role: [operator-station]
#   joins:
#     setting:
#       where:
#         key: [lockout.threshold, session.emergency_override, session.timeout_minutes]
#       fields: [key, value]
#       covered: required
package policies.use_control.operator_station_stays_usable

import data.lib.settings

import rego.v1

violations contains v if {
	not override
	some v in settings.unsaid(input.joins.setting, {
		"session.timeout_minutes": "whether the station locks itself",
		"lockout.threshold": "whether failed logins lock the operator out",
	})
}

violations contains v if {
	not override
	some value in settings.values(input.joins.setting, "session.timeout_minutes")
	value != 0
	v := {
		"message": "the station locks itself and the operator has no way through in an emergency",
		"field": "session.timeout_minutes",
		"seen": value,
		"expected": "0, or an emergency override",
	}
}

violations contains v if {
	not override
	some value in settings.values(input.joins.setting, "lockout.threshold")
	value != 0
	v := {
		"message": "failed logins lock the operator out and there is no way through in an emergency",
		"field": "lockout.threshold",
		"seen": value,
		"expected": "0, or an emergency override",
	}
}

# Every source that speaks of the override must confirm it: a doubt is no way through.
override if {
	told := {value | some value in settings.values(input.joins.setting, "session.emergency_override")}
	told == {true}
}
