# METADATA
# title: Every account needs a password that cannot be read back
# description: No enabled account may go without a password, or have one that the directory can decrypt.
# custom:
#   subject: account
#   severity: high
#   remediation:
#     action: >-
#       Clear "password not required" and "reversible encryption" on the account, then set a new password: the old one stays readable until
#       it is changed. For a service account do both together with the owner of the service.
#     window: Any working day for people; next planned stop for accounts that run a plant service.
#     interim: Take the account out of privileged and remote access groups.
#   may_affect: [view]
#   for:
#     enabled: [true]
#   reads:
#     principal: required
#     password_not_required: required
#     reversible_encryption: required
package policies.identity.no_weak_password_storage

import rego.v1

violations contains v if {
	object.get(input, "password_not_required", "unknown") != false
	v := {
		"message": sprintf("account `%v` may have an empty password", [object.get(input, "principal", "unknown")]),
		"field": "password_not_required",
		"seen": object.get(input, "password_not_required", "unknown"),
		"expected": false,
	}
}

violations contains v if {
	object.get(input, "reversible_encryption", "unknown") != false
	v := {
		"message": sprintf("the password of account `%v` can be read back", [object.get(input, "principal", "unknown")]),
		"field": "reversible_encryption",
		"seen": object.get(input, "reversible_encryption", "unknown"),
		"expected": false,
	}
}
