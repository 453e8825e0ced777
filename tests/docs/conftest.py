"""A clone of this checkout, and the shell of a reader in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.documents import Shell, clone, environment


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as its clone; shared, so no test may change what is in it."""
    return clone(tmp_path_factory.mktemp("clone") / "plantproof")


@pytest.fixture
def in_clone(tmp_path: Path) -> Shell:
    """A reader who has just cloned the repository."""
    folder = clone(tmp_path / "plantproof")
    return Shell(folder, environment(tmp_path / "home", folder))


@pytest.fixture
def in_empty_folder(tmp_path: Path, checkout: Path) -> Shell:
    """A reader with `plantproof` installed, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Shell(folder, environment(tmp_path / "home", checkout))
