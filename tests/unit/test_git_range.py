"""The commits of a change in a clone that lacks some of the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.errors import InputError
from plantproof.git import open_repository
from plantproof.git_range import refuse_cut_history


@pytest.fixture
def tangled(tmp_path: Path) -> GitRepository:
    """`change` left `main` at its first commit, and has merged its second through a side branch of ten commits."""
    repository = GitRepository(tmp_path / "tangled")
    repository.commit("First")
    repository.git("branch", "change")
    repository.commit("Second")
    repository.git("checkout", "-q", "-b", "side")
    for number in range(10):
        repository.commit(f"Side {number}")
    repository.git("checkout", "-q", "change")
    repository.commit("Own")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    repository.git("checkout", "-q", "main")
    repository.commit("Third")
    return repository


def cloned(origin: GitRepository, depth: int) -> GitRepository:
    folder = origin.folder.parent / f"depth-{depth}"
    origin.git("clone", "-q", "--no-single-branch", f"--depth={depth}", f"file://{origin.folder}", str(folder))
    return GitRepository(folder)


def test_a_clone_that_ends_within_the_change_finds_another_base_and_is_refused(tangled: GitRepository) -> None:
    true = tangled.git("merge-base", "main", "change")
    clone = cloned(tangled, 4)
    repository = open_repository(clone.folder)
    base, head = repository.resolve("origin/main"), repository.resolve("origin/change")
    found = repository.merge_base(base, head)
    assert found != true
    with pytest.raises(InputError, match="too shallow to be sure where the change begins"):
        refuse_cut_history(repository, found, base, head)


def test_a_clone_that_ends_behind_the_base_is_enough(tangled: GitRepository) -> None:
    true = tangled.git("merge-base", "main", "change")
    clone = cloned(tangled, 12)
    clone.git("fetch", "-q", "--depth=12", "origin")
    repository = open_repository(clone.folder)
    base, head = repository.resolve("origin/main"), repository.resolve("origin/change")
    assert repository.merge_base(base, head) == true
    refuse_cut_history(repository, true, base, head)


def test_a_whole_clone_is_not_asked(tangled: GitRepository) -> None:
    repository = open_repository(tangled.folder)
    start = repository.merge_base("main", "change")
    refuse_cut_history(repository, start, repository.resolve("main"), repository.resolve("change"))
