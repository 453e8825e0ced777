# METADATA
# title: The ends of a crossing in plant words
# description: What people call the zone at one end of a crossing.
package lib.crossings

import rego.v1

# The title of the zone, or its id where it has none.
zone_name("", "unknown") := "a place of no zone"

zone_name("", id) := id if id != "unknown"

zone_name(title, _) := title if title != ""
