"""What is installed beside us, read off the folders that installers make: `importlib.metadata` takes 30 ms to import,
and is asked where a folder does not tell.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

SUFFIXES = (".dist-info", ".egg-info")
_ENTRY_POINTS = "entry_points.txt"


class Installed(NamedTuple):
    """The folder of an installed package, named by its name and version."""

    folder: str
    name: str


def installed() -> Iterator[Installed]:
    """Every package in a folder of `sys.path`, in the order of that."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        yield from (Installed(folder or ".", name) for name in names if name.endswith(SUFFIXES))


def version_of(package: str) -> str:
    """The version of an installed package. Raises LookupError (`PackageNotFoundError`) where it is not installed."""
    wanted = f"{package.replace('-', '_').lower()}-"
    for each in installed():
        if each.name.lower().startswith(wanted) and each.name.endswith(".dist-info"):
            return each.name[len(wanted) : -len(".dist-info")]
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        raise LookupError(package) from None


def may_bring(group: str) -> bool:
    """Whether any package may bring entry points of a group, or of one whose name begins so: certain where not."""
    if any(hasattr(finder, "find_distributions") and not _of_folders(finder) for finder in sys.meta_path):
        return True
    if any(os.path.isfile(folder) for folder in sys.path):
        return True  # an archive
    named = f"[{group}".encode()
    return any(named in _read(each).replace(b" ", b"") for each in installed())


def _of_folders(finder: object) -> bool:
    return getattr(finder, "__name__", "") == "PathFinder"


def _read(package: Installed) -> bytes:
    try:
        with open(os.path.join(package.folder, package.name, _ENTRY_POINTS), "rb") as file:
            return file.read()
    except OSError:
        return b""
