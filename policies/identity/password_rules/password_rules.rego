# METADATA
# title: Passwords are long and complex enough
# description: The directory demands a minimum length and complexity, and refuses former passwords.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       Set length, complexity and history in the domain password policy. Existing passwords stay valid until their next change, so no
#       running plant service stops; change service account passwords one by one, with their owner at hand.
#     window: Any working day; no restart is needed.
#     interim: Ask holders of privileged accounts to choose a long passphrase now.
#   for:
#     role: [directory]
#   joins:
#     setting:
#       where:
#         key: [password.min_length, password.complexity, password.history]
#       fields: [key, value]
#       covered: required
#   parameters:
#     min_length:
#       description: Fewest characters
#       default: 12
#       unit: characters
#       min: 8
#       max: 128
#     min_history:
#       description: Fewest former passwords that are refused
#       default: 5
#       unit: passwords
#       min: 0
#       max: 24
package policies.identity.password_rules

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {
		"password.min_length": "how long a password must be",
		"password.complexity": "whether passwords must be complex",
		"password.history": "how many former passwords are refused",
	})
}

violations contains v if {
	some value in settings.values(input.joins.setting, "password.min_length")
	not at_least(value, data.params.min_length)
	v := {
		"message": sprintf("passwords of %v characters are accepted, fewer than %v", [value, data.params.min_length]),
		"field": "password.min_length",
		"seen": value,
		"expected": data.params.min_length,
	}
}

violations contains v if {
	some value in settings.values(input.joins.setting, "password.complexity")
	value != true
	v := {
		"message": "passwords need not be complex",
		"field": "password.complexity",
		"seen": value,
		"expected": true,
	}
}

violations contains v if {
	some value in settings.values(input.joins.setting, "password.history")
	not at_least(value, data.params.min_history)
	v := {
		"message": sprintf("only %v former passwords are refused, fewer than %v", [value, data.params.min_history]),
		"field": "password.history",
		"seen": value,
		"expected": data.params.min_history,
	}
}

at_least(value, limit) if {
	is_number(value)
	value >= limit
}
