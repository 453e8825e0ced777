# METADATA
# title: Privileged people log on with a second factor
# description: An enabled, privileged account of a person needs more than a password.
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
#     asset.role: [access-point, controller, directory, firewall, operator-station, router, server, switch, workstation]
#     enabled: [true]
#     privileged: [true]
#     type: [person]
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
