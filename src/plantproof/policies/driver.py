"""The generated module that lets an engine judge many subjects in one query: `with input as` each of them.

The embedded engine needs none: one call a subject is as fast there (20,000 subjects: 0.52 s against 0.54 s) and names
the subject of an error. For a server, a query costs a round trip, so a batch goes in one.
"""

from __future__ import annotations

from plantproof.model.policy import Policy

DRIVER = "1"
"""Part of every memo key: change it when what a policy is shown, or how its answer is read, changes."""


def driver_package(policy: Policy, prefix: str) -> str:
    return f"{prefix}.driver.{policy.package}"


def driver_source(policy: Policy, prefix: str, params: str) -> str:
    """A module whose `answers` is [[index, [applicable], [violations]]] for `input.batch`.

    An undefined part is an empty list: undefined is told apart from an empty set. `prefix` is the package under which
    the policy was loaded, `params` the reference that the policy reads its parameters and context from.
    """
    policy_reference = f"data.{prefix}.{policy.package}"
    given = f"with {params}.params as input.params with {params}.context as input.context"
    applicable = "[true]"
    if "applicable" in policy.rules:
        applicable = f"[a | a := {policy_reference}.applicable with input as subject {given}]"
    return "\n".join(
        [
            f"package {driver_package(policy, prefix)}",
            "",
            "import rego.v1",
            "",
            "answers := [[index, applicable, violations] |",
            "\tsome index, subject in input.batch",
            f"\tapplicable := {applicable}",
            f"\tviolations := [v | applicable == [true]; v := {policy_reference}.violations with input as subject {given}]",
            "]",
            "",
        ]
    )
