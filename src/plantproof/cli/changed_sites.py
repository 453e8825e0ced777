"""`check --changed`: the sites of which anything differs from a commit, so that a hook costs what the change costs."""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.cache import open_cache
from plantproof.cli.assessing import Opened
from plantproof.cli.kept_sites import KeptSites
from plantproof.errors import refuse
from plantproof.project import PROJECT_FILE, Project, open_project


def changed_sites(opened: Opened, ref: str, named: Sequence[str]) -> list[str]:
    """The sites of `opened`, or those of them that are `named`, of which the evidence, the intent or anything that
    judges them differs from the commit `ref`; sorted, and empty where nothing does.

    What a site depends on is said in one place, the names of kept results: a changed policy, waiver or plantproof.yaml
    changes every site, a new device one. Days that went by change none. Raises InputError for an unknown ref or site,
    a commit without plantproof.yaml, and a project without sites.
    """
    repository = opened.repository
    if repository is None:
        raise refuse("there is no git repository to compare with", "`git init` makes one")
    before = repository.tree(ref)
    if not before.exists(PROJECT_FILE):
        raise refuse(f"`{ref}` has no {PROJECT_FILE}: nothing can be compared with it", "leave --changed out")
    there = sorted(opened.project.file.sites)
    unknown = sorted(set(named) - set(there))
    if unknown or not there:
        hint = f"there are: {', '.join(there)}" if there else f"{PROJECT_FILE} names none"
        raise refuse(f"no such site: {', '.join(unknown) or '(none)'}", hint)
    then, now = (_names(each) for each in (open_project(before, accept_content=True), opened.project))
    return [site for site in sorted(set(named)) or there if then.key(site) != now.key(site)]


def _names(project: Project) -> KeptSites:
    return KeptSites(open_cache(enabled=False), project, ("", ""))
