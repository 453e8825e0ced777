# METADATA
# title: Nobody shares an account
# description: >-
#   An account in use belongs to one person or one service, so that what was done on the plant can be traced to who did it.
# custom:
#   subject: account
#   severity: high
#   remediation:
#     action: >-
#       Give every person an account of their own. On operator stations that must stay open through a shift, keep the station
#       logged on with view and operate rights only and record the operator at shift handover.
#     window: Next shift handover for office and engineering accounts; next planned stop for accounts of operator stations.
#     interim: Keep a signed list of who holds the shared password, and change it when one of them leaves.
#   may_affect: [view, control]
#   for:
#     asset.role: [access-point, camera, controller, directory, firewall, gateway, kvm, load-balancer, modem, operator-station, router, server, switch, workstation]
#     enabled: [true]
#   reads:
#     principal: required
#     type: required
#     shared: optional
package policies.identity.no_shared_accounts

import rego.v1

violations contains v if {
	not personal
	v := {
		"message": sprintf("account `%v` is not tied to one person or service", [object.get(input, "principal", "unknown")]),
		"field": "type",
		"seen": object.get(input, "type", "unknown"),
		"expected": "person or service",
	}
}

violations contains v if {
	object.get(input, "shared", false) != false
	v := {
		"message": sprintf("account `%v` is used by more than one person", [object.get(input, "principal", "unknown")]),
		"field": "shared",
		"seen": input.shared,
		"expected": false,
	}
}

personal if input.type in {"person", "service"}

# A built-in account (Administrator, root) is everybody's until somebody states that one person holds it.
personal if {
	input.type == "builtin"
	input.shared == false
}
