# METADATA
# title: Accounts that nobody uses are disabled
# description: >-
#   An enabled account was used within the allowed time. Forgotten accounts of former staff and contractors are the quietest way in.
# custom:
#   subject: account
#   severity: medium
#   remediation:
#     action: >-
#       Ask the owner whether the account is still needed; disable it first, remove it after one full production cycle without complaint.
#       Accounts that only run at a stop or a season keep a dated exception.
#     window: Any working day for office accounts; next planned stop for accounts that run a plant service.
#     interim: Take the account out of remote access and privileged groups today.
#   may_affect: [view]
#   for:
#     asset.role: [access-point, camera, controller, directory, firewall, gateway, kvm, load-balancer, modem, operator-station, router, server, switch, workstation]
#     enabled: [true]
#   reads:
#     principal: required
#     never_logged_on: required
#     last_logon: optional
#     created: optional
#   ages:
#     last_logon: max_idle_days
#     created: max_idle_days
#   parameters:
#     max_idle_days:
#       description: Longest time without a logon
#       default: 90
#       unit: days
#       min: 1
#       max: 400
package policies.identity.no_dormant_accounts

import rego.v1

violations contains v if {
	not used
	v := {
		"message": sprintf("account `%v` has not been used for %v days", [
			object.get(input, "principal", "unknown"),
			data.params.max_idle_days,
		]),
		"field": "last_logon",
		"seen": object.get(input, "last_logon", "no logon on record"),
		"expected": sprintf("a logon within %v days", [data.params.max_idle_days]),
	}
}

used if input.ages.last_logon == "within"

# An account of last week that nobody has used yet is new, not dormant.
used if {
	input.never_logged_on == true
	input.ages.created == "within"
}
