"""What the scripts of ci/ find on a runner: `plantproof` on PATH, a project in a bare repository on disk, a forge."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.documents import ROOT, environment
from tests.support.fake_forge import FakeForge, served
from tests.support.git_repository import GitRepository
from tests.support.project import make_project

CI = ROOT / "ci"
TODAY = "1795132800"
"""20 November 2026, in seconds."""


class Done(NamedTuple):
    """What a script came to."""

    code: int
    out: str
    err: str


class Runner:
    """A machine that runs scripts: nothing of this one's environment but PATH."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**environment(home, ROOT), "SOURCE_DATE_EPOCH": TODAY, "TMPDIR": str(home)}
        # As an installed command is started: the folder in which it runs is not searched for modules.
        self.install(f'PYTHONPATH="{ROOT}/src" exec "{sys.executable}" -P -m plantproof.cli.start "$@"')

    def install(self, script: str) -> None:
        """Put another `plantproof` on PATH."""
        (self.home / "bin/plantproof").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")

    def __call__(self, *command: str | Path, folder: Path, **variables: str) -> Done:
        return self.run([str(word) for word in command], folder, variables)

    def run(self, command: list[str], folder: Path, variables: Mapping[str, str]) -> Done:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**self.environment, **variables},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path / "home")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "works"
    make_project(folder)
    return folder


class Plant(NamedTuple):
    """A bare repository, as a forge keeps it, and a clone to work in."""

    origin: Path
    work: GitRepository


@pytest.fixture
def plant(template: Path, tmp_path: Path) -> Plant:
    """The small project, pushed."""
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(origin)], check=True)
    shutil.copytree(template, tmp_path / "work")
    work = GitRepository(tmp_path / "work")
    work.date = "2026-11-19T13:00:00Z"
    work.git("remote", "add", "origin", origin.as_uri())
    work.git("push", "-q", "origin", "main")
    return Plant(origin, work)


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest) -> Iterator[FakeForge]:
    """Either forge, with pages of two."""
    with served(FakeForge(request.param)) as each:
        yield each


@pytest.fixture(autouse=True)
def _on_a_system_with_bash() -> None:
    if os.name == "nt":
        pytest.skip("the scripts run on the runners of a forge, which have bash")
