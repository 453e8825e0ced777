"""A small project of a plant that does not exist: a site of three zones, one switch and one firewall, in a
repository."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.support.exports import FORTIOS, IOS
from tests.support.git_repository import GitRepository

from plantproof.cli.start import run
from plantproof.project import bundled_content

DAY = "2026-11-20"
COLLECTED = "2026-11-18T05:30:00Z"
KEY = "0123456789abcdef0123456789abcdef"

PROJECT = """schema: plantproof/project/1
title: Works (fictional)
content:
  version: {version}
  hash: {hash}
profiles: [iec62443-sl2]
# A comment that stays.
sites:
  works:
    sources:
      switches:
        covers:
          - {{kind: setting, assets: [sw-77]}}
          - {{kind: account, assets: [sw-77]}}
          - {{kind: asset}}
      firewalls:
        covers:
          - {{kind: setting, assets: [fw-77]}}
"""

SITE = """schema: plantproof/site/1
id: works
title: Works
fictional: true
owner: Kim Plant
zones:
  - id: office
    title: Office
    kind: business
    purdue_level: 4
    subnets: [203.0.113.0/24]
  - id: line
    title: Line 1
    kind: control
    purdue_level: 2
    subnets: [192.0.2.0/24]
    members: [sw-77]
    sl_target: [2, 2, 1, 1, 2, 1, 1]
    derived_from:
      threat: A guest on the line
      consequence: Loss of a batch
      unmitigated_risk: high
      tolerable_risk: low
      residual_risk: low
      participants: [Kim Plant]
      approver: Lee Works
      date: 2026-01-10
conduits:
  - id: office-line
    title: Office to line 1
    zones: [office, line]
    permitted:
      - {from: office, to: line, services: [tcp/443]}
    enforcement_points: [fw-77]
"""

ATTESTATION = """schema: plantproof/attestation/1
id: {id}
topic: {topic}
who: {{name: Lee Works, role: Manager}}
about_own_work: false
method: examine
scope: {{zones: [{zone}]}}
outcome: satisfied
statement: Seen and found in order.
date: 2026-10-01
expires: 2027-10-01
"""

WAIVER = """schema: plantproof/waiver/1
id: W-1
kind: risk-acceptance
site: works
policy: {policy}
subjects: [sw-77]
controls: [iec62443-3-3/SR 1.1]
reason: Replaced at the next planned stop.
owner: {{name: Kim Plant}}
approver: {{name: Lee Works}}
approved: 2026-10-01
expires: 2027-01-31
"""


def project_file() -> str:
    """plantproof.yaml, pinned to the content of this installation."""
    content = bundled_content()
    return PROJECT.format(version=content.version, hash=content.hash)


def make_project(folder: Path) -> GitRepository:
    """The project with its evidence collected by the command line, all of it in one commit of 19 November 2026."""
    repository = GitRepository(folder)
    repository.write(
        **{
            "plantproof.yaml": project_file(),
            "controls/sites/works.yaml": SITE,
            ".gitattributes": "evidence/** -text\n",
        }
    )
    exports = folder.parent / f"{folder.name}-exports"
    for source, name, text in (("switches", "sw-77.cfg", IOS), ("firewalls", "fw-77.conf", FORTIOS)):
        export = exports / name
        export.parent.mkdir(exist_ok=True)
        export.write_text(text)
        arguments = [
            "collect",
            "-C",
            str(folder),
            "--source",
            source,
            "--at",
            COLLECTED,
            "--by",
            "Kim",
            "-q",
            str(export),
        ]
        assert run(arguments) == 0
    repository.date = "2026-11-19T12:00:00Z"
    repository.commit("Begin the compliance project")
    return repository


def at(folder: Path) -> GitRepository:
    """The repository in a folder to which `make_project` was copied."""
    repository = GitRepository(folder)
    repository.date = "2026-11-19T13:00:00Z"
    return repository


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder with the hash of its bytes, but git's own: to see that nothing has changed."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and ".git" not in path.relative_to(folder).parts
    }
