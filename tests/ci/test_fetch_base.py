"""ci/fetch-base.sh: as much history as the merge base needs, from a bare repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.ci.conftest import CI, Done, Runner
from tests.support.git_repository import GitRepository


@pytest.fixture
def origin(tmp_path: Path) -> GitRepository:
    """`change` left `main` thirty commits ago, and has five of its own."""
    repository = GitRepository(tmp_path / "origin")
    for number in range(61):
        repository.commit(f"Before {number}")
    repository.git("branch", "change")
    for number in range(30):
        repository.commit(f"Main {number}")
    repository.git("checkout", "-q", "change")
    for number in range(5):
        repository.commit(f"Change {number}")
    repository.git("checkout", "-q", "main")
    return repository


def checked_out(origin: GitRepository, branch: str, *options: str) -> GitRepository:
    """As a runner does it: one commit, without a branch."""
    clone = GitRepository(origin.folder.parent / "clone")
    clone.git("remote", "add", "origin", origin.folder.as_uri())
    clone.git("fetch", "-q", "--no-tags", *options, "origin", origin.git("rev-parse", branch))
    clone.git("checkout", "-q", "--detach", "FETCH_HEAD")
    return clone


def fetched(runner: Runner, clone: GitRepository, head: str, **variables: str) -> Done:
    return runner(CI / "fetch-base.sh", "main", head, folder=clone.folder, **variables)


def test_it_deepens_until_the_merge_base_is_there_and_not_to_the_beginning(
    runner: Runner, origin: GitRepository
) -> None:
    head = origin.git("rev-parse", "change")
    clone = checked_out(origin, "change", "--depth=1")
    done = fetched(runner, clone, head, PLANTPROOF_DEPTH="10")
    assert (done.code, done.err) == (0, "fetch-base: 40 commits were enough\n")
    assert clone.git("merge-base", "origin/main", head) == origin.git("merge-base", "main", "change")
    assert clone.git("rev-parse", "origin/main") == origin.git("rev-parse", "main")
    assert clone.git("rev-parse", "--is-shallow-repository") == "true"


def test_a_whole_clone_stays_whole(runner: Runner, origin: GitRepository) -> None:
    head = origin.git("rev-parse", "change")
    clone = checked_out(origin, "change")
    assert fetched(runner, clone, head).code == 0
    assert clone.git("rev-parse", "--is-shallow-repository") == "false"
    assert clone.git("rev-parse", "origin/main") == origin.git("rev-parse", "main")


def test_a_nearer_base_behind_the_end_of_the_clone_is_found(runner: Runner, tmp_path: Path) -> None:
    origin = GitRepository(tmp_path / "origin")
    origin.commit("First")
    origin.git("branch", "change")
    origin.commit("Second")
    origin.git("checkout", "-q", "-b", "side")
    for number in range(10):
        origin.commit(f"Side {number}")
    origin.git("checkout", "-q", "change")
    origin.commit("Own")
    origin.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    origin.git("checkout", "-q", "main")
    head = origin.git("rev-parse", "change")
    clone = checked_out(origin, "change", "--depth=1")
    assert fetched(runner, clone, head, PLANTPROOF_DEPTH="4").code == 0
    assert clone.git("merge-base", "origin/main", head) == origin.git("merge-base", "main", "change")


def test_unrelated_histories_are_found_out_at_the_beginning(runner: Runner, origin: GitRepository) -> None:
    origin.git("checkout", "-q", "--orphan", "stranger")
    head = origin.commit("Elsewhere")
    clone = checked_out(origin, "stranger", "--depth=1")
    assert fetched(runner, clone, head).code == 0
    # Whole now: `plantproof diff` says what is wrong with it.
    assert clone.git("rev-parse", "--is-shallow-repository") == "false"


def test_it_gives_up_where_it_was_told_to(runner: Runner, origin: GitRepository) -> None:
    clone = checked_out(origin, "change", "--depth=1")
    done = fetched(runner, clone, origin.git("rev-parse", "change"), PLANTPROOF_MOST_COMMITS="30")
    assert (done.code, done.err) == (2, "fetch-base: no common ancestor within 30 commits\n")


@pytest.mark.parametrize(
    ("base", "head", "told"),
    [
        ("", "", "no name of a branch"),
        ("gone", "", "cannot fetch gone"),
        ("--upload-pack=touch x", "", "no name of a branch"),
        ("a..b", "", "no name of a branch"),
        ("main", "--all", "no full id"),
        ("main", "0" * 40, "cannot fetch the head"),
    ],
)
def test_what_is_not_there_is_an_error(base: str, head: str, told: str, runner: Runner, origin: GitRepository) -> None:
    clone = checked_out(origin, "change", "--depth=1")
    done = runner(CI / "fetch-base.sh", base, head or origin.git("rev-parse", "change"), folder=clone.folder)
    assert done.code == 2
    assert told in done.err
