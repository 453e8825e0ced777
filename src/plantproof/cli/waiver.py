"""`plantproof waiver`: ask for a dated deviation. Whoever approves it does so on the merge request."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.options import checked_date, content_option, project_option


@click.group("waiver")
def command() -> None:
    """Ask for an approved, dated deviation. A waiver changes the gate, never the finding."""


@command.command("new")
@project_option
@click.option("--id", "identifier", metavar="ID", help="Its id. Default: W-YEAR-NUMBER, the next free one.")
@click.option("--site", required=True, metavar="SITE", help="The site.")
@click.option("--policy", required=True, metavar="POLICY", help="The policy that fails.")
@click.option("--subject", "subjects", required=True, multiple=True, help="What fails, by name or id. Repeatable.")
@click.option("--control", "controls", required=True, multiple=True, help="The requirement deviated from. Repeatable.")
@click.option("--reason", required=True, prompt=True, help="Why it cannot be mended now.")
@click.option("--owner", required=True, prompt=True, help="Who answers for the risk.")
@click.option("--approver", required=True, prompt=True, help="Who approves it: not the owner.")
@click.option(
    "--expires",
    required=True,
    metavar="YYYY-MM-DD",
    callback=lambda context, parameter, value: checked_date(value),
    help="Its last day.",
)
@content_option
def new(
    folder: Path,
    identifier: str | None,
    site: str,
    policy: str,
    subjects: tuple[str, ...],
    controls: tuple[str, ...],
    reason: str,
    owner: str,
    approver: str,
    expires: str,
    content: str,
) -> int:
    """Write a risk acceptance to controls/waivers/, approved as of today, for a merge request to be approved.

    It is refused where it would have no effect: approved by its owner, too long, of a policy or site that is not there.
    A compensating waiver names its countermeasure: write it by hand (docs/how-to/write-a-waiver.md).
    """
    from plantproof.cli.assessing import today
    from plantproof.cli.output import write_in_project
    from plantproof.controls.intent import load_intent
    from plantproof.controls.waivers import FOLDER, load_waiver
    from plantproof.errors import refuse
    from plantproof.files import dump_yaml
    from plantproof.git import DirTree
    from plantproof.model.evidence import Person
    from plantproof.model.waiver import Waiver
    from plantproof.model.waiver_state import state_of
    from plantproof.project import find_project, open_project
    from plantproof.spelling import did_you_mean

    root = find_project(folder)
    project = open_project(DirTree(root), accept_content=content == "installed")
    intent = load_intent(project)
    policies = sorted(
        path.split("/", 1)[1].rsplit("/", 1)[0] for path in project.list("policies") if path.endswith(".rego")
    )
    if policy not in policies:
        raise refuse(
            f"no policy `{policy}`", did_you_mean(policy, policies) or "`plantproof check` names those that fail"
        )
    approved = today()
    name = identifier or _next_id(approved[:4], {waiver.id for waiver in intent.waivers})
    path = f"{FOLDER}/{name}.yaml"
    if (root / path).exists():
        raise refuse("is there already", "choose another --id", path=path)
    waiver = Waiver(
        schema="plantproof/waiver/1",
        id=name,
        kind="risk-acceptance",
        site=site,
        policy=policy,
        subjects=sorted(set(subjects)),
        controls=sorted(set(controls)),
        reason=reason,
        owner=Person(name=owner),
        approver=Person(name=approver),
        approved=approved,
        expires=expires,
    )
    state, why = state_of(waiver, approved)
    if state != "in-force":
        raise refuse(f"it would have no effect: {why}", "correct it", path=path)
    data = dump_yaml(waiver)
    load_waiver(data, path, [framework.catalog for framework in intent.frameworks], intent.sites)
    write_in_project(root, path, data)
    click.echo(
        f"{path}: until {expires}; commit it, and let {approver} approve the merge request\n"
        f"`plantproof explain {name}` lists the gaps that it lets pass"
    )
    return 0


def _next_id(year: str, taken: set[str]) -> str:
    number = 1
    while f"W-{year}-{number:03d}" in taken:
        number += 1
    return f"W-{year}-{number:03d}"
