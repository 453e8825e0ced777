# METADATA
# title: Privileged people log on with a second factor
# description: >-
#   An enabled, privileged account that people log on with needs more than a password, also one that came with the product or is shared. Accounts
#   of services are left out: nobody is there to show a second factor.
# custom:
#   subject: account
#   severity: high
#   remediation:
#     action: >-
#       Ask for the second factor where people enter the plant's network (jump host, VPN) and at the directory, not on operator stations:
#       nobody looks for a token while a process runs away.
#     window: Any working day, jump host first; announce it to the on-call engineers before.
#     interim: Let privileged accounts log on from the jump host only.
#   may_affect: [view, control]
#   for:
#     asset.role: [access-point, camera, controller, directory, firewall, gateway, kvm, load-balancer, modem, operator-station, router, server, switch, workstation]
#     enabled: [true]
#     privileged: [true]
#     type: [builtin, person, shared]
#   reads:
#     principal: required
#     mfa: required
package policies.identity.mfa_for_privileged

import rego.v1

violations contains v if {
	object.get(input, "mfa", "unknown") != true
	v := {
		"message": sprintf("privileged account `%v` needs only a password", [object.get(input, "principal", "unknown")]),
		"field": "mfa",
		"seen": object.get(input, "mfa", "unknown"),
		"expected": true,
	}
}
