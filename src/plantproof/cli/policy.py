"""`plantproof policy`: begin a new policy, with its test beside it."""

from __future__ import annotations

import re
from pathlib import Path

import click

from plantproof.cli.options import project_option

POLICY = """# METADATA
# title: {title}
# description: Say in one or two sentences what must hold, and why it matters at the plant.
# custom:
#   subject: asset
#   severity: medium
#   for: {{role: [switch, firewall]}}
#   reads: {{firmware: required}}
#   remediation:
#     action: Say what to do, in the plant's words.
#     window: Say when; which maintenance window it needs.
#     interim: Say what helps until then.
#   parameters:
#     known: {{description: Releases that are accepted, default: ["1.0"]}}
package policies.{family}.{name}

import rego.v1

# `required` keeps subjects without the field away; should one come all the same, it is no pass.
release := object.get(input, "firmware", "unknown")

violations contains v if {{
	not release in data.params.known
	v := {{
		"message": "the release is not an accepted one",
		"field": "firmware",
		"seen": release,
		"expected": data.params.known,
	}}
}}
"""

TEST = """package policies.{family}.{name}_test

import data.policies.{family}.{name}
import rego.v1

test_pass_on_an_accepted_release if {{
	count({name}.violations) == 0 with input as {{"firmware": "1.0"}} with data.params as {{"known": ["1.0"]}}
}}

test_fail_on_another_release if {{
	count({name}.violations) == 1 with input as {{"firmware": "0.9"}} with data.params as {{"known": ["1.0"]}}
}}

test_missing_evidence_is_no_pass if {{
	count({name}.violations) == 1 with input as {{}} with data.params as {{"known": ["1.0"]}}
}}
"""

TAKEN = frozenset(
    """
    as contains data default else every false if import in input lib not null package some true with
    """.split()  # noqa: SIM905  a table of words, not of quotes
)
"""Words that Rego or the folder policies/ keeps for itself: no family and no policy can be called by one."""


@click.group("policy")
def command() -> None:
    """Write policies."""


@command.command("new")
@project_option
@click.argument("policy")
def new(folder: Path, policy: str) -> int:
    """Begin POLICY, written as family/name: the Rego file and its test, both running."""
    from plantproof.cli.output import write_in_project
    from plantproof.errors import InputError, refuse
    from plantproof.project import bundled_content, find_project
    from plantproof.tree_names import check_names

    if not re.fullmatch(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*", policy):
        raise refuse(f"`{policy}` is no policy id", "write it as family/name, e.g. integrity/release_accepted")
    family, name = policy.split("/")
    if taken := [word for word in (family, name) if word in TAKEN]:
        raise refuse(f"`{taken[0]}` has a meaning of its own in policies", "choose another name")
    if name.endswith("_test"):
        raise refuse(f"`{name}` would be the test of another policy", "choose a name that does not end in _test")
    if problems := check_names([f"policies/{policy}"]):
        raise InputError(*problems)
    root = find_project(folder)
    if (root / "policies" / policy).exists():
        raise refuse(f"policies/{policy} is there already", "choose another name")
    shipped = f"policies/{policy}/{name}.rego"
    if shipped in bundled_content().files:
        hint = f"choose another name; to change the shipped one: `plantproof config copy {shipped}`"
        raise refuse(f"{policy} is a shipped policy", hint)
    words = {"family": family, "name": name, "title": name.replace("_", " ").capitalize()}
    for suffix, template in (("", POLICY), ("_test", TEST)):
        path = f"policies/{policy}/{name}{suffix}.rego"
        write_in_project(root, path, template.format(**words).encode())
        click.echo(path)
    click.echo(f"Next: edit both, `plantproof test {policy}`, then name it in a mapping under mappers/.")
    return 0
