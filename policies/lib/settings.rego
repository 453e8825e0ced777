# METADATA
# title: Settings of a device
# description: Reads the joined `setting` records of one asset by key.
package lib.settings

import rego.v1

# The values that the configuration gives for a key: none where it says nothing, several where sources disagree.
values(settings, key) := [setting.value |
	some setting in settings
	setting.key == key
]

# What the configuration says nothing about, as violations: silence is never a pass. `keys` maps a key to plain words.
unsaid(settings, keys) := {v |
	some key, words in keys
	count(values(settings, key)) == 0
	v := {
		"message": sprintf("the configuration does not say %s", [words]),
		"field": key,
		"seen": "nothing",
		"expected": "a value",
	}
}
