"""A small project with evidence, made once and copied for each test, and the day that SOURCE_DATE_EPOCH says is
today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.project import make_project

TODAY = "1795132800"
"""20 November 2026, in seconds."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "works"
    make_project(folder)
    return folder


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One day for all, and nothing of the machine's."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    for variable in ("NO_COLOR", "FORCE_COLOR", "PLANTPROOF_REDACTION_KEY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def plant(grown: Path, tmp_path: Path) -> Path:
    """A copy of the synthetic plant of a module, which calls it `grown`."""
    folder = tmp_path / "plant"
    shutil.copytree(grown, folder)
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, and the folder in which the command line works."""
    folder = tmp_path / "works"
    shutil.copytree(template, folder)
    monkeypatch.chdir(folder)
    return folder
