package lib.networks_test

import data.lib.networks

import rego.v1

test_the_default_route_is_every_address if {
	networks.any_address(["10.1.0.0/24", "0.0.0.0/0"])
}

test_a_subnet_is_not_every_address if {
	not networks.any_address(["10.1.0.0/24"])
}

test_all_addresses_but_some_are_every_address if {
	networks.any_address(["0.0.0.0/5", "8.0.0.0/7", "10.0.0.0/16", "128.0.0.0/1"])
}

test_private_addresses_of_ipv6_are_not_every_address if {
	not networks.any_address(["2000::/3", "fc00::/7", "10.0.0.0/13"])
}

test_every_address_in_other_words if {
	every written in ["any", "Any", " ALL ", "*", "", "::/0", "10.1.2.3/0", "0.0.0.0/0.0.0.0"] {
		networks.any_address(["10.1.0.0/24", written])
		networks.names([written]) == []
	}
}

test_a_name_is_no_address if {
	networks.names(["10.1.0.5", "10.1.0.0/255.255.0.0", "fd00::1", "FD00::/8", "SRV-HIST", "ab.de"]) == ["SRV-HIST", "ab.de"]
	not networks.any_address(["SRV-HIST"])
}

test_an_empty_list_counts_as_every_address if {
	networks.any_address([])
}

test_ip_is_every_service if {
	networks.any_service(["tcp/443", "ip"])
}

test_every_service_in_other_words if {
	every written in ["any", "ALL", "IP", "tcp", "UDP", "tcp/1-65535"] {
		networks.any_service([written])
	}
}

test_one_port_is_not_every_service if {
	not networks.any_service(["tcp/502"])
}

test_an_empty_list_counts_as_every_service if {
	networks.any_service([])
}
