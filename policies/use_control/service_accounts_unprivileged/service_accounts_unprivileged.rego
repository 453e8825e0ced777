# METADATA
# title: Service accounts have no administrator rights
# description: An account that runs a service may do what the service needs, not administer the plant's computers.
# custom:
#   subject: account
#   severity: high
#   remediation:
#     action: >-
#       Find out from the vendor's guide which rights the service needs, grant those, then take the account out of the administrators' group
#       and watch the service through one full production cycle.
#     window: Next planned stop of the service.
#     interim: Forbid interactive and remote logon for the account.
#   may_affect: [view, control]
#   for:
#     asset.role: [access-point, camera, controller, directory, firewall, gateway, kvm, load-balancer, modem, operator-station, router, server, switch, workstation]
#     enabled: [true]
#     type: [service]
#   reads:
#     principal: required
#     privileged: required
package policies.use_control.service_accounts_unprivileged

import rego.v1

violations contains v if {
	object.get(input, "privileged", "unknown") != false
	v := {
		"message": sprintf("service account `%v` has administrator rights", [object.get(input, "principal", "unknown")]),
		"field": "privileged",
		"seen": object.get(input, "privileged", "unknown"),
		"expected": false,
	}
}
