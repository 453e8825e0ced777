"""The only door to git: the repository that holds a project, its commits, and the trees of files that others read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from plantproof.errors import InputError, refuse
from plantproof.git_command import GitError, refuse_partial_clone, run_git, warnings_of_git
from plantproof.git_commit import Commit, parse_commit
from plantproof.git_objects import DAMAGED, ObjectReader, forged_commit, object_id
from plantproof.git_tree import Folders, GitTree
from plantproof.git_worktree import DirTree
from plantproof.spelling import did_you_mean
from plantproof.text import visible
from plantproof.tree import Entry, Tree, blob_id
from plantproof.tree_names import lies_under

__all__ = ["Commit", "DirTree", "Entry", "GitTree", "Repository", "Tree", "blob_id"]

OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Repository:
    """The git repository that holds a project. `root` is the project's folder, `prefix` its path in the repository."""

    def __init__(
        self,
        root: Path,
        top: Path,
        *,
        git_dir: Path,
        common_dir: Path,
        object_format: str,
        shallow: bool,
        trusted: Path | None,
    ) -> None:
        self.root, self.top = root, top
        self.prefix = "" if root == top else root.relative_to(top).as_posix()
        self.object_format = object_format
        self.shallow = shallow
        self._common_dir, self._trusted = common_dir, trusted
        self._objects = ObjectReader(top, git_dir=git_dir, common_dir=common_dir, trusted=trusted)
        self._whole = False
        self._named: dict[str, str] = {}
        self._ids: set[str] = set()
        self._commits: dict[str, Commit] = {}

    def tree(self, ref: str) -> GitTree:
        """The project at a commit. Raises `InputError` for an unknown ref and for a partial clone."""
        return GitTree(
            self.top,
            self.resolve(ref),
            self.prefix,
            object_format=self.object_format,
            objects=self._objects,
            trusted=self._trusted,
        )

    def expect(self, named: Mapping[str, str]) -> None:
        """Refs that git has resolved just now, in what is no partial clone, with the ids of their commits: each serves
        the next `resolve` of it."""
        self._whole = self._whole or bool(named)
        self._named.update(named)

    def working_tree(self) -> DirTree:
        """The project as it lies on the disk, without what git ignores."""
        return DirTree(self.root, object_format=self.object_format, repository=self.top, trusted=self._trusted)

    def resolve(self, ref: str) -> str:
        """The full id of the commit that `ref` names (branch, tag, id). Raises `InputError` with the nearest name, and
        for a partial clone."""
        if ref in self._ids:
            return ref  # git has said that this is a commit's id
        if ref in self._named:
            return self._named.pop(ref)  # asked a moment ago, and not to be relied on for longer: branches move
        if not may_be_ref(ref):
            raise refuse(f"`{visible(ref)}` names no commit", "give a branch, a tag or a commit's id")
        if not self._whole:
            refuse_partial_clone(self.top, self._trusted)
            self._whole = True
        try:
            output, said = warnings_of_git(
                self.top, ["rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}"], trusted=self._trusted
            )
        except GitError:
            raise self._unknown(ref) from None
        if "is ambiguous" in said:
            raise refuse(
                f"`{ref}` names several branches or tags",
                f"write refs/heads/{ref} or refs/tags/{ref}, or refs/remotes/{ref} of a branch that was fetched",
            )
        identifier = output.decode("ascii", "replace").strip()
        if not OBJECT_ID.fullmatch(identifier):
            raise self._unknown(ref)  # `^main`, which is no commit but all that are not in it
        return identifier

    def commit(self, ref: str) -> Commit:
        """What the commit's object says. No signature is checked: that would run programs."""
        identifier = self.resolve(ref)
        if identifier not in self._commits:
            found = self._objects.read([identifier])[0]
            if found is None or found.kind != "commit":
                raise self._unknown(ref)
            if object_id("commit", found.data, self.object_format) != identifier:
                raise forged_commit(identifier)
            commit = parse_commit(identifier, found.data)
            self._commits[identifier] = commit
            self._ids.update([identifier, *commit.parents])
        return self._commits[identifier]

    def merge_base(self, base: str, head: str, base_id: str = "", head_id: str = "") -> str:
        """The commit from which `head` left `base`, of which the ids may be known already. Raises `InputError` where
        there is none, or more than one."""
        first, second = base_id or self.resolve(base), head_id or self.resolve(head)
        try:
            output = run_git(self.top, ["merge-base", "--all", first, second], trusted=self._trusted)
        except GitError:
            output = b""
        found = output.decode("ascii").split()
        if not found and self.shallow:
            raise refuse(
                f"this clone is too shallow to find where `{visible(head)}` left `{visible(base)}`",
                "`git fetch --unshallow` brings the whole history (in CI: fetch-depth 0, GIT_DEPTH 0)",
            )
        if not found:
            raise refuse(
                f"`{visible(base)}` and `{visible(head)}` have no history in common",
                "are they of one repository? `--exact` compares them all the same",
            )
        if len(found) > 1:
            listed = ", ".join(each[:12] for each in sorted(found))
            raise refuse(
                f"`{visible(head)}` left `{visible(base)}` at {len(found)} places: {listed}",
                f"merge `{visible(base)}` into `{visible(head)}` once more; `--exact` compares with the base itself",
            )
        return found[0]

    def ask(self, arguments: Sequence[str], data: bytes | None = None) -> bytes:
        """What git answers in this repository, hardened like every call. Raises `GitError`. For the modules of git."""
        return run_git(self.top, arguments, trusted=self._trusted, data=data)

    @contextmanager
    def folders(self) -> Iterator[Folders]:
        """What stands in the folders of commits, compared with their ids, while git is open. For the modules of git."""
        with self._objects.proving(self.object_format) as prove:
            yield Folders(prove, self._objects.folders)

    def log_path(self, ref: str, path: str, limit: int = 1) -> list[Commit]:
        """The newest commits up to `ref` that changed `path`, newest first."""
        arguments = ["rev-list", f"--max-count={int(limit)}", self.resolve(ref), "--", self.place(path)]
        return [self.commit(row) for row in run_git(self.top, arguments, trusted=self._trusted).decode("ascii").split()]

    def is_cut_at(self, commit: Commit) -> bool:
        """Whether the history is shallow and ends at a commit, so that more may lie behind it."""
        cuts = self._common_dir / "shallow"
        return self.shallow and cuts.is_file() and commit.id in cuts.read_text("ascii").split()

    def place(self, path: str) -> str:
        """Where a file of the project lies in the repository."""
        return f"{self.prefix}/{path}" if self.prefix else path

    def changed_paths(self, under: str | Sequence[str] = (), ref: str = "HEAD") -> list[str]:
        """Paths whose bytes on the disk differ from `ref`, or that are on one side only. Without `git status`."""
        there, here = self.tree(ref), self.working_tree()
        before = {entry.path: entry.id for entry in there.list()}
        now = {entry.path: entry.id for entry in here.list()}
        folders = (under,) if isinstance(under, str) else tuple(under) or ("",)
        return sorted(
            path
            for path in before.keys() | now.keys()
            if before.get(path) != now.get(path) and any(lies_under(path, folder) for folder in folders)
        )

    def is_clean(self, under: str | Sequence[str] = (), ref: str = "HEAD") -> bool:
        """Whether the project's files (below `under`, a folder or several) are byte for byte those of the commit."""
        return not self.changed_paths(under, ref)

    def _unknown(self, ref: str) -> InputError:
        names = (
            run_git(
                self.top,
                ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"],
                trusted=self._trusted,
            )
            .decode("utf-8", "replace")
            .split()
        )
        try:
            run_git(self.top, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], trusted=self._trusted)
        except GitError:
            if not names or ref == "HEAD":
                return refuse("the repository has no commit yet", "`git add` and `git commit` the project first")
        if self.shallow:
            return refuse(
                f"`{visible(ref)}` is not in this shallow clone",
                "`git fetch --unshallow` brings the whole history (in CI: fetch-depth 0, GIT_DEPTH 0)",
            )
        damaged = DAMAGED if ref in names else ""
        hint = damaged or did_you_mean(ref, names) or "`git branch --all` and `git tag` list what there is"
        return refuse(f"`{visible(ref)}` names no commit", hint)


def may_be_ref(ref: str) -> bool:
    """Whether a text can be given to git as the name of a commit: it is no option, and one word."""
    return bool(ref) and not ref.startswith("-") and not re.search(r"[\x00-\x20\x7f]", ref)
