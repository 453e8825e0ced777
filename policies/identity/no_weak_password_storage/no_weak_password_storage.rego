# METADATA
# title: No account has a password that can be read back
# description: The directory stores the password of no enabled account so that it can be decrypted.
# custom:
#   subject: account
#   severity: high
#   remediation:
#     action: >-
#       Clear "reversible encryption" on the account, then set a new password: the old one stays readable until it is changed. For a service
#       account do both together with the owner of the service.
#     window: Any working day for people; next planned stop for accounts that run a plant service.
#     interim: Take the account out of privileged and remote access groups.
#   may_affect: [view]
#   for:
#     asset.role: [access-point, camera, controller, directory, firewall, gateway, kvm, load-balancer, modem, operator-station, router, server, switch, workstation]
#     enabled: [true]
#   reads:
#     principal: required
#     reversible_encryption: required
package policies.identity.no_weak_password_storage

import rego.v1

violations contains v if {
	object.get(input, "reversible_encryption", "unknown") != false
	v := {
		"message": sprintf("the password of account `%v` can be read back", [object.get(input, "principal", "unknown")]),
		"field": "reversible_encryption",
		"seen": object.get(input, "reversible_encryption", "unknown"),
		"expected": false,
	}
}
