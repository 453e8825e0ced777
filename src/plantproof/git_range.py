"""The commits of a change: who made each of them, what it says, and which files of the project it touches."""

from __future__ import annotations

from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.git import Entry, Repository
from plantproof.git_commit import Commit, moment_of, parse_commit
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
    listed = repository.ask(arguments).decode("ascii").split()
    if len(listed) > MOST_COMMITS:
        raise refuse(
            f"the change has more than {MOST_COMMITS} commits",
            "choose a nearer base; `report history` follows long times",
        )
    return [_commit(repository, identifier) for identifier in listed]


def refuse_cut_history(repository: Repository, start: str, *tips: str) -> None:
    """Raise InputError where a shallow clone ends between `start` and one of the commits that left it (ids).

    What is not there may hold a nearer merge base, and the commit at which the clone ends would seem to bring every
    file. Where it ends behind `start`, nothing is missed.
    """
    if not repository.shallow:
        return
    place = repository.ask(["rev-parse", "--git-path", "shallow"]).decode("utf-8", "surrogateescape").rstrip("\n")
    ends = set((repository.top / place).read_text("ascii").split())
    if ends & set(repository.ask(["rev-list", *tips, f"^{start}"]).decode("ascii").split()):
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
    no more than the last `most`. One `git log` for all of them. Raises InputError for an unknown ref."""
    head = f"{repository.prefix}/" if repository.prefix else ""
    arguments = ["log", "-z", "--raw", "--first-parent", "-m", "--no-renames", "--no-abbrev", "--no-color"]
    arguments += ["--encoding=UTF-8", "--format=%x01%H%x02%ct%x02%an%x02%s", *([f"--max-count={most}"] if most else [])]
    arguments += [repository.resolve(to), *([f"^{repository.resolve(since)}"] if since else []), "--"]
    output = repository.ask([*arguments, *(head + part for part in PROJECT_PARTS)])
    found: list[PastCommit] = []
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        row = token.lstrip(b"\n")
        if row.startswith(b"\x01"):
            found.append(_past(row[1:]))
        elif row.startswith(b":"):
            _, mode, _, identifier, _ = row.decode("ascii").split(" ")
            path = next(tokens).decode("utf-8", "surrogateescape").removeprefix(head)
            gone = mode == "000000"
            found[-1].changed[path] = None if gone else Entry(path, identifier, mode)
    return found[::-1]


def last_day_before(repository: Repository, commit: str) -> str:
    """The latest day (UTC) of the commits before this one that changed the project, from parent to first parent; ""
    where there is none. Clocks may have been wrong."""
    head = f"{repository.prefix}/" if repository.prefix else ""
    arguments = ["log", "--first-parent", "-m", "--format=%ct", commit, "--", *(head + part for part in PROJECT_PARTS)]
    seconds = [int(row) for row in repository.ask(arguments).decode("ascii").split()[1:]]
    return moment_of(str(max(seconds)))[:10] if seconds else ""


def _past(row: bytes) -> PastCommit:
    identifier, seconds, author, subject = row.decode("utf-8", "replace").split("\x02", 3)
    return PastCommit(identifier, moment_of(seconds), author, subject, {})


def paths_between(repository: Repository, base: str, head: str) -> list[str]:
    """Every path of the repository that differs between two commits, as git lists them from its top folder."""
    return _names(repository.ask(["diff-tree", "-r", "-z", "--no-renames", "--name-only", base, head]))


def project_paths(repository: Repository, paths: list[str]) -> tuple[list[str], list[str]]:
    """Paths of the repository apart: those of the project, relative to it, and the rest."""
    if not repository.prefix:
        return paths, []
    start = f"{repository.prefix}/"
    return [path[len(start) :] for path in paths if path.startswith(start)], [
        path for path in paths if not path.startswith(start)
    ]


def _commit(repository: Repository, identifier: str) -> RangeCommit:
    commit = parse_commit(identifier, repository.ask(["cat-file", "commit", identifier]))
    changed = ["diff-tree", "-r", "-z", "--no-renames", "--name-only", "--no-commit-id", "--root"]
    output = repository.ask([*changed, *commit.parents[:1], identifier])
    inside, outside = project_paths(repository, _names(output))
    return RangeCommit(commit, tuple(inside), tuple(outside))


def _names(output: bytes) -> list[str]:
    return sorted(name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name)
