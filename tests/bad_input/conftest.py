"""The small project of tests/support/project.py, copied for each test, and a look at everything that lies there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.project import contents, make_project

from plantproof.cli.start import run


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "works"
    make_project(folder)
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project in which the command line works; today is 20 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795132800")
    monkeypatch.delenv("PLANTPROOF_REDACTION_KEY", raising=False)
    folder = tmp_path / "works"
    shutil.copytree(template, folder)
    monkeypatch.chdir(folder)
    return folder


class Refusal:
    """Runs command lines that must be refused: exit code 2, nothing on stdout, no file changed."""

    def __init__(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.project = project
        self._capsys = capsys

    def of(self, *arguments: str) -> list[str]:
        """The lines on stderr: one a mistake, and how many there are."""
        self._capsys.readouterr()
        before = contents(self.project)
        assert run(list(arguments)) == 2
        assert contents(self.project) == before
        told = self._capsys.readouterr()
        assert told.out == ""
        assert "\x1b" not in told.err
        assert "Traceback" not in told.err
        return told.err.splitlines()

    def one(self, *arguments: str) -> str:
        """The only mistake."""
        (line,) = self.of(*arguments)
        return line


@pytest.fixture
def refused(project: Path, capsys: pytest.CaptureFixture[str]) -> Refusal:
    return Refusal(project, capsys)
