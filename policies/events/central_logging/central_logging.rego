# METADATA
# title: Events are sent to a log server
# description: Network devices send their events to a server, so that they outlive the device and the intruder.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Send events to the plant's log server, from the zone's own address, and check on the server that they arrive.
#     window: Any working day; traffic is not touched.
#     interim: Save the device's own log by hand once a week.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [logging.hosts]
#       fields: [key, value]
#       covered: required
#   parameters:
#     min_servers:
#       description: Fewest log servers
#       default: 1
#       unit: servers
#       min: 1
#       max: 4
package policies.events.central_logging

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"logging.hosts": "where events are sent"})
}

violations contains v if {
	some servers in settings.values(input.joins.setting, "logging.hosts")
	not enough(servers)
	v := {
		"message": "events stay on the device",
		"field": "logging.hosts",
		"seen": servers,
		"expected": sprintf("%v or more log servers", [data.params.min_servers]),
	}
}

enough(servers) if {
	is_array(servers)
	count(servers) >= data.params.min_servers
}
