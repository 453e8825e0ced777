"""The same commit gives the same pack: twice, elsewhere, in another clone, time zone, locale, order and hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.project import contents, make_project

from plantproof.cli.start import run

ROOT = Path(__file__).resolve().parents[2]
LATER = "1900000000"
"""A day in 2030: when a pack is made changes nothing in it."""


def pack(project: Path, output: Path, **variables: str) -> dict[str, str]:
    """Every file of a pack of HEAD and its zip, by hash, made by a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SOURCE_DATE_EPOCH": LATER, **variables}
    command = [sys.executable, "-m", "plantproof.cli.start", "pack", "--at", "HEAD", "-o", str(output / "pack")]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return contents(output)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "works"
    make_project(folder)
    return folder


@pytest.fixture(scope="module")
def first(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    made = pack(project, tmp_path_factory.mktemp("first"), PYTHONHASHSEED="1")
    assert {"pack.zip", "pack/MANIFEST.json", "pack/SHA256SUMS", "pack/assessment.json", "pack/gaps.csv"} <= made.keys()
    assert "pack/html/index.html" in made
    return made


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "7", "TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        {"SOURCE_DATE_EPOCH": "1795132800", "PYTHONUTF8": "0", "COLUMNS": "40", "FORCE_COLOR": "1"},
        {"PYTHONOPTIMIZE": "1", "USER": "somebody", "HOME": "/nowhere"},
    ],
    ids=lambda variables: ",".join(variables),
)
def test_the_same_bytes_whatever_the_environment(
    variables: dict[str, str], project: Path, first: dict[str, str], tmp_path: Path
) -> None:
    assert pack(project, tmp_path, **variables) == first


def test_the_same_bytes_from_another_clone_at_another_path(
    project: Path, first: dict[str, str], tmp_path: Path
) -> None:
    clone = tmp_path / "a folder with spaces" / "clöne"
    clone.parent.mkdir()
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "clone", "-q", project.as_uri(), str(clone)], env=environment, check=True)
    assert pack(clone, tmp_path / "out") == first


def test_the_same_bytes_in_another_order_of_the_folders(project: Path, first: dict[str, str], tmp_path: Path) -> None:
    """A folder lists its files as it likes: here they were made in the opposite order, with other rights and times."""
    copy = tmp_path / "copy"
    shutil.copytree(project / ".git", copy / ".git")
    for path in sorted(
        (path for path in project.rglob("*") if path.is_file() and ".git" not in path.parts), reverse=True
    ):
        target = copy / path.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        os.utime(target, (1, 1))
        target.chmod(0o600)
    assert pack(copy, tmp_path / "out") == first


def test_the_same_bytes_as_a_part_of_a_bigger_repository(project: Path, tmp_path: Path) -> None:
    """The project's files decide; only the commit's id, which stands in the pack, may differ."""
    run(["check", "-C", str(project), "--date", "2026-11-20", "--format", "json", "--output", str(tmp_path / "a.json")])
    from tests.support.git_repository import GitRepository

    bigger = GitRepository(tmp_path / "bigger")
    bigger.write(**{"README.md": "More than one project\n"})
    shutil.copytree(project, bigger.folder / "plants" / "works", ignore=shutil.ignore_patterns(".git"))
    bigger.commit("All of it")
    inner = bigger.folder / "plants" / "works"
    run(["check", "-C", str(inner), "--date", "2026-11-20", "--format", "json", "--output", str(tmp_path / "b.json")])
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_the_same_findings_with_one_process_and_with_four(project: Path, tmp_path: Path) -> None:
    for jobs in ("1", "4"):
        output = str(tmp_path / f"{jobs}.json")
        run(
            [
                "check",
                "-C",
                str(project),
                "--date",
                "2026-11-20",
                "--jobs",
                jobs,
                "--format",
                "json",
                "--output",
                output,
            ]
        )
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "4.json").read_bytes()
