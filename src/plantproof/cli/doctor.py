"""`plantproof doctor`: what this machine and this project have and lack, each with the remedy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import click

from plantproof.cli.options import project_option

REQUIRED = (
    "click",
    "gitpython",
    "gordon-to-regorus",
    "jinja2",
    "jsonschema",
    "markdown",
    "msgspec",
    "nh3",
    "opa-python-client",
    "pyyaml",
    "rich",
)


class Look(NamedTuple):
    """One thing looked at: whether it is as it should be, what was seen, what to do otherwise."""

    well: bool
    what: str
    seen: str
    remedy: str = ""


@click.command("doctor")
@project_option
def command(folder: Path) -> int:
    """Look at Python, packages, git, the engine and the project. Exit 0: all well; 1: something is not."""
    from plantproof.text import visible

    looks = [*of_machine(), *of_commits(folder), *of_project(folder)]
    for look in looks:
        click.echo(visible(f"{'ok  ' if look.well else 'FAIL'} {look.what}: {look.seen}"))
        if not look.well and look.remedy:
            click.echo(f"     {look.remedy}")
    return 0 if all(look.well for look in looks) else 1


def of_machine() -> Iterator[Look]:
    """Python, the packages, git, the embedded engine in its worker, an OPA if there is one."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Look(sys.version_info >= (3, 11), "Python", version, "Plantproof needs Python 3.11 or newer")
    for name in REQUIRED:
        try:
            yield Look(True, name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Look(False, name, "missing", f"pip install {name}")
    git = shutil.which("git")
    yield Look(bool(git), "git", git or "missing", "install git 2.39 or newer")
    yield look("embedded engine", engine_answers, "pip install --force-reinstall gordon-to-regorus")
    opa = shutil.which("opa")
    yield Look(True, "OPA (optional)", opa or "not here; only --engine opa and `make test` need one")


def of_commits(folder: Path) -> Iterator[Look]:
    """Whom git names as the author of a commit: evidence counts from a commit on, and only people make commits."""
    if shutil.which("git") and folder.is_dir():
        from plantproof.git_command import commits_as

        missing = "none; `git commit` needs `git config --global user.name NAME` and `user.email ADDRESS` first"
        yield Look(True, "identity of git (to commit)", commits_as(folder) or missing)


def of_project(folder: Path) -> Iterator[Look]:
    """The project file, the content pin, the repository."""
    yield look("project and content", lambda: project_opens(folder), "")


def look(what: str, action: Callable[[], str], remedy: str) -> Look:
    """Do something that may fail on the user's machine, and say how it went."""
    from plantproof.errors import InputError

    try:
        return Look(True, what, action())
    except InputError as error:
        return Look(False, what, str(error).replace("\n", "; "), remedy)


def engine_answers() -> str:
    """Ask the embedded engine, in its worker process, for its version."""
    from plantproof.cli.assessing import EngineChoice, started_engine
    from plantproof.model.project_file import Limits

    with started_engine(EngineChoice(jobs=1), Limits()) as engine:
        return f"{engine.name} {engine.version}"


def project_opens(folder: Path) -> str:
    """Open the project's working tree as `check` does."""
    from plantproof.cli.assessing import open_at

    opened = open_at(folder, None, None, "pinned")
    return f"{opened.project.file.title}; content {opened.project.content_version} as pinned"
