"""Who brought a line of evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.git_repository import GitRepository

from plantproof.errors import InputError
from plantproof.git_blame import blame
from plantproof.git_opening import open_repository


@pytest.fixture
def made(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "plant")
    made.commit("Begin", **{"plantproof.yaml": "title: Plant\n", "controls/sites/a.yaml": "one\ntwo\n"})
    return made


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def test_blame_names_the_commit_of_a_line(made: GitRepository) -> None:
    second = made.commit("Third", **{"controls/sites/a.yaml": "one\n2\n"})
    repository = open_repository(made.folder)
    one, two = (blame(repository, "HEAD", "controls/sites/a.yaml", line) for line in (1, 2))
    assert one is not None
    assert two is not None
    assert (one.subject, one.line, one.path, one.cut) == ("Begin", 1, "controls/sites/a.yaml", False)
    assert (two.commit, two.author, two.date) == (second, "Ada Plant", "2026-01-02T01:04:05Z")


def test_blame_of_what_is_not_there(made: GitRepository) -> None:
    repository = open_repository(made.folder)
    assert blame(repository, "HEAD", "controls/sites/a.yaml", 99) is None
    assert blame(repository, "HEAD", "controls/sites/a.yaml", 0) is None
    assert blame(repository, "HEAD", "controls/sites/none.yaml", 1) is None


def test_blame_of_a_name_that_looks_like_a_pattern(made: GitRepository) -> None:
    name = 'evidence/a/raw/[x] "q" \u00fc.csv'
    made.commit("Odd", **{name: "1\n", "evidence/a/raw/x.csv": "2\n"})
    blamed = blame(open_repository(made.folder), "HEAD", name, 1)
    assert blamed is not None
    assert blamed.path == name
