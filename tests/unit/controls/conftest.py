"""Projects in memory over the shipped catalogs and profiles, for tests of what is read from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from plantproof.bundled import Content, bundled_content
from plantproof.controls.catalogs import load_catalog
from plantproof.model.catalog import Catalog
from plantproof.project import Project, open_project

SHIPPED = ("iec62443-3-3", "iec62443-3-2", "sp800-53r5", "csf20")

PROJECT_FILE = """\
schema: plantproof/project/1
title: Invented
content: {{version: "1", hash: "0"}}
profiles: [{profiles}]
sites: {{{sites}}}
"""

SITE = """\
schema: plantproof/site/1
id: mill
title: A mill that does not exist
owner: Plant manager
zones:
  - {id: office, title: Office, kind: business, purdue_level: 4, subnets: [10.1.0.0/16]}
  - {id: cell, title: Cell, kind: control, purdue_level: 2, subnets: [10.2.0.0/24], sl_target: [2, 2, 2, 1, 2, 1, 2]}
conduits:
  - {id: office-cell, title: Office to cell, zones: [office, cell]}
"""


class MemoryTree:
    """The files of a project, from a dictionary."""

    commit = ""
    object_format = "sha1"

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(sorted(files.items()))

    def paths(self, under: str = "") -> list[str]:
        return [path for path in self._files if path.startswith(under)]

    def exists(self, path: str) -> bool:
        return path in self._files

    def read(self, path: str) -> bytes:
        return self._files[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, self._files[path]) for path in paths)

    def list(self, under: str = "") -> list[object]:
        raise AssertionError("controls ask for no ids")

    def id(self, path: str) -> str | None:
        raise AssertionError("controls ask for no ids")


ProjectOf = Callable[..., Project]


@pytest.fixture(scope="session")
def content() -> Content:
    """The catalogs and profiles that are shipped, and nothing else of the content."""
    shipped = bundled_content()
    files = {path: data for path, data in shipped.files.items() if path.startswith("controls/")}
    return Content(version=shipped.version, hash=shipped.hash, files=files)


@pytest.fixture(scope="session")
def catalogs(content: Content) -> dict[str, Catalog]:
    """The shipped catalogs by name."""
    paths = {name: f"controls/catalogs/{name}.yaml" for name in SHIPPED}
    return {name: load_catalog(content.files[path], path) for name, path in paths.items()}


@pytest.fixture
def project_of(content: Content) -> ProjectOf:
    """Makes a project from texts by path: with one site and one profile, unless told otherwise."""

    def make(
        files: Mapping[str, str] | None = None, *, profiles: str = "iec62443-sl2", sites: str = "mill: {}"
    ) -> Project:
        own = {
            "plantproof.yaml": PROJECT_FILE.format(profiles=profiles, sites=sites),
            "controls/sites/mill.yaml": SITE,
            **(files or {}),
        }
        tree = MemoryTree({path: text.encode() for path, text in own.items()})
        return open_project(tree, accept_content=True, content=content)

    return make


@pytest.fixture
def site_text() -> str:
    """A site file in order."""
    return SITE


@pytest.fixture(scope="session")
def shipped_root(root: Path) -> Path:
    """Where the shipped files lie in this checkout."""
    return root / "controls"
