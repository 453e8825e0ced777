"""A change reviewed with what earlier runs kept of its base: the same words, nothing of it read or judged again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.devices import Plan
from benchmarks.growth import Grown
from benchmarks.synthetic import write_project

from plantproof import revision
from plantproof.cache import Cache
from plantproof.cli import kept_base
from plantproof.cli.concluded import Concluded
from plantproof.cli.start import run
from plantproof.model.project_file import ProjectFile
from plantproof.pipeline import Judge, judge_site, load_judge
from plantproof.review.judged import JudgedSite
from plantproof.tree import Tree

DAY = "2026-06-02"
FORMATS = ("text", "markdown", "json")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small sites: a device is updated, a policy edited, a device updated again."""
    folder = tmp_path_factory.mktemp("synthetic") / "plant"
    plan = Plan(40, 2, "B", 3)
    write_project(folder, plan)
    growing = Grown(folder, plan)
    growing.change_records(1)
    growing.edit_policy()
    growing.change_records(1)
    return folder


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The sites for which a judge was read, reading by reading."""
    calls: list[list[str]] = []

    def noting(project: object, workers: object, only: list[str]) -> object:
        calls.append(sorted(only))
        return load_judge(project, workers, only=only)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(kept_base, "load_judge", noting)
    return calls


def reviewed(plant: Path, base: str, head: str, *arguments: str) -> list[bytes]:
    """The exit code and all that `diff` says in several formats."""
    outputs = [str(plant.parent / f"delta.{name}") for name in FORMATS]
    chosen = [
        word for name, path in zip(FORMATS, outputs, strict=True) for word in ("--format", name, "--output", path)
    ]
    code = run(["diff", base, head, "-C", str(plant), "--date", DAY, "-q", *chosen, *arguments])
    return [str(code).encode(), *(Path(path).read_bytes() for path in outputs)]


def test_a_check_keeps_the_judge_for_a_review(plant: Path, loaded: list[list[str]]) -> None:
    expected = reviewed(plant, "HEAD~3", "HEAD~2", "--no-cache")
    assert run(["check", "-C", str(plant), "--at", "HEAD~3", "--date", DAY, "-q", "--cache", "--exit-zero"]) == 0
    assert reviewed(plant, "HEAD~3", "HEAD~2", "--cache") == expected
    assert loaded == []


def test_a_review_keeps_it_for_the_next(plant: Path, loaded: list[list[str]]) -> None:
    expected = reviewed(plant, "HEAD~1", "HEAD", "--no-cache")
    for _ in range(2):
        assert reviewed(plant, "HEAD~1", "HEAD", "--cache") == expected
    assert loaded == [["site-000"]]


def test_a_review_of_no_site_does_not_leave_a_judge_without_sites(plant: Path, tmp_path: Path) -> None:
    """The base of a change that touches none is judged by everything that it has."""
    assert reviewed(plant, "HEAD", "HEAD", "--cache") == reviewed(plant, "HEAD", "HEAD", "--no-cache")
    output = tmp_path / "found.json"
    words = ["-C", str(plant), "--at", "HEAD", "--date", DAY, "-q", "--format", "json", "--output", str(output)]
    found = []
    for option in ("--no-cache", "--cache"):
        assert run(["check", *words, option, "--exit-zero"]) == 0
        found.append(output.read_bytes())
    assert found[0] == found[1]


def test_another_judge_is_read_again(plant: Path, loaded: list[list[str]]) -> None:
    reviewed(plant, "HEAD~3", "HEAD~2", "--cache")
    assert reviewed(plant, "HEAD~1", "HEAD", "--cache") == reviewed(plant, "HEAD~1", "HEAD", "--no-cache")
    assert loaded == [["site-000"], ["site-000"]]


def test_a_change_of_the_judge_is_told_alike(plant: Path) -> None:
    expected = reviewed(plant, "HEAD~3", "HEAD", "--no-cache")
    assert run(["check", "-C", str(plant), "--at", "HEAD~3", "--date", DAY, "-q", "--cache", "--exit-zero"]) == 0
    assert reviewed(plant, "HEAD~3", "HEAD", "--cache") == expected


def test_a_judge_that_is_damaged_is_read_again(
    plant: Path, loaded: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = reviewed(plant, "HEAD~1", "HEAD", "--cache")
    get = Cache.get
    monkeypatch.setattr(Cache, "get", lambda self, kind, key: b"{" if kind == "judge" else get(self, kind, key))
    assert reviewed(plant, "HEAD~1", "HEAD", "--cache") == expected
    assert loaded == [["site-000"], ["site-000"]]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites that were judged as a whole."""
    sites: list[str] = []

    def noting(tree: Tree, file: ProjectFile, judge: Judge, site: str, **how: Any) -> JudgedSite:
        sites.append(site)
        return judge_site(tree, file, judge, site, **how)

    monkeypatch.setattr(revision, "judge_site", noting)
    return sites


def test_of_a_base_that_was_checked_only_the_change_is_judged(plant: Path, judged: list[str]) -> None:
    expected = reviewed(plant, "HEAD~3", "HEAD~2", "--no-cache")
    assert judged == ["site-000"]
    assert run(["check", "-C", str(plant), "--at", "HEAD~3", "--date", DAY, "-q", "--cache", "--exit-zero"]) == 0
    assert reviewed(plant, "HEAD~3", "HEAD~2", "--cache") == expected
    assert judged == ["site-000"]


def test_a_review_remembers_the_base_for_the_next(plant: Path, judged: list[str]) -> None:
    expected = reviewed(plant, "HEAD~1", "HEAD", "--cache")
    assert reviewed(plant, "HEAD~1", "HEAD", "--cache") == expected
    assert judged == ["site-000"]


def test_a_base_that_was_kept_wrongly_is_judged_again(
    plant: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The assets that changed have to be what was known of them: a kept result with other rows says nothing."""
    expected = reviewed(plant, "HEAD~1", "HEAD", "--cache")
    monkeypatch.setattr(Concluded, "rows_of", lambda self, assets: {})
    assert reviewed(plant, "HEAD~1", "HEAD", "--cache") == expected
    assert judged == ["site-000"] * 3
