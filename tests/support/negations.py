"""Policies with a `not` over what a subject may come without, as their one condition: those that lose their violation
in OPA, and those that say the same in both engines."""

from __future__ import annotations

from tests.support.policy_world import policy_source

DECLARES = 'reads: {firmware: required, vendor: optional}\nfollow: {parent: ["zone?"]}'
HELPERS = """
maker := input.vendor

named := object.get(input, "vendor", "unknown")

default told := "unknown"

told := input.vendor

known if input.vendor in {"x"}

wide(text) if text == "x"
"""

LOST = (
    'not input.vendor in {"x"}',
    "not wide(input.vendor)",
    'not lower(input.vendor) == "x"',
    'not input.vendor > "x"',
    "not count([input.vendor]) == 5",
    'not maker in {"x"}',
    'not input.parent.zone in {"x"}',
    'not "x" in object.get(input.vendor, "a", [])',
)
ALIKE = (
    "not input.vendor",
    'not input.vendor == "x"',
    "not known",
    'not named in {"x"}',
    'not told in {"x"}',
    'not input.firmware in {"x"}',
    'not object.get(input, "vendor", "unknown") in {"x"}',
    'not object.get(input, ["parent", "zone"], "unknown") in {"x"}',
    'not "x" in {each | each := input.vendor}',
)


def negating(condition: str) -> str:
    """A policy of that one condition."""
    body = f'violations contains v if {{\n\t{condition}\n\tv := {{"message": "m"}}\n}}\n'
    return policy_source(body + HELPERS, DECLARES)
