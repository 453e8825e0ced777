"""CODEOWNERS from the programme: which accounts a forge asks when a file is edited. Pure: intent to text.

A forge knows files only. What a change does to zones, paths and safety is known to `diff`, which asks for the rest; the
head of the file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from plantproof.model.approvals import RequiredApproval
from plantproof.model.intent import Intent
from plantproof.review.approvals import required_approvals
from plantproof.review.moved import OF_THE_FORGE, moved_files
from plantproof.text import visible

Forge = Literal["github", "gitlab"]

_HEAD = """\
# Written by `plantproof approvals codeowners` from controls/programme/; do not edit, write it anew.
# It knows files. What a change does to zones, paths and safety functions, `plantproof diff --approvals` asks for.
"""


class _Owned(NamedTuple):
    """A pattern of paths as a forge reads it, and a path that stands for all of them, relative to the project."""

    pattern: str
    example: str
    waivers: tuple[tuple[str, str], ...] = ()


def codeowners(intent: Intent, forge: Forge, *, on: str, prefix: str = "") -> str:
    """The text of CODEOWNERS. `on`: the date on which delegations hold. `prefix`: the project's folder in its
    repository.

    GitHub asks one of the accounts of the last line that fits, so each line has all who may; that several must agree,
    `diff --approvals` checks. GitLab has a section for each decision right, with the number of approvals. A path whose
    approvers have no account on the forge gets no line, but a remark: a line without owner would free it.
    """
    text = [_HEAD]
    if forge == "github":
        text += _github(intent, on, prefix)
    else:
        text += _gitlab(intent, on, prefix)
    return "".join(text)


def _github(intent: Intent, on: str, prefix: str) -> Iterator[str]:
    before = ""
    for owned in _paths(intent, prefix):
        demands = _demands(owned, intent, on)
        if not demands:
            continue
        title = "; ".join(dict.fromkeys(visible(demand.title) for demand in demands))
        if title != before:
            yield f"\n# {title}\n"
        before = title
        lacking = [visible(demand.role_title) for demand in demands if not _accounts(demand, "github")]
        if lacking:
            yield f"# NOT ASKED for {owned.pattern}, no account on github: {', '.join(lacking)}\n"
        accounts = sorted({account for demand in demands for account in _accounts(demand, "github")})
        if accounts:
            yield f"{owned.pattern} {' '.join(accounts)}\n"


class _Section(msgspec.Struct):
    """A section of GitLab's file. The sections of a file are independent: each one that fits must be satisfied."""

    demand: RequiredApproval
    patterns: list[str] = []
    accounts: set[str] = set()


def _gitlab(intent: Intent, on: str, prefix: str) -> Iterator[str]:
    sections: dict[tuple[str, str, str], _Section] = {}
    for owned in _paths(intent, prefix):
        demands = _demands(owned, intent, on)
        for demand in demands:
            # A path of any site (a waiver to come): one of all who may; of each site, all would have to agree to one's.
            several = sum(each.right == demand.right for each in demands) > 1
            key = (demand.right, "" if several else demand.site, "" if several else demand.role_title)
            section = sections.setdefault(key, _Section(demand))
            section.accounts |= set(_accounts(demand, "gitlab"))
            if owned.pattern not in section.patterns:
                section.patterns.append(owned.pattern)
    for (right, site, role), section in sections.items():
        yield f"\n# {visible(section.demand.title)}\n"
        if not section.accounts:
            lacking = visible(role or section.demand.role_title)
            yield f"# NOT ASKED for {', '.join(section.patterns)}, no account on gitlab: {lacking}\n"
            continue
        name = ": ".join(part for part in (right, site, role) if part)
        count = f"[{section.demand.count}]" if section.demand.count > 1 else ""
        yield f"[{_section_name(name)}]{count} {' '.join(sorted(section.accounts))}\n"
        yield from (f"{pattern}\n" for pattern in section.patterns)


def _paths(intent: Intent, prefix: str) -> list[_Owned]:
    """Everything that somebody must agree to, the general before the particular: the last line counts. What the forge
    reads lies at the root of the repository, all else in the project's folder; where the two are one, each stands
    once."""
    found = [_Owned(_pattern("", f"/{path}"), path) for path in OF_THE_FORGE]
    found += [_Owned(_pattern(prefix, each.pattern), each.example, each.waivers) for each in _in_project(intent)]
    return list({each.pattern: each for each in found}.values())


def _in_project(intent: Intent) -> list[_Owned]:
    """What lies in the project's folder, with patterns from there."""
    waivers = [(waiver.id, waiver.site) for waiver in intent.waivers]
    found = [
        _Owned("/plantproof.yaml", "plantproof.yaml"),
        # git reads those of every folder on the way to a file.
        _Owned("/.gitattributes", ".gitattributes"),
        _Owned("/policies/", "policies/a/b/b.rego"),
        _Owned("/mappers/", "mappers/a.yaml"),
        _Owned("/controls/catalogs/", "controls/catalogs/a.yaml"),
        _Owned("/controls/profiles/", "controls/profiles/a.yaml"),
        _Owned("/controls/programme/", "controls/programme/a.yaml"),
        _Owned("/controls/adopted/", "controls/adopted/a.yaml"),
        _Owned("/controls/waivers/", "controls/waivers/.yaml"),
    ]
    for site in sorted(intent.sites):
        found.append(_Owned(f"/controls/sites/{site}.yaml", f"controls/sites/{site}.yaml"))
        found.append(_Owned(f"/controls/approved/{site}/", f"controls/approved/{site}/a.jsonl"))
        found.append(_Owned(f"/evidence/{site}/", f"evidence/{site}/a/custody.yaml"))
    for waiver, site in sorted(waivers):
        path = f"controls/waivers/{waiver}.yaml"
        found.append(_Owned(f"/{path}", path, ((waiver, site),)))
    return found


def _demands(owned: _Owned, intent: Intent, on: str) -> list[RequiredApproval]:
    return required_approvals(moved_files([owned.example], dict(owned.waivers)), intent, on=on)


def _accounts(demand: RequiredApproval, forge: Forge) -> list[str]:
    found = {f"@{login}" for each in demand.persons for login in getattr(each.person.accounts, forge)}
    return sorted(found)


def _pattern(prefix: str, pattern: str) -> str:
    """A path as both forges read it: from the root of the repository, blanks and signs of their own escaped."""
    whole = f"/{prefix.strip('/')}{pattern}" if prefix else pattern
    return "".join(f"\\{letter}" if letter in " #\\*?![]" else letter for letter in visible(whole))


def _section_name(name: str) -> str:
    return visible(name).replace("[", "(").replace("]", ")")
