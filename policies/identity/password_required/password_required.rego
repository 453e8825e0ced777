# METADATA
# title: No account goes without a password
# description: No enabled account of the directory may have an empty password.
# custom:
#   subject: account
#   severity: high
#   remediation:
#     action: >-
#       Clear "password not required" on the account and set a password. For a service account do both together with the owner of the service.
#     window: Any working day for people; next planned stop for accounts that run a plant service.
#     interim: Take the account out of privileged and remote access groups.
#   may_affect: [view]
#   for:
#     asset.role: [access-point, camera, controller, directory, firewall, gateway, kvm, load-balancer, modem, operator-station, router, server, switch, workstation]
#     enabled: [true]
#   reads:
#     principal: required
#     password_not_required: required
package policies.identity.password_required

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
