"""Who brought a line of evidence, and when."""

from __future__ import annotations

import re
from typing import NamedTuple

from plantproof.errors import refuse
from plantproof.git import Repository
from plantproof.git_command import GitError
from plantproof.text import visible


class Blamed(NamedTuple):
    """The commit that brought a line: its id, author, date in UTC, subject; `line` and `path` as they were there.

    `cut`: the history is shallow and ends here, so an older commit may have brought the line.
    """

    commit: str
    author: str
    date: str
    subject: str
    path: str
    line: int
    cut: bool = False


def blame(repository: Repository, ref: str, path: str, line: int) -> Blamed | None:
    """The commit that brought a line (from 1) of a file as of `ref`; None where there is no such line."""
    if line < 1:
        return None
    # The empty name drops the files of commits to pass over that the repository's configuration lists.
    arguments = ["blame", "--porcelain", "--root", "--no-textconv", "--no-progress", "--ignore-revs-file="]
    arguments += [f"-L{line},{line}", repository.resolve(ref), "--", repository.place(path)]
    try:
        output = repository.ask(arguments)
    except GitError as failed:
        if "has only" in failed.message or "no such path" in failed.message:
            return None
        raise refuse(f"git cannot tell who wrote line {line}: {visible(failed.message)}", path=visible(path)) from None
    return _parsed(repository, output)


def _parsed(repository: Repository, output: bytes) -> Blamed | None:
    rows = output.split(b"\n")
    if not rows or len(rows[0].split()) < 3:
        return None
    identifier, line = rows[0].split()[:2]
    fields = (row.partition(b" ") for row in rows[1:] if not row.startswith(b"\t"))
    facts = {name: value for name, _, value in fields}
    path = _unquoted(facts.get(b"filename", b"")).removeprefix(f"{repository.prefix}/" if repository.prefix else "")
    commit = repository.commit(identifier.decode("ascii"))
    cut = repository.is_cut_at(commit)
    return Blamed(commit.id, commit.author, commit.author_date, commit.subject, path, int(line), cut)


def _unquoted(name: bytes) -> str:
    """A path as git prints it: in quotes, with escapes, where it holds anything unusual."""
    if not name.startswith(b'"'):
        return name.decode("utf-8", "replace")
    plain = re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match.group(1), 8)]), name[1:-1])
    return re.sub(rb"\\(.)", rb"\1", plain).decode("utf-8", "replace")
