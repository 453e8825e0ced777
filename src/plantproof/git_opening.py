"""The repository that holds a project: found, and trusted or refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from plantproof.errors import InputError, refuse
from plantproof.git import OBJECT_ID, Repository, may_be_ref
from plantproof.git_command import GitError, refuse_partial_clone, run_git, user_trusts, warnings_of_git
from plantproof.text import visible

_WANTED = (
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-object-format",
    "--is-shallow-repository",
    "--show-toplevel",
)


def open_repository(start: Path, *refs: str) -> Repository:
    """The repository that holds the project at `start`. Raises `InputError` where there is none that can be trusted.

    `refs` are those that will be resolved next: git says in the same breath what they name. One that names nothing, or
    not one thing alone, is left to `resolve`.
    """
    root = start.resolve()
    trusted: Path | None = None
    named: dict[str, str] = {}
    try:
        output, named = _asked_with(root, refs) if refs else (_asked(root, None), named)
    except GitError as failed:
        if "dubious ownership" not in failed.message:
            raise _not_a_repository(root, failed) from None
        trusted = _owner_approved(root, failed)
        try:
            output = _asked(root, trusted)
        except GitError as again:
            raise _not_a_repository(root, again) from None
    rows = output.decode("utf-8", "surrogateescape").split("\n")
    if len(rows) != 6:
        raise refuse(f"the path of the repository at {visible(str(root))} holds a line break", "rename the folder")
    git_dir, common_dir, object_format, shallow, top = rows[:5]
    top_folder = Path(top).resolve()
    if root != top_folder and top_folder not in root.parents:
        raise refuse(
            f"git's working tree is {visible(str(top_folder))}, which does not hold {visible(str(root))}",
            "remove core.worktree from the repository's configuration",
        )
    repository = Repository(
        root,
        top_folder,
        git_dir=Path(git_dir),
        common_dir=(root / common_dir).resolve(),
        object_format=object_format,
        shallow=shallow == "true",
        trusted=trusted,
    )
    repository.expect(named)
    return repository


def _asked(root: Path, trusted: Path | None) -> bytes:
    return run_git(root, ["rev-parse", *_WANTED], trusted=trusted)


def _asked_with(root: Path, refs: Sequence[str]) -> tuple[bytes, dict[str, str]]:
    """What `_asked` gives, and what the refs name: nothing of it where git had anything to say against one of them."""
    wanted = list(dict.fromkeys(refs))
    if all(may_be_ref(ref) for ref in wanted):
        refuse_partial_clone(root)
        try:
            output, said = warnings_of_git(root, ["rev-parse", *_WANTED, *(f"{ref}^{{commit}}" for ref in wanted)])
        except GitError:
            return _asked(root, None), {}
        rows = output.split(b"\n")
        ids = [row.decode("ascii", "replace") for row in rows[len(_WANTED) : -1]]
        if len(ids) == len(wanted) and all(OBJECT_ID.fullmatch(each) for each in ids) and not said:
            return b"\n".join([*rows[: len(_WANTED)], b""]), dict(zip(wanted, ids, strict=True))
    return _asked(root, None), {}


def _owner_approved(root: Path, failed: GitError) -> Path:
    found = re.search(r"repository at '(.+)'", failed.message)
    folder = Path(found.group(1)) if found else root
    if not user_trusts(folder):
        raise refuse(
            f"the repository at {visible(str(folder))} belongs to another user",
            f"if you trust it: git config --global --add safe.directory {visible(folder.as_posix())}",
        )
    return folder


def _not_a_repository(root: Path, failed: GitError) -> InputError:
    if "bare repository" in failed.message or "must be run in a work tree" in failed.message:
        return refuse(
            f"{visible(str(root))} is a bare repository, without files to work on", "clone it, and work in the clone"
        )
    if "not a git repository" in failed.message:
        return refuse(
            f"{visible(str(root))} is not in a git repository", "`git init` makes one; evidence needs a history"
        )
    return refuse(
        f"git cannot read the repository at {visible(str(root))}: {visible(failed.message)}", "run `git fsck` there"
    )
