"""Which installation this is, by its bytes: results of another one are none of ours, whatever version it says it is.

Imports next to nothing: it is asked before anything else is loaded.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterator

_SKIPPED = ("__pycache__", ".git")


@functools.cache  # the program that runs is the one that was loaded; 400 files are read for it
def code_digest() -> str:
    """A digest of the program's own files. Content, which is pinned by its own hash, is left out."""
    package = _package()
    return _digest(package, (path for path in _files(package, "") if path.endswith(".py")))


@functools.cache
def content_digest() -> str:
    """A digest of the shipped catalogs, profiles, policies, mappings and packs, as they lie there."""
    inside = os.path.join(_package(), "content")
    if os.path.isdir(inside):
        return _digest(inside, _files(inside, ""))
    checkout = os.path.dirname(os.path.dirname(_package()))
    folders = ("controls/catalogs", "controls/profiles", "mappers", "policies", "reports")
    return _digest(checkout, (path for folder in folders for path in _files(checkout, folder)))


def _package() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _digest(base: str, paths: Iterator[str]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        with open(os.path.join(base, path), "rb") as file:
            data = file.read()
        total.update(f"{path}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def _files(base: str, under: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(os.path.join(base, under)))
    except FileNotFoundError:
        return
    for entry in entries:
        path = f"{under}/{entry.name}" if under else entry.name
        if entry.is_dir():
            if entry.name not in _SKIPPED:
                yield from _files(base, path)
        else:
            yield path
