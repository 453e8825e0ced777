package lib.crossings_test

import data.lib.crossings

import rego.v1

test_a_zone_is_called_by_its_title if {
	crossings.zone_name("Filling line", "cell-1") == "Filling line"
}

test_a_zone_without_a_title_is_called_by_its_id if {
	crossings.zone_name("", "cell-1") == "cell-1"
}

test_what_is_in_no_zone_is_called_so if {
	crossings.zone_name("", "unknown") == "a place of no zone"
}
