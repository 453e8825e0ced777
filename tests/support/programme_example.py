"""A site of four zones with its people, roles and decision rights, as texts and as read."""

from __future__ import annotations

from plantproof.controls.programme import Together, put_together, read_programme_file
from plantproof.controls.sites import load_site
from plantproof.model.approvals import Author, CommitFacts, ForgeApprovals, GivenApproval, GivenState
from plantproof.model.intent import Intent
from plantproof.model.site import Site

HEAD = "a" * 40
OLD = "b" * 40
DAY = "2026-11-20"

SITE = """\
schema: plantproof/site/1
id: {site}
title: A mill that does not exist
owner: Mill manager
essential_functions:
  - {{id: stop, title: Stop the mill, kind: safety}}
zones:
  - {{id: office, title: Office, kind: business, purdue_level: 4, subnets: [10.1.0.0/16], owner: it}}
  - {{id: line, title: Line 1, kind: control, purdue_level: 2, subnets: [10.2.0.0/24], owner: Kim Plant}}
  - {{id: cell, title: Cell, kind: control, purdue_level: 2, subnets: [10.3.0.0/24], essential_functions: [stop]}}
  - {{id: sis, title: Safety, kind: safety, purdue_level: 1, subnets: [10.4.0.0/24], owner: process-safety}}
conduits:
  - {{id: office-line, title: Office to line, zones: [office, line], enforcement_points: [fw-1], owner: ot}}
  - {{id: line-sis, title: Line to safety, zones: [line, sis], enforcement_points: [fw-2], owner: process-safety}}
"""

COMPANY = """\
schema: plantproof/programme/1
persons:
  - {id: oda, name: Oda Berg, accounts: {github: [oda-b], gitlab: [oda.b]}, emails: [oda@mill.example]}
  - {id: finn, name: Finn Dahl, accounts: {github: [finn-d, finn-admin], gitlab: [finn.d]}, emails: [finn@mill.example]}
  - id: lee
    name: Lee Works
    accounts: {github: [lee-w], gitlab: [lee.w], other: [lee]}
    emails: [lee@mill.example]
    delegations:
      - {to: finn, from: 2026-12-01, until: 2026-12-10, reason: Leave}
bots:
  - {name: config-bot, accounts: {github: [config-bot]}, emails: [bot@mill.example]}
roles:
  - {id: ot, title: OT network, held_by: [finn]}
  - {id: it, title: IT services, held_by: [lee]}
  - {id: process-safety, title: Process safety, held_by: [oda, finn]}
  - {id: compliance, title: Compliance officer, held_by: [lee]}
  - {id: mill-manager, title: Mill manager}
  - {id: waivers, title: Approver of waivers}
decision_rights:
  - {id: zone, title: Zone owner, when: [zone], approved_by: {owner_of: zone}}
  - {id: conduit, title: Conduit owner, when: [conduit], approved_by: {owner_of: conduit}}
  - {id: network, title: Network, when: [device, path], approved_by: {role: ot}, afterwards: {within_hours: 72}}
  - {id: safety, title: Safety, when: [safety], approved_by: {role: process-safety}, approvals: 2}
  - {id: severe, title: Severe gaps, when: [severity], severity: high, approved_by: {owner_of: site}}
  - {id: design, title: Design, when: [design], approved_by: {owner_of: site}}
  - {id: evidence, title: Evidence, when: [evidence], approved_by: {accountable_for: collect}}
  - {id: waiver, title: Waivers, when: [waiver], approved_by: {role: waivers}}
  - {id: judge, title: Judge, when: [policy, mapping, profile, programme, project], approved_by: {role: compliance}}
"""

MILL = """\
schema: plantproof/programme/1
site: mill
persons:
  - {id: kim, name: Kim Plant, accounts: {github: [kim-p], gitlab: [kim.p]}, emails: [kim@mill.example]}
  - {id: mo, name: Mo Hand, accounts: {github: [mo-h], gitlab: [mo.h]}, emails: [mo@mill.example]}
held_by:
  mill-manager: [mo]
  waivers: [mo]
raci:
  - {activity: collect, responsible: [ot], accountable: ot}
  - {activity: collect, zones: [sis], responsible: [ot], accountable: process-safety}
"""

FILES = {"controls/programme/company.yaml": COMPANY, "controls/programme/mill.yaml": MILL}


def site(name: str = "mill") -> Site:
    """The site, under any name."""
    path = f"controls/sites/{name}.yaml"
    return load_site(SITE.format(site=name).encode(), path).site


def together(files: dict[str, str] | None = None, *sites: str) -> Together:
    """What these files come to, instead of or besides those above."""
    texts = {**FILES, **(files or {})}
    read = [read_programme_file(text.encode(), path) for path, text in sorted(texts.items())]
    known = {name: site(name) for name in sites or ("mill",)}
    return put_together(read, known, known.keys())


def intent(files: dict[str, str] | None = None, *sites: str) -> Intent:
    """The intent that they make. Fails where the files hold a mistake."""
    found = together(files, *sites)
    assert not found.problems, found.problems
    names = sites or ("mill",)
    return Intent(frameworks=(), sites={name: site(name) for name in names}, waivers=(), programme=found.programme)


def given(*words: tuple[str, GivenState, str]) -> ForgeApprovals:
    """What GitHub says was given, in this order."""
    said = tuple(GivenApproval(login=login, state=state, commit=commit) for login, state, commit in words)
    return ForgeApprovals(forge="github", head=HEAD, given=said)


def commit(
    author: str = "Kim Plant",
    email: str = "kim@mill.example",
    message: str = "Change a rule",
    date: str = "2026-11-18T06:00:00Z",
    assets: tuple[str, ...] = (),
    committer: tuple[str, str] | None = None,
) -> CommitFacts:
    """A commit of somebody."""
    name, address = committer or (author, email)
    return CommitFacts("c" * 40, author, email, name, address, date, message, assets, "mill")


SOMEBODY_ELSE = (Author(name="Pat Contractor", email="pat@elsewhere.example", how="author of cccccccccccc"),)
