"""A small repository for a test, made with git itself: fixed names and dates, no configuration of the machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_VARIABLES = {
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+0200",
    "GIT_AUTHOR_EMAIL": "ada@plant.example",
    "GIT_AUTHOR_NAME": "Ada Plant",
    "GIT_COMMITTER_DATE": "2026-01-02T04:04:05+0200",
    "GIT_COMMITTER_EMAIL": "bob@plant.example",
    "GIT_COMMITTER_NAME": "Bob Plant",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class GitRepository:
    """A repository in `folder`, with what tests do to it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.date = ""
        """When commits are made from now on, such as `2026-11-19T12:00:00Z`; "" for the fixed moment."""
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        """Run git here and give back what it printed, stripped."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=data,
            env={**os.environ, **_VARIABLES, **self._dates()},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def _dates(self) -> dict[str, str]:
        return {"GIT_AUTHOR_DATE": self.date, "GIT_COMMITTER_DATE": self.date} if self.date else {}

    def write(self, **files: str) -> None:
        """Write files by path, given as keyword arguments of a dict: `write(**{"controls/a.yaml": "..."})`."""
        for path, text in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8"))

    def commit(self, subject: str = "Change", **files: str) -> str:
        """Write files, commit everything, give back the commit's id."""
        self.write(**files)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def forge(self, wanted: str, other: str) -> str:
        """Put the object that `other` names in the place of the one that `wanted` names; give back the id of that."""
        objects = self.folder / ".git" / "objects"
        wanted, other = self.git("rev-parse", wanted), self.git("rev-parse", other)
        target = objects / wanted[:2] / wanted[2:]
        target.chmod(0o644)
        target.write_bytes((objects / other[:2] / other[2:]).read_bytes())
        return wanted

    def commit_tree(self, rows: list[tuple[str, str, bytes]], subject: str = "Tree") -> str:
        """Commit a flat tree of (mode, object id, name) whatever the names: what only a hostile hand would write."""
        body = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, oid, name in rows)
        tree = self.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=body)
        commit = self.git("commit-tree", "-m", subject, tree)
        self.git("update-ref", "refs/heads/main", commit)
        return commit

    def blob(self, data: bytes) -> str:
        """Store bytes as a blob, give back its id."""
        return self.git("hash-object", "-w", "--stdin", data=data)
