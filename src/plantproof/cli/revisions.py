"""The two sides of a change, opened: from refs to projects, with the one date on which both are judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from plantproof.cli.assessing import Opened, checked_commit_date, today
from plantproof.errors import refuse
from plantproof.git import Commit, Repository, Tree
from plantproof.git_blame import blame
from plantproof.git_opening import open_repository
from plantproof.git_range import commits_between, paths_between, project_paths, refuse_cut_history
from plantproof.model.approvals import CommitFacts
from plantproof.model.delta import Side
from plantproof.model.moves import Brought
from plantproof.project import PROJECT_FILE, find_project, open_project
from plantproof.review.authors import trailers
from plantproof.review.brought import Made
from plantproof.revision import Revision


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a change, the date, and the base as other verbs open a project."""

    repository: Repository
    base: Revision
    head: Revision
    on: str
    opened: Opened


def opened_sides(
    folder: Path, base: str, head: str | None, date: str | None, content: str, *, exact: bool = False
) -> Sides:
    """Open the base and the head of a change; `head` None is the working tree.

    The base is the merge base, with `exact` the ref itself. The date is the head's committer date, today for the
    working tree, or `date`. Raises InputError for unrelated histories, a head that is behind the base, a base that is
    not in a shallow clone or not surely there, and a side without plantproof.yaml.
    """
    root = find_project(folder)
    repository = open_repository(root, base, head or "HEAD")
    asked = repository.commit(base)
    tip = repository.commit(head or "HEAD")
    start = asked if exact else repository.commit(repository.merge_base(base, head or "HEAD", asked.id, tip.id))
    if not exact:
        refuse_cut_history(repository, start.id, asked.id, tip.id)
    if head is not None and start.id == tip.id != asked.id:
        raise refuse(
            f"`{head}` is behind `{base}`: everything in it is there already",
            "were they swapped? `--exact` compares the two as they are",
        )
    tree: Tree = repository.tree(tip.id) if head is not None else repository.working_tree()
    below: Tree = repository.tree(start.id)
    _refuse_without_project(below, f"the base {start.id[:12]}", "choose a base that is a project")
    _refuse_without_project(
        tree,
        f"the head {tip.id[:12]}" if head is not None else "the working tree",
        f"a change that deletes {PROJECT_FILE} leaves nothing to judge",
    )
    on = date or (today() if head is None else checked_commit_date(repository, tip))
    opened = Opened(
        repository=repository,
        commit=start,
        project=open_project(below, accept_content=content == "installed"),
        on=on,
    )
    before = Revision(project=opened.project, on=_day(start, on), side=side_of(start, base))
    after = Revision(
        project=open_project(tree, accept_content=True),
        on=on,
        side=side_of(tip, head) if head is not None else Side(ref="working tree"),
        made=tuple(made_of(repository, start.id, tip.id, working_tree=head is None)),
        changed=_changed(repository, start.id, tip.id, working_tree=head is None),
        blame=lambda path, line: _blamed(repository, tip.id, path, line),
    )
    return Sides(repository=repository, base=before, head=after, on=on, opened=opened)


def side_of(commit: Commit, ref: str) -> Side:
    """A commit as a delta names it."""
    return Side(
        ref=ref,
        commit=commit.id,
        commit_date=commit.committer_date,
        author=commit.author,
        subject=commit.subject,
    )


def made_of(repository: Repository, base: str, head: str, *, working_tree: bool) -> Iterator[Made]:
    """The commits of the change, newest first; before them what is not committed yet."""
    if working_tree:
        changed = repository.changed_paths(ref=head)
        if changed:
            yield Made(Brought(commit="", author="", date="", subject="not committed yet", path=""), frozenset(changed))
    for made in commits_between(repository, base, head):
        commit = made.commit
        named = [value for key, value in trailers(commit.message) if key == "change"]
        brought = Brought(
            commit=commit.id,
            author=commit.author,
            author_email=commit.author_email,
            date=commit.committer_date,
            subject=commit.subject,
            path="",
            change=named[-1] if named else "",
        )
        yield Made(brought, frozenset(made.paths), facts_of(commit, made.paths))


def facts_of(commit: Commit, paths: Sequence[str]) -> CommitFacts:
    """What a commit says of its makers, with the devices whose exports it changes, by the names of the files."""
    exports = [path.split("/") for path in paths if re.fullmatch(r"evidence/[^/]+/[^/]+/raw/.+", path)]
    sites = {path.split("/")[1] for path in paths if path.startswith("evidence/")}
    return CommitFacts(
        id=commit.id,
        author=commit.author,
        author_email=commit.author_email,
        committer=commit.committer,
        committer_email=commit.committer_email,
        date=commit.committer_date,
        message=commit.message,
        assets=tuple(sorted({PurePosixPath(parts[-1]).stem for parts in exports})),
        site=next(iter(sites)) if len(sites) == 1 else "",
    )


def _changed(repository: Repository, base: str, head: str, *, working_tree: bool) -> tuple[str, ...]:
    """The files of the project that differ in the end, relative to it; beside them those of the repository, such as the
    pipeline's, by their own paths."""
    inside, outside = project_paths(repository, paths_between(repository, base, head))
    here = repository.changed_paths(ref=head) if working_tree else []
    return tuple(sorted({*inside, *outside, *here}))


def _blamed(repository: Repository, ref: str, path: str, line: int) -> str:
    found = blame(repository, ref, path, line)
    return found.commit if found else ""


def _day(commit: Commit, on: str) -> str:
    """The day of the base, but never after the common date."""
    return min(commit.committer_date[:10], on)


def _refuse_without_project(tree: Tree, what: str, hint: str) -> None:
    if not tree.exists(PROJECT_FILE):
        raise refuse(f"{what} has no {PROJECT_FILE}", hint)
