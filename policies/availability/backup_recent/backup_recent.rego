# METADATA
# title: The last good backup is recent
# description: A backup job has succeeded within the agreed time; a job that runs and fails saves nothing.
# custom:
#   subject: backup
#   severity: high
#   remediation:
#     action: Read the job's log, repair it, run it once by hand and see it succeed.
#     window: Outside production peaks, so that the copy does not load stations that run the process.
#     interim: Copy project, configuration and licence files by hand.
#   for:
#     asset.role: [access-point, controller, firewall, gateway, load-balancer, modem, operator-station, router, server, switch, workstation]
#   reads:
#     job: required
#     last_success: optional
#     last_result: required
#   ages:
#     last_success: max_age_days
#   parameters:
#     max_age_days:
#       description: Longest time since the last success
#       default: 30
#       unit: days
#       min: 1
#       max: 400
package policies.availability.backup_recent

import rego.v1

violations contains v if {
	input.ages.last_success != "within"
	v := {
		"message": sprintf("job `%v` has not succeeded for %v days (last result: %v)", [
			object.get(input, "job", "unknown"),
			data.params.max_age_days,
			object.get(input, "last_result", "unknown"),
		]),
		"field": "last_success",
		"seen": object.get(input, "last_success", "no success on record"),
		"expected": sprintf("a success within %v days", [data.params.max_age_days]),
	}
}
