# METADATA
# title: Networks and services of a firewall rule
# description: Tells a rule that names nobody in particular from one that does.
package lib.networks

import rego.v1

anywhere := {"0.0.0.0/0", "::/0"}

# A list that names every address. An empty list names nothing that could be judged, so it counts as every address.
any_address(networks) if count(networks) == 0

any_address(networks) if {
	some network in networks
	network in anywhere
}

# All addresses but some (a negated object) are written as networks too, of which the widest hold most of IPv4.
any_address(networks) if {
	some network in networks
	not contains(network, ":")
	some length in {"/1", "/2", "/3"}
	endswith(network, length)
}

whole_range := {"ip", "any", "tcp/0-65535", "udp/0-65535", "tcp/1-65535", "udp/1-65535"}

any_service(services) if count(services) == 0

any_service(services) if {
	some service in services
	service in whole_range
}
