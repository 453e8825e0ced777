# METADATA
# title: Clocks follow a time server
# description: Network devices take their time from a server of the plant, so that events of several devices can be put in order.
# custom:
#   subject: asset
#   severity: medium
#   remediation:
#     action: Set the plant's own time servers. Let large corrections happen at a stop where the device also stamps process data.
#     window: Any working day; a planned stop for devices that carry precision time for drives or protection.
#     interim: Compare the clock with a reference once a month and write the offset down.
#   for:
#     role: [access-point, firewall, router, switch]
#   joins:
#     setting:
#       where:
#         key: [ntp.servers]
#       fields: [key, value]
#       covered: required
#   parameters:
#     min_servers:
#       description: Fewest time servers
#       default: 1
#       unit: servers
#       min: 1
#       max: 4
package policies.events.time_synchronised

import data.lib.settings

import rego.v1

violations contains v if {
	some v in settings.unsaid(input.joins.setting, {"ntp.servers": "where the clock takes its time from"})
}

violations contains v if {
	some servers in settings.values(input.joins.setting, "ntp.servers")
	not enough(servers)
	v := {
		"message": sprintf("the clock follows fewer than %v time servers", [data.params.min_servers]),
		"field": "ntp.servers",
		"seen": servers,
		"expected": sprintf("%v or more time servers", [data.params.min_servers]),
	}
}

enough(servers) if {
	is_array(servers)
	count(servers) >= data.params.min_servers
}
