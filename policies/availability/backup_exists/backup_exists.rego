# METADATA
# title: What must be restored after a loss is backed up
# description: Controllers, stations, servers and network devices each have a backup job.
# custom:
#   subject: asset
#   severity: high
#   remediation:
#     action: >-
#       Add the component to a backup job. For controllers save the released project and the parameters from the engineering station; do not
#       upload from a running safety controller.
#     window: Any working day over the network; devices that need a cable at the next stop.
#     interim: Copy project, configuration and licence files by hand to a medium that is kept away from the plant network.
#   for:
#     role: [access-point, controller, firewall, gateway, load-balancer, modem, operator-station, router, server, switch, workstation]
#   joins:
#     backup:
#       fields: [job]
#       covered: required
package policies.availability.backup_exists

import rego.v1

violations contains v if {
	jobs := [backup.job | some backup in input.joins.backup]
	count(jobs) == 0
	v := {
		"message": "no backup job saves this component",
		"field": "backup",
		"seen": jobs,
		"expected": "one job or more",
	}
}
