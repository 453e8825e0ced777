# METADATA
# title: Restoring from backup was tried
# description: A restore of what the job saves was tested within the agreed time. A backup that nobody ever restored is a hope.
# custom:
#   subject: backup
#   severity: medium
#   remediation:
#     action: Restore to a spare or a virtual machine off the plant network, start it, compare it with the original and write down how long it took.
#     window: Any working day on spare equipment; never on the running station.
#     interim: Check that the backup files open and are complete.
#   for:
#     asset.role: [access-point, controller, firewall, gateway, load-balancer, modem, operator-station, router, server, switch, workstation]
#   reads:
#     job: required
#     restore_tested: required
#   ages:
#     restore_tested: max_age_days
#   parameters:
#     max_age_days:
#       description: Longest time since the last restore test
#       default: 365
#       unit: days
#       min: 30
#       max: 1100
package policies.availability.restore_tested

import rego.v1

violations contains v if {
	input.ages.restore_tested != "within"
	v := {
		"message": sprintf("restoring from job `%v` has not been tried for %v days", [
			object.get(input, "job", "unknown"),
			data.params.max_age_days,
		]),
		"field": "restore_tested",
		"seen": object.get(input, "restore_tested", "no test on record"),
		"expected": sprintf("a restore test within %v days", [data.params.max_age_days]),
	}
}
