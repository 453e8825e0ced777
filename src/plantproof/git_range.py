"""The commits of a change: who made each of them, what it says, and which files of the project it touches."""

from __future__ import annotations

from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.git import Entry, Repository
from plantproof.git_command import GitError
from plantproof.git_commit import Commit, moment_of, parse_commit
from plantproof.git_objects import DAMAGED
from plantproof.git_tree import Folders
from plantproof.text import visible
from plantproof.tree_names import PROJECT_PARTS

MOST_COMMITS = 2_000
"""Commits of one change that are looked at: a merge request of more is no review."""


class RangeCommit(NamedTuple):
    """One commit of a change: what it says, and what it touches against its first parent. `paths` are those of the
    project, relative to its root, `others` those of the repository outside of it."""

    commit: Commit
    paths: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def commits_between(repository: Repository, base: str, head: str) -> list[RangeCommit]:
    """The commits that are in `head` and not in `base` (ids), newest first, each with what it changes against its first
    parent: a merge brings what it merges. Raises InputError for a change of more than `MOST_COMMITS` commits."""
    arguments = ["rev-list", "--topo-order", f"--max-count={MOST_COMMITS + 1}", head, f"^{base}"]
    listed = _asked(repository, arguments).decode("ascii").split()
    if len(listed) > MOST_COMMITS:
        raise refuse(
            f"the change has more than {MOST_COMMITS} commits",
            "choose a nearer base; `report history` follows long times",
        )
    with repository.folders() as folders:
        return [_commit(repository, folders, identifier) for identifier in listed]


def refuse_cut_history(repository: Repository, start: str, *tips: str) -> None:
    """Raise InputError where a shallow clone ends between `start` and one of the commits that left it (ids).

    What is not there may hold a nearer merge base, and the commit at which the clone ends would seem to bring every
    file. Where it ends behind `start`, nothing is missed.
    """
    if not repository.shallow:
        return
    place = _asked(repository, ["rev-parse", "--git-path", "shallow"]).decode("utf-8", "surrogateescape").rstrip("\n")
    ends = set((repository.top / place).read_text("ascii").split())
    if ends & set(_asked(repository, ["rev-list", *tips, f"^{start}"]).decode("ascii").split()):
        raise refuse(
            "this clone is too shallow to be sure where the change begins",
            "`git fetch --unshallow` brings the whole history (in CI: fetch-depth 0, GIT_DEPTH 0)",
        )


class PastCommit(NamedTuple):
    """A commit on the way to another, with what it changed against its first parent: path in the project -> blob id and
    mode, None for what is gone. `committed` is the committer's moment in UTC."""

    id: str
    committed: str
    author: str
    subject: str
    changed: dict[str, Entry | None]


def first_parents(repository: Repository, to: str, *, since: str = "", most: int = 0) -> list[PastCommit]:
    """The commits that changed the project, from parent to first parent, oldest first: up to `to`, after `since`, and
    no more than the last `most`. One `git log` for all of them, and what changed from one to the next is told by their
    folders, each compared with its id. Raises InputError for an unknown ref, and for what is not what its id says."""
    head = f"{repository.prefix}/" if repository.prefix else ""
    arguments = ["log", "-z", "--first-parent", "-m", "--no-color", "--encoding=UTF-8"]
    arguments += ["--format=%H%x02%P%x02%ct%x02%an%x02%s", *([f"--max-count={most}"] if most else [])]
    arguments += [repository.resolve(to), *([f"^{repository.resolve(since)}"] if since else []), "--"]
    output = _asked(repository, [*arguments, *(head + part for part in PROJECT_PARTS)])
    rows = [row.decode("utf-8", "replace").split("\x02", 4) for row in output.split(b"\0") if row]
    found: list[PastCommit] = []
    with repository.folders() as folders:
        before = ""
        for identifier, parents, seconds, author, subject in reversed(rows):
            if not found and parents:
                before = folders.project(parents.split()[0], repository.prefix)
            after = folders.project(identifier, repository.prefix)
            changed = {
                path: Entry(path, row.id, row.mode) if row else None
                for path, row in sorted(folders.differing(before, after, PROJECT_PARTS))
            }
            found.append(PastCommit(identifier, moment_of(seconds), author, subject, changed))
            before = after
    return found


def last_day_before(repository: Repository, commit: str) -> str:
    """The latest day (UTC) of the commits before this one that changed the project, from parent to first parent; ""
    where there is none. Clocks may have been wrong."""
    head = f"{repository.prefix}/" if repository.prefix else ""
    arguments = ["log", "--first-parent", "-m", "--format=%ct", commit, "--", *(head + part for part in PROJECT_PARTS)]
    seconds = [int(row) for row in _asked(repository, arguments).decode("ascii").split()[1:]]
    return moment_of(str(max(seconds)))[:10] if seconds else ""


def paths_between(repository: Repository, base: str, head: str) -> list[str]:
    """Every path of the repository that differs between two commits, from its top folder. Raises InputError for a
    folder that is not what its id says: git's own comparison would not notice."""
    with repository.folders() as folders:
        return sorted(path for path, _ in folders.differing(folders.root(base), folders.root(head)))


def project_paths(repository: Repository, paths: list[str]) -> tuple[list[str], list[str]]:
    """Paths of the repository apart: those of the project, relative to it, and the rest."""
    if not repository.prefix:
        return paths, []
    start = f"{repository.prefix}/"
    return [path[len(start) :] for path in paths if path.startswith(start)], [
        path for path in paths if not path.startswith(start)
    ]


def _commit(repository: Repository, folders: Folders, identifier: str) -> RangeCommit:
    commit = parse_commit(identifier, folders.commit(identifier))
    before = folders.root(commit.parents[0]) if commit.parents else ""
    changed = sorted(path for path, _ in folders.differing(before, folders.root(identifier)))
    inside, outside = project_paths(repository, changed)
    return RangeCommit(commit, tuple(inside), tuple(outside))


def _asked(repository: Repository, arguments: list[str]) -> bytes:
    try:
        return repository.ask(arguments)
    except GitError as failed:
        raise refuse(f"git cannot read the history: {visible(failed.message)}", DAMAGED) from None
