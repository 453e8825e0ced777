"""The content that comes with the tool: catalogs, profiles, policies, mappings, packs. A project pins its hash."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from plantproof import __version__
from plantproof.errors import refuse
from plantproof.tree import no_such_file
from plantproof.tree_names import lies_under

CONTENT_FOLDERS = ("controls/catalogs", "controls/profiles", "mappers", "policies", "reports")
"""What is content: in the wheel below plantproof/content, in a checkout below the repository's root."""


NOT_SHIPPED = frozenset({"controls/profiles/northmill-ot.yaml"})
"""The reference plant's own profile: in the repository it lies where a project's profiles lie, and is no content."""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The files by path, the version they came with, and the digest over all of them."""

    version: str
    hash: str
    files: Mapping[str, bytes]

    def list(self, under: str = "") -> list[str]:
        """The paths below `under`, sorted."""
        return sorted(path for path in self.files if lies_under(path, under))

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises `InputError` where there is none."""
        if path not in self.files:
            raise no_such_file(path, self.files)
        return self.files[path]

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self.files

    def origin(self, path: str) -> Literal["content", "project", "override"]:
        """As of a `Project`: all of this is content."""
        return "content"


def is_content(path: str) -> bool:
    """Whether content could ship a file: READMEs and hidden files explain, they decide nothing."""
    name = path.rsplit("/", 1)[-1]
    if (
        path in NOT_SHIPPED
        or name == "README.md"
        or name.startswith(".")
        or name.endswith("~")
        or "/__pycache__/" in path
    ):
        return False
    return any(lies_under(path, folder) and path != folder for folder in CONTENT_FOLDERS)


def content_hash(files: Mapping[str, bytes]) -> str:
    """sha256 over the sorted lines `<path> NUL <sha256 of the bytes>`."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


def read_content(folder: Path, version: str) -> Content:
    """The content below a folder that has the shape of a project."""
    files = {path: (folder / path).read_bytes() for path in sorted(_paths(folder)) if is_content(path)}
    return Content(version=version, hash=content_hash(files), files=files)


@functools.cache
def bundled_content() -> Content:
    """The content of this installation. Raises `InputError` where the installation has none."""
    package = Path(__file__).resolve().parent
    for folder in (package / "content", package.parent.parent):
        if (folder / "controls" / "catalogs").is_dir():
            return read_content(folder, __version__)
    raise refuse(
        "this installation has no content: catalogs, policies and mappings are missing", "install plantproof again"
    )


def _paths(folder: Path) -> Iterator[str]:
    for part in CONTENT_FOLDERS:
        for place, folders, names in os.walk(folder / part):
            folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
            for name in names:
                yield (Path(place) / name).relative_to(folder).as_posix()
