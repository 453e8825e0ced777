# METADATA
# title: Networks and services of a firewall rule
# description: Tells a rule that names nobody in particular from one that does.
package lib.networks

import rego.v1

# Every address, or every service, in a word.
anything := {"", "*", "all", "any"}

# A list that names every address. An empty list names nothing that could be judged, so it counts as every address.
any_address(networks) if count(networks) == 0

any_address(networks) if {
	some network in networks
	some length in {"/0", "/0.0.0.0"}
	endswith(network, length)
}

any_address(networks) if {
	some network in networks
	lower(trim_space(network)) in anything
}

# All addresses but some (a negated object) are written as networks too, of which the widest hold most of IPv4.
any_address(networks) if {
	some network in networks
	not contains(network, ":")
	some length in {"/1", "/2", "/3"}
	endswith(network, length)
}

# What stands for addresses in the words of the plant, so that nobody knows how many they are.
names(networks) := [network |
	some network in networks
	not lower(trim_space(network)) in anything
	not in_figures(network)
]

in_figures(network) if trim(network, "0123456789./ ") == ""

in_figures(network) if {
	contains(network, ":")
	trim(network, "0123456789abcdefABCDEF:./ ") == ""
}

whole_range := anything | {"ip", "tcp", "tcp/0-65535", "tcp/1-65535", "udp", "udp/0-65535", "udp/1-65535"}

any_service(services) if count(services) == 0

any_service(services) if {
	some service in services
	lower(trim_space(service)) in whole_range
}
