# METADATA
# title: Passwords of people do not live for ever
# description: The directory makes people change their password within the agreed time.
# custom:
#   subject: asset
#   severity: low
#   remediation:
#     action: >-
#       Set a maximum password age for people. Leave service accounts out (managed accounts, or a change by hand at a stop): a password
#       that expires at night stops a historian or a batch server.
#     window: Any working day, after the list of accounts that run plant services has been taken out of the rule.
#     interim: Change the passwords of privileged accounts by hand.
#   may_affect: [view, control]
#   for:
#     role: [directory]
#   joins:
#     setting:
#       where:
#         key: [password.max_age_days]
#       fields: [key, value]
#       covered: required
#   parameters:
#     max_age_days:
#       description: Longest life of a password
#       default: 365
#       unit: days
#       min: 1
#       max: 730
package policies.identity.password_lifetime

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"password.max_age_days": "after how many days a password must change"})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "password.max_age_days")
	not limited(value)
	v := {
		"message": sprintf("passwords may live longer than %v days", [data.params.max_age_days]),
		"field": "password.max_age_days",
		"seen": value,
		"expected": sprintf("1 to %v", [data.params.max_age_days]),
	}
}

# 0 stands for "never changes".
limited(value) if {
	is_number(value)
	value > 0
	value <= data.params.max_age_days
}
