"""`plantproof test`: the policies' own tests, their coverage by line, and the lint."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import content_option, project_option, quiet_option


@click.command("test")
@project_option
@click.argument("policies", nargs=-1)
@content_option
@quiet_option
def command(folder: Path, policies: tuple[str, ...], content: str, quiet: bool) -> int:
    """Run the tests of POLICIES (default: all), measure coverage by line, and lint.

    Exit 1: a test fails, a policy is covered less than whole, or the lint finds something; 2: a policy does not parse.
    """
    from plantproof.cli.assessing import open_at
    from plantproof.policies.testing import test_policies
    from plantproof.text import visible

    opened = open_at(folder, None, None, content)
    report = test_policies(opened.project, policies)
    for line in report.lines(verbose=not quiet):
        click.echo(visible(line))
    return 0 if report.passed else 1
