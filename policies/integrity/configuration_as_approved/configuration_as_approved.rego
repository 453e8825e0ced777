# METADATA
# title: The device is configured as approved
# description: >-
#   Where a configuration of a device was recorded as approved, the device has it, or has the one before it as long as the change may still
#   be made. Anything else was changed without a record, or a change was taken back or never made and nobody wrote it down.
# custom:
#   subject: approved_configuration
#   severity: high
#   remediation:
#     action: >-
#       Ask who changed the device and why; do not load the approved configuration over it before operations and engineering have said what
#       depends on the change. Then either record what is there as a change of its own, reviewed and approved, or take it back by one.
#     window: Asking and recording on any working day; whatever changes the device in a planned window, with a way back.
#     interim: Compare what differs with the conduits, close at another enforcement point what nobody can explain, and watch the device's log.
#   may_affect: [control, view]
#   reads:
#     device: required
#     state: required
#     change: required
#     approved_on: required
#     due: required
#     earlier: optional
#     differences: optional
#   ages:
#     due: grace_days
#   parameters:
#     grace_days:
#       description: How long after the end of its window an approved change may show in what is collected
#       default: 14
#       unit: days
#       min: 0
#       max: 90
package policies.integrity.configuration_as_approved

import rego.v1

device := object.get(input, "device", "an unknown device")

change := object.get(input, "change", "an unknown record")

state := object.get(input, "state", "unknown")

told := [sprintf("%v", [each]) | some each in object.get(input, "differences", [])]

default what_differs := "what differs is not known"

what_differs := concat("; ", told) if count(told) > 0

violations contains v if {
	not state in {"as-approved", "proposed", "not-yet-changed"}
	v := {
		"message": sprintf("%v is not configured as %v approved it on %v: %v", [
			device,
			change,
			object.get(input, "approved_on", "an unknown day"),
			what_differs,
		]),
		"field": "state",
		"seen": state,
		"expected": "as-approved",
	}
}

# The old configuration is in order until the window is over and somebody has collected after it.
violations contains v if {
	state == "not-yet-changed"
	not input.ages.due in {"within", "unknown"}
	v := {
		"message": sprintf("%v still has the configuration %v; %v was to be made by %v", [
			device,
			object.get(input, "earlier", "of an earlier record"),
			change,
			object.get(input, "due", "an unknown day"),
		]),
		"field": "state",
		"seen": state,
		"expected": "as-approved",
	}
}
