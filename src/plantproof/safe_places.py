"""Where files are written: never through a link that a project brought along, never over what somebody put there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from plantproof.errors import refuse


def refuse_links(root: Path, target: Path) -> None:
    """Raise `InputError` where a step from a project's root to a place in it is a symbolic link: it could lead out of
    the project."""
    place = root
    for part in target.relative_to(root).parts:
        place = place / part
        if place.is_symlink():
            path = place.relative_to(root).as_posix()
            raise refuse("a symlink, which is never followed", "put here what it points to", path=path)


def is_plain_file(path: str) -> bool:
    """Whether a place can be written by putting a file there: nothing lies there, or a file. A pipe or a device would
    be lost, and who put a link there would find that it is none any more."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return True


def unguessed(target: Path, suffix: str) -> Path:
    """A name beside a file for what is not finished yet: nobody can have put a link there. To be opened as `x`."""
    return target.with_name(f".{target.name[:100]}.{os.urandom(8).hex()}{suffix}")
