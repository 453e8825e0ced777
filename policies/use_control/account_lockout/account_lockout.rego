# METADATA
# title: Guessing passwords locks the account
# description: The directory locks an account after a few failed logins, for some time or until somebody unlocks it.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: >-
#       Set threshold and duration in the domain policy, and keep operator and service accounts that the process depends on out of it: an
#       attacker must not be able to lock the control room out by typing wrong passwords.
#     window: Any working day, after engineering and safety have seen the list of accounts that are kept out.
#     interim: Watch failed logins daily.
#   may_affect: [view, control]
#   for:
#     role: [directory]
#   joins:
#     setting:
#       where:
#         key: [lockout.duration_minutes, lockout.threshold]
#       fields: [key, value]
#       covered: required
#   parameters:
#     max_attempts:
#       description: Failed logins until the account is locked
#       default: 10
#       unit: attempts
#       min: 3
#       max: 50
#     min_minutes:
#       description: Shortest lock
#       default: 10
#       unit: minutes
#       min: 1
#       max: 1440
package policies.use_control.account_lockout

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {
		"lockout.threshold": "after how many failed logins an account is locked",
		"lockout.duration_minutes": "for how long an account is locked",
	})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "lockout.threshold")
	not few(value)
	v := {
		"message": sprintf("more than %v passwords may be tried before the account is locked", [data.params.max_attempts]),
		"field": "lockout.threshold",
		"seen": value,
		"expected": sprintf("1 to %v", [data.params.max_attempts]),
	}
}

violations contains v if {
	some value in settings.values(input.joins.setting, "lockout.duration_minutes")
	not long(value)
	v := {
		"message": sprintf("the account opens again by itself in less than %v minutes", [data.params.min_minutes]),
		"field": "lockout.duration_minutes",
		"seen": value,
		"expected": sprintf("%v or more, or 0 for until unlocked", [data.params.min_minutes]),
	}
}

# 0 stands for "never locks".
few(value) if {
	is_number(value)
	value > 0
	value <= data.params.max_attempts
}

# 0 stands for "until an administrator unlocks", which is longer than any time.
long(value) if value == 0

long(value) if {
	is_number(value)
	value >= data.params.min_minutes
}
