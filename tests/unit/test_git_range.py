"""The commits of a change: what each touches, also where some of the history is missing or forged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.errors import InputError
from plantproof.git import Entry
from plantproof.git_opening import open_repository
from plantproof.git_range import commits_between, first_parents, paths_between, refuse_cut_history


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


# --- folders and commits that are not what their ids say --------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> tuple[GitRepository, list[str]]:
    """Three commits, each of which changes the project and what lies beside it."""
    made = GitRepository(tmp_path / "plant")
    commits = []
    for number in "123":
        files = {"plants/one/evidence/s/a.csv": f"{number}\n", "plants/one/plantproof.yaml": "a\n", "src/x": number}
        commits.append(made.commit(f"Commit {number}", **files))
    return made, commits


def test_what_commits_change_is_what_git_says_of_them(three: tuple[GitRepository, list[str]]) -> None:
    made, commits = three
    moved = made.git("rev-parse", "HEAD:src")
    made.git("rm", "-q", "-r", "plants/one/evidence")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{commits[0]},src/sub")
    made.git("update-index", "--chmod=+x", "plants/one/plantproof.yaml")
    made.git("read-tree", "--prefix=plants/one/evidence/s/a.csv", moved)  # a folder where a file was
    made.git("commit", "-q", "-m", "Mixed")
    commits.append(made.git("rev-parse", "HEAD"))
    repository = open_repository(made.folder / "plants" / "one")
    told = made.git("diff-tree", "-r", "--no-renames", "--name-only", commits[0], commits[3]).split()
    assert paths_between(repository, commits[0], commits[3]) == sorted(told)
    made_by = commits_between(repository, commits[0], commits[3])
    assert [each.commit.id for each in made_by] == commits[:0:-1]
    assert made_by[0].paths == ("evidence/s/a.csv", "evidence/s/a.csv/x", "plantproof.yaml")
    assert made_by[0].others == ("src/sub",)
    assert [(each.paths, each.others) for each in made_by[1:]] == [(("evidence/s/a.csv",), ("src/x",))] * 2
    past = first_parents(repository, "main")
    assert [each.id for each in past] == commits
    assert [each.subject for each in past] == ["Commit 1", "Commit 2", "Commit 3", "Mixed"]
    assert [list(each.changed) for each in past] == [
        ["evidence/s/a.csv", "plantproof.yaml"],
        ["evidence/s/a.csv"],
        ["evidence/s/a.csv"],
        ["evidence/s/a.csv", "evidence/s/a.csv/x", "plantproof.yaml"],
    ]
    assert past[3].changed["evidence/s/a.csv"] is None
    assert past[3].changed["plantproof.yaml"] == Entry("plantproof.yaml", made.blob(b"a\n"), "100755")
    assert first_parents(repository, "main", most=2) == past[2:]
    assert first_parents(repository, "main", since=commits[1]) == past[2:]


@pytest.mark.parametrize("folder", ["plants/one/evidence", "plants/one/evidence/s", "plants/one"])
def test_a_forged_folder_changes_no_history(three: tuple[GitRepository, list[str]], folder: str) -> None:
    made, commits = three
    made.forge(f"{commits[1]}:{folder}", f"{commits[2]}:{folder}")
    repository = open_repository(made.folder / "plants" / "one")
    asked: tuple[Callable[[], object], ...] = (
        lambda: paths_between(repository, commits[0], commits[1]),
        lambda: commits_between(repository, commits[0], commits[2]),
        lambda: first_parents(repository, commits[1]),
    )
    for ask in asked:
        with pytest.raises(InputError, match="git does not give back what the folder's id says"):
            ask()


def test_a_damaged_history_is_no_crash(three: tuple[GitRepository, list[str]]) -> None:
    made, commits = three
    (made.folder / ".git" / "objects" / commits[1][:2] / commits[1][2:]).unlink()
    repository = open_repository(made.folder / "plants" / "one")
    asked: tuple[Callable[[], object], ...] = (
        lambda: first_parents(repository, commits[2]),
        lambda: commits_between(repository, commits[0], commits[2]),
    )
    for ask in asked:
        with pytest.raises(InputError, match="git cannot read the history"):
            ask()
